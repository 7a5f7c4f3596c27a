//! Idris, the father: a runner with a watch, and an atrial fibrillation that was never his: entered from another man's
//! tracing, taken back by the practice, still in the insurer's papers.

mod cardiology;
mod insurer;
mod later;
mod practice;
mod watch;

use super::family::SourceFile;

/// All files about him; the practice's correction comes after what it corrects.
pub(crate) fn files(seed: u64) -> Vec<SourceFile> {
    let (mut harbor, main, wrong) = practice::begin(seed);
    vec![
        main,
        insurer::file(seed),
        cardiology::file(seed),
        practice::correction(&mut harbor, &wrong),
        later::file(&mut harbor),
        watch::file(seed),
        watch::phone(seed),
    ]
}
