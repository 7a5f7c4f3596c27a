//! Imports every file of the folders given and prints the table of `docs/conformance/imports.md`: what became of every line.
//!
//! `cargo run -p mecum-phr --example sample_counts -- ../shared/data/phr-format …`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mecum_phr::import::{ImportJob, ImportReport, OtherPeople, keep, run};
use mecum_phr::{Phr, SystemClock};
use mecum_record::caller::Caller;
use mecum_record::source::SourceKind;
use mecum_store::keys::InstallationKey;
use mecum_store::{Place, Store, Workload};

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Fallible<()> {
    let folder = tempfile::tempdir()?;
    let place = Place::Folder(folder.path().to_owned());
    let store = Store::open(&place, &InstallationKey::generate(), Workload::COMMAND, 0)?;
    let phr = Phr::new(store, Arc::new(SystemClock));
    println!(
        "| file | lines | created | updated | unchanged | quarantined | ours | sender's | media | repairs | with faults | unresolved | second import |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|");
    for folder in std::env::args().skip(1) {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Fallible<_>>()?;
        files.retain(|path| path.is_file());
        files.sort();
        for file in files {
            println!("{}", row(&phr, &file)?);
        }
    }
    Ok(())
}

fn row(phr: &Phr, file: &Path) -> Fallible<String> {
    let caller = Caller::Operator { name: "sample_counts".to_owned() };
    let parent = file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    let name = format!("{parent}/{}", file.file_name().unwrap_or_default().to_string_lossy());
    let record = mecum_phr::record::open(phr, &caller, &name)?;
    let import = || -> Fallible<ImportReport> {
        let mut content = std::fs::File::open(file)?;
        let original = keep(phr, &caller, record, &name, &mut content)?;
        let job = ImportJob {
            record,
            originals: vec![original],
            source_kind: SourceKind::Organization,
            source_name: "sample".to_owned(),
            key: None,
            other_people: OtherPeople::Keep,
            message: name.clone(),
        };
        Ok(run(phr, &caller, &job, &mut |_| {})?)
    };
    let first = import()?;
    let second = import()?;
    let verdict = if second.commit.is_none() { "changes nothing" } else { "**changes something**" };
    let counts = [
        first.n_lines,
        first.n_created,
        first.n_updated,
        first.n_unchanged,
        first.n_quarantined,
        first.n_generated,
        first.n_sender_outcomes,
        first.n_media,
        first.repairs.values().sum(),
        first.n_faulty,
        first.n_unresolved,
    ];
    let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
    let sum = if first.adds_up() { "" } else { " (does not add up)" };
    Ok(format!("| `{name}`{sum} | {} | {verdict} |", counts.join(" | ")))
}
