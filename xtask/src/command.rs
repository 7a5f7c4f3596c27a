//! What a command is, how it fails, and how its options are read.

/// One `cargo xtask` command.
pub(crate) struct Command {
    /// The word after `cargo xtask`.
    pub(crate) name: &'static str,
    /// One line for the list of commands.
    pub(crate) summary: &'static str,
    /// Options and examples.
    pub(crate) help: &'static str,
    /// Runs it with the words after its name.
    pub(crate) run: fn(&[String]) -> Result<(), Failure>,
}

/// Why a command did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was called wrongly: exit code 2.
    Usage(String),
    /// It ran and found something wrong, or could not run: exit code 1.
    Failed(String),
}

impl From<String> for Failure {
    fn from(why: String) -> Self {
        Failure::Failed(why)
    }
}

/// The options of one call: `--flag`, `--name value` or `--name=value`, and what follows `--`.
#[derive(Debug, Default)]
pub(crate) struct Options {
    given: Vec<(String, Option<String>)>,
    /// The words after `--`.
    pub(crate) rest: Vec<String>,
}

impl Options {
    /// Reads `args`, accepting these flags and these options with a value; anything else is a usage error.
    pub(crate) fn parse(args: &[String], flags: &[&str], valued: &[&str]) -> Result<Options, Failure> {
        let mut options = Options::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                options.rest = args.cloned().collect();
                break;
            }
            let (name, inline) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let value = if flags.contains(&name) && inline.is_none() {
                None
            } else if valued.contains(&name) {
                Some(inline.or_else(|| args.next().cloned()).ok_or_else(|| needs_value(name))?)
            } else {
                return Err(Failure::Usage(format!("`{arg}` is not understood here")));
            };
            options.given.push((name.to_owned(), value));
        }
        Ok(options)
    }

    /// Whether the flag was given.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.given.iter().any(|(name, _)| name == flag)
    }

    /// The value given last for this option.
    pub(crate) fn value(&self, option: &str) -> Option<&str> {
        self.given.iter().rev().find(|(name, _)| name == option).and_then(|(_, value)| value.as_deref())
    }
}

fn needs_value(name: &str) -> Failure {
    Failure::Usage(format!("`{name}` needs a value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Options, Failure> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        Options::parse(&args, &["--quick"], &["--filter"])
    }

    #[test]
    fn flags_values_and_the_rest_are_told_apart() {
        let options = parse(&["--quick", "--filter", "phr_8", "--filter=phr_9", "--", "cargo", "--quick"]).unwrap();
        assert!(options.has("--quick"));
        assert_eq!(options.value("--filter"), Some("phr_9"));
        assert_eq!(options.rest, ["cargo", "--quick"]);
        assert!(!parse(&[]).unwrap().has("--quick"));
    }

    #[test]
    fn what_is_not_known_or_lacks_its_value_is_refused() {
        for wrong in [&["--slow"][..], &["word"], &["--filter"], &["--quick=yes"]] {
            assert!(matches!(parse(wrong), Err(Failure::Usage(_))), "{wrong:?}");
        }
    }
}
