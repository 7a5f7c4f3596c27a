//! A large record: its file, and a house in which it has been imported.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use mecum_testkit::people::large_phr;

use crate::error::BenchError;
use crate::house::{House, import, open_record};
use crate::people::SEED;
use crate::row::Bench;

/// A large record in a house of its own.
pub(crate) struct Large {
    pub(crate) house: House,
    /// The token of the record.
    pub(crate) token: String,
    /// Resources that the import made.
    pub(crate) n_created: u64,
    /// How long the import took, seconds.
    pub(crate) seconds: f64,
}

/// Writes the file into the house's folder, and gives its path.
pub(crate) fn write_file(bench: &Bench<'_>, house: &House) -> Result<PathBuf, BenchError> {
    let path = house.folder.path().join("large.phr");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    for line in lines(bench) {
        file.write_all(line.as_bytes())?;
    }
    file.flush()?;
    Ok(path)
}

/// The lines of the file.
pub(crate) fn lines(bench: &Bench<'_>) -> impl Iterator<Item = String> {
    large_phr(SEED, bench.size.large_bytes)
}

/// Imports the file into a new house.
pub(crate) fn imported(bench: &Bench<'_>, database: &'static str) -> Result<Large, BenchError> {
    let house = House::new(database, &bench.arguments.scratch())?;
    let path = write_file(bench, &house)?;
    let phr = house.open()?;
    let (record, token) = open_record(&phr, "large")?;
    let started = Instant::now();
    let report = import(&phr, record, &path)?;
    let seconds = started.elapsed().as_secs_f64();
    phr.close()?;
    if report.n_quarantined > 0 {
        return Err(BenchError::said(format!("{} lines were quarantined", report.n_quarantined)));
    }
    Ok(Large { house, token, n_created: report.n_created, seconds })
}
