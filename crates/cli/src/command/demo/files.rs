//! The family's files as they would have come: lines, Bundles, folders of lines, and archives with what rides along.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use mecum_phr::moment::fill_random;
use mecum_phr::words::seal::Sealing;
use mecum_phr::words::sphr::{Imprint, WriteError, Writer};
use mecum_testkit::people::{Content, FAMILY_TODAY, Media, SourceFile};

use crate::stop::Stop;

/// Writes one source's file below the folder; gives the paths, several for a folder of lines.
pub(super) fn write(file: &SourceFile, folder: &Path) -> Result<Vec<PathBuf>, Stop> {
    let path = folder.join(&file.file_name);
    match &file.content {
        Content::Phr(text) | Content::Bundle(text) => Ok(vec![put(path, text.as_bytes())?]),
        Content::Container { phr, media } => {
            let stem = file.file_name.strip_suffix(".sphr").unwrap_or(&file.file_name);
            let bytes =
                archive(stem, phr, media).map_err(|error| Stop::Failed(format!("the demo's archive: {error}")))?;
            Ok(vec![put(path, &bytes)?])
        }
        Content::Ndjson(parts) => parts.iter().map(|(name, text)| put(path.join(name), text.as_bytes())).collect(),
    }
}

fn put(path: PathBuf, bytes: &[u8]) -> Result<PathBuf, Stop> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| Stop::file(folder, &error))?;
    }
    fs::write(&path, bytes).map_err(|error| Stop::file(&path, &error))?;
    Ok(path)
}

/// An archive that is not sealed, as an organization would hand it over.
fn archive(stem: &str, phr: &str, media: &[Media]) -> Result<Vec<u8>, WriteError> {
    let created = format!("{FAMILY_TODAY}T09:00:00Z");
    let imprint = Imprint { name: stem, created: &created, generator: "mecum demo" };
    let mut random = fill_random;
    let mut writer = Writer::create(Vec::new(), &imprint, &Sealing::None, &mut random)?;
    writer.start_record()?;
    for line in phr.lines() {
        writer.line(line.as_bytes())?;
    }
    for file in media {
        let name = file.name.rsplit('/').next().unwrap_or(&file.name);
        writer.media(name, file.content_type, &mut Cursor::new(&file.bytes))?;
    }
    writer.finish()
}
