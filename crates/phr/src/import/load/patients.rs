//! The Patients of a load: by which ids, addresses and identifiers the files call them.

use std::collections::HashMap;

use mecum_exchange::item::Item;
use mecum_fhir::json::{Element, Kind};
use mecum_fhir::resource::Resource;
use mecum_record::subject::Identity;
use mecum_store::identifiers_of;

use super::super::names::origin_id;
use super::super::people::identity_of;
use super::whose::Token;
use crate::Failure;

/// People in one load, at most.
const MAX_PEOPLE: usize = 500_000;

/// The longest name that a record gets from its Patient, bytes.
const MAX_NAME_BYTES: usize = 100;

/// A person whom the files name. Not `Debug`: it says who someone is.
#[derive(Default)]
pub(super) struct Met {
    /// The source's id of the Patient.
    pub(super) id: Option<String>,
    /// The Patient as it came, where nothing else names it.
    pub(super) text: Option<String>,
    /// What the Patient says of itself; nothing where only its id was met.
    pub(super) said: Option<Said>,
}

/// What a Patient says of itself.
pub(super) struct Said {
    pub(super) identity: Identity,
    pub(super) identifiers: Vec<(String, String)>,
    pub(super) name: Option<String>,
}

/// Everybody whom the files name.
#[derive(Default)]
pub(super) struct Patients {
    pub(super) list: Vec<Met>,
    ids: HashMap<String, usize>,
    addresses: HashMap<(usize, String), usize>,
    /// Whom an identifier means, as long as it means only one.
    identifiers: HashMap<String, Option<usize>>,
}

impl Patients {
    /// Meets a Patient in a file; the number is the same for the same id.
    pub(super) fn meet(&mut self, unit: usize, item: &Item, patient: &Resource) -> Result<usize, Failure> {
        let met = match origin_id(item, patient) {
            Some(id) => self.of_id(id)?,
            None => self.add(Met { text: Some(patient.text().to_owned()), ..Met::default() })?,
        };
        if let Some(address) = &item.full_url {
            self.addresses.insert((unit, address.clone()), met);
        }
        let identifiers = identifiers_of(patient);
        for (system, value) in &identifiers {
            let means = self.identifiers.entry(format!("{system}|{value}")).or_insert(Some(met));
            if *means != Some(met) {
                *means = None;
            }
        }
        let said = Said { identity: identity_of(patient.root()), identifiers, name: name_of(patient.root()) };
        self.list[met].said = Some(said);
        Ok(met)
    }

    /// Whom an id means, whether or not the Patient was met.
    pub(super) fn of_id(&mut self, id: String) -> Result<usize, Failure> {
        if let Some(met) = self.ids.get(&id) {
            return Ok(*met);
        }
        let met = self.add(Met { id: Some(id.clone()), ..Met::default() })?;
        self.ids.insert(id, met);
        Ok(met)
    }

    /// Whether an identifier means one person only, as far as this load knows.
    pub(super) fn is_telling(&self, system: &str, value: &str) -> bool {
        matches!(self.identifiers.get(&format!("{system}|{value}")), Some(Some(_)))
    }

    fn add(&mut self, met: Met) -> Result<usize, Failure> {
        if self.list.len() >= MAX_PEOPLE {
            return Err(Failure::TooLarge(format!(
                "one load has at most {MAX_PEOPLE} people: load fewer files at once"
            )));
        }
        self.list.push(met);
        Ok(self.list.len() - 1)
    }

    /// Whom a token means; an id that no Patient has means somebody all the same.
    pub(super) fn find(&mut self, token: &Token) -> Result<Option<usize>, Failure> {
        Ok(match token {
            Token::Met(met) => Some(*met),
            Token::Id(id) => Some(self.of_id(id.clone())?),
            Token::Address(unit, address) => self.addresses.get(&(*unit, address.clone())).copied(),
            Token::Identifier(identifier) => self.identifiers.get(identifier).copied().flatten(),
        })
    }
}

/// The name by which a household would know a Patient.
fn name_of(patient: Element<'_>) -> Option<String> {
    let name = first(patient.get("name")?)?;
    let text = |element: Element<'_>| element.as_str().map(std::borrow::Cow::into_owned);
    let whole = name.get("text").and_then(text).unwrap_or_else(|| {
        let given = name.get("given").and_then(first).and_then(text);
        let family = name.get("family").and_then(text);
        given.into_iter().chain(family).collect::<Vec<_>>().join(" ")
    });
    let mut plain: String = whole.chars().filter(|one| !one.is_control()).collect();
    while plain.len() > MAX_NAME_BYTES {
        plain.pop();
    }
    let plain = plain.trim();
    // A number would be taken for the number of a record.
    let is_name = !plain.is_empty() && !plain.bytes().all(|byte| byte.is_ascii_digit());
    is_name.then(|| plain.to_owned())
}

fn first(element: Element<'_>) -> Option<Element<'_>> {
    if element.kind() == Kind::Array { element.items().next() } else { Some(element) }
}
