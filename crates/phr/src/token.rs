//! Bearer tokens: issued once, shown once, kept as a hash, and turned into a caller at the door (design §5, RFC 6750).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mecum_record::access::{Act, ScopeContext, ScopeSet};
use mecum_record::caller::Caller;
use mecum_record::ids::{RecordId, mint};
use mecum_store::TokenRow;
use zeroize::Zeroizing;

use crate::moment::{fill_random, random_u64};
use crate::permission::permit;
use crate::{Failure, Phr};

/// What every token begins with, so that one that was lost can be recognized for what it is.
const PREFIX: &str = "mecum_";

/// The longest text that is looked up as a token, bytes.
const MAX_TOKEN_BYTES: usize = 256;

/// The longest name of a client, bytes.
const MAX_CLIENT_BYTES: usize = 200;

/// A token that was made. Not `Debug`: whoever has the text has the access.
pub struct IssuedToken {
    /// What the client sends after `Bearer`; it cannot be shown again.
    pub token: Zeroizing<String>,
    /// The id by which logs and lists name it.
    pub token_id: String,
}

/// Issues a token for a record (`patient/` scopes), or without one for a back-end system (`system/` scopes).
///
/// # Errors
/// [`Failure::Forbidden`] for whoever may not administer the record; [`Failure::Invalid`] for a name, scopes or a lifetime that
/// make no sense; [`Failure::NotFound`] for a record that is not there.
pub fn issue(
    phr: &Phr,
    caller: &Caller,
    client: &str,
    record: Option<RecordId>,
    scopes: &ScopeSet,
    lifetime_us: i64,
) -> Result<IssuedToken, Failure> {
    let over = record.unwrap_or(RecordId::DIRECTORY);
    permit(phr, caller, Act::Administer, over)?;
    let client = named(client)?;
    check_scopes(record, scopes)?;
    if lifetime_us <= 0 {
        return Err(Failure::invalid("value", "lifetime", "a token must hold for some time"));
    }
    let now_us = phr.now_us();
    let mut random = Zeroizing::new([0u8; 32]);
    fill_random(random.as_mut_slice());
    let token = Zeroizing::new(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random.as_slice())));
    let row = TokenRow {
        token_id: mint(now_us, random_u64()),
        client: client.to_owned(),
        record,
        scopes: scopes.clone(),
        created_at_us: now_us,
        expires_at_us: now_us.saturating_add(lifetime_us),
        revoked_at_us: None,
    };
    phr.store().add_token(&token, &row)?;
    phr.desk().note_event(caller, over, &format!("token {} issued", row.token_id), now_us);
    Ok(IssuedToken { token, token_id: row.token_id })
}

fn named(client: &str) -> Result<&str, Failure> {
    let client = client.trim();
    if client.is_empty() || client.len() > MAX_CLIENT_BYTES || client.chars().any(char::is_control) {
        return Err(Failure::invalid("value", "client", "a token needs the name of a client, 1 to 200 bytes"));
    }
    Ok(client)
}

fn check_scopes(record: Option<RecordId>, scopes: &ScopeSet) -> Result<(), Failure> {
    let other = if record.is_some() { ScopeContext::System } else { ScopeContext::Patient };
    if scopes.speaks_of(other) || record.is_some_and(RecordId::is_directory) {
        let message = "a token for a record has patient/ scopes, a token for a system has system/ scopes";
        return Err(Failure::invalid("value", "scope", message));
    }
    Ok(())
}

/// The caller that a bearer token stands for; `None` for one that is unknown, ended or revoked, which look alike.
///
/// # Errors
/// What the store says.
pub fn caller_of(phr: &Phr, bearer: &str) -> Result<Option<Caller>, Failure> {
    if bearer.is_empty() || bearer.len() > MAX_TOKEN_BYTES {
        return Ok(None);
    }
    let row = phr.store().token(bearer)?.filter(|row| row.is_live(phr.now_us()));
    Ok(row.map(|TokenRow { token_id, client, record, scopes, .. }| match record {
        Some(record) => Caller::App { token_id, client, record, scopes },
        None => Caller::System { token_id, client, scopes },
    }))
}

/// All tokens, newest first; never their texts.
///
/// # Errors
/// [`Failure::Forbidden`] for whoever does not administer this installation.
pub fn list(phr: &Phr, caller: &Caller) -> Result<Vec<TokenRow>, Failure> {
    permit(phr, caller, Act::Administer, RecordId::DIRECTORY)?;
    Ok(phr.store().tokens()?)
}

/// Revokes a token: its very next request is refused (CON-7).
///
/// # Errors
/// [`Failure::Forbidden`] for whoever does not administer this installation; [`Failure::NotFound`] when no live token has that id.
pub fn revoke(phr: &Phr, caller: &Caller, token_id: &str) -> Result<(), Failure> {
    permit(phr, caller, Act::Administer, RecordId::DIRECTORY)?;
    let now_us = phr.now_us();
    if !phr.store().revoke_token(token_id, now_us)? {
        return Err(Failure::NotFound("a live token of that id".to_owned()));
    }
    phr.desk().note_event(caller, RecordId::DIRECTORY, &format!("token {token_id} revoked"), now_us);
    Ok(())
}
