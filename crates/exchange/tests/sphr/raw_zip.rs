//! ZIP archives put together byte by byte, to make what no library would write (APPNOTE 6.3.10).

use flate2::{Compression, Crc, write::DeflateEncoder};
use std::io::Write;

pub(crate) const ENCRYPTED: u16 = 1;
pub(crate) const DESCRIPTOR: u16 = 8;

/// One entry; `local_*` differ from the rest only where a test makes headers disagree.
#[derive(Clone)]
pub(crate) struct RawEntry {
    pub(crate) name: Vec<u8>,
    pub(crate) local_name: Option<Vec<u8>>,
    pub(crate) flags: u16,
    pub(crate) local_flags: Option<u16>,
    pub(crate) method: u16,
    pub(crate) time: u32,
    pub(crate) crc: u32,
    pub(crate) packed: Vec<u8>,
    pub(crate) size: u32,
    pub(crate) attributes: u32,
    pub(crate) local_extra: Vec<u8>,
    pub(crate) extra: Vec<u8>,
    /// Points at another entry's local header.
    pub(crate) offset: Option<u32>,
}

pub(crate) fn stored(name: &str, content: &[u8]) -> RawEntry {
    let mut crc = Crc::new();
    crc.update(content);
    RawEntry {
        name: name.as_bytes().to_vec(),
        local_name: None,
        flags: 0,
        local_flags: None,
        method: 0,
        time: 0x5921_0000,
        crc: crc.sum(),
        packed: content.to_vec(),
        size: content.len() as u32,
        attributes: 0o100_644 << 16,
        local_extra: Vec::new(),
        extra: Vec::new(),
        offset: None,
    }
}

pub(crate) fn deflated(name: &str, content: &[u8]) -> RawEntry {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    RawEntry { method: 8, packed: encoder.finish().unwrap(), ..stored(name, content) }
}

impl RawEntry {
    pub(crate) fn with_mode(self, mode: u32) -> Self {
        Self { attributes: mode << 16, ..self }
    }
}

/// Writes the entries in order, and the directory in the same order.
pub(crate) fn build(entries: &[RawEntry]) -> Vec<u8> {
    let order: Vec<usize> = (0..entries.len()).collect();
    build_ordered(entries, &order)
}

/// Writes the entries in order, and the directory in the order given.
pub(crate) fn build_ordered(entries: &[RawEntry], directory: &[usize]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut offsets = Vec::new();
    for entry in entries {
        offsets.push(out.len() as u32);
        write_local(&mut out, entry);
    }
    let start = out.len() as u32;
    for &at in directory {
        write_central(&mut out, &entries[at], entries[at].offset.unwrap_or(offsets[at]));
    }
    let size = out.len() as u32 - start;
    let count = directory.len().min(0xffff) as u16;
    put(&mut out, b"PK\x05\x06\0\0\0\0");
    put(&mut out, &count.to_le_bytes());
    put(&mut out, &count.to_le_bytes());
    put(&mut out, &size.to_le_bytes());
    put(&mut out, &start.to_le_bytes());
    put(&mut out, &[0, 0]);
    out
}

fn write_local(out: &mut Vec<u8>, entry: &RawEntry) {
    let flags = entry.local_flags.unwrap_or(entry.flags);
    let name = entry.local_name.as_ref().unwrap_or(&entry.name);
    let is_described = flags & DESCRIPTOR != 0;
    let known = |n: u32| if is_described { 0 } else { n };
    put(out, b"PK\x03\x04\x33\0");
    put(out, &flags.to_le_bytes());
    put(out, &entry.method.to_le_bytes());
    put(out, &entry.time.to_le_bytes());
    put(out, &known(entry.crc).to_le_bytes());
    put(out, &known(entry.packed.len() as u32).to_le_bytes());
    put(out, &known(entry.size).to_le_bytes());
    put(out, &(name.len() as u16).to_le_bytes());
    put(out, &(entry.local_extra.len() as u16).to_le_bytes());
    put(out, name);
    put(out, &entry.local_extra);
    put(out, &entry.packed);
    if is_described {
        put(out, b"PK\x07\x08");
        put(out, &entry.crc.to_le_bytes());
        put(out, &(entry.packed.len() as u32).to_le_bytes());
        put(out, &entry.size.to_le_bytes());
    }
}

fn write_central(out: &mut Vec<u8>, entry: &RawEntry, offset: u32) {
    put(out, b"PK\x01\x02\x33\x03\x33\0");
    put(out, &entry.flags.to_le_bytes());
    put(out, &entry.method.to_le_bytes());
    put(out, &entry.time.to_le_bytes());
    put(out, &entry.crc.to_le_bytes());
    put(out, &(entry.packed.len() as u32).to_le_bytes());
    put(out, &entry.size.to_le_bytes());
    put(out, &(entry.name.len() as u16).to_le_bytes());
    put(out, &(entry.extra.len() as u16).to_le_bytes());
    put(out, &[0; 6]);
    put(out, &entry.attributes.to_le_bytes());
    put(out, &offset.to_le_bytes());
    put(out, &entry.name);
    put(out, &entry.extra);
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}

/// Takes an archive without comments and ZIP64 apart; `build` of the result is the same archive.
pub(crate) fn parse(bytes: &[u8]) -> Vec<RawEntry> {
    let u16_at = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
    let mut at = u32_at(end + 16) as usize;
    let mut entries = Vec::new();
    for _ in 0..u16_at(end + 10) {
        let (name_len, extra_len) = (u16_at(at + 28) as usize, u16_at(at + 30) as usize);
        let local = u32_at(at + 42) as usize;
        let (local_name_len, local_extra_len) = (u16_at(local + 26) as usize, u16_at(local + 28) as usize);
        let local_extra = local + 30 + local_name_len;
        let packed = local_extra + local_extra_len;
        entries.push(RawEntry {
            name: bytes[at + 46..at + 46 + name_len].to_vec(),
            local_name: None,
            flags: u16_at(at + 8),
            local_flags: None,
            method: u16_at(at + 10),
            time: u32_at(at + 12),
            crc: u32_at(at + 16),
            packed: bytes[packed..packed + u32_at(at + 20) as usize].to_vec(),
            size: u32_at(at + 24),
            attributes: u32_at(at + 38),
            local_extra: bytes[local_extra..packed].to_vec(),
            extra: bytes[at + 46 + name_len..at + 46 + name_len + extra_len].to_vec(),
            offset: None,
        });
        at += 46 + name_len + extra_len;
    }
    entries
}
