//! Every stored resource can be reached from the pages, and every page that is reached renders.

use std::collections::{BTreeSet, VecDeque};
use std::fs;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::StatusCode;
use mecum_phr::import::{self, ImportJob, OtherPeople};
use mecum_phr::sign_in;
use mecum_phr::words::SourceKind;
use mecum_record::ids::RecordId;
use mecum_testkit::harness::samples;

use crate::house::{House, operator};

/// Files of a folder that one run takes; `MECUM_SOAK=1` takes all.
const FEW: usize = 60;

#[tokio::test]
async fn every_stored_resource_is_reached_from_the_pages_and_renders() {
    for folder in ["phr-format", "ips-2.0.0", "fhir-r4-examples", "synthea-r4"] {
        let house = House::new();
        let n_files = take_in(&house, folder);
        if n_files == 0 {
            return;
        }
        let stored = stored(&house).await;
        let reached = crawl(&house).await;
        let missing: Vec<&String> = stored.difference(&reached).take(5).collect();
        assert!(missing.is_empty(), "{folder}: not reached: {missing:?} of {}", stored.len());
        println!("{folder}: {n_files} files, {} resources reached", stored.len());
    }
}

/// Imports the files of a folder into the first record; how many there are.
fn take_in(house: &House, folder: &str) -> usize {
    let Some(samples) = samples() else { return 0 };
    let mut files: Vec<PathBuf> = fs::read_dir(samples.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let few = if folder == "synthea-r4" { 1 } else { FEW };
    if std::env::var_os("MECUM_SOAK").is_none() {
        // Spread over the folder, so that many types are met.
        files = files.iter().step_by(files.len().div_ceil(few)).cloned().collect();
    }
    for file in &files {
        let mut content = fs::File::open(file).unwrap();
        let original = import::keep(&house.phr, &operator(), RecordId(1), "file", &mut content).unwrap();
        let job = ImportJob {
            record: RecordId(1),
            originals: vec![original],
            source_kind: SourceKind::Organization,
            source_name: format!("source of {}", file.display()),
            key: None,
            other_people: OtherPeople::Keep,
            message: "import".to_owned(),
        };
        // A file that is none of ours is refused; what it would have brought is not stored either.
        let _ = import::run(&house.phr, &operator(), &job, &mut |_| ());
    }
    files.len()
}

/// `Type/id` of everything in the first record, as its history over FHIR tells it.
async fn stored(house: &House) -> BTreeSet<String> {
    let mut stored = BTreeSet::new();
    let mut next = Some("/fhir/_history?_count=1000".to_owned());
    while let Some(address) = next {
        let page = house.get(&format!("GET {address}"), &house.first).await.json();
        for entry in page["entry"].as_array().into_iter().flatten() {
            let (name, id) = (&entry["resource"]["resourceType"], &entry["resource"]["id"]);
            stored.insert(format!("{}/{}", name.as_str().unwrap(), id.as_str().unwrap()));
        }
        let mut links = page["link"].as_array().into_iter().flatten();
        let url = links.find(|link| link["relation"] == "next").and_then(|link| link["url"].as_str());
        next = url.map(|url| url.trim_start_matches("http://test").to_owned());
    }
    stored
}

/// Follows every link within the record, from its home page; `Type/id` of the entries whose page was shown.
async fn crawl(house: &House) -> BTreeSet<String> {
    let link = sign_in::issue_link(&house.phr, &operator(), &[RecordId(1)]).unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let entered = house.send("POST /sign-in", &form, format!("link={}", link.as_str())).await;
    let cookie = entered.header("set-cookie").split(';').next().unwrap().to_owned();
    let mut seen = BTreeSet::from(["/r/1".to_owned()]);
    let mut waiting = VecDeque::from(["/r/1".to_owned()]);
    let mut reached = BTreeSet::new();
    while let Some(address) = waiting.pop_front() {
        let page = house.send(&format!("GET {address}"), &[("cookie", &cookie)], Body::empty()).await;
        assert!(
            page.status == StatusCode::OK || is_expected(&address, page.status),
            "{address}: {} {}",
            page.status,
            page.text()
        );
        if let Some(entry) = address.strip_prefix("/r/1/e/").filter(|_| page.status == StatusCode::OK) {
            reached.insert(entry.to_owned());
        }
        for next in links(&page.text()) {
            if seen.insert(next.clone()) {
                waiting.push_back(next);
            }
        }
    }
    reached
}

/// A link to something that is not in this record, as its source wrote it; a measurement without a code cannot be followed.
fn is_expected(address: &str, status: StatusCode) -> bool {
    let may_be_missing = ["/r/1/e/", "/r/1/file/", "/r/1/trend/"].iter().any(|part| address.starts_with(part));
    status == StatusCode::NOT_FOUND && may_be_missing
}

/// The addresses within the record that a page links to.
fn links(page: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = hrefs.filter(|address| address.starts_with("/r/1/"));
    own.map(|address| {
        address.replace("&#38;", "&").replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned()
    })
    .collect()
}
