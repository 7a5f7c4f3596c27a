//! Every name and header of a ZIP archive checked before anything is read from it (PHR-27).

use super::{Limits, Refusal, name};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use zip::{AesMode, CompressionMethod, ExtraField, ZipArchive};

/// What an entry is protected with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lock {
    Open,
    ZipCrypto,
    Aes { is_256: bool },
}

/// One entry that passed all checks.
pub(crate) struct Entry {
    /// Place in the directory, from 0; also the index the ZIP library knows it by.
    pub(crate) index: usize,
    /// The name as written, for comparing with a manifest.
    pub(crate) raw_name: Vec<u8>,
    /// The name in one form.
    pub(crate) path: String,
    pub(crate) is_folder: bool,
    pub(crate) size_bytes: u64,
    /// Where its local header lies.
    pub(crate) offset_bytes: u64,
    pub(crate) lock: Lock,
    /// A second name in an extra field, which other programs may prefer to the first.
    pub(crate) has_alias: bool,
}

/// The reader a checked archive reads from.
pub(crate) type Checked<R> = BufReader<Metered<R>>;

/// A checked archive: the library's handle and our entries in the order of the directory.
pub(crate) struct Scan<R> {
    pub(crate) zip: ZipArchive<Checked<R>>,
    pub(crate) entries: Vec<Entry>,
}

impl<R: Read + Seek> Scan<R> {
    /// Reads the directory and all local headers of `source` and refuses whatever PHR-27 refuses.
    pub(crate) fn run(source: R, limits: &Limits) -> Result<Self, Refusal> {
        let mut zip = open_directory(source, limits)?;
        if zip.has_duplicate_names() {
            return Err(Refusal::RepeatedName);
        }
        let mut entries = Vec::with_capacity(zip.len());
        let mut names = name::Names::default();
        let mut total_bytes = 0u64;
        for index in 0..zip.len() {
            let entry = read_entry(&mut zip, index, limits)?;
            total_bytes = total_bytes.saturating_add(entry.size_bytes);
            if total_bytes > limits.total_bytes {
                return Err(Refusal::TotalTooLarge { limit_bytes: limits.total_bytes });
            }
            names
                .insert(index, &entry.path, entry.is_folder)
                .map_err(|earlier| Refusal::DuplicateName(earlier + 1, index + 1))?;
            entries.push(entry);
        }
        zip.validate_header_consistency().map_err(|error| match Refusal::from_zip(error) {
            Refusal::Damaged => Refusal::HeaderMismatch,
            other => other,
        })?;
        Ok(Self { zip, entries })
    }
}

/// Parses the directory with a bound on what is read meanwhile, and so on the memory it takes.
fn open_directory<R: Read + Seek>(source: R, limits: &Limits) -> Result<ZipArchive<Checked<R>>, Refusal> {
    const TAIL_BYTES: u64 = 1 << 20;
    const BYTES_PER_ENTRY: u64 = 512;
    let budget_bytes = TAIL_BYTES.saturating_add((limits.entries as u64).saturating_mul(BYTES_PER_ENTRY));
    let budget = Arc::new(AtomicU64::new(budget_bytes));
    let metered = Metered { inner: source, budget_bytes: Arc::clone(&budget) };
    let opened = ZipArchive::new(BufReader::new(metered));
    let is_spent = budget.swap(u64::MAX, Ordering::Relaxed) == 0;
    let too_many = Refusal::TooManyEntries { limit: limits.entries };
    match opened {
        Ok(zip) if zip.len() > limits.entries => Err(too_many),
        Ok(zip) => Ok(zip),
        Err(_) if is_spent => Err(too_many),
        Err(error) => Err(Refusal::from_zip(error)),
    }
}

fn read_entry<R: Read + Seek>(
    zip: &mut ZipArchive<Checked<R>>,
    index: usize,
    limits: &Limits,
) -> Result<Entry, Refusal> {
    let place = index + 1;
    let aes = zip.get_aes_verification_key_and_salt(index).map_err(Refusal::from_zip)?.map(|aes| aes.aes_mode);
    let file = zip.by_index_raw(index).map_err(Refusal::from_zip)?;
    let raw_name = file.name_raw().to_vec();
    let written = file.name().map_err(Refusal::from_zip)?;
    let path = name::safe_path(&written, limits.name_bytes);
    let is_folder = file.is_dir();
    require_regular(file.external_attributes(), is_folder).ok_or(Refusal::NotAFile(place))?;
    let lock = match (file.encrypted(), aes) {
        (false, None) => Lock::Open,
        (true, None) => Lock::ZipCrypto,
        (true, Some(mode)) => Lock::Aes { is_256: mode == AesMode::Aes256 },
        (false, Some(_)) => return Err(Refusal::EncryptionMismatch(place)),
    };
    if !matches!(file.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
        return Err(Refusal::Unsupported("a compression method other than deflate"));
    }
    check_size(place, file.size(), file.compressed_size(), limits)?;
    Ok(Entry {
        index,
        path: path.ok_or(Refusal::UnsafeName(place))?,
        raw_name,
        is_folder,
        size_bytes: file.size(),
        offset_bytes: file.header_start(),
        lock,
        has_alias: file.extra_data_fields().any(|field| matches!(field, ExtraField::UnicodePath(_))),
    })
}

/// The file type sits in the upper half of the attributes, whatever system the entry says it was made on.
fn require_regular(attributes: u32, is_folder: bool) -> Option<()> {
    const TYPE: u32 = 0o170_000;
    const FOLDER: u32 = 0o040_000;
    const REGULAR: u32 = 0o100_000;
    match (attributes >> 16) & TYPE {
        0 => Some(()),
        REGULAR if !is_folder => Some(()),
        FOLDER if is_folder => Some(()),
        _ => None,
    }
}

fn check_size(entry: usize, size_bytes: u64, packed_bytes: u64, limits: &Limits) -> Result<(), Refusal> {
    if size_bytes > limits.entry_bytes {
        return Err(Refusal::EntryTooLarge { entry, limit_bytes: limits.entry_bytes });
    }
    let is_dense = size_bytes > packed_bytes.saturating_mul(limits.ratio);
    if size_bytes > Limits::RATIO_FLOOR_BYTES && is_dense {
        return Err(Refusal::RatioTooHigh { entry, limit: limits.ratio });
    }
    Ok(())
}

/// A source that fails once a budget of bytes was read; the budget is lifted after the directory was parsed.
pub(crate) struct Metered<R> {
    inner: R,
    budget_bytes: Arc<AtomicU64>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let budget_bytes = self.budget_bytes.load(Ordering::Relaxed);
        if budget_bytes == 0 && !buf.is_empty() {
            return Err(io::Error::from(io::ErrorKind::QuotaExceeded));
        }
        let n = self.inner.read(buf)?;
        if budget_bytes != u64::MAX {
            self.budget_bytes.store(budget_bytes.saturating_sub(n as u64), Ordering::Relaxed);
        }
        Ok(n)
    }
}

impl<R: Seek> Seek for Metered<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
