//! `cargo xtask`: what developers run. One command, one file; the table below is the whole list.

mod bench;
mod cluster;
mod command;
mod data;
mod deny;
mod packages;
mod postgres;
mod soak;
mod test;
mod tidy;
mod workspace;

use command::{Command, Failure, Options};
use std::process::ExitCode;

/// Every command, in the order the help shows them. A new one is a file and a line here.
const COMMANDS: &[Command] =
    &[test::COMMAND, tidy::COMMAND, deny::COMMAND, postgres::COMMAND, bench::COMMAND, soak::COMMAND, DATA];

const DATA: Command = Command {
    name: "data",
    summary: "pack the standard's definitions into crates/fhir/data",
    help: "\
Fetches HL7's package of R4 definitions with npm, strips it and packs it into crates/fhir/data.

  --check          compare with the file that is there instead of writing it
  --package FILE   read this package (.tgz) instead of fetching it

Examples:
  cargo xtask data
  cargo xtask data --check
",
    run: |args| {
        Options::parse(args, &["--check"], &["--package"])?;
        Ok(data::run(args)?)
    },
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage(why)) => {
            eprintln!("xtask: {why}\nxtask: `cargo xtask --help` lists the commands");
            ExitCode::from(2)
        }
        Err(Failure::Failed(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = args.split_first() else {
        print!("{}", overview());
        return Err(Failure::Usage("no command was given".into()));
    };
    if ["--help", "-h", "help"].contains(&name.as_str()) {
        print!("{}", overview());
        return Ok(());
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        return Err(Failure::Usage(format!("there is no command `{name}`")));
    };
    // What follows `--` belongs to somebody else, its `--help` too.
    let own = rest.split(|arg| arg == "--").next().unwrap_or_default();
    if own.iter().any(|arg| arg == "--help" || arg == "-h") {
        print!("cargo xtask {}: {}\n\n{}", command.name, command.summary, command.help);
        return Ok(());
    }
    (command.run)(rest)
}

fn overview() -> String {
    let mut text = String::from("cargo xtask <command>: what developers run\n\n");
    for command in COMMANDS {
        text.push_str(&format!("  {:<10} {}\n", command.name, command.summary));
    }
    text.push_str("\n`cargo xtask <command> --help` shows its options and examples.\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str]) -> Result<(), Failure> {
        dispatch(&args.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn every_command_has_help_with_an_example_and_a_name_of_its_own() {
        for (at, command) in COMMANDS.iter().enumerate() {
            assert!(command.help.contains(&format!("cargo xtask {}", command.name)), "{}", command.name);
            assert!(COMMANDS[at + 1..].iter().all(|other| other.name != command.name));
            assert!(overview().contains(command.summary));
        }
    }

    #[test]
    fn an_unknown_command_and_no_command_are_usage_errors() {
        assert!(matches!(run(&["frobnicate"]), Err(Failure::Usage(why)) if why.contains("frobnicate")));
        assert!(matches!(run(&[]), Err(Failure::Usage(_))));
    }

    #[test]
    fn help_is_printed_and_nothing_is_run() {
        for command in COMMANDS {
            assert!(run(&[command.name, "--help"]).is_ok());
        }
        assert!(run(&["--help"]).is_ok());
    }

    #[test]
    fn an_unknown_option_is_a_usage_error_of_every_command() {
        for command in COMMANDS {
            assert!(matches!(run(&[command.name, "--no-such-option"]), Err(Failure::Usage(_))), "{}", command.name);
        }
    }
}
