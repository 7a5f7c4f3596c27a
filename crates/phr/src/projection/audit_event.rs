//! An AuditEvent for each request, refusal, disclosure and event of the access log, in the shape of IHE BALP (AUD-1 to AUD-5).

use mecum_exchange::cover::Generated;
use mecum_fhir::date::{PartialDate, format_instant};
use mecum_fhir::json::{ArrayWriter, ObjectWriter, Writer};
use mecum_record::access::ResourceKey;
use mecum_record::disclosure::AccessKind;
use serde_json::Value;

use super::access_act::{ACTIVITY, Code, Coded, DICOM, DISCLOSE, interaction};
use super::name::Projected;
use super::{View, rendered, write_concept, write_head, write_reference};
use crate::commits::{AccessEntry, access_entry};
use crate::permission::name;
use crate::{Failure, Rendered};

const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const BALP_ENTITY: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
const PURPOSE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";

/// The event at a place of the log; `None` when there is none.
pub(super) fn of_place(view: &View<'_>, seq: i64, at: i64) -> Result<Option<Rendered>, Failure> {
    let lines = view.phr.store().access_lines(&view.own, seq.saturating_add(1), 1)?;
    let Some(line) = lines.into_iter().next().filter(|line| line.seq == seq) else { return Ok(None) };
    let writer = EventWriter::new(view)?;
    writer.event(&access_entry(line)?, at)
}

/// How many events a line of the log stands for: one for each of its requests. That a disclosure ended is none of its own.
pub(super) fn n_events(entry: &AccessEntry) -> i64 {
    match entry.kind {
        AccessKind::Lines => i64::try_from(requests(entry).len()).unwrap_or(0),
        AccessKind::Closed => 0,
        AccessKind::Opened | AccessKind::Look | AccessKind::Denied | AccessKind::Event => 1,
    }
}

fn requests(entry: &AccessEntry) -> &[Value] {
    entry.detail["requests"].as_array().map_or(&[], Vec::as_slice)
}

/// Writes the events of one record for one caller.
pub(super) struct EventWriter<'v, 'a> {
    view: &'v View<'a>,
    patient: Option<ResourceKey>,
}

/// What one event says. Not `Debug`: it may say what was asked.
struct Said<'e> {
    coded: Coded,
    at_us: i64,
    outcome: &'static str,
    words: Option<&'e str>,
    resources: Vec<&'e str>,
    request_id: Option<&'e str>,
}

impl<'v, 'a> EventWriter<'v, 'a> {
    pub(super) fn new(view: &'v View<'a>) -> Result<Self, Failure> {
        Ok(EventWriter { view, patient: view.subject()? })
    }

    /// One event of a line; places count from 1.
    pub(super) fn event(&self, entry: &AccessEntry, at: i64) -> Result<Option<Rendered>, Failure> {
        if !(1..=n_events(entry)).contains(&at) {
            return Ok(None);
        }
        let said = said(entry, at);
        let key = Projected::access(self.view.record(), entry.seq, at).key();
        let text = self.write(&key.id, entry, &said);
        Ok(Some(rendered(key, entry.at_us, text)))
    }

    fn write(&self, id: &str, entry: &AccessEntry, said: &Said<'_>) -> String {
        Writer::object(|event| {
            write_head(event, Generated::Access, id, entry.at_us);
            event.obj("type", |kind| write_coding(kind, said.coded.kind));
            event.arr_some("subtype", |subtypes| {
                if let Some(subtype) = said.coded.subtype {
                    subtypes.obj(|coding| write_coding(coding, subtype));
                }
            });
            event.str("action", said.coded.action).str("recorded", &format_instant(said.at_us));
            event.str("outcome", said.outcome);
            // Words may name what is hidden from this caller.
            event.str_some("outcomeDesc", said.words.filter(|_| self.view.sees_everything()));
            event.arr("agent", |agents| write_agents(agents, &entry.detail, said.coded.is_outward));
            event.obj("source", |source| {
                source.obj("observer", |observer| {
                    observer.str("display", "Mecum");
                });
            });
            event.arr_some("entity", |entities| self.write_entities(entities, said));
        })
    }

    fn write_entities(&self, entities: &mut ArrayWriter<'_>, said: &Said<'_>) {
        if let Some(patient) = &self.patient {
            entities.obj(|entity| {
                write_reference(entity, "what", &name(patient));
                write_kind(entity, (ENTITY_TYPE, "1"), "1");
            });
        }
        // Which resources went out is told to those from whom none is hidden.
        for resource in said.resources.iter().filter(|_| self.view.sees_everything()) {
            entities.obj(|entity| {
                write_reference(entity, "what", resource);
                write_kind(entity, (ENTITY_TYPE, "2"), "4");
            });
        }
        if let Some(request_id) = said.request_id {
            entities.obj(|entity| {
                entity.obj("what", |what| {
                    what.obj("identifier", |identifier| {
                        identifier.str("value", request_id);
                    });
                });
                entity.obj("type", |kind| write_coding(kind, (BALP_ENTITY, "XrequestId")));
            });
        }
    }
}

fn said(entry: &AccessEntry, at: i64) -> Said<'_> {
    let detail = &entry.detail;
    let act = detail["act"].as_str().unwrap_or_default();
    let bare = Said {
        coded: interaction(act),
        at_us: entry.at_us,
        outcome: "0",
        words: None,
        resources: Vec::new(),
        request_id: None,
    };
    match entry.kind {
        AccessKind::Lines => {
            let index = usize::try_from(at - 1).unwrap_or(usize::MAX);
            requests(entry).get(index).map_or(bare, |request| of_request(request, entry.at_us))
        }
        AccessKind::Denied => Said { outcome: "4", words: detail["reason"].as_str(), ..bare },
        AccessKind::Opened => Said { coded: DISCLOSE, words: detail["asked"].as_str(), ..bare },
        AccessKind::Event => of_event(detail["event"].as_str().unwrap_or_default(), bare),
        AccessKind::Look | AccessKind::Closed => bare,
    }
}

fn of_request(request: &Value, written_at_us: i64) -> Said<'_> {
    let at = request["at"].as_str().and_then(|text| PartialDate::parse_instant(text).ok());
    let resources = request["resources"].as_array().map_or(&[][..], Vec::as_slice);
    Said {
        coded: interaction(request["act"].as_str().unwrap_or_default()),
        at_us: at.map_or(written_at_us, |at| at.bounds(0).start_us),
        outcome: "0",
        words: request["asked"].as_str(),
        resources: resources.iter().filter_map(Value::as_str).collect(),
        request_id: request["requestId"].as_str(),
    }
}

/// Deletions are events of the log, and interactions of REST.
fn of_event<'e>(words: &'e str, bare: Said<'e>) -> Said<'e> {
    match words.strip_prefix("delete ") {
        Some(resource) => Said { coded: interaction("delete"), words: Some(words), resources: vec![resource], ..bare },
        None => Said { coded: ACTIVITY, words: Some(words).filter(|words| !words.is_empty()), ..bare },
    }
}

/// Who asked, and this server: one is the source of what moves, the other where it goes (AUD-2).
fn write_agents(agents: &mut ArrayWriter<'_>, detail: &Value, is_outward: bool) {
    let caller = &detail["caller"];
    let word = |key: &str| caller[key].as_str().unwrap_or_default();
    let (client, server) = if is_outward { ("110152", "110153") } else { ("110153", "110152") };
    agents.obj(|agent| {
        write_concept(agent, "type", (DICOM, client));
        agent.obj("who", |who| {
            who.str("display", format!("{} {}", word("kind"), word("name")).trim());
        });
        agent.bool("requestor", true);
        agent.arr_some("policy", |policies| {
            if let Some(token) = caller["tokenId"].as_str() {
                policies.str(&format!("urn:mecum:token:{token}"));
            }
        });
        agent.arr_some("purposeOfUse", |purposes| {
            if let Some(purpose) = detail["purpose"].as_str() {
                purposes.obj(|concept| {
                    concept.arr("coding", |codings| {
                        codings.obj(|coding| {
                            coding.str("system", PURPOSE).str("code", purpose);
                        });
                    });
                });
            }
        });
    });
    agents.obj(|agent| {
        write_concept(agent, "type", (DICOM, server));
        agent.obj("who", |who| {
            who.str("display", "Mecum");
        });
        agent.bool("requestor", false);
    });
}

fn write_coding(coding: &mut ObjectWriter<'_>, (system, code): Code) {
    coding.str("system", system).str("code", code);
}

fn write_kind(entity: &mut ObjectWriter<'_>, kind: Code, role: &'static str) {
    entity.obj("type", |coding| write_coding(coding, kind));
    entity.obj("role", |coding| write_coding(coding, (ENTITY_ROLE, role)));
}
