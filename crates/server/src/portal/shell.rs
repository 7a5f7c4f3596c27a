//! What stands around every page: whose record is open, where else one can go, and how to get out.

use mecum_phr::disclose::{Asked, Released};
use mecum_phr::sign_in::{Person, Session, people};
use mecum_phr::words::RecordId;
use mecum_phr::{Failure, Phr};

use super::assets::{ICON, SCRIPT, STYLE};
use super::when::day_and_time;
use super::words::Words;

/// What the frame of a page shows.
pub(super) struct Shell {
    pub(super) words: Words,
    /// The record that is open.
    pub(super) record: RecordId,
    /// Whose it is.
    pub(super) name: String,
    /// The others one may switch to.
    pub(super) others: Vec<Person>,
    /// What every form carries.
    pub(super) form_token: String,
    /// The part of the navigation this page belongs to, by the name in `NAVIGATION`.
    pub(super) here: &'static str,
}

/// The places one can go from everywhere: address under the record, name.
pub(super) const NAVIGATION: [(&str, &str); 7] = [
    ("", "home"),
    ("timeline", "timeline"),
    ("search", "search"),
    ("history", "history"),
    ("access", "access"),
    ("import", "import"),
    ("export", "export"),
];

impl Shell {
    /// The frame for a page of this record.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for a record that the session is not for.
    pub(super) fn of(
        phr: &Phr,
        session: &Session,
        record: RecordId,
        (words, here, asked): (Words, &'static str, &Asked),
    ) -> Result<Released<Shell>, Failure> {
        let form_token = session.form_token().to_owned();
        Ok(people(phr, session, record, asked)?.map(|people| {
            let (open, others): (Vec<Person>, Vec<Person>) =
                people.into_iter().partition(|person| person.record == record);
            let name = open.into_iter().next().map_or_else(String::new, |person| person.name);
            Shell { words, record, name, others, form_token, here }
        }))
    }

    /// The address of a page of this record.
    pub(super) fn at(&self, rest: &str) -> String {
        at(self.record, rest)
    }

    /// A moment of this installation, in words.
    pub(super) fn moment(&self, at_us: i64) -> String {
        day_and_time(at_us, self.words)
    }

    /// The first letter of the name, for the badge.
    pub(super) fn initial(&self) -> String {
        self.name.chars().next().map_or_else(String::new, |first| first.to_uppercase().collect())
    }

    /// The places one can go: address, label, whether this page is it.
    pub(super) fn navigation(&self) -> Vec<(String, String, bool)> {
        let place = |(rest, name): &(&'static str, &'static str)| {
            (self.at(rest), self.words.say(&format!("nav-{name}")), *name == self.here)
        };
        NAVIGATION.iter().map(place).collect()
    }

    /// The address of the style sheet, which changes when the sheet does.
    pub(super) fn style(&self) -> &'static str {
        STYLE.address()
    }

    /// The address of the icon.
    pub(super) fn icon(&self) -> &'static str {
        ICON.address()
    }

    /// The address of the script.
    pub(super) fn script(&self) -> &'static str {
        SCRIPT.address()
    }
}

/// The address of a page of a record.
pub(super) fn at(record: RecordId, rest: &str) -> String {
    if rest.is_empty() { format!("/r/{record}") } else { format!("/r/{record}/{rest}") }
}
