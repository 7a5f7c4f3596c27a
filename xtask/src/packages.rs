//! Debian packages: is a program there, and installing it when we may.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where one of these programs is on the search path.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}

/// Whether we run as root, who alone may install and must not run PostgreSQL.
pub(crate) fn is_root() -> bool {
    id(&["-u"]) == Some(0)
}

/// A number from `id`, such as `["-u", "postgres"]`; `None` where there is no such user.
pub(crate) fn id(args: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(args).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// Installs a Debian package.
///
/// # Errors
/// We are not root, this is no Debian, or apt-get failed; the text says what to do by hand.
pub(crate) fn install(package: &str) -> Result<(), String> {
    let by_hand = format!("install it with `apt-get install {package}`, or the like on your system");
    if !is_root() {
        return Err(by_hand);
    }
    if find_program(&["apt-get"]).is_none() {
        return Err(format!("there is no apt-get here; {by_hand}"));
    }
    println!("   installing {package} with apt-get");
    if apt_get(&["install", "--yes", "--no-install-recommends", package]) {
        return Ok(());
    }
    // The lists of packages may be missing or stale.
    if apt_get(&["update"]) && apt_get(&["install", "--yes", "--no-install-recommends", package]) {
        return Ok(());
    }
    Err(format!("apt-get could not install it; {by_hand}"))
}

fn apt_get(args: &[&str]) -> bool {
    let mut command = Command::new("apt-get");
    command.arg("--quiet=2").args(args).env("DEBIAN_FRONTEND", "noninteractive");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_any_of_its_names_and_a_missing_one_is_not() {
        assert!(find_program(&["no-such-program", "sh"]).is_some_and(|path| path.ends_with("sh")));
        assert!(find_program(&["no-such-program"]).is_none());
    }

    #[test]
    fn users_that_do_not_exist_have_no_id() {
        assert!(id(&["-u"]).is_some());
        assert_eq!(id(&["-u", "no-such-user"]), None);
    }
}
