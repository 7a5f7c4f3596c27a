//! The same resources for whoever carries everything away, under the permit of `$ehi-export` (EHI-8).

use mecum_record::access::Permit;
use mecum_record::ids::ImportId;
use mecum_store::blobs::BlobReader;

use super::audit_event::{EventWriter, n_events};
use super::provenance::{TARGETS, of_commit};
use super::{View, original};
use crate::commits::access_entry;
use crate::{Failure, Phr, Rendered};

/// Commits or lines of the log read at a time.
const BATCH: i64 = 20;

/// What is computed of a record as a whole.
pub(crate) struct Everything<'a> {
    pub(crate) phr: &'a Phr,
    /// To export everything.
    pub(crate) permit: &'a Permit,
}

/// Texts, and the place before which the next ones stand.
type Step = (Vec<String>, Option<i64>);

impl Everything<'_> {
    fn view(&self) -> View<'_> {
        View { phr: self.phr, own: self.permit.clone(), seen: self.permit.clone() }
    }

    /// The Provenances of the next commits before a place of the chain, newest first.
    pub(crate) fn provenances(&self, before_seq: i64) -> Result<Step, Failure> {
        let view = self.view();
        let commits = self.phr.store().log(&view.seen, before_seq, BATCH)?;
        let mut texts = Vec::new();
        for commit in &commits {
            for page in 1..=(commit.n_versions + TARGETS - 1) / TARGETS {
                texts.extend(of_commit(&view, commit, page)?.and_then(|rendered| rendered.text));
            }
        }
        Ok((texts, commits.last().map(|commit| commit.seq)))
    }

    /// The AuditEvents of the next lines of the log before one of them, newest first.
    pub(crate) fn audit_events(&self, before_seq: i64) -> Result<Step, Failure> {
        let view = self.view();
        let writer = EventWriter::new(&view)?;
        let mut texts = Vec::new();
        let mut last = None;
        for line in self.phr.store().access_lines(&view.own, before_seq, BATCH)? {
            let entry = access_entry(line)?;
            for at in (1..=n_events(&entry)).rev() {
                texts.extend(writer.event(&entry, at)?.and_then(|rendered| rendered.text));
            }
            last = Some(entry.seq);
        }
        Ok((texts, last))
    }

    /// The DocumentReference of an original that is fetched from this address.
    pub(crate) fn described(&self, import: ImportId, at: i64, url: &str) -> Result<Option<String>, Failure> {
        let described: Option<Rendered> = original::reference(&self.view(), (import, at), Some(url))?;
        Ok(described.and_then(|rendered| rendered.text))
    }

    /// An original's content.
    pub(crate) fn original(&self, import: ImportId, at: i64) -> Result<Option<BlobReader>, Failure> {
        let found = original::find(&self.view(), import, at)?;
        let blob = found.and_then(|(import, index)| import.originals.get(index).copied());
        Ok(blob.map(|blob| self.phr.store().open_blob(self.permit, blob)).transpose()?)
    }
}
