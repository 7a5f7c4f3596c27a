//! Search parameters and compartments.

use std::fmt::Write;

use serde_json::Value;

use super::package::{Package, items, text};

const PARAMETER: &str = "http://hl7.org/fhir/SearchParameter/";
const COMPARTMENTS: [&str; 5] = ["device", "encounter", "patient", "practitioner", "relatedPerson"];

/// One `P` line for each parameter of each base type, by type and name, followed by a `K` line for each component.
pub(super) fn write_parameters(package: &Package, out: &mut String) -> Result<(), String> {
    // The bundle holds the standard's own; the single files hold examples and extensions' parameters beside them.
    let bundle = package.resource("Bundle-searchParams")?;
    let mut lines: Vec<((&str, &str), String)> = Vec::new();
    for entry in items(&bundle, "entry") {
        let parameter = &entry["resource"];
        for base in items(parameter, "base").iter().filter_map(Value::as_str) {
            lines.push(((base, text(parameter, "code")), lines_of(parameter, base)?));
        }
    }
    lines.sort();
    for (_, line) in &lines {
        out.push_str(line);
    }
    Ok(())
}

/// `P base code type url targets expression`, with that part of the expression that speaks of the base type.
fn lines_of(parameter: &Value, base: &str) -> Result<String, String> {
    let url = text(parameter, "url");
    let id = url.strip_prefix(PARAMETER).ok_or_else(|| format!("{url} is not the standard's"))?;
    let targets: Vec<&str> = items(parameter, "target").iter().filter_map(Value::as_str).collect();
    let targets = if targets.len() > 140 { "*".to_owned() } else { targets.join(" ") };
    let expression = expression_for(text(parameter, "expression"), base);
    if expression.is_empty() && !text(parameter, "expression").is_empty() {
        return Err(format!("{url} has no expression for {base}"));
    }
    let mut lines = String::new();
    let (code, kind) = (text(parameter, "code"), text(parameter, "type"));
    let _ = writeln!(lines, "P\t{base}\t{code}\t{kind}\t{id}\t{targets}\t{expression}");
    for component in items(parameter, "component") {
        let of = text(component, "definition").strip_prefix(PARAMETER).ok_or("a component of another origin")?;
        let _ = writeln!(lines, "K\t{of}\t{}", text(component, "expression"));
    }
    Ok(lines)
}

/// The members of the outermost union that begin with `base`, or with no type at all.
fn expression_for(expression: &str, base: &str) -> String {
    let speaks_of_base = |term: &&str| {
        let first = term.trim_start_matches('(').split(['.', ' ', ')']).next().unwrap_or_default();
        first == base || !first.starts_with(|c: char| c.is_ascii_uppercase())
    };
    let terms: Vec<&str> = outermost_union(expression).into_iter().filter(speaks_of_base).collect();
    terms.join(" | ")
}

fn outermost_union(expression: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut start, mut terms) = (0_i32, false, 0, Vec::new());
    for (at, letter) in expression.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            '|' if !quoted && depth == 0 => {
                terms.push(expression[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    terms.push(expression[start..].trim());
    terms
}

/// A `C` line for each compartment, followed by an `M` line for each type in it that has parameters.
pub(super) fn write_compartments(package: &Package, out: &mut String) -> Result<(), String> {
    for name in COMPARTMENTS {
        let compartment = package.resource(&format!("CompartmentDefinition-{name}"))?;
        let _ = writeln!(out, "C\t{}", text(&compartment, "code"));
        for resource in items(&compartment, "resource") {
            // "{def}" is the resource at the centre, which needs no parameter.
            let params = items(resource, "param").iter().filter_map(Value::as_str).filter(|param| *param != "{def}");
            let params: Vec<&str> = params.collect();
            if !params.is_empty() {
                let _ = writeln!(out, "M\t{}\t{}", text(resource, "code"), params.join(" "));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::expression_for;

    fn check(expression: &str, base: &str, expect: &str) {
        assert_eq!(expression_for(expression, base), expect);
    }

    #[test]
    fn a_shared_parameter_keeps_what_speaks_of_the_type() {
        check("Patient.name | Person.name", "Person", "Person.name");
        check("Patient.a.where(b='x | y') | (Person.c | Patient.d)", "Patient", "Patient.a.where(b='x | y')");
        check(
            "(Observation.value as Quantity) | (Observation.value as Range)",
            "Observation",
            "(Observation.value as Quantity) | (Observation.value as Range)",
        );
        check("name | alias", "InsurancePlan", "name | alias");
        check("Patient", "Patient", "Patient");
    }
}
