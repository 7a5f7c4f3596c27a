//! Types and their elements, from the snapshots of the package's StructureDefinitions.

use std::collections::HashSet;
use std::fmt::Write;

use serde_json::Value;

use super::codes::CodeSets;
use super::package::{Package, items, text};

const STRUCTURE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// The definitions of types proper (no profiles, no logical models): primitives, then datatypes, then resources, each
/// by name.
pub(super) fn structures(package: &Package) -> Result<Vec<Value>, String> {
    let mut structures = package.all("StructureDefinition")?;
    structures.retain(|s| text(s, "derivation") != "constraint" && text(s, "kind") != "logical");
    if let Some(other) = structures.iter().find(|s| text(s, "fhirVersion") != "4.0.1") {
        return Err(format!("{} is not of R4", text(other, "url")));
    }
    structures.sort_by_key(|s| (kind(s), text(s, "name").to_owned()));
    Ok(structures)
}

/// The letter of a definition's kind: `P`rimitive, datatype (`D`) or `R`esource, small if abstract.
fn kind(structure: &Value) -> char {
    let letter = match text(structure, "kind") {
        "primitive-type" => 'P',
        "complex-type" => 'D',
        _ => 'R',
    };
    // Sorted, the capital letters come first; abstract types are few and follow.
    if structure["abstract"] == true { letter.to_ascii_lowercase() } else { letter }
}

/// Writes a `T` line for the type and for each backbone element in it, each followed by its `E` lines.
pub(super) fn write(structure: &Value, codes: &mut CodeSets, out: &mut String) -> Result<(), String> {
    let elements = items(&structure["snapshot"], "element");
    let parents: HashSet<&str> = elements.iter().filter_map(|e| Some(text(e, "path").rsplit_once('.')?.0)).collect();
    for parent in elements.iter().filter(|e| parents.contains(text(e, "path"))) {
        let path = text(parent, "path");
        if path.contains('.') {
            let _ = writeln!(out, "T\tB\t{path}\t{}", text(&parent["type"][0], "code"));
        } else {
            let base = text(structure, "baseDefinition").trim_start_matches(STRUCTURE);
            let _ = writeln!(out, "T\t{}\t{path}\t{base}", kind(structure));
        }
        for element in elements {
            let Some((of, name)) = text(element, "path").rsplit_once('.') else { continue };
            let is_value_of_primitive = name == "value" && kind(structure) == 'P';
            if of == path && !is_value_of_primitive {
                let nested = parents.contains(text(element, "path"));
                write_element(element, nested, codes, out)?;
            }
        }
    }
    Ok(())
}

/// `E name min max flags types binding targets`
fn write_element(element: &Value, nested: bool, codes: &mut CodeSets, out: &mut String) -> Result<(), String> {
    let path = text(element, "path");
    let name = path.rsplit('.').next().unwrap_or(path);
    let types = types(element, nested)?;
    let binding = match text(&element["binding"], "strength") {
        "required" => codes.number(text(&element["binding"], "valueSet"))?.to_string(),
        _ => String::new(),
    };
    let min = element["min"].as_u64().ok_or_else(|| format!("{path} has no min"))?;
    let line = [
        "E",
        name,
        &min.to_string(),
        text(element, "max"),
        &flags(element),
        &types.join(" "),
        &binding,
        &targets(element).join(" "),
    ];
    let _ = writeln!(out, "{}", line.join("\t").trim_end_matches('\t'));
    Ok(())
}

/// `m`odifier, in the `s`ummary, only a `q`uantity without comparator (SimpleQuantity).
fn flags(element: &Value) -> String {
    let simple = items(element, "type").iter().any(|t| t["profile"][0] == format!("{STRUCTURE}SimpleQuantity"));
    [(element["isModifier"] == true, 'm'), (element["isSummary"] == true, 's'), (simple, 'q')]
        .iter()
        .filter_map(|(is, letter)| is.then_some(*letter))
        .collect()
}

fn types(element: &Value, nested: bool) -> Result<Vec<String>, String> {
    let path = text(element, "path");
    if let Some(reference) = element["contentReference"].as_str() {
        return Ok(vec![reference.trim_start_matches('#').to_owned()]);
    }
    if nested {
        return Ok(vec![path.to_owned()]);
    }
    let mut types: Vec<String> = Vec::new();
    for item in items(element, "type") {
        let code = match text(item, "code") {
            // The snapshot says "string", the text of the standard and its regular expression say "id".
            _ if path.matches('.').count() == 1
                && path.ends_with(".id")
                && text(&element["base"], "path") == "Resource.id" =>
            {
                "id"
            }
            // Written by the publisher for what XML has as an attribute.
            code if code.starts_with("http://hl7.org/fhirpath/System.") => {
                item["extension"][0]["valueUrl"].as_str().unwrap_or("string")
            }
            code => code,
        };
        types.push(code.to_owned());
    }
    if types.is_empty() { Err(format!("{path} has no type")) } else { Ok(types) }
}

/// The types a Reference may point at; none where it may be any.
fn targets(element: &Value) -> Vec<&str> {
    let references = items(element, "type").iter().filter(|t| text(t, "code") == "Reference");
    let profiles = references.flat_map(|t| items(t, "targetProfile"));
    let targets: Vec<&str> = profiles.filter_map(|p| p.as_str()?.strip_prefix(STRUCTURE)).collect();
    if targets.contains(&"Resource") { Vec::new() } else { targets }
}
