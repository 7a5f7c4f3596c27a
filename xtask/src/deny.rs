//! `cargo xtask deny`: licences, sources and bans of everything we depend on, from `deny.toml` in cargo-deny's own format.

mod config;
mod graph;
mod licence;

use crate::command::{Command, Failure, Options};
use crate::workspace;
use config::{Ban, Config};
use graph::Package;
use std::collections::BTreeSet;

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "deny", summary: "check licences, sources and bans of what we depend on", help: HELP, run };

const HELP: &str = "\
Asks `cargo metadata --locked` for every package of every target (offline if it can) and holds it against deny.toml. The file
is in cargo-deny's format, so `cargo deny check licenses bans sources` says the same; `cargo deny check advisories` asks a data
base of advisories as well, which this command does not.

Examples:
  cargo xtask deny
";

fn run(args: &[String]) -> Result<(), Failure> {
    Options::parse(args, &[], &[])?;
    println!("{}", check()?);
    Ok(())
}

/// Checks the workspace, prints every finding, and answers how much was checked.
///
/// # Errors
/// A package is not allowed, or deny.toml or the packages could not be read.
pub(crate) fn check() -> Result<String, String> {
    let path = workspace::root().join("deny.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot read deny.toml: {error}"))?;
    let config = Config::parse(&text).map_err(|why| format!("deny.toml: {why}"))?;
    let packages = graph::packages()?;
    let findings = find(&config, &packages);
    for finding in &findings {
        println!("{finding}");
    }
    let checked = format!("{} packages", packages.len());
    if findings.is_empty() { Ok(checked) } else { Err(format!("{} findings in {checked}", findings.len())) }
}

fn find(config: &Config, packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    for package in packages {
        let reasons =
            [wrong_licence(config, package), wrong_source(config, package), wrong_requirement(config, package)];
        findings
            .extend(reasons.into_iter().flatten().map(|why| format!("{} {}: {why}", package.name, package.version)));
    }
    findings.extend(config.bans.iter().filter_map(|ban| wrong_presence(ban, packages)));
    findings.extend(unused(config, packages));
    findings
}

fn wrong_licence(config: &Config, package: &Package) -> Option<String> {
    let Some(text) = package.licence.as_deref() else {
        return Some(
            "it names no licence; look at its files, and add an exception to [licenses] if they allow it".into(),
        );
    };
    let expression = match licence::parse(text) {
        Ok(expression) => expression,
        Err(why) => return Some(format!("its licence `{text}` is no SPDX expression: {why}")),
    };
    let may = |name: &str| config.licences.contains(name) || config.allows_for(&package.name, name);
    (!expression.is_met(&may)).then(|| {
        format!("its licence `{text}` is not allowed; use another package, or weigh an exception in [licenses]")
    })
}

fn wrong_source(config: &Config, package: &Package) -> Option<String> {
    let source = package.source.as_deref()?;
    let is_known = source.strip_prefix("registry+").is_some_and(|registry| config.registries.contains(registry));
    (!is_known).then(|| format!("it comes from `{source}`; only the registries in [sources] are allowed"))
}

/// A version left open, by us: what others wrote is theirs.
fn wrong_requirement(config: &Config, package: &Package) -> Option<String> {
    let is_ours = package.source.is_none();
    let open = package.requirements.iter().find(|(_, requirement)| requirement == "*").map(|(name, _)| name);
    open.filter(|_| is_ours && config.no_wildcards)
        .map(|name| format!("it depends on any version of `{name}`; name one"))
}

fn wrong_presence(ban: &Ban, packages: &[Package]) -> Option<String> {
    let versions: Vec<&str> =
        packages.iter().filter(|package| package.name == ban.name).map(|package| package.version.as_str()).collect();
    let most = usize::from(ban.only_twice);
    let how = if ban.only_twice { "more than once" } else { "at all" };
    let see = format!("`cargo tree --invert {}` shows who brings it", ban.name);
    (versions.len() > most)
        .then(|| format!("{} {}: not wanted {how}: {}; {see}", ban.name, versions.join(" and "), ban.reason))
}

/// What deny.toml allows and nothing needs: the list stays as short as it can be.
fn unused(config: &Config, packages: &[Package]) -> Vec<String> {
    let used: BTreeSet<String> = packages
        .iter()
        .filter_map(|package| licence::parse(package.licence.as_deref()?).ok())
        .flat_map(|one| one.names())
        .collect();
    let licences = config.licences.iter().filter(|name| !used.contains(*name));
    let exceptions = config.exceptions.iter().filter(|(name, _)| !packages.iter().any(|package| package.name == *name));
    licences
        .map(|name| format!("deny.toml: the licence `{name}` is allowed and nothing has it; take the line out"))
        .chain(
            exceptions
                .map(|(name, _)| format!("deny.toml: the exception for `{name}` is for nothing; take the line out")),
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0"]
        exceptions = [{ crate = "passkeys", allow = ["MPL-2.0"] }]
        [bans]
        wildcards = "deny"
        deny = [{ crate = "openssl", reason = "r" }, { crate = "rusqlite", deny-multiple-versions = true, reason = "s" }]
        [sources]
        unknown-registry = "deny"
        unknown-git = "deny"
        allow-registry = ["https://one"]
    "#;

    fn package(name: &str, licence: &str) -> Package {
        Package {
            name: name.into(),
            version: "1.0.0".into(),
            licence: Some(licence.into()),
            source: Some("registry+https://one".into()),
            requirements: Vec::new(),
        }
    }

    /// Findings beside two packages that use everything the configuration allows.
    fn found(package: Package) -> Vec<String> {
        let used = [self::package("a", "MIT AND Apache-2.0"), self::package("passkeys", "MPL-2.0")];
        let packages: Vec<_> = used.into_iter().chain([package]).collect();
        find(&Config::parse(CONFIG).unwrap(), &packages)
    }

    #[test]
    fn a_package_with_an_allowed_licence_from_the_registry_passes() {
        assert_eq!(found(package("b", "MIT OR GPL-3.0-only")), Vec::<String>::new());
    }

    #[test]
    fn licences_that_are_not_allowed_missing_or_unreadable_are_found() {
        assert!(
            found(package("b", "MIT AND GPL-3.0-only"))[0]
                .contains("b 1.0.0: its licence `MIT AND GPL-3.0-only` is not allowed")
        );
        assert!(found(package("b", "MPL-2.0"))[0].contains("not allowed"));
        assert!(found(package("b", "MIT OR"))[0].contains("no SPDX expression"));
        assert!(found(Package { licence: None, ..package("b", "") })[0].contains("names no licence"));
    }

    #[test]
    fn other_sources_are_found() {
        let from = |source: &str| found(Package { source: Some(source.into()), ..package("b", "MIT") });
        assert!(from("git+https://one/x")[0].contains("it comes from"));
        assert!(from("registry+https://two")[0].contains("it comes from"));
        assert!(found(Package { source: None, ..package("ours", "MIT") }).is_empty());
    }

    #[test]
    fn banned_packages_and_second_versions_are_found() {
        assert!(found(package("openssl", "MIT"))[0].contains("openssl 1.0.0: not wanted at all: r"));
        let two = [
            package("a", "MIT AND Apache-2.0"),
            package("passkeys", "MPL-2.0"),
            package("rusqlite", "MIT"),
            package("rusqlite", "MIT"),
        ];
        let config = Config::parse(CONFIG).unwrap();
        assert!(find(&config, &two)[0].contains("not wanted more than once: s"));
        assert!(find(&config, &two[..3]).is_empty());
    }

    #[test]
    fn versions_that_we_leave_open_are_found() {
        let requirements = vec![("serde".to_owned(), "*".to_owned())];
        let ours = Package { source: None, requirements: requirements.clone(), ..package("ours", "MIT") };
        assert!(found(ours)[0].contains("any version of `serde`"));
        assert!(found(Package { requirements, ..package("theirs", "MIT") }).is_empty());
    }

    #[test]
    fn what_is_allowed_for_nothing_is_found() {
        let findings = find(&Config::parse(CONFIG).unwrap(), &[package("a", "MIT")]);
        assert!(findings.iter().any(|finding| finding.contains("`Apache-2.0` is allowed and nothing has it")));
        assert!(findings.iter().any(|finding| finding.contains("exception for `passkeys`")));
    }
}
