//! What a page sent: the fields of its form, and numbers in an address.

use std::convert::Infallible;

use axum::Form;
use axum::extract::{FromRequest, Request};
use axum::http::Uri;

/// The fields of a form, in their order. What is no form has none: then it has no token either, and is refused. Not `Debug`: a
/// field may be a passphrase.
pub(super) struct Sent(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Sent, Infallible> {
        let fields = Form::<Vec<(String, String)>>::from_request(request, state).await;
        Ok(Sent(fields.map(|Form(fields)| fields).unwrap_or_default()))
    }
}

impl Sent {
    /// The first field of that name; the empty text when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }
}

/// A number in the query of an address, e.g. `before=12`.
pub(super) fn number(uri: &Uri, name: &str) -> Option<i64> {
    text(uri, name)?.parse().ok()
}

/// A text in the query of an address, as it stands there: `Observation/x` needs no escapes.
pub(super) fn text<'u>(uri: &'u Uri, name: &str) -> Option<&'u str> {
    let mut pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Whether the query of an address has this parameter with this value.
pub(super) fn has(uri: &Uri, name: &str, value: &str) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair.split_once('=') == Some((name, value))))
}
