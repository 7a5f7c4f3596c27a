//! ZIP archives: refused as a whole, or every name leads inside and nothing unpacks beyond its limits (PHR-27).

use std::io::{Cursor, Read};

use mecum_exchange::gzip;
use mecum_exchange::sphr::{Archive, Limits, MemberKind};

/// Small enough that a made-up archive can pass them.
const LIMITS: Limits = Limits {
    entries: 64,
    entry_bytes: 1 << 20,
    total_bytes: 2 << 20,
    ratio: 200,
    name_bytes: 256,
    manifest_bytes: 64 << 10,
};

/// A `.sphr` or any other archive, plain; and the same bytes as a gzip stream.
pub fn archive(bytes: &[u8]) {
    gunzip(bytes);
    let Ok(mut archive) = Archive::open(Cursor::new(bytes), &LIMITS) else { return };
    let members = archive.members().to_vec();
    assert!(members.len() <= LIMITS.entries);
    let mut total_bytes = 0;
    for member in &members {
        assert!(leads_inside(member.path()), "a name that leads outside was let through");
        let mut content = Vec::new();
        if let Ok(reader) = archive.read(member.id()) {
            // What breaks off in the middle is counted too.
            let _ = reader.take(LIMITS.total_bytes + 1).read_to_end(&mut content);
        }
        assert!(content.len() as u64 <= LIMITS.entry_bytes, "an entry unpacks beyond its limit");
        total_bytes += content.len() as u64;
    }
    assert!(total_bytes <= LIMITS.total_bytes, "an archive unpacks beyond its limit");
    if let Some(record) = archive.members_of(MemberKind::Record).next().map(|member| member.id()) {
        let _ = (archive.resolve(record, "media/a.jpg"), archive.resolve(record, "../../etc/passwd"));
    }
    let _ = archive.differences();
}

fn leads_inside(path: &str) -> bool {
    let has_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    let is_plain = path.len() <= LIMITS.name_bytes && !path.contains(['\\', '\0']);
    is_plain && !has_drive && path.split('/').all(|part| !["", ".", ".."].contains(&part))
}

fn gunzip(bytes: &[u8]) {
    let limits = gzip::Limits { output_bytes: 1 << 20, ..gzip::Limits::default() };
    let mut content = Vec::new();
    // What breaks off in the middle is counted too.
    let _ = gzip::Gunzip::new(bytes, limits).read_to_end(&mut content);
    assert!(content.len() as u64 <= limits.output_bytes, "a gzip stream unpacks beyond its limit");
}
