//! Reading a file in a test: its items in one word each, and the sample files.

use std::path::PathBuf;

use mecum_exchange::item::{Item, ItemContent};
use mecum_exchange::phr::{Ending, File, Limits, open};

pub(crate) const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1"}"#;
pub(crate) const WEIGHT: &str = r#"{"resourceType":"Observation","id":"w1","status":"final"}"#;
pub(crate) const OUTCOME: &str =
    r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}"#;

/// The items of a file, and what is told at its end.
pub(crate) fn read(bytes: &[u8]) -> (Vec<Item>, Ending) {
    let mut file = open(bytes, &Limits::default()).expect("opens");
    let items = file.by_ref().collect::<Result<_, _>>().expect("memory does not fail");
    (items, file.ending())
}

/// The items, each as `line word`.
pub(crate) fn words(bytes: &[u8]) -> Vec<String> {
    read(bytes).0.iter().map(|item| format!("{} {}", item.place.line, word(item))).collect()
}

pub(crate) fn is_lines(bytes: &[u8]) -> bool {
    matches!(open(bytes, &Limits::default()).expect("opens"), File::Lines(_))
}

pub(crate) fn word(item: &Item) -> String {
    match &item.content {
        ItemContent::Resource(repaired) => {
            let resource = &repaired.resource;
            format!("{}/{}", resource.resource_type(), resource.id().unwrap_or_default())
        }
        ItemContent::Quarantined(quarantined) => quarantined.fault.to_string(),
        ItemContent::SenderOutcome(_) => "sender".to_owned(),
        ItemContent::Generated(generated) => generated.code().to_owned(),
        ItemContent::NoResource => "none".to_owned(),
    }
}

/// The sample files of a folder that are JSON or lines of it, by name; none, with a word about it, where there are no samples.
pub(crate) fn samples(folder: &str) -> Vec<(String, Vec<u8>)> {
    let root = std::env::var_os("MECUM_SAMPLES")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the sample files are missing");
        println!("passed over: there is no {folder} among the samples");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "phr" || ending == "json"))
        .map(|path| {
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (name, std::fs::read(path).expect("readable"))
        })
        .collect();
    files.sort();
    files
}
