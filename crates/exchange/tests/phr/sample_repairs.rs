//! Every published sample loads (PHR-8), and what is repaired in it is reviewed: counts only, in `golden/repairs.txt`.

use std::collections::BTreeMap;
use std::fmt::Write;

use mecum_exchange::item::ItemContent;

use crate::reading::{read, samples};

/// The folders whose files are listed one by one, and those that are added up.
const LISTED: [&str; 3] = ["phr-format", "synthea-phr-ig", "synthea-r4"];
const ADDED_UP: [&str; 3] = ["fhir-r4-examples", "ips-2.0.0", "us-core-examples"];

#[derive(Default)]
struct Counts {
    n_resources: u64,
    n_quarantined: u64,
    n_without_resource: u64,
    repairs: BTreeMap<&'static str, u64>,
}

impl Counts {
    fn add(&mut self, bytes: &[u8]) {
        for item in read(bytes).0 {
            match item.content {
                ItemContent::Resource(repaired) => {
                    self.n_resources += 1;
                    repaired.repairs.iter().for_each(|r| *self.repairs.entry(r.kind.name()).or_default() += 1);
                }
                ItemContent::Quarantined(_) => self.n_quarantined += 1,
                ItemContent::NoResource => self.n_without_resource += 1,
                other => panic!("a sample holds {other:?}"),
            }
        }
    }

    fn line(&self, name: &str) -> String {
        let mut line = format!("{name}: {} resources, {} quarantined", self.n_resources, self.n_quarantined);
        if self.n_without_resource > 0 {
            write!(line, ", {} without", self.n_without_resource).expect("a String takes it");
        }
        for (kind, count) in &self.repairs {
            write!(line, ", {kind} {count}").expect("a String takes it");
        }
        line
    }
}

#[test]
fn phr_15_the_repairs_of_all_samples_are_those_that_were_reviewed() {
    let mut lines = Vec::new();
    for folder in LISTED {
        for (n, (name, bytes)) in samples(folder).into_iter().enumerate() {
            let mut counts = Counts::default();
            counts.add(&bytes);
            // The names of synthetic people's files are long and change nothing.
            let name = if name.len() > 50 { format!("{}", n + 1) } else { name };
            lines.push(counts.line(&format!("{folder}/{name}")));
        }
    }
    for folder in ADDED_UP {
        let mut counts = Counts::default();
        samples(folder).iter().for_each(|(_, bytes)| counts.add(bytes));
        lines.push(counts.line(folder));
    }
    if lines.len() == ADDED_UP.len() {
        return;
    }
    let found = lines.join("\n") + "\n";
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/repairs.txt");
    if std::env::var_os("MECUM_UPDATE_GOLDEN").is_some() {
        std::fs::write(golden, &found).expect("written");
    }
    let expected = std::fs::read_to_string(golden).expect("the golden file is there");
    assert_eq!(found, expected, "review the change, then run once with MECUM_UPDATE_GOLDEN=1");
}

#[test]
fn repairing_a_sample_twice_is_repairing_it_once() {
    for (name, bytes) in samples("phr-format") {
        for item in read(&bytes).0 {
            let ItemContent::Resource(repaired) = item.content else { continue };
            let text = repaired.resource.text().to_owned();
            let again = mecum_exchange::repair::repair(repaired.resource, &mecum_fhir::json::Limits::default());
            assert!(again.repairs.is_empty() && again.resource.text() == text, "{name} {}", item.place.line);
        }
    }
}
