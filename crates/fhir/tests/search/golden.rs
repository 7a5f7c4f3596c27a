//! What every search parameter selects, and the values of every published example of the standard, compared with lists that a
//! reader can check. Long texts are cut; the complete values are written to `target/search-values.txt` by each run.
//! `MECUM_BLESS=1` writes the lists anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use mecum_fhir::definitions::{Type, definitions};
use mecum_fhir::json::Limits;
use mecum_fhir::path::{Paths, Place, Selected};
use mecum_fhir::resource::Resource;
use mecum_fhir::search::extract;
use mecum_fhir::search_param::{SearchParamKind, search_param_numbered, search_params_for};

use crate::show::line;

/// The longest line of the list, in characters.
const MAX_LINE: usize = 120;

/// The folder of sample files; none, with a word, where there is none (never on CI).
fn samples() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("MECUM_SAMPLES").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the sample files are missing: set MECUM_SAMPLES");
    println!("passed over: no sample files (set MECUM_SAMPLES)");
    None
}

/// The examples by name of file.
fn examples(samples: &Path) -> Vec<(String, Resource)> {
    let entries = std::fs::read_dir(samples.join("fhir-r4-examples")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    let read = |path: &PathBuf| Resource::parse(&std::fs::read(path).unwrap(), &Limits::default()).unwrap();
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// Compares with the file of that name, or writes it.
fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var("MECUM_BLESS").as_deref() == Ok("1") {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    let differing = expected.lines().zip(found.lines()).enumerate().find(|(_, (left, right))| left != right);
    if let Some((at, (expected, found))) = differing {
        panic!("line {} of {name} is {found:?}, not {expected:?}; MECUM_BLESS=1 writes it anew", at + 1);
    }
    assert_eq!(expected.len(), found.len(), "{name} ends elsewhere; MECUM_BLESS=1 writes it anew");
}

#[test]
fn the_values_of_the_standards_examples_are_those_listed() {
    let Some(samples) = samples() else { return };
    let (mut listed, mut complete) = (String::new(), String::new());
    for (file, resource) in examples(&samples) {
        let values = extract(&resource, "", 0);
        writeln!(listed, "{file}").unwrap();
        for line in values.iter().map(line) {
            writeln!(complete, "{file} {line}").unwrap();
            match line.char_indices().nth(MAX_LINE) {
                Some((end, _)) => writeln!(listed, "  {} …", line[..end].trim_end()).unwrap(),
                None => writeln!(listed, "  {line}").unwrap(),
            }
        }
    }
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    if target.is_dir() {
        std::fs::write(target.join("search-values.txt"), complete).unwrap();
    }
    check("search-values.txt", &listed);
}

#[test]
fn every_value_is_of_a_parameter_of_its_type_and_of_its_kind() {
    let Some(samples) = samples() else { return };
    let mut met = BTreeSet::new();
    for (file, resource) in examples(&samples) {
        let of = resource.resource_type().name();
        for value in extract(&resource, "", 0) {
            let param = search_param_numbered(value.param).unwrap();
            assert!(search_params_for(of).any(|own| own == param), "{file} {}", param.code());
            assert!(is_of_kind(&value.value, param.kind()), "{file} {}", param.code());
            met.insert(value.param);
        }
    }
    let all = definitions().resource_types().flat_map(|of| search_params_for(of.name())).map(|param| param.number());
    println!("{} of {} parameters have a value", met.len(), all.collect::<BTreeSet<_>>().len());
    assert!(met.len() > 600);
}

fn is_of_kind(value: &mecum_fhir::search::value::IndexValue, kind: SearchParamKind) -> bool {
    use mecum_fhir::search::value::IndexValue as V;
    match kind {
        SearchParamKind::Token => matches!(value, V::Token { .. } | V::String(_)),
        SearchParamKind::String => matches!(value, V::String(_)),
        SearchParamKind::Reference => matches!(value, V::Reference(_) | V::Token { .. }),
        SearchParamKind::Date => matches!(value, V::Date(_)),
        SearchParamKind::Number => matches!(value, V::Number(_)),
        SearchParamKind::Quantity => matches!(value, V::Quantity(_)),
        SearchParamKind::Uri => matches!(value, V::Uri(_)),
        SearchParamKind::Composite | SearchParamKind::Special => false,
    }
}

/// The parameters that are defined for `base`, as `of` has them: each with its expression and, behind `=`, the elements
/// found by it, by their names in JSON and their type; of a composite its parts.
fn list(base: &str, of: &'static Type, listed: &mut String) {
    writeln!(listed, "{base}").unwrap();
    for param in search_params_for(of.name()).filter(|param| param.base() == base) {
        let parts: Vec<&str> = param.components().iter().map(|part| part.param(of.name()).unwrap().code()).collect();
        let mut paths = Paths::new(of);
        let found = match (param.kind(), param.expression()) {
            (SearchParamKind::Composite, _) => parts.join(" and "),
            (SearchParamKind::Special, _) | (_, "") => "no values".to_owned(),
            (_, expression) => match paths.add(expression).unwrap() {
                Selected::Truth(_) => "true or false".to_owned(),
                Selected::Places(places) => {
                    let show = |place: &Place| format!("{}: {}", paths.show(*place), paths.type_at(*place).name());
                    places.iter().map(show).collect::<Vec<_>>().join("; ")
                }
            },
        };
        writeln!(listed, "  {} {} {} = {found}", param.code(), param.kind().name(), param.expression()).unwrap();
    }
}

#[test]
fn what_every_parameter_of_the_standard_selects_is_listed() {
    let mut listed = String::new();
    let patient = definitions().resource_type("Patient").unwrap();
    ["Resource", "DomainResource"].into_iter().for_each(|base| list(base, patient, &mut listed));
    definitions().resource_types().for_each(|of| list(of.name(), of, &mut listed));
    check("search-parameters.txt", &listed);
}
