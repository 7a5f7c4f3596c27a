//! Archives to test with, a repeatable source of "random" bytes, and where the sample files are.

use mecum_exchange::seal::{ArchivePassphrase, Sealing};
use mecum_exchange::sphr::{Archive, Imprint, Limits, MemberId, Refusal, Writer};
use std::io::{Cursor, Read, Seek};
use std::path::PathBuf;

pub(crate) const LINES: [&str; 2] =
    [r#"{"resourceType":"Patient","id":"p"}"#, r#"{"resourceType":"Observation","id":"o"}"#];
pub(crate) const CT: &[u8] = b"\xff\xd8\xff\xe0 not really a picture, but long enough to be packed packed packed";
pub(crate) const PASSPHRASE: &str = "k7wd-3mpx-9t2a-h4q8";

/// An imprint whose name, like a real one, belongs to somebody.
pub(crate) const IMPRINT: Imprint<'static> =
    Imprint { name: "SimWilliam", created: "2026-11-24T10:30:00Z", generator: "Mecum test" };

/// Repeatable bytes; not random at all, which is what a test wants.
pub(crate) fn repeatable() -> impl FnMut(&mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = (state >> 32) as u8;
        }
    }
}

pub(crate) fn aes() -> Sealing {
    Sealing::AesZip(ArchivePassphrase::new(PASSPHRASE).unwrap())
}

/// A record of two lines with two ride-along files.
pub(crate) fn write_sample(sealing: &Sealing) -> Vec<u8> {
    write_with(sealing, &mut repeatable())
}

pub(crate) fn write_with(sealing: &Sealing, random: &mut dyn FnMut(&mut [u8])) -> Vec<u8> {
    let mut writer = Writer::create(Vec::new(), &IMPRINT, sealing, random).unwrap();
    writer.start_record().unwrap();
    for line in LINES {
        writer.line(line.as_bytes()).unwrap();
    }
    writer.media("ct chest.jpg", "image/jpeg", &mut &CT[..]).unwrap();
    writer.media("letter.pdf", "application/pdf", &mut &b"%PDF-1.7 a letter"[..]).unwrap();
    writer.finish().unwrap()
}

pub(crate) fn open_plain(bytes: &[u8]) -> Result<Archive<Cursor<&[u8]>>, Refusal> {
    Archive::open(Cursor::new(bytes), &Limits::default())
}

pub(crate) fn content<R: Read + Seek>(archive: &mut Archive<R>, id: MemberId) -> Vec<u8> {
    let mut bytes = Vec::new();
    archive.read(id).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

pub(crate) fn paths<R: Read + Seek>(archive: &Archive<R>) -> Vec<&str> {
    archive.members().iter().map(|member| member.path()).collect()
}

/// The content of the sample with this path, from the folder of sample files; `None`, with a word about it, where there
/// is no such folder.
pub(crate) fn sample_file(path: &str) -> Option<Vec<u8>> {
    let folder = std::env::var_os("MECUM_SAMPLES")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let file = folder.join(path);
    if !file.exists() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the sample files are missing");
        println!("passed over: {} is not there", file.display());
        return None;
    }
    Some(std::fs::read(file).unwrap())
}
