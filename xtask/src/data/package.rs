//! HL7's CC0 package of R4 4.0.1, fetched from the npm registry: its examples include every conformance resource of the
//! standard.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Package and version; its `fhirVersion` is 4.0.1, and so is every definition in it.
pub(super) const SPEC: &str = "hl7.fhir.r4.examples@4.0.1";
/// What the registry says of the archive; `npm pack` compares what it fetched with it.
const INTEGRITY: &str =
    "sha512-DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==";

/// Fetches the archive into `folder` with the npm client and returns its path; an archive of another checksum is an
/// error.
pub(super) fn fetch(folder: &Path) -> Result<PathBuf, String> {
    let mut npm = Command::new("npm");
    npm.args(["pack", "--json", "--ignore-scripts", SPEC]).current_dir(folder);
    let said: Value = serde_json::from_slice(&output(&mut npm)?).map_err(|e| format!("npm pack: {e}"))?;
    if said[0]["integrity"] != INTEGRITY {
        return Err(format!("{SPEC} has another checksum than {INTEGRITY}"));
    }
    let name = said[0]["filename"].as_str().ok_or("npm pack named no file")?;
    Ok(folder.join(name))
}

fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| format!("cannot run {name}: {e}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("{name}: {}", String::from_utf8_lossy(&output.stderr)))
    }
}

/// The unpacked package.
pub(super) struct Package {
    folder: PathBuf,
}

impl Package {
    /// Unpacks `archive` under `scratch`.
    pub(super) fn open(archive: &Path, scratch: &Path) -> Result<Self, String> {
        output(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(scratch))?;
        let folder = scratch.join("package");
        let package = Self { folder };
        let manifest = package.resource("package")?;
        if manifest["name"] != "hl7.fhir.r4.examples" || manifest["version"] != "4.0.1" {
            return Err(format!("{} is not {SPEC}", archive.display()));
        }
        Ok(package)
    }

    /// The resource in `NAME.json`.
    pub(super) fn resource(&self, name: &str) -> Result<Value, String> {
        let path = self.folder.join(format!("{name}.json"));
        let bytes = std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        serde_json::from_slice(&bytes).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// All resources of `kind`, by file name.
    pub(super) fn all(&self, kind: &str) -> Result<Vec<Value>, String> {
        let entries = std::fs::read_dir(&self.folder).map_err(|e| format!("{}: {e}", self.folder.display()))?;
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_suffix(".json")?.to_owned()))
            .filter(|name| name.strip_prefix(kind).is_some_and(|rest| rest.starts_with('-')))
            .collect();
        names.sort();
        names.iter().map(|name| self.resource(name)).collect()
    }
}

/// The text of `value[key]`, or an empty one.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The items of `value[key]`, or none.
pub(super) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}
