//! Fuzz targets: built by the nightly compiler with libFuzzer's counters, and run from their seeds.

use super::Outcome;
use crate::workspace;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// What the compiler must add so that libFuzzer sees which branches an input takes.
const COUNTERS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The names of all targets.
///
/// # Errors
/// Their folder cannot be read.
pub(super) fn targets() -> Result<Vec<String>, String> {
    let folder = workspace::root().join("fuzz/fuzz_targets");
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("cannot list {}: {error}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_owned())).collect();
    names.sort();
    Ok(names)
}

/// The targets' programs, built when first needed.
#[derive(Default)]
pub(super) struct Fuzzing {
    programs: Option<Result<PathBuf, String>>,
}

impl Fuzzing {
    /// Runs a target for a while, and says how many inputs it was given.
    pub(super) fn run(&mut self, target: &str, time: Duration) -> Outcome {
        let programs = self.programs.get_or_insert_with(build).clone()?;
        let (root, kept) = (workspace::root(), kept());
        let corpus = kept.join("corpus").join(target);
        for folder in [&corpus, &kept.join("artifacts")] {
            std::fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        }
        let mut command = Command::new(programs.join(target));
        command.arg(format!("-max_total_time={}", time.as_secs().max(1)));
        command.arg(format!("-artifact_prefix={}/{target}-", kept.join("artifacts").display()));
        command.args(["-timeout=20", "-rss_limit_mb=2048", "-max_len=16384", "-print_final_stats=0", "-verbosity=1"]);
        command.arg(corpus).arg(root.join("fuzz/seeds").join(target));
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|error| format!("cannot run it: {error}"))?;
        let Some(output) = child.stderr.take() else { return Err("it has no output".into()) };
        let mut done = None;
        for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            // What it learns is of no interest; everything else is what went wrong.
            if !line.starts_with('#') && !line.starts_with("INFO:") {
                println!("{line}");
            }
            done = done.or_else(|| line.strip_prefix("Done ").map(str::to_owned));
        }
        let status = child.wait().map_err(|error| format!("cannot wait for it: {error}"))?;
        match (status.success(), done) {
            (true, Some(done)) => Ok(done),
            (true, None) => Err("it ended without a word".into()),
            (false, _) => Err(format!("an input is kept in {}", kept.join("artifacts").display())),
        }
    }
}

/// Where programs, inputs and findings are kept.
fn kept() -> PathBuf {
    workspace::root().join("target/fuzz")
}

/// Builds all targets; the folder with their programs.
fn build() -> Result<PathBuf, String> {
    let host = host()?;
    println!("   building the fuzz targets");
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo", "build", "--release", "--quiet", "--locked", "--bins", "--target", &host]);
    command.arg("--target-dir").arg(kept()).current_dir(workspace::root().join("fuzz"));
    // The variables of the cargo that runs us would lead the other one to our compiler.
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN", "CARGO_ENCODED_RUSTFLAGS"] {
        command.env_remove(name);
    }
    let status = command.env("RUSTFLAGS", COUNTERS).status().map_err(|error| format!("cannot run rustup: {error}"))?;
    if status.success() {
        Ok(kept().join(host).join("release"))
    } else {
        Err("the targets could not be built: `rustup toolchain install nightly` brings the compiler".into())
    }
}

/// The name of this machine's kind; naming it keeps the counters out of build scripts.
fn host() -> Result<String, String> {
    let output = Command::new("rustc").arg("-vV").output().map_err(|error| format!("cannot run rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc does not say what it is for".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_a_section_and_a_place_in_the_list() {
        let fuzz = workspace::root().join("fuzz");
        let read = |name: &str| std::fs::read_to_string(fuzz.join(name)).unwrap();
        let (manifest, list) = (read("Cargo.toml"), read("src/lib.rs"));
        let targets = targets().unwrap();
        assert!(targets.len() > 5);
        for target in targets {
            assert!(fuzz.join("seeds").join(&target).is_dir(), "{target} has no seeds");
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target} is not built");
            assert!(list.contains(&format!("(\"{target}\", {target})")), "{target} is not replayed");
        }
    }
}
