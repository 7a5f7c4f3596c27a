//! `cargo xtask soak`: many crash trials and long fuzzing, as often and as long as one likes.

mod fuzz;
mod trial;

use crate::command::{Command, Failure, Options};
use std::time::{Duration, Instant};

/// The command.
pub(crate) const COMMAND: Command =
    Command { name: "soak", summary: "run many crash trials, and every fuzz target for a while", help: HELP, run };

const HELP: &str = "\
Kills imports, servers and backups at random moments on both databases, and stops PostgreSQL under load, many times each; then
runs every fuzz target in turn. Prints a table at the end, and exits with 1 if anything failed.

  --only NAMES   only these parts, separated by commas: `trials`, `fuzz`, or single ones by the names in the table
  --times N      trials of each kind (300)
  --minutes N    minutes for each fuzz target, as 5 or 0.5 (5)
  --list         print the names of all parts

A trial that fails prints the seed that repeats its choices. What a fuzz target fails on is kept in target/fuzz/artifacts, what it
has learnt in target/fuzz/corpus. Fuzzing needs the nightly compiler (`rustup toolchain install nightly`), the trials need what
the tests need.

Examples:
  cargo xtask soak
  cargo xtask soak --only imports,backups --times 50
  cargo xtask soak --only fuzz --minutes 1
";

/// One thing to run.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Crash trials of a kind.
    Trial(&'static trial::Kind),
    /// A fuzz target by its name.
    Fuzz(String),
}

/// How much of it.
struct Amount {
    n_trials: u64,
    fuzz_time: Duration,
}

/// How a part went: what it has to say, or why it failed.
type Outcome = Result<String, String>;

impl Part {
    fn name(&self) -> &str {
        match self {
            Part::Trial(kind) => kind.name,
            Part::Fuzz(target) => target,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let group = match self {
            Part::Trial(_) => "trials",
            Part::Fuzz(_) => "fuzz",
        };
        [group, self.name()].contains(&name)
    }
}

fn run(args: &[String]) -> Result<(), Failure> {
    let options = Options::parse(args, &["--list"], &["--only", "--times", "--minutes"])?;
    let parts = chosen(all_parts()?, options.value("--only"))?;
    let amount = amount(&options)?;
    if options.has("--list") {
        parts.iter().for_each(|part| println!("{}", part.name()));
        return Ok(());
    }
    let rows = run_all(&parts, &amount);
    print!("{}", table(&rows));
    let n_failed = rows.iter().filter(|row| row.outcome.is_err()).count();
    if n_failed == 0 { Ok(()) } else { Err(Failure::Failed(format!("{n_failed} of {} parts failed", rows.len()))) }
}

fn all_parts() -> Result<Vec<Part>, String> {
    let trials = trial::KINDS.iter().map(Part::Trial);
    Ok(trials.chain(fuzz::targets()?.into_iter().map(Part::Fuzz)).collect())
}

fn chosen(all: Vec<Part>, only: Option<&str>) -> Result<Vec<Part>, Failure> {
    let Some(only) = only else { return Ok(all) };
    let names: Vec<&str> = only.split(',').collect();
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|part| part.is_named(name))) {
        return Err(Failure::Usage(format!("there is no part `{unknown}`: see `cargo xtask soak --list`")));
    }
    Ok(all.into_iter().filter(|part| names.iter().any(|name| part.is_named(name))).collect())
}

fn amount(options: &Options) -> Result<Amount, Failure> {
    let wrong = |name: &str| Failure::Usage(format!("`{name}` is a number above 0"));
    let number = |name: &str, usual: f64| match options.value(name) {
        None => Ok(usual),
        Some(text) => text.parse().ok().filter(|n: &f64| (0.001..1e6).contains(n)).ok_or_else(|| wrong(name)),
    };
    let n_trials = options.value("--times").map_or(Ok(300), str::parse).ok().filter(|n| *n > 0);
    Ok(Amount {
        n_trials: n_trials.ok_or_else(|| wrong("--times"))?,
        fuzz_time: Duration::from_secs_f64(number("--minutes", 5.0)? * 60.0),
    })
}

/// A line of the closing table.
struct Row {
    name: String,
    seconds: f64,
    outcome: Outcome,
}

fn run_all(parts: &[Part], amount: &Amount) -> Vec<Row> {
    let mut trials = trial::Trials::default();
    let mut fuzzing = fuzz::Fuzzing::default();
    let run = |part: &Part| {
        println!("== {}", part.name());
        let start = Instant::now();
        let outcome = match part {
            Part::Trial(kind) => trials.run(kind, amount.n_trials),
            Part::Fuzz(target) => fuzzing.run(target, amount.fuzz_time),
        };
        Row { name: part.name().to_owned(), seconds: start.elapsed().as_secs_f64(), outcome }
    };
    parts.iter().map(run).collect()
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from("\n");
    for Row { name, seconds, outcome } in rows {
        let (word, said) = match outcome {
            Ok(said) => ("passed", said),
            Err(why) => ("FAILED", why),
        };
        text.push_str(&format!("   {name:<12} {word} {seconds:>8.1} s  {}\n", said.replace('\n', "; ")));
    }
    let n_failed = rows.iter().filter(|row| row.outcome.is_err()).count();
    text.push_str(&format!("parts: {} passed, {n_failed} failed\n", rows.len() - n_failed));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Amount, Failure> {
        let args: Vec<String> = args.iter().map(ToString::to_string).collect();
        amount(&Options::parse(&args, &[], &["--only", "--times", "--minutes"])?)
    }

    #[test]
    fn three_hundred_trials_and_five_minutes_unless_said_otherwise() {
        let usual = parse(&[]).unwrap();
        assert_eq!((usual.n_trials, usual.fuzz_time), (300, Duration::from_secs(300)));
        let less = parse(&["--times", "20", "--minutes", "0.5"]).unwrap();
        assert_eq!((less.n_trials, less.fuzz_time), (20, Duration::from_secs(30)));
        for wrong in
            [["--times", "0"], ["--times", "many"], ["--minutes", "0"], ["--minutes", "-1"], ["--minutes", "NaN"]]
        {
            assert!(matches!(parse(&wrong), Err(Failure::Usage(_))), "{wrong:?}");
        }
    }

    #[test]
    fn parts_are_chosen_by_name_and_by_group_and_an_unknown_one_is_refused() {
        let all = || vec![Part::Trial(&trial::KINDS[0]), Part::Fuzz("json".into()), Part::Fuzz("date".into())];
        let names =
            |only| chosen(all(), only).map(|parts| parts.iter().map(|part| part.name().to_owned()).collect::<Vec<_>>());
        assert_eq!(names(None).unwrap().len(), 3);
        assert_eq!(names(Some("fuzz")).unwrap(), ["json", "date"]);
        assert_eq!(names(Some("date,trials")).unwrap(), [trial::KINDS[0].name, "date"]);
        assert!(matches!(names(Some("json,nonsense")), Err(Failure::Usage(why)) if why.contains("nonsense")));
    }

    #[test]
    fn the_table_says_of_each_part_how_it_went() {
        let row = |name: &str, outcome| Row { name: name.into(), seconds: 1.25, outcome };
        let text = table(&[row("json", Ok("12 runs".into())), row("imports", Err("a\nb".into()))]);
        assert!(text.contains("json         passed      1.2 s  12 runs\n"), "{text}");
        assert!(text.contains("imports      FAILED      1.2 s  a; b\n") && text.ends_with("1 passed, 1 failed\n"));
    }
}
