//! One person's part of a load: the record is found or opened, and the part imported into it, all or nothing.

use std::sync::mpsc::Sender;
use std::time::Duration;

use mecum_record::access::{Act, Permit, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{Claimed, NewPerson, Profile, StoreError};

use super::super::content::{Original, OriginalContent};
use super::super::report::{ImportReport, LineNote};
use super::super::run::run_among;
use super::super::{ImportJob, OtherPeople};
use super::part::{Came, Cut, Part, PartReader};
use super::plan::Planned;
use super::report::{PersonOutcome, PersonReport};
use super::shelf::Outside;
use super::sort::Sorted;
use super::{Among, LoadJob};
use crate::permission::permit;
use crate::{Failure, Phr, record};

/// How often a record that somebody else imports into is tried again, and how long it is waited for each time.
const MAX_ATTEMPTS: usize = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// What everybody who carries has in common.
pub(super) struct Carrier<'a> {
    pub(super) phr: &'a Phr,
    pub(super) caller: &'a Caller,
    pub(super) job: &'a LoadJob,
    pub(super) sorted: &'a Sorted,
    pub(super) outside: &'a Outside,
    pub(super) keeps_directory: bool,
}

/// What a record gets, kept in it.
struct Kept {
    originals: Vec<Original>,
    /// The file of the load that each unit is, in the order of the originals.
    units: Vec<usize>,
    /// Where the lines of the parts come from, by the part's name.
    came: Vec<(String, Vec<Came>)>,
}

impl Carrier<'_> {
    /// Carries one person's part in, and says what became of it.
    pub(super) fn carry(&self, person: &Planned, heard: &Sender<u64>) -> (PersonReport, Vec<LineNote>) {
        let met = &self.sorted.patients.list[person.met];
        let name = met.said.as_ref().and_then(|said| said.name.clone()).unwrap_or_default();
        let mut report = PersonReport {
            record: person.known,
            patient: None,
            name,
            is_new: person.known.is_none(),
            n_lines: person.n_lines,
            outcome: PersonOutcome::Previewed,
        };
        let done = match &person.refused {
            Some(reason) => Err(Failure::Conflict(reason.clone())),
            None => self.carry_patiently(person, &report.name, heard),
        };
        let mut notes = Vec::new();
        match done {
            Ok((claimed, imported, found)) => {
                (report.record, report.is_new) = (Some(claimed.record), claimed.is_new);
                let profile = self.phr.store().record(claimed.record).map(|row| row.profile);
                report.patient = profile.ok().and_then(|profile| profile.subject_id);
                report.outcome = PersonOutcome::Done(Box::new(imported));
                notes = found;
            }
            Err(failure) => {
                report.record = person.known;
                report.outcome = PersonOutcome::Refused(match failure {
                    // Whose record it is, the caller may not know; that it is somebody's, the sender has said.
                    Failure::NotFound(_) => "this person's record is not open to this caller".to_owned(),
                    failure => failure.to_string(),
                });
            }
        }
        (report, notes)
    }

    /// Tries again while somebody else imports into the same record, or has just given it up.
    fn carry_patiently(
        &self,
        person: &Planned,
        name: &str,
        heard: &Sender<u64>,
    ) -> Result<(Claimed, ImportReport, Vec<LineNote>), Failure> {
        let mut n_attempts = 1;
        loop {
            let directory = permit(self.phr, self.caller, Act::Import, RecordId::DIRECTORY)?;
            let claimed = self.claim(person, name, &directory)?;
            let done = self.import(person, claimed, &directory, heard);
            let is_running = matches!(&done, Err(failure) if is_running(failure));
            if !is_running && done.as_ref().map_or(true, |(report, _)| report.commit.is_none()) {
                // Whatever was opened for this and came to nothing is not left behind.
                self.phr.store().give_up_record(claimed.record)?;
            }
            match done {
                Ok((report, notes)) => {
                    let is_new = self.is_first(claimed.record, &report)?;
                    if is_new {
                        self.phr.desk().note_event(self.caller, claimed.record, "record opened", self.phr.now_us());
                    }
                    return Ok((Claimed { is_new, ..claimed }, report, notes));
                }
                Err(failure) if n_attempts < MAX_ATTEMPTS && self.is_passing(&failure, claimed.record) => {
                    n_attempts += 1;
                    std::thread::sleep(PAUSE);
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    /// Whether the import is what opened the record: of two that find it not yet opened, the one that comes first does.
    fn is_first(&self, record: RecordId, report: &ImportReport) -> Result<bool, Failure> {
        let Some(commit) = report.commit else { return Ok(false) };
        let permit = permit(self.phr, self.caller, Act::Import, record)?;
        Ok(self.phr.store().commit_of(&permit, commit)?.is_some_and(|commit| commit.seq == 1))
    }

    fn is_passing(&self, failure: &Failure, record: RecordId) -> bool {
        match failure {
            failure if is_running(failure) => true,
            Failure::Busy(_) => true,
            // Given up by whoever had opened it.
            _ => matches!(self.phr.store().record(record), Err(StoreError::UnknownRecord(_))),
        }
    }

    fn claim(&self, person: &Planned, name: &str, directory: &Permit) -> Result<Claimed, Failure> {
        let unnamed = || format!("from {}", self.job.source_name);
        let name = if name.is_empty() { unnamed() } else { name.to_owned() };
        let profile = Profile { name, file_passphrase: record::new_passphrase(), ..Profile::default() };
        let everything = everything()?;
        let client = match self.caller {
            Caller::System { client, .. } => Some((client.as_str(), &everything)),
            Caller::Operator { .. } | Caller::Holder { .. } | Caller::App { .. } | Caller::Job { .. } => None,
        };
        let new = NewPerson { keys: &person.keys, known: person.known, profile: &profile, client };
        Ok(self.phr.store().claim_person(directory, &new, self.phr.now_us())?)
    }

    fn import(
        &self,
        person: &Planned,
        claimed: Claimed,
        directory: &Permit,
        heard: &Sender<u64>,
    ) -> Result<(ImportReport, Vec<LineNote>), Failure> {
        let permit = permit(self.phr, self.caller, Act::Import, claimed.record)?;
        let mut kept = Kept { originals: Vec::new(), units: Vec::new(), came: Vec::new() };
        for place in &person.wholes {
            self.keep_whole(*place, (&permit, directory), &mut kept)?;
        }
        for part in self.parts(person) {
            self.keep_part((&person.slots, &part), &permit, &mut kept)?;
        }
        let job = self.job_for(claimed.record, &kept);
        let among = Among { outside: self.outside, units: kept.units, skips_directory: self.keeps_directory };
        let mut last = 0;
        let mut progress = |now: super::super::Progress| {
            if now.pass == 2 {
                // Whether anybody still listens does not matter.
                let _ = heard.send(now.n_bytes.saturating_sub(last));
                last = now.n_bytes;
            }
        };
        let report = run_among(self.phr, self.caller, (&job, Some(&among)), &mut progress)?;
        let notes = report.notes.iter().map(|note| self.as_given(note, &kept.came)).collect();
        Ok((report, notes))
    }

    /// What goes to the directory, imported there.
    pub(super) fn import_directory(&self) -> Result<Option<ImportReport>, Failure> {
        let permit = permit(self.phr, self.caller, Act::Import, RecordId::DIRECTORY)?;
        let mut parts: Vec<Part> = Vec::new();
        for (place, shelved) in self.sorted.shelf.list.iter().enumerate().filter(|(_, one)| one.is_of_directory) {
            let (cut, wanted) = (self.sorted.cut_of(shelved.unit), (place, shelved.address.clone()));
            match parts.iter_mut().rfind(|part| part.cut == cut) {
                Some(part) => part.copies.push(wanted),
                None => parts.push(Part { cut, copies: vec![wanted] }),
            }
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let mut kept = Kept { originals: Vec::new(), units: Vec::new(), came: Vec::new() };
        for part in &parts {
            self.keep_part((&[], part), &permit, &mut kept)?;
        }
        let job = self.job_for(RecordId::DIRECTORY, &kept);
        let among = Among { outside: self.outside, units: kept.units, skips_directory: false };
        let mut n_attempts = 1;
        loop {
            match run_among(self.phr, self.caller, (&job, Some(&among)), &mut |_| ()) {
                Err(failure) if n_attempts < MAX_ATTEMPTS && self.is_passing(&failure, RecordId::DIRECTORY) => {
                    n_attempts += 1;
                    std::thread::sleep(PAUSE);
                }
                done => return done.map(Some),
            }
        }
    }

    fn job_for(&self, record: RecordId, kept: &Kept) -> ImportJob {
        ImportJob {
            record,
            originals: kept.originals.clone(),
            source_kind: self.job.source_kind,
            source_name: self.job.source_name.clone(),
            key: self.job.key.clone(),
            other_people: OtherPeople::Refuse,
            message: self.job.message.clone(),
        }
    }

    fn keep_whole(&self, place: usize, permits: (&Permit, &Permit), kept: &mut Kept) -> Result<(), Failure> {
        let whole = &self.sorted.wholes[place];
        let original = &self.job.originals[whole.original];
        let mut content = original.open(self.phr, permits.1)?;
        let blob = self.phr.store().put_blob(permits.0, &mut content)?;
        let content = OriginalContent::Blob(blob.name);
        kept.originals.push(Original { name: original.name.clone(), content, size_bytes: blob.size });
        kept.units.extend(whole.first_unit..whole.first_unit + whole.n_units);
        Ok(())
    }

    fn keep_part(&self, (slots, part): (&[usize], &Part), permit: &Permit, kept: &mut Kept) -> Result<(), Failure> {
        let mut reader = PartReader::new(self.sorted, slots, part);
        let blob = self.phr.store().put_blob(permit, &mut reader)?;
        let (name, unit) = match part.cut {
            Cut::Bundle(unit) => (format!("part of {}", self.sorted.units[unit].name), unit),
            // Lines have no addresses, so that no file of the load is asked for them.
            Cut::Lines => (format!("part of {} files", self.sorted.units.len()), usize::MAX),
        };
        kept.came.push((name.clone(), reader.came));
        kept.originals.push(Original { name, content: OriginalContent::Blob(blob.name), size_bytes: blob.size });
        kept.units.push(unit);
        Ok(())
    }

    /// The parts of a person's lines, with copies of what they refer to.
    fn parts(&self, person: &Planned) -> Vec<Part> {
        let slots = || person.slots.iter().map(|slot| &self.sorted.spool.slots[*slot]);
        let mut cuts: Vec<Cut> = slots().flat_map(|slot| &slot.units).map(|unit| self.sorted.cut_of(*unit)).collect();
        let wholes: Vec<_> = person.wholes.iter().flat_map(|place| &self.sorted.wholes[*place].wanted).collect();
        if !wholes.is_empty() {
            cuts.push(Cut::Lines);
        }
        cuts.sort_unstable();
        cuts.dedup();
        let part = |cut: Cut| {
            let own = slots().flat_map(|slot| &slot.wanted).filter(|(unit, _)| self.sorted.cut_of(*unit) == cut);
            let more = wholes.iter().copied().filter(|_| cut == Cut::Lines);
            let is_taken = |one: &super::shelf::Shelved| !(self.keeps_directory && one.is_of_directory);
            Part { cut, copies: self.sorted.shelf.closure(own.chain(more), &is_taken) }
        };
        let has_lines = |part: &Part| {
            !part.copies.is_empty()
                || slots().flat_map(|slot| &slot.units).any(|unit| self.sorted.cut_of(*unit) == part.cut)
        };
        cuts.into_iter().map(part).filter(has_lines).collect()
    }

    /// A note in terms of the files as they were given.
    fn as_given(&self, note: &LineNote, came: &[(String, Vec<Came>)]) -> LineNote {
        let part = came.iter().find(|(name, _)| *name == note.file);
        let at = usize::try_from(note.line.saturating_sub(1)).unwrap_or(usize::MAX);
        match part.and_then(|(_, came)| came.get(at).copied().flatten()) {
            Some((unit, line)) => {
                LineNote { file: self.sorted.units[unit].name.clone(), line, offset: 0, ..note.clone() }
            }
            None => note.clone(),
        }
    }
}

/// Whether somebody else is importing into the record.
fn is_running(failure: &Failure) -> bool {
    matches!(failure, Failure::Conflict(reason) if *reason == StoreError::ImportRunning.to_string())
}

/// What a system may do with the record of a person whom it brought.
pub(crate) fn everything() -> Result<ScopeSet, Failure> {
    ScopeSet::parse("system/*.cruds")
        .map_err(|error| Failure::Broken(format!("a scope of our own cannot be read: {error}")))
}
