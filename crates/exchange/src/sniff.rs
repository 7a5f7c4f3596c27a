//! What a file is, from its first bytes; the name is never trusted and only breaks ties (PHR-30, PHR-32).

mod openpgp;
mod text;

/// How many first bytes [`sniff`] wants to see; more are not looked at, fewer are taken as the whole file.
pub const PREFIX_BYTES: usize = 8192;

/// What the first bytes say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON resource a line: `.phr` and `.ndjson` (PHR-2).
    Ndjson,
    /// One JSON value: a Bundle or a single resource, decided by whoever reads it (PHR-11).
    Json,
    /// A ZIP archive, plain or with encrypted entries.
    Zip,
    /// A gzip stream.
    Gzip,
    /// A JWE in compact or JSON serialisation (RFC 7516).
    Jwe,
    /// An age file, binary or armoured.
    Age,
    /// An OpenPGP message, which is recognised and not read.
    OpenPgp,
    /// Nothing, or nothing but white space.
    Empty,
    /// None of these.
    Unknown,
}

/// Returns what `prefix`, the first [`PREFIX_BYTES`] of a file or all of a shorter one, looks like. `name` decides only
/// where the bytes fit two formats, as a single line of JSON does.
pub fn sniff(prefix: &[u8], name: Option<&str>) -> Format {
    let prefix = prefix.get(..PREFIX_BYTES).unwrap_or(prefix);
    if [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|magic| prefix.starts_with(*magic)) {
        Format::Zip
    } else if prefix.starts_with(&[0x1f, 0x8b]) {
        Format::Gzip
    } else if prefix.starts_with(b"age-encryption.org/v1\n") || prefix.starts_with(b"-----BEGIN AGE ENCRYPTED FILE") {
        Format::Age
    } else if prefix.starts_with(b"-----BEGIN PGP MESSAGE") || openpgp::starts_message(prefix) {
        Format::OpenPgp
    } else {
        text::sniff(prefix, Tie::from_name(name))
    }
}

/// What the file's name hints at where the bytes leave two readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tie {
    Lines,
    Single,
    Open,
}

impl Tie {
    fn from_name(name: Option<&str>) -> Self {
        let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, ext)| ext.to_ascii_lowercase());
        match extension.as_deref() {
            Some("phr" | "ndjson") => Self::Lines,
            Some("json" | "fhir") => Self::Single,
            _ => Self::Open,
        }
    }
}
