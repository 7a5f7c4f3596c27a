//! The independent programs and files that tests compare Mecum with. None is needed to build or run Mecum.

use crate::{packages, workspace};
use std::path::PathBuf;

/// Something that a test asks for a second opinion.
struct Oracle {
    name: &'static str,
    /// What would go untested without it.
    what_for: &'static str,
    place: Place,
}

/// Where an oracle is looked for.
enum Place {
    /// On the search path under any of these names; else in this Debian package.
    Program { names: &'static [&'static str], package: &'static str },
    /// Where this variable says; else here, seen from the workspace.
    Path { variable: &'static str, default: &'static str },
}

use Place::{Path, Program};

/// All oracles. A test that needs another one adds it here.
const ORACLES: &[Oracle] = &[
    Oracle {
        name: "7-Zip",
        what_for: "opens the .sphr archives that we seal",
        place: Program { names: &["7zz", "7z"], package: "7zip" },
    },
    Oracle {
        name: "strace",
        what_for: "sees which files are synced and that nothing is called that was not asked for",
        place: Program { names: &["strace"], package: "strace" },
    },
    Oracle {
        name: "Java",
        what_for: "runs the HL7 validator",
        place: Program { names: &["java"], package: "default-jre-headless" },
    },
    Oracle {
        name: "Maven",
        what_for: "builds the HL7 validator on its first use",
        place: Program { names: &["mvn"], package: "maven" },
    },
    Oracle {
        name: "the HL7 validator",
        what_for: "judges the resources and Bundles that we write",
        place: Path { variable: "MECUM_VALIDATOR", default: "../shared/validator/validate" },
    },
    Oracle {
        name: "the sample files",
        what_for: "real exports, documents and messages to read",
        place: Path { variable: "MECUM_SAMPLES", default: "../shared/data" },
    },
];

/// Looks for every oracle, installs what may be installed, and says what is passed over.
///
/// # Errors
/// One is missing where none may be (`is_ci`).
pub(crate) fn provide(is_ci: bool) -> Result<String, String> {
    let missing: Vec<String> = ORACLES.iter().filter_map(|oracle| missing(oracle, packages::install)).collect();
    settle(&missing, is_ci)
}

/// Why this oracle is not to be had; `None` if it is there, maybe only now.
fn missing(oracle: &Oracle, install: impl Fn(&str) -> Result<(), String>) -> Option<String> {
    let why = match &oracle.place {
        Program { names, .. } if packages::find_program(names).is_some() => return None,
        Program { names, package } => match install(package) {
            Ok(()) if packages::find_program(names).is_some() => return None,
            Ok(()) => format!("the package {package} brought none of {}", names.join(", ")),
            Err(why) => why,
        },
        Path { variable, default } => {
            let path = std::env::var_os(variable).map_or_else(|| workspace::root().join(default), PathBuf::from);
            if path.exists() {
                return None;
            }
            format!("nothing is at {}; {variable} can name another place", path.display())
        }
    };
    Some(format!("{} ({}): {why}", oracle.name, oracle.what_for))
}

fn settle(missing: &[String], is_ci: bool) -> Result<String, String> {
    for line in missing {
        println!("   {} {line}", if is_ci { "missing:" } else { "passed over:" });
    }
    match missing.len() {
        0 => Ok(format!("all {} are there", ORACLES.len())),
        n if is_ci => Err(format!("{n} missing, and with CI=true none may be")),
        n => Ok(format!("{n} of {} passed over", ORACLES.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oracle(place: Place) -> Oracle {
        Oracle { name: "it", what_for: "nothing", place }
    }

    #[test]
    fn a_program_that_is_there_is_not_installed() {
        let sh = oracle(Program { names: &["sh"], package: "dash" });
        assert_eq!(missing(&sh, |_| panic!("must not install")), None);
    }

    #[test]
    fn a_program_that_cannot_be_installed_is_missing_with_the_reason() {
        let program = oracle(Program { names: &["no-such-program"], package: "none" });
        assert_eq!(missing(&program, |_| Err("install it".into())).unwrap(), "it (nothing): install it");
        assert!(missing(&program, |_| Ok(())).unwrap().contains("brought none of no-such-program"));
    }

    #[test]
    fn a_path_that_is_not_there_names_the_variable() {
        let path = oracle(Path { variable: "MECUM_NO_SUCH_VARIABLE", default: "no/such/file" });
        assert!(missing(&path, |_| Ok(())).unwrap().contains("MECUM_NO_SUCH_VARIABLE"));
        assert_eq!(
            missing(&oracle(Path { variable: "MECUM_NO_SUCH_VARIABLE", default: "Cargo.toml" }), |_| Ok(())),
            None
        );
    }

    #[test]
    fn what_is_missing_is_passed_over_at_home_and_refused_in_ci() {
        let gone = ["x".to_owned()];
        assert!(settle(&gone, false).is_ok());
        assert!(settle(&gone, true).is_err());
        assert!(settle(&[], true).is_ok());
    }
}
