//! Bringing files in by hand: upload, preview, import, report, undo.

use axum::http::StatusCode;

use super::Guest;
use crate::house::House;

const LINES: &str = concat!(
    r#"{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:s","value":"1"}],"birthDate":"1970-01-01"}"#,
    "\n",
    r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"pulse"},"subject":{"reference":"Patient/p"}}"#,
    "\nnot <b>a resource\n"
);

const SOMEBODY_ELSE: &str =
    r#"{"resourceType":"Patient","id":"q","identifier":[{"system":"urn:s","value":"2"}],"birthDate":"1980-02-02"}"#;

/// The address of the job that an upload became.
async fn job(guest: &Guest<'_>, files: &[(&str, &[u8])]) -> String {
    let sent = guest.upload("/r/1/import", files).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    sent.header("location").to_owned()
}

/// Brings a file in; the address of the import.
pub(super) async fn brought_in(guest: &Guest<'_>, files: &[(&str, &[u8])], source: &str) -> String {
    let job = job(guest, files).await;
    let seen = guest.settled(&job).await;
    assert!(seen.text().contains("value=\"take\""), "{}", seen.text());
    let looked = guest.post(&job, &format!("act=look&kind=app&source={source}")).await;
    assert_eq!(looked.status, StatusCode::SEE_OTHER, "{}", looked.text());
    guest.settled(&job).await;
    let taken = guest.post(&job, &format!("act=take&kind=app&source={source}")).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    let done = guest.settled(&job).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    done.header("location").to_owned()
}

#[tokio::test]
async fn imp_6_files_are_looked_at_then_taken_in_reported_and_undone() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let job = job(&guest, &[("visit.phr", LINES.as_bytes())]).await;
    let preview = guest.settled(&job).await.text();
    for expect in [
        "visit.phr",
        "FHIR, one entry a line",
        "2 new entries",
        "One line is no health data",
        "<dt>Observation</dt><dd>1</dd>",
        "value=\"visit\"",
    ] {
        assert!(preview.contains(expect), "{expect}: {preview}");
    }
    assert!(guest.page("/r/1/history").await.contains("Nothing was changed yet"), "a preview changes nothing");
    let import = brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    assert_eq!(import, "/r/1/import/1");
    let report = guest.page(&import).await;
    for expect in ["2 new entries", "in the record", "Pulse", "/r/1/import/1/undo", "/r/1/import/1/kept-aside"] {
        assert!(report.contains(expect), "{expect}: {report}");
    }
    let list = guest.page("/r/1/import").await;
    assert!(list.contains("href=\"/r/1/import/1\"") && !list.contains("taken back"), "{list}");
    assert!(guest.page("/r/1/import/1/undo").await.contains("visit.phr"));
    let undone = guest.post("/r/1/import/1/undo", "").await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    assert!(undone.text().contains("2 entries that were not there before are deleted"), "{}", undone.text());
    assert!(guest.page(&import).await.contains("was taken back by change"));
    assert!(guest.page("/r/1/import").await.contains("taken back"));
    assert_eq!(guest.post("/r/1/import/1/undo", "").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn imp_6_the_same_file_again_changes_nothing_and_says_so() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    let again = brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    let report = guest.page(&again).await;
    assert!(report.contains("nothing was new") && report.contains("2 lines that are known already"), "{report}");
    assert!(!report.contains("/undo"));
}

#[tokio::test]
async fn phr_8_what_was_kept_aside_is_read_and_fetched_as_it_came() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let import = brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    assert!(guest.page(&import).await.contains("<td class=\"number\">3</td>"));
    let file = guest.get(&format!("{import}/kept-aside")).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"kept-aside.ndjson\"");
    let line = file.json();
    assert_eq!(
        (&line["file"], &line["line"], &line["text"]),
        (&"visit.phr".into(), &3.into(), &"not <b>a resource".into())
    );
}

#[tokio::test]
async fn phr_60_files_about_somebody_else_are_refused_in_a_clear_sentence() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    let job = job(&guest, &[("other.phr", SOMEBODY_ELSE.as_bytes())]).await;
    let page = guest.settled(&job).await.text();
    assert!(page.contains("about somebody else") && !page.contains("value=\"take\""), "{page}");
    guest.post(&job, "act=take&kind=organization&source=other").await;
    guest.settled(&job).await;
    assert_eq!(guest.page("/r/1/history").await.matches("class=\"entry-line\"").count(), 1, "nothing was taken in");
}

#[tokio::test]
async fn a_hostile_file_name_is_shown_and_does_nothing() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let name = "..\\x/<img src=x onerror=alert(1)>\u{202e}gpj.phr";
    let job = job(&guest, &[(name, LINES.as_bytes())]).await;
    let page = guest.settled(&job).await.text();
    assert!(!page.contains("<img") && page.contains("&#60;img src=x onerror=alert(1)&#62;"), "{page}");
    assert!(page.contains("<bdi>&#60;img"), "its marks of direction end with it");
    let import = brought_in(&guest, &[(name, LINES.as_bytes())], "%22%3E%3Cscript%3E").await;
    for path in [import.as_str(), "/r/1/import", "/r/1/import/1/undo", "/r/1/history", "/r/1/history/1", "/r/1/access"]
    {
        let page = guest.page(path).await;
        assert!(!page.contains("<img") && !page.contains("\"><script>"), "{path}: {page}");
    }
}

#[tokio::test]
async fn wrong_input_is_told_beside_its_field() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    for files in [&[][..], &[("", &b""[..])][..]] {
        let none = guest.upload("/r/1/import", files).await;
        assert_eq!(none.status, StatusCode::BAD_REQUEST);
        assert!(none.text().contains("Choose at least one file"), "{}", none.text());
    }
    let many: Vec<(&str, &[u8])> = (0..51).map(|_| ("a.phr", &b"{}"[..])).collect();
    let refused = guest.upload("/r/1/import", &many).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.text().contains("too many files"));
    let job = job(&guest, &[("note.txt", b"just words, \x00 no health data")]).await;
    let page = guest.settled(&job).await.text();
    assert!(page.contains("cannot be brought in") && page.contains("not a kind of file that is known here"), "{page}");
    for source in ["", "%20", &"x".repeat(201)] {
        let wrong = guest.post(&job, &format!("act=look&kind=device&source={source}")).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
        let text = wrong.text();
        assert!(text.contains("Give the source a name") && text.contains("value=\"device\" selected"), "{text}");
    }
    let dropped = guest.post(&job, "act=drop").await;
    assert_eq!(dropped.header("location"), "/r/1/import");
    assert_eq!(guest.get(&job).await.status, StatusCode::SEE_OTHER, "it is forgotten");
}

#[tokio::test]
async fn a_file_larger_than_the_frameworks_bound_comes_in() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    let text = "x".repeat(3 << 20);
    let line = format!(r#"{{"resourceType":"Basic","id":"b","code":{{"text":"{text}"}}}}"#);
    let import = brought_in(&guest, &[("big.ndjson", line.as_bytes())], "Big").await;
    assert!(guest.page(&import).await.contains("One new entry"));
}

#[tokio::test]
async fn phr_31_a_locked_file_asks_for_its_passphrase() {
    let house = House::new();
    let guest = Guest::new(&house, 1).await;
    brought_in(&guest, &[("visit.phr", LINES.as_bytes())], "Pulse").await;
    let passphrase = "correct horse battery staple 1970";
    let fields = format!("format=sphr&seal=chosen&passphrase={0}&again={0}", passphrase.replace(' ', "+"));
    let chosen = guest.post("/r/1/export", &fields).await.body;
    let own = guest.post("/r/1/export", "format=sphr&seal=own").await.body;
    for (file, right) in [(chosen, passphrase.replace(' ', "+")), (own, String::new())] {
        let job = job(&guest, &[("sealed.sphr", &file)]).await;
        let asked = guest.settled(&job).await.text();
        assert!(asked.contains("The file is locked") && !asked.contains("does not open"), "{asked}");
        guest.post(&job, "act=open&passphrase=a+wrong+one").await;
        let wrong = guest.settled(&job).await.text();
        assert!(wrong.contains("does not open the file"), "{wrong}");
        guest.post(&job, &format!("act=open&passphrase={right}")).await;
        let opened = guest.settled(&job).await.text();
        assert!(opened.contains("This is what they would do") && !opened.contains("correct horse"), "{opened}");
    }
}
