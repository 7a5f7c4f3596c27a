//! Who is in the files, and which record is theirs already: by the source's id of the Patient, else by an identifier of the same
//! source that the rest does not speak against. A name is no key, and two people are never made one.

use std::collections::{BTreeMap, HashMap, HashSet};

use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_record::subject::{Identity, Match, compare};
use mecum_store::{PersonKey, PersonName};

use super::super::people::subject_identity;
use super::LoadJob;
use super::patients::Met;
use super::sort::Sorted;
use crate::permission::permit;
use crate::{Failure, Phr};

/// One person, and what of the files is theirs.
pub(super) struct Planned {
    /// Their number among those met.
    pub(super) met: usize,
    /// The files that are theirs alone.
    pub(super) wholes: Vec<usize>,
    /// The slots with lines of theirs.
    pub(super) slots: Vec<usize>,
    pub(super) n_lines: u64,
    /// The key that decides, then others.
    pub(super) keys: Vec<PersonKey>,
    /// Their record, if they have one.
    pub(super) known: Option<RecordId>,
    /// Why nothing of it is taken in.
    pub(super) refused: Option<String>,
}

/// What there is to do.
pub(super) struct Plan {
    pub(super) people: Vec<Planned>,
    /// Slots whose lines are in no record.
    pub(super) aside_slots: Vec<usize>,
    /// Files that are in no record.
    pub(super) aside_wholes: Vec<usize>,
}

const SEVERAL: &str = "it is about several people: who would keep it would see the others";
const ABSENT: &str = "the Patient it is about is neither in these files nor known from this source";
const UNNAMED: &str =
    "another person's record is known by this id from a source of that name: name the source of these files";

/// Looks who is there.
pub(super) fn plan(phr: &Phr, caller: &Caller, job: &LoadJob, sorted: &mut Sorted) -> Result<Plan, Failure> {
    let (mut of, mut aside) = by_person(sorted)?;
    let mut people: Vec<Planned> = Vec::new();
    let directory = permit(phr, caller, Act::Import, RecordId::DIRECTORY)?;
    for (met, person) in std::mem::take(&mut of) {
        people.push(Planned { keys: keys_of(phr, job, sorted, met), ..person });
    }
    let all: Vec<PersonKey> = people.iter().flat_map(|person| person.keys.iter().copied()).collect();
    let known = phr.store().people_known(&directory, &all)?;
    let mut taken: HashSet<RecordId> = HashSet::new();
    for person in &mut people {
        person.known = person.keys.first().and_then(|key| known.get(key)).copied();
        taken.extend(person.known);
    }
    for person in &mut people {
        let met = &sorted.patients.list[person.met];
        identify(phr, caller, job, (person, met), (&known, &mut taken))?;
    }
    let (people, absent): (Vec<Planned>, Vec<Planned>) = people
        .into_iter()
        .partition(|person| person.known.is_some() || sorted.patients.list[person.met].said.is_some());
    let aside_wholes: Vec<usize> = absent.iter().flat_map(|person| person.wholes.clone()).collect();
    aside.extend(absent.iter().flat_map(|person| person.slots.iter().map(|slot| (*slot, ABSENT))));
    for whole in &aside_wholes {
        let (first, n_lines) = (sorted.wholes[*whole].first_unit, sorted.wholes[*whole].n_lines);
        sorted.quarantine(first, 1, 0, ABSENT.to_owned());
        sorted.counts.n_quarantined += n_lines - 1;
    }
    note_aside(sorted, &aside)?;
    // What was quarantined while reading is noted already, and kept with the rest.
    let unread = (0..sorted.spool.slots.len()).filter(|slot| sorted.spool.slots[*slot].tokens.is_empty());
    let aside_slots = unread.chain(aside.iter().map(|(slot, _)| *slot)).collect();
    Ok(Plan { people, aside_slots, aside_wholes })
}

/// The slots and files of everybody, and the slots that are nobody's, with the reason.
#[expect(clippy::type_complexity, reason = "two plain lists, used once")]
fn by_person(sorted: &mut Sorted) -> Result<(BTreeMap<usize, Planned>, Vec<(usize, &'static str)>), Failure> {
    let mut of: BTreeMap<usize, Planned> = BTreeMap::new();
    let mut aside = Vec::new();
    let new = |met| Planned {
        met,
        wholes: Vec::new(),
        slots: Vec::new(),
        n_lines: 0,
        keys: Vec::new(),
        known: None,
        refused: None,
    };
    for (place, whole) in sorted.wholes.iter().enumerate() {
        let person = of.entry(whole.person).or_insert_with(|| new(whole.person));
        person.wholes.push(place);
        person.n_lines += whole.n_lines;
    }
    for place in 0..sorted.spool.slots.len() {
        let mut who: HashSet<usize> = HashSet::new();
        for token in &sorted.spool.slots[place].tokens {
            who.extend(sorted.patients.find(token)?);
        }
        let slot = &sorted.spool.slots[place];
        match who.into_iter().collect::<Vec<_>>().as_slice() {
            _ if slot.tokens.is_empty() => {}
            [] => aside.push((place, ABSENT)),
            [only] => {
                let person = of.entry(*only).or_insert_with(|| new(*only));
                person.slots.push(place);
                person.n_lines += slot.n_lines;
            }
            _ => aside.push((place, SEVERAL)),
        }
    }
    Ok((of, aside))
}

/// Notes every line of the slots that are nobody's.
fn note_aside(sorted: &mut Sorted, aside: &[(usize, &'static str)]) -> Result<(), Failure> {
    for (slot, reason) in aside {
        let mut places = Vec::new();
        let mut lines = sorted.spool.lines(&[*slot]);
        while let Some(line) = lines.next()? {
            places.push((line.unit, line.number));
        }
        for (unit, number) in places {
            sorted.quarantine(unit, number, 0, (*reason).to_owned());
        }
    }
    Ok(())
}

fn keys_of(phr: &Phr, job: &LoadJob, sorted: &Sorted, met: usize) -> Vec<PersonKey> {
    let person = &sorted.patients.list[met];
    let deciding = match (&person.id, &person.text) {
        (Some(id), _) => PersonName::Id(id),
        (None, text) => PersonName::Text(text.as_deref().unwrap_or_default()),
    };
    let identifiers = person.said.iter().flat_map(|said| &said.identifiers);
    // An identifier that two people of one file carry tells nobody from anybody.
    let telling = identifiers.filter(|(system, value)| sorted.patients.is_telling(system, value));
    let others = telling.map(|(system, value)| PersonName::Identifier { system, value });
    std::iter::once(deciding).chain(others).map(|name| phr.store().person_key(&job.source_name, name)).collect()
}

/// Settles which record is a person's, if one is.
fn identify(
    phr: &Phr,
    caller: &Caller,
    job: &LoadJob,
    (person, met): (&mut Planned, &Met),
    (known, taken): (&HashMap<PersonKey, RecordId>, &mut HashSet<RecordId>),
) -> Result<(), Failure> {
    if let Some(record) = person.known {
        // Files of two clinics may have one name; only a source that somebody named is believed to be the same.
        if !job.is_source_named && !is_same_as_subject(phr, caller, record, met)? {
            person.refused = Some(UNNAMED.to_owned());
        }
        return Ok(());
    }
    let Some(said) = &met.said else { return Ok(()) };
    let met_by: HashSet<RecordId> = person.keys.iter().filter_map(|key| known.get(key)).copied().collect();
    let [record] = met_by.into_iter().collect::<Vec<_>>()[..] else { return Ok(()) };
    if taken.contains(&record) {
        return Ok(());
    }
    let subject = identity_of_subject(phr, caller, record)?;
    if subject.is_some_and(|subject| is_confirmed(&said.identity, &subject)) {
        person.known = Some(record);
        taken.insert(record);
    }
    Ok(())
}

/// Whether an identifier that two Patients share is confirmed by what else they say.
fn is_confirmed(one: &Identity, other: &Identity) -> bool {
    let same_birth_date = one.birth_date.is_some() && one.birth_date == other.birth_date;
    let same_name = one.names.intersection(&other.names).next().is_some();
    let no_other_name = one.names.is_empty() || other.names.is_empty() || same_name;
    compare(one, other) == Match::Same && no_other_name && (same_birth_date || same_name)
}

/// Whether the Patient is whom the record is about, as far as both say so.
fn is_same_as_subject(phr: &Phr, caller: &Caller, record: RecordId, met: &Met) -> Result<bool, Failure> {
    let Some(said) = &met.said else { return Ok(false) };
    let Some(subject) = identity_of_subject(phr, caller, record)? else { return Ok(false) };
    let says_enough = !subject.names.is_empty() || !subject.identifiers.is_empty();
    Ok(compare(&said.identity, &subject) == Match::Same || (says_enough && subject == said.identity))
}

/// What a record says of whom it is about; nothing, where the caller may not know.
fn identity_of_subject(phr: &Phr, caller: &Caller, record: RecordId) -> Result<Option<Identity>, Failure> {
    let permit = match permit(phr, caller, Act::Import, record) {
        Ok(permit) => permit,
        Err(Failure::NotFound(_) | Failure::Forbidden(_)) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    match phr.store().record(record)?.profile.subject_id {
        Some(id) => subject_identity(phr, &permit, &id),
        None => Ok(None),
    }
}
