//! The bounds of an archive (PHR-27).

/// How large an archive may be and how far it may unpack. Checked on what the directory declares before anything is
/// read, and again on what really comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most entries, folders and junk included.
    pub entries: usize,
    /// Most unpacked bytes of one entry.
    pub entry_bytes: u64,
    /// Most unpacked bytes of all entries together.
    pub total_bytes: u64,
    /// Most unpacked bytes for each packed byte, held against entries above 1 MiB only.
    pub ratio: u64,
    /// Most bytes of a name.
    pub name_bytes: usize,
    /// Most unpacked bytes of a manifest, which is read into memory.
    pub manifest_bytes: u64,
}

impl Limits {
    /// Entries below this many unpacked bytes are never held against the ratio.
    pub(crate) const RATIO_FLOOR_BYTES: u64 = 1 << 20;
}

impl Default for Limits {
    /// 10,000 entries, 4 GiB each, 16 GiB together, 200 to 1, names of 1 KiB, manifests of 16 MiB.
    fn default() -> Self {
        Self {
            entries: 10_000,
            entry_bytes: 4 << 30,
            total_bytes: 16 << 30,
            ratio: 200,
            name_bytes: 1024,
            manifest_bytes: 16 << 20,
        }
    }
}
