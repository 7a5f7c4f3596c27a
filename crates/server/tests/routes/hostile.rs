//! Hostile archives at `$import`: 422 with an OperationOutcome, nothing changed, nothing said of what is in them (PHR-27, PHR-58).

use std::path::{Path, PathBuf};

use crate::house::House;

/// The archives among the seeds of the fuzz targets.
fn archives() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/archive");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

#[tokio::test]
async fn phr_27_a_hostile_archive_is_422_and_changes_nothing() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/zip")];
    let hostile = archives().into_iter().filter(|(path, _)| name(path).starts_with("hostile-"));
    let mut n_refused = 0;
    for (path, bytes) in hostile {
        let answer = house.send("POST /fhir/Bundle/$import", &headers, bytes).await;
        assert_eq!(answer.status, 422, "{}: {}", name(&path), answer.text());
        assert_eq!(answer.json()["resourceType"], "OperationOutcome");
        assert_eq!(answer.json()["issue"][0]["severity"], "error");
        assert!(!answer.text().contains("evil") && !answer.text().contains("passwd"), "{}", answer.text());
        n_refused += 1;
    }
    assert!(n_refused > 15);
    let history = house.get("GET /fhir/_history", &house.first).await.json();
    assert!(history["entry"].as_array().is_none_or(Vec::is_empty), "{history}");
    assert_eq!(house.get("GET /ready", "").await.status, 200);
}

#[tokio::test]
async fn whatever_is_sent_to_import_is_taken_or_refused_and_never_a_fault_of_ours() {
    let house = House::new();
    let bearer = format!("Bearer {}", house.first);
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/octet-stream")];
    for (path, bytes) in archives() {
        for end in [bytes.len() / 3, bytes.len() / 2, bytes.len() - 1, bytes.len()] {
            let answer = house.send("POST /fhir/Bundle/$import", &headers, bytes[..end].to_vec()).await;
            let status = answer.status.as_u16();
            assert!([200, 400, 413, 422].contains(&status), "{}, {end} bytes: {}", name(&path), answer.text());
        }
    }
}
