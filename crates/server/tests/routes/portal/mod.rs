//! The pages for people: what a browser without script sees and sends.

mod access;
mod entry;
mod export;
mod history;
mod home;
mod import;
mod refusals;
mod search;

use std::time::Duration;

use axum::http::StatusCode;

use crate::door::{FORM, form_token, signed_in};
use crate::house::{Answer, House};

/// Somebody signed in for one record.
pub(crate) struct Guest<'h> {
    house: &'h House,
    cookie: String,
    /// What her forms carry.
    form: String,
}

impl<'h> Guest<'h> {
    async fn new(house: &'h House, record: i64) -> Guest<'h> {
        let cookie = signed_in(house, &[record]).await;
        let home = house.send(&format!("GET /r/{record}"), &[("cookie", &cookie)], "").await;
        Guest { house, cookie, form: form_token(&home.text()) }
    }

    async fn get(&self, path: &str) -> Answer {
        self.house.send(&format!("GET {path}"), &[("cookie", &self.cookie)], "").await
    }

    /// A page that is there.
    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.text()
    }

    /// Sends a form of a page of hers.
    async fn post(&self, path: &str, fields: &str) -> Answer {
        let body = format!("form={}&{fields}", self.form);
        self.house.send(&format!("POST {path}"), &[FORM, ("cookie", &self.cookie)], body).await
    }

    /// Sends files as a browser does: the form's fields in their order.
    async fn upload(&self, path: &str, files: &[(&str, &[u8])]) -> Answer {
        self.upload_with(path, &self.form, files).await
    }

    async fn upload_with(&self, path: &str, token: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\n{token}\r\n").into_bytes();
        for (name, content) in files {
            let head = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"";
            body.extend(format!("{head}{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n").into_bytes());
            body.extend(*content);
            body.extend(b"\r\n");
        }
        body.extend(b"--b--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=b"), ("cookie", self.cookie.as_str())];
        self.house.send(&format!("POST {path}"), &headers, body).await
    }

    /// The page of a job when nothing is at work on it any more, or where it leads then.
    async fn settled(&self, path: &str) -> Answer {
        for _ in 0..1000 {
            let answer = self.get(path).await;
            if !answer.text().contains("data-poll") {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{path} is at work for ever");
    }
}
