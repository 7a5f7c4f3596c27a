//! A ticket for the next page: where it goes on, sealed, for one caller, one search, one day (REST-31). What it leads to is decided
//! anew when it is used.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mecum_record::access::Permit;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;

use super::SearchRequest;
use crate::{Failure, Phr};

/// How long a page can be asked for, microseconds.
const LIFETIME_US: i64 = 24 * 3600 * 1_000_000;

/// The longest text that is opened as a ticket, bytes.
const MAX_TICKET_BYTES: usize = 16_384;

/// Where a search goes on.
pub(super) struct Ticket {
    /// The record the next page begins in.
    pub(super) record: RecordId,
    /// The place in it, as the store wrote it; empty for its beginning.
    pub(super) place: String,
    /// What tells under which filter the page before was found.
    filter_mark: u64,
}

impl Ticket {
    /// A ticket for what is behind a place in the record of a permit.
    pub(super) fn behind(permit: &Permit, place: String) -> Ticket {
        Ticket { record: permit.over(), place, filter_mark: mark(permit) }
    }

    /// A ticket for a record from its beginning.
    pub(super) fn begin(record: RecordId) -> Ticket {
        Ticket { record, place: String::new(), filter_mark: 0 }
    }

    /// The ticket as a text for a link.
    pub(super) fn write(
        &self,
        phr: &Phr,
        (caller, permit): (&Caller, &Permit),
        request: &SearchRequest<'_>,
    ) -> Result<String, Failure> {
        let mut plain = phr.now_us().to_be_bytes().to_vec();
        plain.extend(self.record.0.to_be_bytes());
        plain.extend(self.filter_mark.to_be_bytes());
        plain.extend(self.place.as_bytes());
        let sealed = phr.store().seal_place(permit, &bound_to(caller, request), &plain)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The ticket that a request came with, if it came with one.
    ///
    /// # Errors
    /// [`Failure::Malformed`] for one of another caller or search, one that was altered, and one that is too old.
    pub(super) fn read(
        phr: &Phr,
        (caller, permit): (&Caller, &Permit),
        request: &SearchRequest<'_>,
    ) -> Result<Option<Ticket>, Failure> {
        let Some(text) = request.query.cursor.as_deref() else { return Ok(None) };
        let sealed = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= MAX_TICKET_BYTES);
        let sealed = sealed.ok_or_else(not_a_page)?;
        let plain = phr.store().open_place(permit, &bound_to(caller, request), &sealed)?.ok_or_else(not_a_page)?;
        let (issued_at_us, rest) = plain.split_first_chunk().ok_or_else(not_a_page)?;
        let (record, rest) = rest.split_first_chunk().ok_or_else(not_a_page)?;
        let (filter_mark, place) = rest.split_first_chunk().ok_or_else(not_a_page)?;
        let place = String::from_utf8(place.to_vec()).map_err(|_| not_a_page())?;
        if phr.now_us().saturating_sub(i64::from_be_bytes(*issued_at_us)) > LIFETIME_US {
            let message = "this page can be asked for no longer: search again";
            return Err(Failure::malformed("expired", "_cursor", message));
        }
        let (record, filter_mark) = (RecordId(i64::from_be_bytes(*record)), u64::from_be_bytes(*filter_mark));
        Ok(Some(Ticket { record, place, filter_mark }))
    }
}

/// Whether a page is found under the filter under which the one before was: only then what was counted then holds.
pub(super) fn is_under_same_filter(ticket: Option<&Ticket>, permit: &Permit) -> bool {
    ticket.is_none_or(|ticket| ticket.filter_mark == mark(permit))
}

fn mark(permit: &Permit) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{:?}", permit.filter()).hash(&mut hasher);
    hasher.finish()
}

/// Whoever asks, and what for. A token may be exchanged for a fresh one between two pages, so it is the client that counts.
fn bound_to<'a>(caller: &'a Caller, request: &SearchRequest<'a>) -> Vec<&'a str> {
    let asked = request.query.honoured.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    [caller.kind(), caller.name(), request.address].into_iter().chain(asked).collect()
}

fn not_a_page() -> Failure {
    Failure::malformed("value", "_cursor", "this is no page of this search: follow the links as they are")
}
