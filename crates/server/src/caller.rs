//! Who asks: the bearer token of a request, and the caller it stands for (RFC 6750).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use mecum_phr::{Phr, token};
use mecum_record::caller::Caller;

use crate::error::Refusal;

/// The text behind `Bearer`; the empty one is nobody's. Not `Debug`: whoever has it has the access.
#[derive(Clone, Default)]
pub(crate) struct Bearer(String);

impl Bearer {
    /// The bearer token of a request; one that has none is told what one with a wrong one is told.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Bearer, Refusal> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let (Some(only), None) = (values.next(), values.next()) else {
            return Err(Refusal::unknown_caller());
        };
        let text = only.to_str().map_err(|_| Refusal::unknown_caller())?;
        let (scheme, token) = text.split_once(' ').ok_or_else(Refusal::unknown_caller)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Refusal::unknown_caller());
        }
        Ok(Bearer(token.trim().to_owned()))
    }
}

/// The caller; blocks.
pub(crate) fn caller_of(phr: &Phr, bearer: &Bearer) -> Result<Caller, Refusal> {
    token::caller_of(phr, &bearer.0)?.ok_or_else(Refusal::unknown_caller)
}
