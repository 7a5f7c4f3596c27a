//! The arrows between the rooms, read from each `Cargo.toml`.

use super::Rule;
use super::tree::{File, Spot, Tree};
use toml::{Table, Value};

/// Which of our packages each room may depend on. An eighth room, or another arrow, needs a decision record first.
const ARROWS: &[(&str, &[&str])] = &[
    // The generator of synthetic people serves `mecum demo` (decision 0003).
    ("cli", &["server", "phr", "testkit"]),
    ("server", &["phr", "record", "fhir"]),
    ("phr", &["exchange", "store", "record", "fhir"]),
    ("store", &["record", "fhir", "sqlite"]),
    ("exchange", &["fhir"]),
    ("record", &["fhir"]),
    ("fhir", &[]),
    ("sqlite", &[]),
    // The evaluator that search is held against, a part of its harness (decision 0006).
    ("testkit", &["fhir"]),
];

/// What measures the rooms is none of them: it stands outside `crates`, nobody depends on it, and these are what it may look into.
const MEASURES: (&str, &[&str]) = ("benches", &["server", "phr", "store", "exchange", "fhir", "record", "testkit"]);

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "arrows",
        why: "The arrows between the rooms point one way: a missing line in a Cargo.toml is what keeps SQL out of HTTP and permission out of formats.",
        fix: "Move the code to the room that may know both sides; if the arrow is really wanted, write a decision record and change the table in xtask/src/tidy/rooms.rs.",
        check: arrows,
    },
    Rule {
        name: "manifest",
        why: "Versions, lints and the reason for a dependency are written once, in the workspace's Cargo.toml.",
        fix: "Write `name.workspace = true` and `[lints] workspace = true`; new dependencies go to [workspace.dependencies] with their reason.",
        check: manifests,
    },
];

/// The manifests of the rooms and of what measures them, as (file, room, table).
fn rooms(tree: &Tree) -> impl Iterator<Item = (&File, &str, Option<Table>)> {
    tree.files.iter().filter_map(|file| {
        let room = match file.room() {
            Some(room) => Some(room).filter(|room| file.path == format!("crates/{room}/Cargo.toml")),
            None => Some(MEASURES.0).filter(|folder| file.path == format!("{folder}/Cargo.toml")),
        }?;
        Some((file, room, file.text.as_deref()?.parse().ok()))
    })
}

fn arrows(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, room, manifest) in rooms(tree) {
        let Some((_, allowed)) = ARROWS.iter().chain([&MEASURES]).find(|(name, _)| *name == room) else {
            spots.push(file.spot(1, format!("`{room}` is none of the rooms")));
            continue;
        };
        let Some(manifest) = manifest else {
            spots.push(file.spot(1, "this is not TOML"));
            continue;
        };
        for (section, name, value) in dependencies(&manifest) {
            let target = value.get("package").and_then(Value::as_str).unwrap_or(&name).strip_prefix("mecum-");
            let Some(target) = target.filter(|target| !allowed.contains(target)) else { continue };
            if !(section == "dev-dependencies" && target == "testkit") {
                spots.push(file.spot(line_of(file, &name), format!("`{room}` must not depend on `{target}`")));
            }
        }
        if room != MEASURES.0 {
            spots.extend(harness_outside_tests(file, &manifest));
        }
    }
    spots
}

/// The harness is for tests; what is installed may link the generator alone.
fn harness_outside_tests(file: &File, manifest: &Table) -> Option<Spot> {
    let is_harness = |value: &Value| {
        value
            .get("features")
            .and_then(Value::as_array)
            .is_some_and(|all| all.iter().any(|one| one.as_str() == Some("harness")))
    };
    dependencies(manifest)
        .into_iter()
        .find(|(section, name, value)| *section != "dev-dependencies" && name == "mecum-testkit" && is_harness(value))
        .map(|(_, name, _)| file.spot(line_of(file, &name), "testkit's feature `harness` outside [dev-dependencies]"))
}

/// Every dependency as (kind of section, name, value), those for single targets included.
fn dependencies(manifest: &Table) -> Vec<(&'static str, String, Value)> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flatten();
    let tables = std::iter::once(manifest).chain(targets.filter_map(|(_, target)| target.as_table()));
    let mut found = Vec::new();
    for table in tables {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, value) in table.get(section).and_then(Value::as_table).into_iter().flatten() {
                found.push((section, name.clone(), value.clone()));
            }
        }
    }
    found
}

fn manifests(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, _, manifest) in rooms(tree) {
        let Some(manifest) = manifest else { continue };
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        if lints != Some(true) {
            spots.push(file.spot(1, "the workspace's lints are not taken over"));
        }
        for (_, name, value) in dependencies(&manifest) {
            if value.get("workspace").and_then(Value::as_bool) != Some(true) {
                spots.push(file.spot(line_of(file, &name), format!("`{name}` is not taken from the workspace")));
            }
        }
    }
    spots
}

/// The line on which a dependency is named.
fn line_of(file: &File, name: &str) -> usize {
    let starts =
        |line: &str| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']));
    file.text.iter().flat_map(|text| text.lines()).position(starts).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINTS: &str = "[lints]\nworkspace = true\n";

    fn found(room: &str, manifest: &str) -> Vec<String> {
        let tree = Tree::of(&[(&format!("crates/{room}/Cargo.toml"), &format!("{LINTS}{manifest}"))]);
        arrows(&tree).into_iter().chain(manifests(&tree)).map(|spot| format!("{}: {}", spot.line, spot.what)).collect()
    }

    #[test]
    fn arrows_point_one_way() {
        assert!(
            found("server", "[dependencies]\nmecum-phr.workspace = true\nmecum-fhir = { workspace = true }\n")
                .is_empty()
        );
        assert_eq!(
            found("server", "[dependencies]\nmecum-store.workspace = true\n"),
            ["4: `server` must not depend on `store`"]
        );
        assert_eq!(found("fhir", "[build-dependencies]\nmecum-record.workspace = true\n").len(), 1);
        assert_eq!(found("exchange", "[target.'cfg(unix)'.dependencies]\nmecum-record.workspace = true\n").len(), 1);
    }

    #[test]
    fn a_renamed_package_is_seen_through() {
        let renamed = "[dependencies]\nrows = { workspace = true, package = \"mecum-store\" }\n";
        assert_eq!(found("server", renamed), ["4: `server` must not depend on `store`"]);
    }

    #[test]
    fn testkit_is_for_tests_and_for_the_demo_without_its_harness() {
        let harness = "mecum-testkit = { workspace = true, features = [\"harness\"] }\n";
        assert!(found("store", &format!("[dev-dependencies]\n{harness}")).is_empty());
        assert_eq!(found("store", "[dependencies]\nmecum-testkit.workspace = true\n").len(), 1);
        assert!(found("cli", "[dependencies]\nmecum-testkit.workspace = true\n").is_empty());
        assert_eq!(
            found("cli", &format!("[dependencies]\n{harness}")),
            ["4: testkit's feature `harness` outside [dev-dependencies]"]
        );
        assert_eq!(found("phr", "[dev-dependencies]\nmecum-server.workspace = true\n").len(), 1);
    }

    #[test]
    fn what_measures_the_rooms_may_use_the_harness_and_is_used_by_nobody() {
        let found = |dependency: &str| {
            let manifest = format!("{LINTS}[dependencies]\n{dependency}\n");
            arrows(&Tree::of(&[("benches/Cargo.toml", &manifest)])).len()
        };
        assert_eq!(found("mecum-testkit = { workspace = true, features = [\"harness\"] }"), 0);
        assert_eq!(found("mecum-store.workspace = true"), 0);
        assert_eq!(found("mecum-sqlite.workspace = true"), 1);
        let used = format!("{LINTS}[dependencies]\nmecum-bench.workspace = true\n");
        assert_eq!(arrows(&Tree::of(&[("crates/cli/Cargo.toml", &used)])).len(), 1);
    }

    #[test]
    fn another_room_and_a_broken_manifest_are_findings() {
        assert_eq!(found("utils", ""), ["1: `utils` is none of the rooms"]);
        assert_eq!(found("fhir", "= ="), ["1: this is not TOML"]);
    }

    #[test]
    fn versions_and_lints_come_from_the_workspace() {
        assert_eq!(
            found("fhir", "[dependencies]\nbase64 = \"0.22\"\n"),
            ["4: `base64` is not taken from the workspace"]
        );
        let tree = Tree::of(&[("crates/fhir/Cargo.toml", "[package]\n")]);
        assert_eq!(manifests(&tree).len(), 1);
    }
}
