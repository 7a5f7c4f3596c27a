//! Why a request was refused, as status and OperationOutcome: the one mapping (REST-13).

use std::any::Any;

use axum::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use mecum_fhir::outcome::{Issue, IssueCode, Outcome};
use mecum_fhir::search::query::QueryFault;
use mecum_phr::{Failure, Fault};

use crate::respond::FHIR_JSON;

/// Issues in one answer at most.
const MAX_ISSUES: usize = 100;

/// A refused request.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    outcome: String,
    header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    /// One issue, in words without health data.
    pub(crate) fn new(status: StatusCode, code: IssueCode, message: impl Into<String>) -> Refusal {
        let outcome = Outcome::of(Issue::error(code).diagnostics(message)).to_json();
        Refusal { status, outcome, header: None }
    }

    /// No token, an unknown one, one that has ended: one answer for all of them.
    pub(crate) fn unknown_caller() -> Refusal {
        let message = "send a bearer token that holds: Authorization: Bearer …";
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, IssueCode::Login, message);
        refusal.with(WWW_AUTHENTICATE, "Bearer realm=\"mecum\"")
    }

    /// A parameter or header of the request makes no sense.
    pub(crate) fn bad_request(code: IssueCode, message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// There is nothing under this address.
    pub(crate) fn unknown_address(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, IssueCode::NotFound, message)
    }

    /// No format that the client takes is spoken here.
    pub(crate) fn not_acceptable(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_ACCEPTABLE, IssueCode::NotSupported, message)
    }

    /// The body is of a format that is not taken here.
    pub(crate) fn unsupported_body(takes: &'static str) -> Refusal {
        let message = format!("the body's Content-Type must be {takes}");
        Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, IssueCode::NotSupported, message).with(ACCEPT, takes)
    }

    /// What is under this address is read and never changed (REST-14).
    pub(crate) fn only_read() -> Refusal {
        wrong_method().with(ALLOW, "GET,HEAD")
    }

    /// Something inside went wrong; what it was is in the log only.
    pub(crate) fn panicked() -> Refusal {
        let message = "an unexpected fault: the request id names it in the log";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, IssueCode::Exception, message)
    }

    fn with(mut self, name: HeaderName, value: &'static str) -> Refusal {
        self.header = Some((name, value));
        self
    }

    /// The status and the text of the OperationOutcome, for an entry of a batch.
    pub(crate) fn into_parts(self) -> (StatusCode, String) {
        (self.status, self.outcome)
    }
}

impl From<QueryFault> for Refusal {
    fn from(fault: QueryFault) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, fault.code(), fault.to_string())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        use StatusCode as S;
        let text = failure.to_string();
        match failure {
            Failure::Malformed(faults) => of_faults(S::BAD_REQUEST, &faults, text),
            Failure::Invalid(faults) => of_faults(S::UNPROCESSABLE_ENTITY, &faults, text),
            Failure::Unsupported(_) => Refusal::new(S::NOT_IMPLEMENTED, IssueCode::NotSupported, text),
            Failure::NotFound(_) => Refusal::new(S::NOT_FOUND, IssueCode::NotFound, text),
            Failure::Gone(_) => Refusal::new(S::GONE, IssueCode::Deleted, text),
            Failure::Precondition(_) => Refusal::new(S::PRECONDITION_FAILED, IssueCode::Conflict, text),
            Failure::Conflict(_) => Refusal::new(S::CONFLICT, IssueCode::Conflict, text),
            Failure::Forbidden(_) => Refusal::new(S::FORBIDDEN, IssueCode::Forbidden, text),
            Failure::TooLarge(_) => Refusal::new(S::PAYLOAD_TOO_LARGE, IssueCode::TooLong, text),
            Failure::Busy(detail) => busy(&detail),
            Failure::Full(detail) => full(&detail),
            Failure::Damaged(detail) | Failure::Broken(detail) => broken(&detail),
        }
    }
}

/// Faults of an operation's parameters are the client's request, not a resource: 400 (PHR-52, PHR-55).
pub(crate) fn of_parameters(failure: Failure) -> Refusal {
    let text = failure.to_string();
    match failure {
        Failure::Invalid(faults) => of_faults(StatusCode::BAD_REQUEST, &faults, text),
        other => other.into(),
    }
}

fn of_faults(status: StatusCode, faults: &[Fault], text: String) -> Refusal {
    if faults.is_empty() {
        return Refusal::new(status, IssueCode::Invalid, text);
    }
    let mut outcome = Outcome::new();
    for fault in faults.iter().take(MAX_ISSUES) {
        let code = IssueCode::parse(fault.code).unwrap_or(IssueCode::Invalid);
        let issue = Issue::error(code).diagnostics(fault.message.clone());
        outcome.push(if fault.expression.is_empty() { issue } else { issue.expression(fault.expression.clone()) });
    }
    Refusal { status, outcome: outcome.to_json(), header: None }
}

fn busy(detail: &str) -> Refusal {
    tracing::warn!(detail, "a request could not be served now");
    let message = "this cannot be done now: try again shortly";
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, IssueCode::Transient, message).with(RETRY_AFTER, "2")
}

fn full(detail: &str) -> Refusal {
    tracing::error!(detail, "there is no room left");
    let message = "there is no room left to store this";
    Refusal::new(StatusCode::INSUFFICIENT_STORAGE, IssueCode::NoStore, message)
}

/// A fault of the installation: the log says which, the answer only that it is one.
fn broken(detail: &str) -> Refusal {
    tracing::error!(detail, "a request failed for a fault of this installation");
    Refusal::panicked()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.outcome).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON));
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// What a request that panicked is answered; the panic's own words may quote a resource and are not repeated.
pub(crate) fn caught(_panic: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request panicked");
    Refusal::panicked().into_response()
}

/// A method that this address does not know; `Allow` is added by the router (REST-14).
pub(crate) fn wrong_method() -> Refusal {
    let message = "this address does not take this method: see Allow";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, IssueCode::NotSupported, message)
}
