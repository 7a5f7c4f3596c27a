//! A server of a test's own: SQLite, two records, and tokens for both and for a system.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use mecum_phr::installation::{Installation, KeyPlace, Site, Workload};
use mecum_phr::{Phr, record, token};
use mecum_record::access::ScopeSet;
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_testkit::harness::{self, TestDatabase};
use serde_json::Value;
use tower::ServiceExt;

/// Everything a test needs.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) phr: Arc<Phr>,
    /// May do everything with the first record.
    pub(crate) first: String,
    /// May do everything with the second record.
    pub(crate) second: String,
    _database: TestDatabase,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn operator() -> Caller {
    Caller::Operator { name: "test".to_owned() }
}

const HOUR_US: i64 = 3_600_000_000;

impl House {
    pub(crate) fn new() -> House {
        let database = harness::sqlite();
        let harness::Place::Sqlite(folder) = database.place() else { unreachable!("it is SQLite") };
        let site = Site { data_folder: folder.join("data"), database_url: None };
        let key = || KeyPlace::File(folder.join("test.key"));
        let installation = Installation::name_new(site).unwrap();
        installation.create(key()).unwrap();
        let phr = Arc::new(installation.open(key(), Workload::COMMAND).unwrap());
        let open = |name: &str| record::open(&phr, &operator(), name).unwrap();
        let (first, second) = (open("first"), open("second"));
        let all = "patient/*.cruds";
        let (first, second) = (issue(&phr, Some(first), all), issue(&phr, Some(second), all));
        House { router: mecum_server::router(Arc::clone(&phr)), phr, first, second, _database: database }
    }

    /// A token for the first record with just these scopes.
    pub(crate) fn token(&self, scopes: &str) -> String {
        issue(&self.phr, Some(RecordId(1)), scopes)
    }

    /// A token for any record.
    pub(crate) fn token_for(&self, record: RecordId, scopes: &str) -> String {
        issue(&self.phr, Some(record), scopes)
    }

    /// A token for the first record that another client has.
    pub(crate) fn other_client(&self, scopes: &str) -> String {
        let scopes = ScopeSet::parse(scopes).unwrap();
        token::issue(&self.phr, &operator(), "other", Some(RecordId(1)), &scopes, HOUR_US).unwrap().token.to_string()
    }

    /// A token for the first record, and the id by which it is revoked.
    pub(crate) fn issue(&self, scopes: &str) -> (String, String) {
        let scopes = ScopeSet::parse(scopes).unwrap();
        let issued = token::issue(&self.phr, &operator(), "tester", Some(RecordId(1)), &scopes, HOUR_US).unwrap();
        (issued.token.to_string(), issued.token_id)
    }

    pub(crate) fn revoke(&self, token_id: &str) {
        token::revoke(&self.phr, &operator(), token_id).unwrap();
    }

    /// A system's token.
    pub(crate) fn system(&self) -> String {
        self.system_with("system/*.cruds")
    }

    pub(crate) fn system_with(&self, scopes: &str) -> String {
        issue(&self.phr, None, scopes)
    }

    /// Sends a request with headers and a body.
    pub(crate) async fn send(&self, line: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("host", "test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, headers, body }
    }

    /// Sends a resource as whoever holds the token.
    pub(crate) async fn put(&self, line: &str, token: &str, body: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/fhir+json")];
        self.send(line, &headers, body.to_owned()).await
    }

    /// Asks without a body.
    pub(crate) async fn get(&self, line: &str, token: &str) -> Answer {
        self.send(line, &[("authorization", &format!("Bearer {token}"))], Body::empty()).await
    }

    /// Makes a Patient in the first record and gives its id.
    pub(crate) async fn patient(&self) -> String {
        let made = self.put("POST /fhir/Patient", &self.first, PATIENT).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        made.json()["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) const PATIENT: &str = r#"{"resourceType":"Patient","active":true}"#;

pub(crate) fn issue(phr: &Phr, record: Option<RecordId>, scopes: &str) -> String {
    issue_to(phr, "tester", record, scopes)
}

pub(crate) fn issue_to(phr: &Phr, client: &str, record: Option<RecordId>, scopes: &str) -> String {
    let scopes = ScopeSet::parse(scopes).unwrap();
    token::issue(phr, &operator(), client, record, &scopes, HOUR_US).unwrap().token.to_string()
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts a refusal: its status, and an OperationOutcome with this code (REST-13).
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        let outcome = self.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert_eq!(outcome["issue"][0]["code"], code, "{outcome}");
        assert_eq!(self.header("content-type"), "application/fhir+json; charset=utf-8");
    }
}
