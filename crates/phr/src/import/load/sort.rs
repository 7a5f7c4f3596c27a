//! Reading the files of a load: a file of one person is taken whole; of any other every line goes to those whom it is about.

use std::collections::HashSet;

use mecum_exchange::item::{Item, ItemContent};
use mecum_exchange::phr::{Limits, OpenError, open};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::Permit;

use super::super::content::Original;
use super::super::report::{LineNote, MAX_LISTED};
use super::super::unpack::{Unit, Unpacked};
use super::LoadJob;
use super::patients::Patients;
use super::shelf::{Shelf, wanted_of};
use super::spool::{Line, Spool};
use super::whose::{Token, is_personal, whose};
use crate::interaction::is_directory_type;
use crate::{Failure, Phr};

/// A file of one person.
pub(super) struct Whole {
    pub(super) original: usize,
    /// The number of its first unit.
    pub(super) first_unit: usize,
    pub(super) n_units: usize,
    pub(super) person: usize,
    pub(super) n_lines: u64,
    /// Files and references in them that may lead to what belongs to nobody.
    pub(super) wanted: HashSet<(usize, String)>,
}

/// One stream of resources among the files.
pub(super) struct UnitSeen {
    pub(super) name: String,
    /// Whether it is a Bundle, whose entries have addresses.
    pub(super) is_bundle: bool,
}

/// What was counted while reading.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) n_lines: u64,
    pub(super) n_shared: u64,
    pub(super) n_quarantined: u64,
    pub(super) n_generated: u64,
    pub(super) n_sender_outcomes: u64,
    pub(super) n_media_left: u64,
    pub(super) notes: Vec<LineNote>,
}

/// The files, sorted.
pub(super) struct Sorted {
    pub(super) patients: Patients,
    pub(super) wholes: Vec<Whole>,
    pub(super) spool: Spool,
    pub(super) shelf: Shelf,
    pub(super) units: Vec<UnitSeen>,
    pub(super) counts: Counts,
}

/// What a first look at a file says.
enum Look {
    /// It is about one person.
    One(Box<Look1>),
    /// It is about several, or about nobody.
    Other,
}

/// A file of one person, looked at.
#[derive(Default)]
struct Look1 {
    patients: Patients,
    /// The Patients in it, to be met again.
    met: Vec<(usize, Item)>,
    tokens: HashSet<Token>,
    n_lines: u64,
    wanted: HashSet<(usize, String)>,
}

/// Reads all files of a load.
pub(super) struct Sorter<'a> {
    pub(super) phr: &'a Phr,
    pub(super) permit: &'a Permit,
    pub(super) job: &'a LoadJob,
    /// Whether what belongs to nobody is kept in the directory.
    pub(super) keeps_directory: bool,
    pub(super) heard: &'a mut dyn FnMut(u64),
}

impl Sorter<'_> {
    /// Sorts all files.
    pub(super) fn sort(mut self) -> Result<Sorted, Failure> {
        let mut sorted = Sorted {
            patients: Patients::default(),
            wholes: Vec::new(),
            spool: Spool::new(self.phr.store().scratch(self.permit)?),
            shelf: Shelf::default(),
            units: Vec::new(),
            counts: Counts::default(),
        };
        for (at, original) in self.job.originals.iter().enumerate() {
            let mut unpacked = self.unpack(original)?;
            let first_unit = sorted.units.len();
            let seen = |unit: &Unit| UnitSeen { name: unit.name.clone(), is_bundle: false };
            sorted.units.extend(unpacked.units.iter().map(seen));
            match self.look(&mut unpacked, first_unit)? {
                Look::One(look) => self.take_whole(&mut sorted, (at, first_unit), *look, &mut unpacked)?,
                Look::Other => {
                    sorted.counts.n_media_left += unpacked.rides.len() as u64;
                    self.each(&mut unpacked, first_unit, &mut |unit, item| sorted.take(unit, item).map(|()| true))?;
                }
            }
            (self.heard)(original.size_bytes);
        }
        sorted.spool.flush()?;
        Ok(sorted)
    }

    fn unpack(&self, original: &Original) -> Result<Unpacked, Failure> {
        Unpacked::open(self.phr, self.permit, std::slice::from_ref(original), self.job.key.as_ref())
    }

    /// Looks whether a file is about one person and no other; stops at the second.
    fn look(&mut self, unpacked: &mut Unpacked, first_unit: usize) -> Result<Look, Failure> {
        let mut look = Look1::default();
        self.each(unpacked, first_unit, &mut |unit, item| look.take(unit, item))?;
        let tokens: Vec<Token> = look.tokens.drain().collect();
        for token in &tokens {
            if look.patients.find(token)?.is_none() {
                return Ok(Look::Other);
            }
        }
        Ok(if look.patients.list.len() == 1 { Look::One(Box::new(look)) } else { Look::Other })
    }

    /// Takes a file of one person as it is; where there is a directory, what belongs there is shelved.
    fn take_whole(
        &mut self,
        sorted: &mut Sorted,
        (original, first_unit): (usize, usize),
        look: Look1,
        unpacked: &mut Unpacked,
    ) -> Result<(), Failure> {
        let mut person = None;
        for (unit, item) in &look.met {
            let ItemContent::Resource(repaired) = &item.content else { continue };
            person = Some(sorted.patients.meet(*unit, item, &repaired.resource)?);
        }
        let only = look.patients.list.into_iter().next().and_then(|met| met.id);
        let person = match (person, only) {
            (Some(person), _) => person,
            (None, Some(id)) => sorted.patients.of_id(id)?,
            (None, None) => return Err(Failure::Broken("a file of one person names nobody".to_owned())),
        };
        if self.keeps_directory {
            self.each(unpacked, first_unit, &mut |unit, item| {
                sorted.shelve_directory(unit, &item)?;
                Ok(true)
            })?;
        }
        sorted.counts.n_lines += look.n_lines;
        let (n_lines, wanted, n_units) = (look.n_lines, look.wanted, unpacked.units.len());
        sorted.wholes.push(Whole { original, first_unit, n_units, person, n_lines, wanted });
        Ok(())
    }

    /// Hands every item of a file to `take`, until it says that it has seen enough.
    fn each(
        &mut self,
        unpacked: &mut Unpacked,
        first_unit: usize,
        take: &mut dyn FnMut(usize, Item) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        for (at, unit) in unpacked.units.clone().iter().enumerate() {
            let goes_on = unpacked.with_stream(unit, |stream| {
                let unreadable = |error: &dyn std::error::Error| {
                    let message = format!("it cannot be read: {}", crate::failure::chain(error));
                    Failure::invalid("structure", &unit.name, message)
                };
                let mut file = match open(stream, &Limits::default()) {
                    Ok(file) => file,
                    Err(error @ OpenError::TooLarge { .. }) => return Err(Failure::TooLarge(error.to_string())),
                    Err(error) => return Err(unreadable(&error)),
                };
                for item in file.by_ref() {
                    if !take(first_unit + at, item.map_err(|error| unreadable(&error))?)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            })?;
            if !goes_on {
                break;
            }
        }
        Ok(())
    }
}

impl Look1 {
    /// Takes one item; `false` once a second person is met.
    fn take(&mut self, unit: usize, item: Item) -> Result<bool, Failure> {
        self.n_lines += 1;
        let ItemContent::Resource(repaired) = &item.content else { return Ok(true) };
        let resource = &repaired.resource;
        self.wanted.extend(wanted_of(unit, resource).into_iter().filter(|(_, text)| !text.starts_with("urn:")));
        if resource.resource_type() == ResourceType::PATIENT {
            self.patients.meet(unit, &item, resource)?;
            self.met.push((unit, item));
        } else {
            for token in whose(unit, resource) {
                if matches!(token, Token::Id(_)) {
                    self.patients.find(&token)?;
                }
                self.tokens.insert(token);
            }
        }
        Ok(self.patients.list.len() <= 1)
    }
}

impl Sorted {
    /// What belongs to nobody, is not kept in the directory, and nobody refers to.
    pub(super) fn unreferred(&self, keeps_directory: bool) -> Vec<usize> {
        let of_slots = self.spool.slots.iter().flat_map(|slot| &slot.wanted);
        let wanted = of_slots.chain(self.wholes.iter().flat_map(|whole| &whole.wanted));
        self.shelf.rest(wanted, &|shelved| !(keeps_directory && shelved.is_of_directory))
    }

    /// Puts one item where it belongs.
    fn take(&mut self, unit: usize, item: Item) -> Result<(), Failure> {
        self.counts.n_lines += 1;
        self.units[unit].is_bundle |= item.full_url.is_some();
        let reason = match &item.content {
            ItemContent::Generated(_) => {
                self.counts.n_generated += 1;
                return Ok(());
            }
            ItemContent::SenderOutcome(_) => {
                self.counts.n_sender_outcomes += 1;
                return Ok(());
            }
            ItemContent::Quarantined(quarantined) => {
                self.keep_aside(unit, &item, quarantined.raw.clone())?;
                quarantined.fault.to_string()
            }
            ItemContent::NoResource => "the entry holds no resource".to_owned(),
            ItemContent::Resource(repaired) => {
                match self.place(unit, &item, (&repaired.resource, repaired.source_text()))? {
                    None => return Ok(()),
                    Some(reason) => {
                        self.keep_aside(unit, &item, repaired.source_text().as_bytes().to_vec())?;
                        reason.to_owned()
                    }
                }
            }
        };
        self.quarantine(unit, item.place.line, item.place.offset, reason);
        Ok(())
    }

    /// Places a resource; gives the reason why that cannot be done.
    fn place(
        &mut self,
        unit: usize,
        item: &Item,
        (resource, text): (&Resource, &str),
    ) -> Result<Option<&'static str>, Failure> {
        let tokens = if resource.resource_type() == ResourceType::PATIENT {
            vec![Token::Met(self.patients.meet(unit, item, resource)?)]
        } else {
            whose(unit, resource)
        };
        if !tokens.is_empty() {
            let (number, address) = (item.place.line, item.full_url.clone());
            let line = Line { unit, number, address, text: text.as_bytes().to_vec() };
            self.spool.put(tokens, &line, wanted_of(unit, resource))?;
        } else if is_personal(resource.resource_type()) {
            return Ok(Some("it does not say which Patient it is about"));
        } else {
            self.counts.n_shared += 1;
            self.shelf.put((unit, item, text), resource, &mut self.spool)?;
        }
        Ok(None)
    }

    /// Shelves what of a person's file goes to the directory.
    fn shelve_directory(&mut self, unit: usize, item: &Item) -> Result<(), Failure> {
        self.units[unit].is_bundle |= item.full_url.is_some();
        let ItemContent::Resource(repaired) = &item.content else { return Ok(()) };
        if !is_directory_type(repaired.resource.resource_type()) {
            return Ok(());
        }
        self.shelf.put((unit, item, repaired.source_text()), &repaired.resource, &mut self.spool)
    }

    /// Keeps what is in no record, about nobody.
    fn keep_aside(&mut self, unit: usize, item: &Item, text: Vec<u8>) -> Result<(), Failure> {
        if text.is_empty() {
            return Ok(());
        }
        self.spool.put(Vec::new(), &Line { unit, number: item.place.line, address: None, text }, Vec::new())
    }

    /// Notes a line that is in no record.
    pub(super) fn quarantine(&mut self, unit: usize, line: u64, offset: u64, message: String) {
        self.counts.n_quarantined += 1;
        if self.counts.notes.len() < MAX_LISTED {
            let file = self.units.get(unit).map(|unit| unit.name.clone()).unwrap_or_default();
            self.counts.notes.push(LineNote { file, line, offset, kind: "quarantined", message });
        }
    }
}
