//! `deny.toml`, in cargo-deny's format: the part of it that we check. A setting that we do not check is refused, not passed over.

use std::collections::BTreeSet;
use toml::{Table, Value};

/// What may be depended on.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Licences that any package may have.
    pub(crate) licences: BTreeSet<String>,
    /// Licences that one package may have as well.
    pub(crate) exceptions: Vec<(String, Vec<String>)>,
    pub(crate) bans: Vec<Ban>,
    /// Whether our own manifests may leave a version open.
    pub(crate) no_wildcards: bool,
    pub(crate) registries: BTreeSet<String>,
}

/// A package that is not wanted.
#[derive(Debug)]
pub(crate) struct Ban {
    pub(crate) name: String,
    /// It may be there, but in one version.
    pub(crate) only_twice: bool,
    pub(crate) reason: String,
}

impl Config {
    /// Reads the text of `deny.toml`.
    ///
    /// # Errors
    /// It is not TOML, or holds a setting that would not be checked.
    pub(crate) fn parse(text: &str) -> Result<Config, String> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
        let mut config = Config::default();
        for (section, value) in &table {
            let settings = value.as_table().ok_or_else(|| format!("`{section}` is no section"))?;
            for (name, value) in settings {
                let setting = format!("{section}.{name}");
                config.take(&setting, value).map_err(|why| format!("{setting}: {why}"))?;
            }
        }
        Ok(config)
    }

    fn take(&mut self, setting: &str, value: &Value) -> Result<(), String> {
        match setting {
            "licenses.allow" => self.licences = strings(value)?.into_iter().collect(),
            "licenses.exceptions" => {
                self.exceptions = tables(value)?.into_iter().map(exception).collect::<Result<_, _>>()?
            }
            "bans.deny" => self.bans = tables(value)?.into_iter().map(ban).collect::<Result<_, _>>()?,
            "bans.wildcards" => self.no_wildcards = value.as_str() == Some("deny"),
            "sources.allow-registry" => self.registries = strings(value)?.into_iter().collect(),
            "sources.allow-git" if strings(value)?.is_empty() => {}
            "sources.unknown-registry" | "sources.unknown-git" if value.as_str() == Some("deny") => {}
            "bans.multiple-versions" if value.as_str() == Some("allow") => {}
            // Every feature, every target, and no requirement on paths inside the workspace: what we do anyway.
            "graph.all-features" | "bans.allow-wildcard-paths" if value.as_bool() == Some(true) => {}
            _ => return Err("this setting or value is not checked here, so it must not stand here".into()),
        }
        Ok(())
    }

    /// Whether this package may have this licence by way of exception.
    pub(crate) fn allows_for(&self, package: &str, licence: &str) -> bool {
        self.exceptions.iter().any(|(name, licences)| name == package && licences.iter().any(|one| one == licence))
    }
}

fn exception(table: &Table) -> Result<(String, Vec<String>), String> {
    let name = known(table, &["crate", "allow"])?;
    Ok((name, strings(table.get("allow").ok_or("an exception allows something")?)?))
}

fn ban(table: &Table) -> Result<Ban, String> {
    let name = known(table, &["crate", "reason", "deny-multiple-versions"])?;
    let reason =
        table.get("reason").and_then(Value::as_str).ok_or_else(|| format!("`{name}` is banned without a reason"))?;
    let only_twice = table.get("deny-multiple-versions").and_then(Value::as_bool) == Some(true);
    Ok(Ban { name, only_twice, reason: reason.into() })
}

/// The package that an entry names, if the entry says nothing else than these keys and names no version.
fn known(table: &Table, keys: &[&str]) -> Result<String, String> {
    if let Some(key) = table.keys().find(|key| !keys.contains(&key.as_str())) {
        return Err(format!("`{key}` is not checked here"));
    }
    let name = table.get("crate").and_then(Value::as_str).ok_or("an entry names no crate")?;
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if is_plain {
        Ok(name.into())
    } else {
        Err(format!("`{name}`: versions are not checked here, name the crate alone"))
    }
}

fn strings(value: &Value) -> Result<Vec<String>, String> {
    let all: Option<Vec<String>> =
        value.as_array().and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    all.ok_or_else(|| "expected a list of texts".into())
}

fn tables(value: &Value) -> Result<Vec<&Table>, String> {
    let all: Option<Vec<&Table>> = value.as_array().and_then(|all| all.iter().map(Value::as_table).collect());
    all.ok_or_else(|| "expected a list of tables".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_file_is_understood_to_the_last_setting() {
        let path = crate::workspace::root().join("deny.toml");
        let config = Config::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(config.licences.contains("MIT") && config.no_wildcards);
        assert!(config.bans.iter().any(|ban| ban.name == "openssl" && !ban.only_twice));
        assert!(config.bans.iter().any(|ban| ban.name == "libsqlite3-sys" && ban.only_twice));
        assert_eq!(config.registries.len(), 1);
    }

    #[test]
    fn a_setting_that_would_not_be_checked_is_refused() {
        for text in [
            "[licenses]\nconfidence-threshold = 0.9",
            "[licenses]\nallow = \"MIT\"",
            "[sources]\nunknown-git = \"allow\"",
            "[sources]\nallow-git = [\"https://x\"]",
            "[bans]\nmultiple-versions = \"deny\"",
            "[bans]\ndeny = [{ crate = \"openssl@0.10\", reason = \"x\" }]",
            "[bans]\ndeny = [{ crate = \"openssl\" }]",
            "[bans]\ndeny = [{ crate = \"openssl\", reason = \"x\", wrappers = [\"y\"] }]",
            "[advisories]\nyanked = \"deny\"",
            "x = 1",
            "[",
        ] {
            assert!(Config::parse(text).is_err(), "{text}");
        }
    }
}
