//! Signing in at the portal: a link that works once becomes a session (design §9, §5).
//!
//! Whoever holds the machine's keys lets a person in; accounts with passkeys and passwords come behind the same session.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mecum_record::access::Act;
use mecum_record::caller::Caller;
use mecum_record::ids::{RecordId, mint};
use mecum_store::SessionRow;
use zeroize::Zeroizing;

use crate::disclose::{Asked, Released};
use crate::moment::{fill_random, random_u64};
use crate::permission::permit;
use crate::{Failure, Phr};

/// How long a link waits to be used, microseconds.
pub const LINK_LIFETIME_US: i64 = 10 * 60 * 1_000_000;

/// How long a session lasts at most, microseconds.
pub const SESSION_LIFETIME_US: i64 = 12 * 60 * 60 * 1_000_000;

/// Longer texts are no secrets of ours, bytes.
const MAX_SECRET_BYTES: usize = 128;

/// Records that one link opens at most.
const MAX_RECORDS: usize = 100;

/// A session that holds.
pub struct Session {
    row: SessionRow,
    form_token: String,
}

/// Makes a link's secret, by which whoever has it gets into these records once within ten minutes.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not administer one of the records; [`Failure::Invalid`] for none or too many of them.
pub fn issue_link(phr: &Phr, caller: &Caller, records: &[RecordId]) -> Result<Zeroizing<String>, Failure> {
    if records.is_empty() || records.len() > MAX_RECORDS {
        return Err(Failure::invalid("value", "record", "a sign-in link is for 1 to 100 records"));
    }
    for record in records {
        permit(phr, caller, Act::Administer, *record)?;
    }
    let (link, now_us) = (secret(), phr.now_us());
    phr.store().add_sign_in_link(&link, (caller.name(), records), now_us, now_us.saturating_add(LINK_LIFETIME_US))?;
    for record in records {
        phr.desk().note_event(caller, *record, "sign-in link made", now_us);
    }
    Ok(link)
}

/// Whether a link would still work; looking at it does not use it.
///
/// # Errors
/// What the store says.
pub fn is_live(phr: &Phr, link: &str) -> Result<bool, Failure> {
    Ok(is_plausible(link) && phr.store().has_sign_in_link(link, phr.now_us())?)
}

/// Uses a link: the secret of the session that begins, or `None` when the link is unknown, used or too old, which look alike.
///
/// # Errors
/// What the store says.
pub fn redeem(phr: &Phr, link: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    if !is_plausible(link) {
        return Ok(None);
    }
    let (secret, now_us) = (secret(), phr.now_us());
    let id = mint(now_us, random_u64());
    let ends_us = now_us.saturating_add(SESSION_LIFETIME_US);
    let Some(row) = phr.store().begin_session(link, (&secret, &id), now_us, ends_us)? else {
        return Ok(None);
    };
    for record in &row.records {
        phr.desk().note_event(&holder(&row, *record), *record, "signed in", now_us);
    }
    Ok(Some(secret))
}

/// The session a secret stands for; `None` for one that is unknown or has ended.
///
/// # Errors
/// What the store says.
pub fn session(phr: &Phr, secret: &str) -> Result<Option<Session>, Failure> {
    if !is_plausible(secret) {
        return Ok(None);
    }
    let row = phr.store().session(secret, phr.now_us())?.filter(|row| row.is_live(phr.now_us()));
    Ok(row.map(|row| Session { row, form_token: form_token(secret) }))
}

/// Ends a session: its next request is refused.
///
/// # Errors
/// What the store says.
pub fn sign_out(phr: &Phr, secret: &str) -> Result<(), Failure> {
    let Some(session) = session(phr, secret)? else {
        return Ok(());
    };
    phr.store().end_session(secret, phr.now_us())?;
    for record in &session.row.records {
        phr.desk().note_event(&holder(&session.row, *record), *record, "signed out", phr.now_us());
    }
    Ok(())
}

/// Somebody whose record a session may open.
pub struct Person {
    /// The record.
    pub record: RecordId,
    /// The name by which the household knows it.
    pub name: String,
}

/// The people among whom a session may switch, in the order they are offered; `open` is the record that is looked at.
///
/// # Errors
/// [`Failure::NotFound`] when the session is not for that record.
pub fn people(phr: &Phr, session: &Session, open: RecordId, asked: &Asked) -> Result<Released<Vec<Person>>, Failure> {
    let caller = session.holder(open).ok_or_else(|| Failure::NotFound(format!("record {open}")))?;
    let open_permit = permit(phr, &caller, Act::Search, open)?;
    let mut people = Vec::with_capacity(session.records().len());
    for record in session.records() {
        let may = session.holder(*record).map(|caller| permit(phr, &caller, Act::Search, *record));
        if let Some(Ok(_)) = may {
            people.push(Person { record: *record, name: phr.store().record(*record)?.profile.name });
        }
    }
    phr.desk().release(phr.store(), (&caller, &open_permit), asked, (people, &[]), phr.now_us())
}

impl Session {
    /// The records that may be opened, in the order they are offered.
    #[must_use]
    pub fn records(&self) -> &[RecordId] {
        &self.row.records
    }

    /// The caller that opens one of them; `None` for a record that this session is not for.
    #[must_use]
    pub fn holder(&self, record: RecordId) -> Option<Caller> {
        self.row.records.contains(&record).then(|| holder(&self.row, record))
    }

    /// What every form of this session carries, so that no other site can send one.
    #[must_use]
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// Whether a form came from a page of this session.
    #[must_use]
    pub fn is_own_form(&self, token: &str) -> bool {
        verify_slices_are_equal(self.form_token.as_bytes(), token.as_bytes()).is_ok()
    }
}

fn holder(row: &SessionRow, record: RecordId) -> Caller {
    Caller::Holder { session_id: row.session_id.clone(), name: row.name.clone(), record }
}

fn secret() -> Zeroizing<String> {
    let mut random = Zeroizing::new([0u8; 32]);
    fill_random(random.as_mut_slice());
    Zeroizing::new(URL_SAFE_NO_PAD.encode(random.as_slice()))
}

fn is_plausible(secret: &str) -> bool {
    !secret.is_empty() && secret.len() <= MAX_SECRET_BYTES
}

/// Of the secret, but not leading back to it.
fn form_token(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, format!("form {secret}").as_bytes()))
}
