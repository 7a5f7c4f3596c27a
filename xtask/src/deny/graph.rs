//! The packages in the lock file, from `cargo metadata`.

use crate::workspace;
use serde_json::Value;
use std::process::Output;

/// A package, ours or somebody else's.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its licence expression, if it names one.
    pub(crate) licence: Option<String>,
    /// Where it comes from; `None` is a folder of this workspace.
    pub(crate) source: Option<String>,
    /// What it depends on from elsewhere, as (name, version requirement).
    pub(crate) requirements: Vec<(String, String)>,
}

/// Every package of the lock file, for all targets, without the network if the packages are here already.
///
/// # Errors
/// cargo failed, or said something we do not understand.
pub(crate) fn packages() -> Result<Vec<Package>, String> {
    let offline = metadata(&["--offline"])?;
    let output = if offline.status.success() { offline } else { metadata(&[])? };
    if !output.status.success() {
        return Err(format!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    parse(&output.stdout)
}

fn metadata(more: &[&str]) -> Result<Output, String> {
    let mut command = workspace::cargo(&["metadata", "--locked", "--all-features", "--format-version", "1"]);
    command.args(more).output().map_err(|error| format!("cannot run cargo metadata: {error}"))
}

fn parse(json: &[u8]) -> Result<Vec<Package>, String> {
    let metadata: Value =
        serde_json::from_slice(json).map_err(|error| format!("cargo metadata printed no JSON: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata printed no packages")?;
    packages
        .iter()
        .map(|package| read(package).ok_or_else(|| "cargo metadata printed a package without a name".to_owned()))
        .collect()
}

fn read(package: &Value) -> Option<Package> {
    let text = |name: &str| package[name].as_str().map(str::to_owned);
    let elsewhere = package["dependencies"].as_array()?.iter().filter(|one| one["source"].is_string());
    Some(Package {
        name: text("name")?,
        version: text("version")?,
        licence: text("license"),
        source: text("source"),
        requirements: elsewhere
            .filter_map(|one| Some((one["name"].as_str()?.to_owned(), one["req"].as_str()?.to_owned())))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_with_licence_source_and_what_they_ask_for() {
        let json = r#"{"packages":[{"name":"a","version":"1.2.3","license":null,"source":null,"dependencies":[
            {"name":"b","req":"*","source":"registry+https://x"},{"name":"ours","req":"*","source":null}]}]}"#;
        let packages = parse(json.as_bytes()).unwrap();
        assert_eq!((packages[0].name.as_str(), packages[0].version.as_str()), ("a", "1.2.3"));
        assert_eq!((&packages[0].licence, &packages[0].source), (&None, &None));
        assert_eq!(packages[0].requirements, [("b".to_owned(), "*".to_owned())]);
    }

    #[test]
    fn what_cargo_does_not_print_is_refused() {
        for json in ["", "{}", r#"{"packages":[{}]}"#] {
            assert!(parse(json.as_bytes()).is_err());
        }
    }
}
