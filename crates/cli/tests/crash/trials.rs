//! A number of trials, each with a seed of its own that is named when it fails.

use std::process::Child;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use mecum_testkit::harness::Random;

/// Trials of each kind unless `MECUM_TRIALS` says otherwise.
const USUAL: u64 = 10;

/// Runs the trials of a kind. A trial answers whether it struck in the middle of something.
pub(crate) fn trials(kind: &str, mut trial: impl FnMut(&mut Random) -> bool) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let n_trials = number("MECUM_TRIALS").unwrap_or(USUAL);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let first = number("MECUM_TRIAL_SEED").unwrap_or(since.as_secs());
    let began = Instant::now();
    let mut n_struck = 0;
    for seed in (0..n_trials).map(|n| first.wrapping_add(n)) {
        let _named = Named { kind, seed };
        n_struck += u64::from(trial(&mut Random::seeded(seed)));
    }
    println!("{kind}: {n_trials} trials in {:.1?}, {n_struck} struck in the middle", began.elapsed());
    assert!(n_struck > 0 || n_trials < USUAL, "{kind}: no trial struck in the middle: give it more to do");
}

/// Names a trial if it panics.
struct Named<'a> {
    kind: &'a str,
    seed: u64,
}

impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Named { kind, seed } = self;
            eprintln!("{kind}: this trial alone again: MECUM_TRIALS=1 MECUM_TRIAL_SEED={seed}");
        }
    }
}

/// Kills a program at some moment, from a fifth of its usual time on to a tenth beyond it; its exit code, if it was faster.
pub(crate) fn kill_within(child: &mut Child, usual: Duration, random: &mut Random) -> Option<i32> {
    std::thread::sleep(usual / 5 + moment_within(usual * 9 / 10, random));
    // It is a child until it was waited for, so its number is nobody else's.
    child.kill().unwrap();
    child.wait().unwrap().code()
}

/// Any moment from now up to `longest`.
pub(crate) fn moment_within(longest: Duration, random: &mut Random) -> Duration {
    Duration::from_micros(random.below(u64::try_from(longest.as_micros()).unwrap() + 1))
}
