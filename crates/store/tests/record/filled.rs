//! A store with a bit of everything in it, for what is proved of a whole store.

use mecum_record::access::Act;
use mecum_record::commit::CommitAct;
use mecum_record::ids::{CommitId, RecordId};
use mecum_store::body::BlobContent;
use mecum_store::{Content as Put, NewImport, Store};

use crate::access_log::line;
use crate::house::{NOW_US, new_record, permit, read, source};
use crate::resource::{Changed, commit, deletion, digest_of, mapping, observation, pulse, put_from, reverting, words};

/// Two records with a bit of everything, and the directory.
pub(crate) fn filled(store: &Store) -> [RecordId; 2] {
    let records = [new_record(store), new_record(store)];
    for (record, mark) in records.into_iter().zip(["a", "b"]) {
        fill(store, record, mark);
    }
    let practitioner = put_from(r#"{"resourceType":"Practitioner","id":"d","identifier":[{"value":"npi"}]}"#, None);
    commit(store, RecordId::DIRECTORY, &[practitioner]).unwrap();
    let lines = [line(records[0], "one"), line(records[1], "two"), line(records[0], "three"), line(records[0], "four")];
    store.append_access(&lines).unwrap();
    records
}

fn fill(store: &Store, record: RecordId, mark: &str) {
    let id = |name: &str| format!("{mark}-{name}");
    let by_hand = [pulse(&id("hand"), "one"), pulse(&id("gone"), "one")];
    commit(store, record, &by_hand).unwrap();
    let import = import(store, record, mark);
    commit(store, record, &[pulse(&id("hand"), "two").at_version(1)]).unwrap();
    let gone = deletion(&read(store, record, &observation(&id("gone"))).unwrap());
    commit(store, record, &[gone]).unwrap();
    let imported = read(store, record, &observation(&id("line"))).unwrap();
    let restore = permit(store, record, Act::Restore);
    store.commit(&[restore], &reverting(import), &[deletion(&imported)]).unwrap();
}

/// A staged import with mappings, identifiers, references, labels, dates, an original and a Binary beside its blob.
fn import(store: &Store, record: RecordId, mark: &str) -> CommitId {
    let clinic = source(store, record, "clinic");
    let allowed = permit(store, record, Act::Import);
    let blob = |content: String| store.put_blob(&allowed, &mut content.as_bytes()).unwrap();
    let original = blob(format!("the original of {mark}"));
    let image = blob(format!("an image of {mark}").repeat(10_000));
    let new = NewImport { source: clinic, at_us: NOW_US, originals: vec![original.name], report: b"report".to_vec() };
    let mut staged = store.begin_staging(&permit(store, record, Act::Import), Some(&new), "test", NOW_US).unwrap();
    let patient = format!(
        r#"{{"resourceType":"Patient","id":"{mark}-p","birthDate":"1980-05","identifier":[{{"system":"urn:mrn","value":"{mark}7"}},{{"value":"{mark}8"}}]}}"#
    );
    let labelled = format!(
        r#"{{"resourceType":"Observation","id":"{mark}-line","meta":{{"security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}}]}},"category":[{{"coding":[{{"code":"laboratory"}}]}}],"effectiveDateTime":"2024-05-01","valueQuantity":{{"value":4.10,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}},"component":[{{"valueQuantity":{{"value":{{"unit":"x"}}}}}},{{"code":{{"coding":[{{"system":"urn:c","code":"c"}}]}},"valueQuantity":{{"value":-7,"unit":"steps"}}}}],"subject":{{"reference":"Patient/{mark}-p"}},"performer":[{{"reference":"Practitioner/{mark}-d"}}]}}"#
    );
    let risk = format!(
        r#"{{"resourceType":"RiskAssessment","id":"{mark}-risk","meta":{{"profile":["http://a.example/{mark}","http://b.example/p"]}},"prediction":[{{"probabilityDecimal":0.2}},{{"probabilityDecimal":90}}]}}"#
    );
    let mut binary =
        put_from(&format!(r#"{{"resourceType":"Binary","id":"{mark}-bin","contentType":"image/png"}}"#), None);
    if let Put::Put(body) = &mut binary.content {
        body.blob = Some(BlobContent { name: image.name.to_string(), size_bytes: image.size });
    }
    let labelled = put_from(&labelled, Some(clinic)).of_line(digest_of(store, record, "line"));
    let origins = [mapping(clinic, "1", &format!("{mark}-line")), mapping(clinic, "2", &format!("{mark}-other"))];
    staged.put(&[put_from(&patient, Some(clinic)), labelled], &origins, NOW_US).unwrap();
    staged.put(&[binary, put_from(&risk, Some(clinic))], &[mapping(clinic, "3", "x")], NOW_US).unwrap();
    staged.publish(&words(CommitAct::Import), b"done").unwrap().unwrap().commit
}
