//! The code sets of required bindings, each as (system, codes), from the package's ValueSets and CodeSystems.

use std::collections::HashMap;
use std::fmt::Write;

use serde_json::Value;

use super::package::{Package, items, text};

/// The code sets named so far, in the order of their numbers.
pub(super) struct CodeSets<'a> {
    package: &'a Package,
    /// CodeSystems by url: their file names do not always follow it.
    systems: HashMap<String, Value>,
    numbers: HashMap<String, usize>,
    sets: Vec<(String, Vec<System>)>,
}

struct System {
    url: String,
    codes: Vec<String>,
}

impl<'a> CodeSets<'a> {
    pub(super) fn new(package: &'a Package) -> Result<Self, String> {
        let systems = package.all("CodeSystem")?;
        let systems = systems.into_iter().map(|system| (text(&system, "url").to_owned(), system)).collect();
        Ok(Self { package, systems, numbers: HashMap::new(), sets: Vec::new() })
    }

    /// The number of the value set at `canonical` (`url|version`); it is read when it is named first.
    pub(super) fn number(&mut self, canonical: &str) -> Result<usize, String> {
        let url = canonical.split('|').next().unwrap_or(canonical);
        if let Some(number) = self.numbers.get(url) {
            return Ok(*number);
        }
        let systems = self.read(url)?;
        let number = self.sets.len();
        self.numbers.insert(url.to_owned(), number);
        self.sets.push((url.to_owned(), systems));
        Ok(number)
    }

    /// No systems: the set is open. That is so where a system is not HL7's own (media types, currencies, units, LOINC
    /// answers).
    fn read(&self, url: &str) -> Result<Vec<System>, String> {
        let Some(id) = url.strip_prefix("http://hl7.org/fhir/ValueSet/") else { return Ok(Vec::new()) };
        let set = self.package.resource(&format!("ValueSet-{id}"))?;
        if text(&set, "url") != url || set["compose"].get("exclude").is_some() {
            return Err(format!("{url} is not the plain list it was"));
        }
        let includes = items(&set["compose"], "include");
        let mut systems = Vec::new();
        for include in includes {
            match self.codes(include)? {
                Some(codes) => systems.push(System { url: text(include, "system").to_owned(), codes }),
                None => return Ok(Vec::new()),
            }
        }
        Ok(systems)
    }

    fn codes(&self, include: &Value) -> Result<Option<Vec<String>>, String> {
        if include.get("filter").is_some() || include.get("valueSet").is_some() {
            return Err(format!("an include of {} is not a plain list", text(include, "system")));
        }
        let mut codes = Vec::new();
        if include.get("concept").is_some() {
            gather(include, &mut codes);
            return Ok(Some(codes));
        }
        let system = text(include, "system");
        let Some(code_system) = self.systems.get(system) else { return Ok(None) };
        if text(code_system, "content") != "complete" {
            return Err(format!("{system} is not complete"));
        }
        gather(code_system, &mut codes);
        Ok(Some(codes))
    }

    /// One `B` line a set, one `S` line a system of it.
    pub(super) fn write(&self, out: &mut String) {
        for (url, systems) in &self.sets {
            let _ = writeln!(out, "B\t{url}");
            for system in systems {
                let _ = writeln!(out, "S\t{}\t{}", system.url, system.codes.join("\t"));
            }
        }
    }
}

/// The codes of a concept list and of the lists beneath, parents first.
fn gather(holder: &Value, codes: &mut Vec<String>) {
    for concept in items(holder, "concept") {
        codes.push(text(concept, "code").to_owned());
        gather(concept, codes);
    }
}
