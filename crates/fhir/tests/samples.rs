//! Real files, where they are at hand: nothing is lost in reading them, and what is found agrees with a naive search.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};

use mecum_fhir::json::{Json, Limits};
use mecum_fhir::resource::Resource;
use serde_json::Value;

/// The folder of sample files; None, with a word, where there is none (never on CI).
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

fn files_in(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    files
}

fn naive_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| naive_references(item, found)),
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get("reference") {
                found.push(text.clone());
            }
            members.values().for_each(|member| naive_references(member, found));
        }
        _ => {}
    }
}

#[test]
fn every_sample_resource_is_read_without_loss() {
    let Some(folder) = samples() else { return };
    let mut n_resources = 0;
    for name in ["fhir-r4-examples", "us-core-examples", "ips-2.0.0", "us-vitals", "sdc-questionnaires"] {
        for file in files_in(&folder.join(name), "json") {
            let bytes = std::fs::read(&file).unwrap();
            let resource = Resource::parse(&bytes, &Limits::default()).unwrap_or_else(|e| panic!("{file:?}: {e}"));
            let theirs: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(serde_json::from_str::<Value>(resource.text()).unwrap(), theirs, "{file:?}");
            let mut naive = Vec::new();
            naive_references(&theirs, &mut naive);
            let mut ours: Vec<_> = resource.references().map(|reference| reference.text().into_owned()).collect();
            naive.sort();
            ours.sort();
            assert_eq!(ours, naive, "{file:?}");
            n_resources += 1;
        }
    }
    assert!(n_resources > 300, "only {n_resources} sample resources");
}

#[test]
fn phr_8_every_line_of_the_published_files_is_read() {
    let Some(folder) = samples() else { return };
    let mut n_lines = 0;
    for file in files_in(&folder.join("phr-format"), "phr") {
        let text = std::fs::read_to_string(&file).unwrap();
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let resource = Resource::parse(line.as_bytes(), &Limits::default());
            assert!(resource.is_ok(), "{file:?} line {number}: {resource:?}");
            n_lines += 1;
        }
    }
    assert!(n_lines >= 180, "only {n_lines} lines");
}

#[test]
fn sample_bundles_give_copies_equal_to_their_entries() {
    let Some(folder) = samples() else { return };
    let files = files_in(&folder.join("ips-2.0.0"), "json");
    for file in files.iter().filter(|file| file.to_string_lossy().contains("Bundle-")) {
        let json = Json::parse(&std::fs::read(file).unwrap(), &Limits::default()).unwrap();
        for entry in json.root().get("entry").unwrap().items() {
            let inner = entry.get("resource").unwrap();
            let copy = Resource::of_element(inner).unwrap();
            let parsed = Json::parse(inner.raw().as_bytes(), &Limits::default()).unwrap();
            assert_eq!(copy.text(), parsed.text());
            assert!(copy.root().descend().map(|e| e.span()).eq(parsed.root().descend().map(|e| e.span())));
        }
    }
}
