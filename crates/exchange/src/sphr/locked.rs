//! Archives with encrypted entries (PHR-31 d, PHR-32): verified to the last byte before anything is released.
//!
//! WinZip AE-2 authenticates what an entry contains and not what it is called or where it lies. Ours therefore end with an
//! encrypted manifest that lists every name, size and SHA-256 in order, and opening compares all of it first.

use super::manifest::{self, Manifest};
use super::member::{Member, MemberId, MemberKind};
use super::open::OpenError;
use super::read::{self, Archive, Protection};
use super::scan::{Checked, Entry, Lock, Scan};
use super::{Limits, Refusal, name, readme};
use crate::seal::{Passphrase, SealError};
use std::io::{self, Read, Seek};
use zip::ZipArchive;
use zip::result::ZipError;

/// How many other entries are asked, to tell a wrong passphrase from an altered entry.
const MAX_WITNESSES: usize = 4;

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive that Mecum sealed with AES, after its names, order and content were verified against its manifest.
    ///
    /// Errors: [`SealError::WrongKey`], [`SealError::Altered`], [`SealError::NotSealed`], [`OpenError::NoManifest`] where
    /// another program made it (or somebody took the manifest away), and refusals.
    pub fn open_sealed(source: R, passphrase: &Passphrase, limits: &Limits) -> Result<Self, OpenError> {
        let Scan { mut zip, entries } = Scan::run(source, limits)?;
        let kind = lock_kind(&entries)?;
        let at = entries.iter().position(|entry| entry.raw_name == manifest::FILE_NAME.as_bytes());
        let at = at.filter(|_| kind == Protection::AesContent).ok_or(OpenError::NoManifest)?;
        let passphrase = unlock(&mut zip, &entries, at, passphrase)?;
        let manifest = read_manifest(&mut zip, &entries, at, &passphrase, limits)?;
        let members = listed_members(&entries, at, &manifest, limits)?;
        let mut archive = Self {
            zip,
            members,
            manifest: Some(manifest),
            manifest_folder: String::new(),
            passphrase: Some(passphrase),
            protection: Protection::AesAll,
        };
        archive.read_everything()?;
        // Empty files are verified like all others, and then left out (PHR-26).
        archive.members.retain(|member| member.size_bytes > 0);
        archive.members.iter_mut().enumerate().for_each(|(at, member)| member.id = MemberId(at));
        Ok(archive)
    }

    /// Opens an encrypted archive that another program made: each entry's content is verified before this returns, names
    /// and order cannot be. [`Archive::protection`] says what the encryption was worth. An archive with our manifest is
    /// opened as [`Archive::open_sealed`] does.
    pub fn open_foreign(mut source: R, passphrase: &Passphrase, limits: &Limits) -> Result<Self, OpenError> {
        match Archive::open_sealed(&mut source, passphrase, limits) {
            Err(OpenError::NoManifest) => {}
            Err(error) => return Err(error),
            Ok(_) => return Self::open_sealed(source, passphrase, limits),
        }
        let Scan { mut zip, entries } = Scan::run(source, limits)?;
        let kind = lock_kind(&entries)?;
        let first = entries.iter().position(|entry| entry.lock != Lock::Open).ok_or(SealError::NotSealed)?;
        let passphrase = unlock(&mut zip, &entries, first, passphrase)?;
        let mut archive = Self::unlocked(zip, &entries);
        (archive.passphrase, archive.protection) = (Some(passphrase), kind);
        archive.read_everything().map_err(|error| match (kind, error) {
            // The old encryption recognises one wrong passphrase in 256 only by its garbage.
            (Protection::ZipCrypto, SealError::Altered) => SealError::WrongKey,
            (_, error) => error,
        })?;
        Ok(archive)
    }

    /// Reads every member to its end, where size, authentication code and SHA-256 are checked.
    fn read_everything(&mut self) -> Result<(), SealError> {
        for id in self.members.iter().map(Member::id).collect::<Vec<_>>() {
            let mut reader = self.read(id).map_err(altered)?;
            io::copy(&mut reader, &mut io::sink()).map_err(SealError::from_io)?;
        }
        Ok(())
    }
}

/// What all files of an archive are encrypted with; empty files and folders may be left open.
fn lock_kind(entries: &[Entry]) -> Result<Protection, OpenError> {
    let mut kind = None;
    for entry in entries.iter().filter(|entry| entry.size_bytes > 0 || entry.lock != Lock::Open) {
        let own = match entry.lock {
            Lock::Open => Protection::Open,
            Lock::ZipCrypto => Protection::ZipCrypto,
            Lock::Aes { .. } => Protection::AesContent,
        };
        if *kind.get_or_insert(own) != own {
            return Err(read::first_mismatch(entries).into());
        }
    }
    kind.filter(|kind| *kind != Protection::Open).ok_or(SealError::NotSealed.into())
}

/// Finds the reading of the typed words that fits the entry at `at`.
fn unlock<R: Read + Seek>(
    zip: &mut ZipArchive<Checked<R>>,
    entries: &[Entry],
    at: usize,
    typed: &Passphrase,
) -> Result<Passphrase, SealError> {
    let fits = |zip: &mut ZipArchive<Checked<R>>, at: usize, reading: &Passphrase| match zip
        .by_index_decrypt(at, reading.expose().as_bytes())
    {
        Ok(_) => Ok(true),
        Err(ZipError::InvalidPassword) => Ok(false),
        Err(error) => Err(altered(Refusal::from_zip(error))),
    };
    for reading in typed.readings() {
        if fits(zip, at, &reading)? {
            return Ok(reading);
        }
    }
    let witnesses = entries.iter().filter(|entry| entry.index != at && entry.lock != Lock::Open);
    for witness in witnesses.take(MAX_WITNESSES) {
        for reading in typed.readings() {
            if fits(zip, witness.index, &reading)? {
                return Err(SealError::Altered);
            }
        }
    }
    Err(SealError::WrongKey)
}

fn read_manifest<R: Read + Seek>(
    zip: &mut ZipArchive<Checked<R>>,
    entries: &[Entry],
    at: usize,
    passphrase: &Passphrase,
    limits: &Limits,
) -> Result<Manifest, OpenError> {
    let size_bytes = entries.get(at).map(|entry| entry.size_bytes).filter(|bytes| *bytes <= limits.manifest_bytes);
    let size_bytes = size_bytes.ok_or(OpenError::NoManifest)?;
    let file = zip.by_index_decrypt(at, passphrase.expose().as_bytes());
    let mut file = file.map_err(|error| altered(Refusal::from_zip(error)))?;
    let mut bytes = Vec::new();
    file.by_ref().take(size_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(SealError::from_io)?;
    Manifest::parse(&bytes).ok_or(OpenError::NoManifest)
}

/// Holds names, order, sizes and encryption against the manifest, which must be the last entry; builds the members with
/// their real paths and with the SHA-256 that reading will be held to.
fn listed_members(
    entries: &[Entry],
    manifest_at: usize,
    manifest: &Manifest,
    limits: &Limits,
) -> Result<Vec<Member>, OpenError> {
    let is_last = manifest_at + 1 == entries.len() && manifest.files.len() == manifest_at;
    let in_order = entries.windows(2).all(|pair| matches!(pair, [a, b] if a.offset_bytes < b.offset_bytes));
    let sealed = |entry: &Entry| entry.lock == Lock::Aes { is_256: true } && !entry.has_alias && !entry.is_folder;
    if !is_last || !in_order || !entries.iter().all(sealed) {
        return Err(SealError::Altered.into());
    }
    let mut names = name::Names::default();
    let mut members = Vec::with_capacity(manifest.files.len());
    for (entry, file) in entries.iter().zip(&manifest.files) {
        if entry.raw_name != file.name.as_bytes() || entry.size_bytes != file.size {
            return Err(SealError::Altered.into());
        }
        let place = entry.index + 1;
        let path = name::safe_path(file.path.as_deref().unwrap_or(&file.name), limits.name_bytes);
        let path = path.ok_or(Refusal::UnsafeName(place))?;
        names.insert(place, &path, false).map_err(|earlier| Refusal::DuplicateName(earlier, place))?;
        members.push(Member {
            id: MemberId(members.len()),
            index: entry.index,
            kind: if file.name == readme::FILE_NAME { MemberKind::Packaging } else { read::kind_of(&path) },
            path,
            size_bytes: file.size,
            content_type: Some(file.content_type.clone()),
            sha256_hex: Some(file.sha256.clone()),
        });
    }
    Ok(members)
}

/// Whatever is wrong with an encrypted entry, beyond a source that fails, is an alteration.
fn altered(refusal: Refusal) -> SealError {
    match refusal {
        Refusal::Io(error) => SealError::Io(error),
        _ => SealError::Altered,
    }
}
