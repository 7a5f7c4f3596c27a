//! Writes the seeds of every target: small, invented, the same each time.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --example write_seeds`

mod archives;
#[expect(dead_code, reason = "tests take archives apart too")]
#[path = "../../../crates/exchange/tests/sphr/raw_zip.rs"]
mod raw_zip;
mod texts;

use std::path::Path;

/// A seed: its target's folder, its name, its bytes.
pub(crate) type Seed = (&'static str, String, Vec<u8>);

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    for (target, name, bytes) in texts::seeds().into_iter().chain(archives::seeds()) {
        let target = folder.join(target);
        std::fs::create_dir_all(&target)?;
        std::fs::write(target.join(name), bytes)?;
    }
    Ok(())
}
