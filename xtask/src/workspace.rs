//! The workspace this program was built in: its folder, its files, and cargo run inside it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // `cargo run` names the package folder at run time; the built-in value serves a binary called directly.
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// Whether this is a continuous-integration run (`CI=true`), where nothing may be passed over.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// A cargo command to be run in the workspace, with the cargo that runs us.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The paths of all files that are or could be committed, relative to `root`, with `/`, sorted.
///
/// # Errors
/// Neither git nor the folder could be read.
pub(crate) fn files(root: &Path) -> Result<Vec<String>, String> {
    let mut paths = match from_git(root) {
        Some(paths) => paths,
        None => {
            let mut found = Vec::new();
            walk(root, root, &mut found)?;
            found
        }
    };
    paths.retain(|path| root.join(path).is_file());
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// The list from git; `None` where this is no git work tree (an unpacked archive).
fn from_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        // A checkout may belong to another user than the one who tests it; listing names is harmless.
        .args(["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<(), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry.map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
        let path = entry.path();
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && name != "target" && name != ".git" {
            walk(root, &path, found)?;
        } else if !is_folder && let Ok(relative) = path.strip_prefix(root) {
            found.push(relative.to_string_lossy().into_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_workspace_and_its_files_are_listed_without_the_build_folder() {
        let files = files(&root()).unwrap();
        assert!(files.iter().any(|path| path == "Cargo.toml"));
        assert!(files.iter().any(|path| path == "xtask/src/main.rs"));
        assert!(!files.iter().any(|path| path.starts_with("target/")));
    }

    #[test]
    fn without_git_the_folder_is_walked() {
        let mut found = Vec::new();
        walk(&root().join("xtask"), &root().join("xtask"), &mut found).unwrap();
        assert!(found.iter().any(|path| path == "src/main.rs"));
    }
}
