//! An archive held against our manifest (PHR-25): what is missing, added, altered or out of order.

use super::manifest::hex;
use super::member::{MemberId, MemberReader};
use super::{Archive, Protection, Refusal, manifest};
use aws_lc_rs::digest::{Context, SHA256};
use std::collections::HashMap;
use std::io::{self, Read, Seek, Write};

/// One way in which an archive differs from its manifest. Manifest files count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// A file of the manifest is not in the archive.
    Missing(usize),
    /// A file of the manifest has another size or SHA-256.
    Altered(usize),
    /// A file of the manifest lies before one that the manifest lists earlier.
    OutOfOrder(usize),
    /// A member is not in the manifest.
    Added(MemberId),
}

impl<R: Read + Seek> Archive<R> {
    /// Reads everything and lists how the archive differs from its manifest; nothing where it has none. A plain archive
    /// protects nothing, so the differences are for telling the user, not for refusing. Errors only where the source or
    /// the archive cannot be read; content that is damaged counts as altered.
    pub fn differences(&mut self) -> Result<Vec<Difference>, Refusal> {
        // A locked archive was held against its manifest before it opened.
        let manifest = self.manifest.clone().filter(|_| self.protection == Protection::Open);
        let Some(manifest) = manifest else { return Ok(Vec::new()) };
        let mut differences = Vec::new();
        let mut unlisted: HashMap<String, MemberId> =
            self.members.iter().map(|member| (member.path.clone(), member.id)).collect();
        unlisted.remove(&format!("{}{}", self.manifest_folder, manifest::FILE_NAME));
        let mut last = None;
        // Empty files are left out of the members (PHR-26).
        for (at, file) in manifest.files.iter().enumerate().filter(|(_, file)| file.size > 0) {
            let Some(id) = unlisted.remove(&format!("{}{}", self.manifest_folder, file.name)) else {
                differences.push(Difference::Missing(at));
                continue;
            };
            if Some(id) < last {
                differences.push(Difference::OutOfOrder(at));
            }
            last = last.max(Some(id));
            let is_same_size = self.members.get(id.0).is_some_and(|member| member.size_bytes == file.size);
            if !is_same_size || self.sha256_hex(id)?.as_ref() != Some(&file.sha256) {
                differences.push(Difference::Altered(at));
            }
        }
        let mut added: Vec<MemberId> = unlisted.into_values().collect();
        added.sort();
        differences.extend(added.into_iter().map(Difference::Added));
        Ok(differences)
    }

    /// `None` where the content is damaged.
    fn sha256_hex(&mut self, id: MemberId) -> Result<Option<String>, Refusal> {
        match digest_of(self.read(id)?) {
            Ok(sha256) => Ok(Some(sha256)),
            Err(Refusal::Damaged) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn digest_of<R: Read>(mut reader: MemberReader<'_, R>) -> Result<String, Refusal> {
    let mut sink = Digest(Context::new(&SHA256));
    io::copy(&mut reader, &mut sink).map_err(Refusal::from_io)?;
    Ok(hex(sink.0.finish().as_ref()))
}

struct Digest(Context);

impl Write for Digest {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.update(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
