//! The Provenance of a commit: which versions it made, when, who did it and where they came from (PRV-1, I9).

use mecum_exchange::cover::Generated;
use mecum_fhir::date::format_instant;
use mecum_fhir::json::{ArrayWriter, ObjectWriter, Writer};
use mecum_record::access::Permit;
use mecum_record::commit::CommitAct;
use mecum_record::ids::CommitId;
use mecum_store::{Commit, ImportRow};

use super::name::Projected;
use super::{View, rendered, write_concept, write_head, write_reference};
use crate::permission::name;
use crate::{Failure, Phr, Rendered};

/// Versions that one Provenance is about: a large commit has several.
pub(crate) const TARGETS: i64 = 500;

const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const DATA_OPERATION: &str = "http://terminology.hl7.org/CodeSystem/v3-DataOperation";
const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// One page of a commit; `None` when it is not there or the caller sees nothing of it.
pub(super) fn of_page(view: &View<'_>, commit: CommitId, page: i64) -> Result<Option<Rendered>, Failure> {
    let Some(commit) = view.phr.store().commit_of(&view.seen, commit)? else { return Ok(None) };
    of_commit(view, &commit, page)
}

/// The same of a commit that was read.
pub(super) fn of_commit(view: &View<'_>, commit: &Commit, page: i64) -> Result<Option<Rendered>, Failure> {
    let Some(until) = page.checked_mul(TARGETS) else { return Ok(None) };
    let targets = view.phr.store().commit_targets(&view.seen, commit.commit, (until - TARGETS, until))?;
    if targets.is_empty() {
        return Ok(None);
    }
    let targets: Vec<String> =
        targets.iter().map(|target| format!("{}/_history/{}", name(&target.key), target.version)).collect();
    let writer = CommitWriter::new(view.phr, &view.seen, commit, view.sees_everything())?;
    let key = Projected::commit(view.record(), commit.commit, page).key();
    let text = writer.write(&key.id, &targets);
    Ok(Some(rendered(key, commit.at_us, text)))
}

/// Writes the Provenances of one commit.
pub(crate) struct CommitWriter<'c> {
    commit: &'c Commit,
    import: Option<ImportRow>,
    source: Option<String>,
    /// The originals, where the caller may see them.
    originals: Vec<String>,
}

impl<'c> CommitWriter<'c> {
    /// Looks up where an import came from. `has_originals` says whether its originals can be reached.
    pub(crate) fn new(
        phr: &Phr,
        permit: &Permit,
        commit: &'c Commit,
        has_originals: bool,
    ) -> Result<CommitWriter<'c>, Failure> {
        let mut writer = CommitWriter { commit, import: None, source: None, originals: Vec::new() };
        if commit.act != CommitAct::Import {
            return Ok(writer);
        }
        writer.import = phr.store().import_of(permit, commit.commit)?;
        let Some(import) = &writer.import else { return Ok(writer) };
        let sources = phr.store().sources(permit)?;
        writer.source = sources.into_iter().find(|row| row.source == import.source).map(|row| row.name);
        if has_originals {
            let places = (1i64..).zip(&import.originals);
            let key = |at| Projected::original_content(permit.over(), import.import, at).key();
            writer.originals = places.map(|(at, _)| name(&key(at))).collect();
        }
        Ok(writer)
    }

    /// A Provenance of these targets.
    pub(crate) fn write(&self, id: &str, targets: &[String]) -> String {
        Writer::object(|provenance| {
            write_head(provenance, Generated::Commit, id, self.commit.at_us);
            provenance.arr("contained", write_device);
            provenance.arr("target", |list| {
                for target in targets {
                    list.obj(|element| {
                        element.str("reference", target);
                    });
                }
            });
            provenance.str("recorded", &format_instant(self.commit.at_us));
            self.write_activity(provenance);
            provenance.arr("agent", |agents| self.write_agents(agents));
            provenance.arr_some("entity", |entities| {
                for original in &self.originals {
                    entities.obj(|entity| {
                        entity.str("role", "source");
                        write_reference(entity, "what", original);
                    });
                }
            });
        })
    }

    fn write_activity(&self, provenance: &mut ObjectWriter<'_>) {
        let coding = match self.commit.act {
            CommitAct::Import => (LIFECYCLE, "receive"),
            CommitAct::Revert => (LIFECYCLE, "restore"),
            CommitAct::Create => (DATA_OPERATION, "CREATE"),
            CommitAct::Update => (DATA_OPERATION, "UPDATE"),
            CommitAct::Delete => (DATA_OPERATION, "DELETE"),
            CommitAct::Transaction => {
                provenance.obj("activity", |activity| {
                    activity.str("text", "transaction");
                });
                return;
            }
        };
        write_concept(provenance, "activity", coding);
    }

    /// Where it came from, who brought it, and the program that wrote it down.
    fn write_agents(&self, agents: &mut ArrayWriter<'_>) {
        let person = if self.import.is_some() { "enterer" } else { "author" };
        let author = self.source.as_deref().map(|source| ("author", source));
        for (role, display) in author.into_iter().chain([(person, self.commit.detail.author.as_str())]) {
            agents.obj(|agent| {
                write_concept(agent, "type", (PARTICIPANT, role));
                agent.obj("who", |who| {
                    who.str("display", display);
                });
            });
        }
        agents.obj(|agent| {
            write_concept(agent, "type", (PARTICIPANT, "assembler"));
            write_reference(agent, "who", "#mecum");
        });
    }
}

/// The Device that Mecum is.
fn write_device(contained: &mut ArrayWriter<'_>) {
    contained.obj(|device| {
        device.str("resourceType", "Device").str("id", "mecum").arr("deviceName", |names| {
            names.obj(|name| {
                name.str("name", "Mecum").str("type", "manufacturer-name");
            });
        });
    });
}
