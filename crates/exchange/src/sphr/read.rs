//! An archive that can be read: its members, its manifest, and what its links mean (PHR-20 to PHR-29).

use super::manifest::{self, Manifest, ManifestFile};
use super::member::{Member, MemberId, MemberKind, MemberReader};
use super::scan::{Checked, Entry, Lock, Scan};
use super::{Limits, Refusal, name, readme, resolve};
use crate::seal::Passphrase;
use std::collections::HashMap;
use std::io::{Read, Seek};
use zip::{ZipArchive, ZipReadOptions};

/// How an archive itself is protected, apart from any envelope around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Not encrypted.
    Open,
    /// The old ZIP encryption, which protects nothing: worth a warning (PHR-32).
    ZipCrypto,
    /// AES entries without our manifest: content is authentic, names and order are not.
    AesContent,
    /// AES entries with our manifest: content, names and order are authentic (PHR-31 d).
    AesAll,
}

/// An archive whose every name and header was checked; a locked one also had all its content verified. Members are read
/// as streams, so its size does not matter. The source must not change while it is open; each stream is checked again.
pub struct Archive<R: Read + Seek> {
    pub(crate) zip: ZipArchive<Checked<R>>,
    pub(crate) members: Vec<Member>,
    pub(crate) manifest: Option<Manifest>,
    /// The folder of the manifest, with its trailing `/`.
    pub(crate) manifest_folder: String,
    pub(crate) passphrase: Option<Passphrase>,
    pub(crate) protection: Protection,
}

impl<R: Read + Seek> std::fmt::Debug for Archive<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (protection, n_members) = (&self.protection, &self.members.len());
        f.debug_struct("Archive").field("protection", protection).field("n_members", n_members).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Opens a plain archive of any layout. Refuses what PHR-27 refuses, and [`Refusal::Encrypted`] where it is locked.
    pub fn open(source: R, limits: &Limits) -> Result<Self, Refusal> {
        let scan = Scan::run(source, limits)?;
        // Archive programs leave folders and empty files unencrypted.
        let files = scan.entries.iter().filter(|entry| entry.size_bytes > 0);
        let (locked, open): (Vec<_>, Vec<_>) = files.partition(|entry| entry.lock != Lock::Open);
        match (locked.is_empty(), open.is_empty()) {
            (true, _) => {}
            (false, true) => return Err(Refusal::Encrypted),
            (false, false) => return Err(first_mismatch(&scan.entries)),
        }
        let mut archive = Self::unlocked(scan.zip, &scan.entries);
        archive.find_manifest(limits)?;
        Ok(archive)
    }

    /// Builds the archive from checked entries, with their own names and without a manifest.
    pub(crate) fn unlocked(zip: ZipArchive<Checked<R>>, entries: &[Entry]) -> Self {
        let kept = entries.iter().filter(|e| !e.is_folder && e.size_bytes > 0 && !name::is_junk(&e.path));
        let members = kept.enumerate().map(|(at, entry)| Member {
            id: MemberId(at),
            index: entry.index,
            path: entry.path.clone(),
            kind: kind_of(&entry.path),
            size_bytes: entry.size_bytes,
            content_type: None,
            sha256_hex: None,
        });
        let members = members.collect();
        let (manifest, manifest_folder, passphrase) = (None, String::new(), None);
        Self { zip, members, manifest, manifest_folder, passphrase, protection: Protection::Open }
    }

    /// Returns the files in the order of the archive, without junk (PHR-26), folders and empty files.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Returns the files of one kind in the order of the archive.
    pub fn members_of(&self, kind: MemberKind) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(move |member| member.kind == kind)
    }

    /// Returns our manifest, if the archive holds one.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Returns how the archive itself is protected.
    pub fn protection(&self) -> Protection {
        self.protection
    }

    /// Returns the member that a URL written in the member `from` means (PHR-23), if it is a path inside the archive.
    pub fn resolve(&self, from: MemberId, url: &str) -> Option<MemberId> {
        let from = self.members.get(from.0)?;
        resolve::resolve(&self.members, &from.path, url)
    }

    /// Streams the content of a member. Errors where `id` is of another archive or the member cannot be opened.
    pub fn read(&mut self, id: MemberId) -> Result<MemberReader<'_, R>, Refusal> {
        let member = self.members.get(id.0).ok_or(Refusal::Damaged)?;
        let passphrase = self.passphrase.as_ref().map(|passphrase| passphrase.expose().as_bytes());
        let options = ZipReadOptions::new().password(passphrase);
        let file = self.zip.by_index_with_options(member.index, options).map_err(Refusal::from_zip)?;
        Ok(MemberReader::new(file, member))
    }

    /// Reads a member of at most `limit_bytes` into memory.
    pub(crate) fn read_whole(&mut self, id: MemberId, limit_bytes: u64) -> Result<Vec<u8>, Refusal> {
        let mut reader = self.read(id)?.take(limit_bytes.saturating_add(1));
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(Refusal::from_io)?;
        if bytes.len() as u64 > limit_bytes {
            Err(Refusal::EntryTooLarge { entry: id.0 + 1, limit_bytes })
        } else {
            Ok(bytes)
        }
    }

    /// Takes the first `manifest.json` that is ours; another program's stays an ordinary member.
    fn find_manifest(&mut self, limits: &Limits) -> Result<(), Refusal> {
        let candidates = self.members.iter().filter(|m| name::file_name(&m.path) == manifest::FILE_NAME);
        let candidates = candidates.filter(|m| m.size_bytes <= limits.manifest_bytes).map(Member::id);
        for id in candidates.take(8).collect::<Vec<_>>() {
            let bytes = self.read_whole(id, limits.manifest_bytes)?;
            if let Some(manifest) = Manifest::parse(&bytes) {
                self.adopt(id, manifest);
                break;
            }
        }
        Ok(())
    }

    fn adopt(&mut self, id: MemberId, manifest: Manifest) {
        let folder = self.members.get(id.0).map(|member| name::folder(&member.path).to_owned()).unwrap_or_default();
        let listed: HashMap<&str, &ManifestFile> =
            manifest.files.iter().map(|file| (file.name.as_str(), file)).collect();
        for member in &mut self.members {
            let Some(relative) = member.path.strip_prefix(folder.as_str()) else { continue };
            let file = listed.get(relative);
            member.content_type = file.map(|file| file.content_type.clone());
            if member.id == id || (file.is_some() && relative == readme::FILE_NAME) {
                member.kind = MemberKind::Packaging;
            }
        }
        (self.manifest, self.manifest_folder) = (Some(manifest), folder);
    }
}

/// The first entry that is not locked like the first one.
pub(crate) fn first_mismatch(entries: &[Entry]) -> Refusal {
    let mut files = entries.iter().filter(|entry| entry.size_bytes > 0);
    let first = files.next().map(|entry| entry.lock);
    let odd = files.find(|entry| Some(entry.lock) != first);
    Refusal::EncryptionMismatch(odd.map_or(1, |entry| entry.index + 1))
}

/// What a file is, by its name.
pub(crate) fn kind_of(path: &str) -> MemberKind {
    if name::file_name(path).eq_ignore_ascii_case("document_reference.ndjson") {
        return MemberKind::DocumentReferences;
    }
    match name::extension(path).as_str() {
        "phr" => MemberKind::Record,
        "ndjson" => MemberKind::Ndjson,
        "json" | "fhir" => MemberKind::Json,
        _ => MemberKind::Media,
    }
}
