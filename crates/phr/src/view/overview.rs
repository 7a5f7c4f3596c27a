//! What matters now: who this is, what holds, what was found last, what was brought in last.

use std::collections::HashSet;

use mecum_fhir::json::Limits;
use mecum_fhir::reading::Standing;
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Act, Permit, ResourceFilter, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::TimePlace;

use super::kind::Kind;
use super::lines::{Line, LinesQuery, read};
use crate::disclose::{Asked, Released};
use crate::permission::permit;
use crate::{Failure, Phr};

/// Entries of a kind that are looked through for what holds now.
const LOOKED_THROUGH: usize = 300;

/// Latest findings shown, of different tests each.
const MAX_LATEST: usize = 8;

/// What matters now. Not `Debug`: it is someone's health data.
pub struct Overview {
    /// The date of birth as written; empty if it is not known.
    pub birth_date: String,
    /// The administrative gender's code; empty if it is not known.
    pub gender: String,
    /// Who the record is about, where that is known.
    pub patient: Option<ResourceKey>,
    /// Problems that hold.
    pub problems: Vec<Line>,
    /// Medications that hold.
    pub medications: Vec<Line>,
    /// Allergies: those that hold, and those refuted, which matter as well.
    pub allergies: Vec<Line>,
    /// Problems, medications and allergies that were refuted or entered in error: they are there, and must not be relied on.
    pub disputed: Vec<Line>,
    /// The newest result of each test.
    pub results: Vec<Line>,
    /// The newest of each vital sign.
    pub vitals: Vec<Line>,
}

/// What matters now in a record.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not see the record.
pub fn overview(phr: &Phr, caller: &Caller, record: RecordId, asked: &Asked) -> Result<Released<Overview>, Failure> {
    let permit = permit(phr, caller, Act::Search, record)?;
    let of = |name: &str| ResourceType::parse(name).map_or(ResourceFilter::Nothing, ResourceFilter::TypeIs);
    let mut disputed = Vec::new();
    let mut holding = |filter: ResourceFilter| -> Result<Vec<Line>, Failure> {
        let mut found = both(phr, &permit, filter)?;
        disputed.extend(found.iter().filter(|line| is_disputed(line)).cloned());
        found.retain(|line| line.headline.standing <= Standing::Uncertain);
        Ok(unlike(found, usize::MAX))
    };
    let problems = holding(of("Condition"))?;
    let medications = holding(ResourceFilter::Or(vec![of("MedicationRequest"), of("MedicationStatement")]))?;
    let mut allergies = both(phr, &permit, Kind::Allergies.filter())?;
    disputed.extend(allergies.iter().filter(|line| is_disputed(line)).cloned());
    allergies.retain(|line| line.headline.standing != Standing::InError);
    allergies.sort_by_key(|line| line.headline.standing);
    let (patient, birth_date, gender) = subject(phr, &permit, record)?;
    let overview = Overview {
        birth_date,
        gender,
        patient,
        problems,
        medications,
        allergies,
        disputed: unlike(disputed, MAX_LATEST),
        results: latest(phr, &permit, Kind::Results)?,
        vitals: latest(phr, &permit, Kind::Vitals)?,
    };
    let Overview { problems, medications, allergies, disputed, results, vitals, .. } = &overview;
    let lists = [problems, medications, allergies, disputed, results, vitals];
    let keys: Vec<ResourceKey> =
        lists.into_iter().flatten().map(|line| line.key.clone()).chain(overview.patient.clone()).collect();
    phr.desk().release(phr.store(), (caller, &permit), asked, (overview, &keys), phr.now_us())
}

fn is_disputed(line: &Line) -> bool {
    matches!(line.headline.standing, Standing::Refuted | Standing::InError)
}

/// Entries with a date, newest first, then those without.
fn both(phr: &Phr, permit: &Permit, narrowed: ResourceFilter) -> Result<Vec<Line>, Failure> {
    let mut query = LinesQuery { narrowed, undated: false, behind: TimePlace::NEWEST, count: LOOKED_THROUGH };
    let mut found = read(phr, permit, &query)?.lines;
    query.undated = true;
    found.extend(read(phr, permit, &query)?.lines);
    Ok(found)
}

/// The newest finding of each test among the newest entries.
fn latest(phr: &Phr, permit: &Permit, kind: Kind) -> Result<Vec<Line>, Failure> {
    let narrowed = ResourceFilter::And(vec![ResourceFilter::TypeIs(ResourceType::OBSERVATION), kind.filter()]);
    let query = LinesQuery { narrowed, undated: false, behind: TimePlace::NEWEST, count: LOOKED_THROUGH };
    let mut found = read(phr, permit, &query)?.lines;
    found.retain(|line| !line.headline.value.is_empty() && line.headline.standing <= Standing::Planned);
    Ok(unlike(found, MAX_LATEST))
}

/// Of entries about the same thing the first.
fn unlike(lines: Vec<Line>, limit: usize) -> Vec<Line> {
    let mut seen = HashSet::new();
    lines.into_iter().filter(|line| seen.insert(line.headline.title.to_lowercase())).take(limit).collect()
}

fn subject(phr: &Phr, permit: &Permit, record: RecordId) -> Result<(Option<ResourceKey>, String, String), Failure> {
    let Some(id) = phr.store().record(record)?.profile.subject_id else {
        return Ok(Default::default());
    };
    let key = ResourceKey { resource_type: ResourceType::PATIENT, id };
    let version = phr.store().read(permit, &key)?;
    let Some(body) = version.and_then(|version| version.body) else {
        return Ok(Default::default());
    };
    let Ok(resource) = Resource::parse(body.text.as_bytes(), &Limits::default()) else {
        return Ok(Default::default());
    };
    let text =
        |name: &str| resource.root().get(name).and_then(|value| value.as_str().map(String::from)).unwrap_or_default();
    Ok((Some(key), text("birthDate"), text("gender")))
}
