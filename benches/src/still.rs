//! The floor: the same bytes from memory, over the same HTTP stack, in a process of its own. It reads what is sent and keeps nothing.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::arguments::Still;
use crate::client::Head;
use crate::error::BenchError;

/// Headers that the HTTP stack writes itself.
const WRITTEN_BY_THE_STACK: [&str; 4] = ["content-length", "transfer-encoding", "date", "connection"];

/// An answer that was given once, and is given again.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers by method, then by target.
type Answers = Arc<HashMap<Method, HashMap<String, Answer>>>;

/// Serves the answers of a file until the process is stopped.
pub(crate) fn run(still: &Still) -> Result<(), BenchError> {
    let answers = read(&still.answers)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(still.listen).await?;
        axum::serve(listener, Router::new().fallback(answer).with_state(answers)).await?;
        Ok(())
    })
}

async fn answer(State(answers): State<Answers>, method: Method, uri: Uri, _sent: Bytes) -> Response {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    match answers.get(&method).and_then(|of_method| of_method.get(target)) {
        Some(answer) => (answer.status, answer.headers.clone(), Body::from(answer.body.clone())).into_response(),
        None if target == "/health" => StatusCode::OK.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Writes down answers, each with the method and target it was given to.
pub(crate) fn write(file: &Path, answers: &[(String, Head, Vec<u8>)]) -> Result<(), BenchError> {
    let answers: Vec<Value> = answers
        .iter()
        .map(|(line, head, body)| {
            let kept = head.headers.iter().filter(|(name, _)| !WRITTEN_BY_THE_STACK.contains(&name.as_str()));
            let headers: Vec<&(String, String)> = kept.collect();
            json!({"line": line, "status": head.status, "headers": headers, "body": String::from_utf8_lossy(body)})
        })
        .collect();
    std::fs::write(file, Value::from(answers).to_string())?;
    Ok(())
}

fn read(file: &Path) -> Result<Answers, BenchError> {
    let answers: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let mut found: HashMap<Method, HashMap<String, Answer>> = HashMap::new();
    for answer in answers.as_array().into_iter().flatten() {
        let broken = || BenchError::said("the file of answers is not as it was written");
        let (method, target) = answer["line"].as_str().and_then(|line| line.split_once(' ')).ok_or_else(broken)?;
        let method = method.parse::<Method>().map_err(|_| broken())?;
        found.entry(method).or_default().insert(target.to_owned(), parse(answer).ok_or_else(broken)?);
    }
    Ok(Arc::new(found))
}

fn parse(answer: &Value) -> Option<Answer> {
    let status = u16::try_from(answer["status"].as_u64()?).ok()?;
    let mut headers = HeaderMap::new();
    for header in answer["headers"].as_array()? {
        let name = header[0].as_str()?.parse::<HeaderName>().ok()?;
        headers.append(name, HeaderValue::from_str(header[1].as_str()?).ok()?);
    }
    let body = Bytes::from(answer["body"].as_str()?.to_owned());
    Some(Answer { status: StatusCode::from_u16(status).ok()?, headers, body })
}
