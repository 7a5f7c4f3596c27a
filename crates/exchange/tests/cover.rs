//! What Mecum adds to an export (PHR-5, PHR-19, PHR-22, PHR-54, PHR-57, PHR-70, PHR-94). HL7's validator finds no error in any of it.

use mecum_exchange::bundle;
use mecum_exchange::cover::{
    Confidentiality, Export, Generated, RideAlong, add, closing, collection, cover, document, manifest,
};
use mecum_exchange::item::ItemContent;
use mecum_exchange::phr::{self, Limits};
use mecum_exchange::repair::repair;
use mecum_fhir::bundle::{Bundle, BundleType};
use mecum_fhir::json::{self, Element};
use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;

const EXPORT: Export<'_> = Export {
    patient: "Patient/p1",
    made_at_us: 1_700_000_000_000_000,
    version: "0.1.0",
    confidentiality: Some(Confidentiality::Restricted),
};
const COUNTS: [(ResourceType, u64); 5] = [
    (ResourceType::OBSERVATION, 12),
    (ResourceType::PATIENT, 1),
    (ResourceType::CONDITION, 2),
    (ResourceType::DIAGNOSTIC_REPORT, 3),
    (ResourceType::BASIC, 0),
];
const UUID: &str = "urn:uuid:0b0c0d0e-0f10-4111-8213-141516171819";
const BASE: &str = "https://phr.example.org/fhir";

fn parsed(text: &str) -> Resource {
    Resource::parse(text.as_bytes(), &json::Limits::default()).expect("a resource")
}

fn text(element: Element<'_>, path: &[&str]) -> Option<String> {
    element.at(path)?.as_str().map(|text| text.into_owned())
}

fn first<'a>(element: Element<'a>, key: &str) -> Element<'a> {
    element.get(key).and_then(|list| list.items().next()).expect("not empty")
}

fn files() -> [RideAlong<'static>; 2] {
    let (path, sha256) = ("media/1.jpg", [0xa7; 32]);
    [
        RideAlong { path, described_by: None, sha256 },
        RideAlong { path: "media/2.jpg", described_by: Some("DocumentReference/d2"), sha256 },
    ]
}

#[test]
fn phr_70_the_cover_is_a_composition_of_loinc_11503_0_about_the_patient() {
    let cover = parsed(&cover(&EXPORT, &COUNTS));
    assert_eq!(cover.resource_type(), ResourceType::COMPOSITION);
    let root = cover.root();
    let code = first(root.get("type").expect("there"), "coding");
    assert_eq!(text(code, &["system"]).as_deref(), Some("http://loinc.org"));
    assert_eq!(text(code, &["code"]).as_deref(), Some("11503-0"));
    assert_eq!(text(root, &["subject", "reference"]).as_deref(), Some("Patient/p1"));
    assert_eq!(text(root, &["date"]).as_deref(), Some("2023-11-14T22:13:20.000Z"));
    assert_eq!(text(first(root, "author"), &["reference"]).as_deref(), Some("#mecum"));
    assert_eq!(text(first(root, "contained"), &["id"]).as_deref(), Some("mecum"));
}

#[test]
fn the_cover_counts_by_kind_and_names_nothing_but_types() {
    let cover = parsed(&cover(&EXPORT, &COUNTS));
    let sections = cover.root().get("section").expect("there");
    let told: Vec<_> = sections
        .items()
        .map(|section| (text(section, &["title"]).expect("titled"), text(section, &["text", "div"]).expect("counted")))
        .collect();
    let titles: Vec<_> = told.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(titles, ["People and organizations", "Problems", "Results and measurements"]);
    assert!(told[2].1.contains("<li>DiagnosticReport: 3</li><li>Observation: 12</li>"));
}

#[test]
fn phr_94_the_label_of_the_whole_file_is_on_all_that_is_generated() {
    for text in [cover(&EXPORT, &[]), manifest(&EXPORT, &[]), closing(&EXPORT, 3), collection(&EXPORT, UUID).finish()] {
        let resource = parsed(&text);
        let label = first(resource.meta().expect("there"), "security");
        assert_eq!(label.get("code").and_then(|code| code.as_str()).as_deref(), Some("R"));
        let unlabelled = Export { confidentiality: None, ..EXPORT };
        assert!(!cover(&unlabelled, &[]).contains("security"));
    }
    assert_eq!(Confidentiality::ALL.iter().max(), Some(&Confidentiality::VeryRestricted));
    for label in Confidentiality::ALL {
        assert_eq!(Confidentiality::parse(label.code()), Some(label));
    }
}

#[test]
fn phr_22_the_manifest_names_the_cover_and_every_file_with_its_hash() {
    let manifest = parsed(&manifest(&EXPORT, &files()));
    let content: Vec<_> = manifest.root().get("content").expect("there").items().collect();
    assert_eq!(content.len(), 3);
    assert_eq!(text(content[0], &["reference"]).as_deref(), Some("Composition/mecum-cover-p1"));
    assert_eq!(text(content[1], &["reference"]), None);
    assert_eq!(text(content[2], &["reference"]).as_deref(), Some("DocumentReference/d2"));
    assert_eq!(text(content[2], &["display"]).as_deref(), Some("media/2.jpg"));
    assert_eq!(text(content[1], &["identifier", "value"]), Some("a7".repeat(32)));
}

#[test]
fn phr_19_a_manifest_is_never_without_content() {
    let manifest = parsed(&manifest(&EXPORT, &[]));
    assert_eq!(manifest.root().get("content").map(Element::len), Some(1));
}

#[test]
fn phr_57_the_closing_provenance_is_about_the_cover_and_its_activity_is_extract() {
    let closing = parsed(&closing(&EXPORT, 5));
    assert_eq!(closing.resource_type(), ResourceType::PROVENANCE);
    assert_eq!(text(first(closing.root(), "target"), &["reference"]).as_deref(), Some("Composition/mecum-cover-p1"));
    let activity = first(closing.root().get("activity").expect("there"), "coding");
    assert_eq!(text(activity, &["code"]).as_deref(), Some("extract"));
}

#[test]
fn ids_are_always_the_same_and_always_valid() {
    let long = "a".repeat(64);
    for (patient, id) in
        [("Patient/p1", "mecum-cover-p1"), (&format!("Patient/{long}"), "mecum-cover"), ("", "mecum-cover-")]
    {
        let export = Export { patient, ..EXPORT };
        assert_eq!(parsed(&cover(&export, &[])).id().as_deref(), Some(id));
        assert_eq!(cover(&export, &COUNTS), cover(&export, &COUNTS));
    }
}

#[test]
fn all_that_is_generated_is_known_again() {
    for (text, generated) in [
        (cover(&EXPORT, &COUNTS), Generated::Cover),
        (manifest(&EXPORT, &files()), Generated::Manifest),
        (closing(&EXPORT, 1), Generated::Closing),
    ] {
        assert_eq!(Generated::of(&parsed(&text)), Some(generated));
        assert!(!text.contains('\n'), "one line (PHR-2)");
    }
}

#[test]
fn phr_54_a_document_begins_with_a_composition_that_lists_every_entry() {
    let entries = [(ResourceType::PATIENT, "p1"), (ResourceType::OBSERVATION, "o1"), (ResourceType::BASIC, "b1")];
    let mut bundle = document(&EXPORT, BASE, UUID, entries);
    let mut text_so_far = bundle.take();
    for (resource_type, id) in entries {
        let text = format!(r#"{{"resourceType":"{resource_type}","id":"{id}"}}"#);
        add(&mut bundle, BASE, (resource_type, id), &text);
        text_so_far.push_str(&bundle.take());
    }
    text_so_far.push_str(&bundle.finish());
    let resource = parsed(&text_so_far);
    let bundle = Bundle::of(&resource).expect("a Bundle");
    assert_eq!(bundle.bundle_type(), Some(BundleType::Document));
    assert_eq!(text(bundle.root(), &["identifier", "value"]).as_deref(), Some(UUID));
    assert_eq!(bundle.timestamp().as_deref(), Some("2023-11-14T22:13:20.000Z"));
    let addresses: Vec<_> =
        bundle.entries().map(|entry| entry.full_url().expect("each has one").into_owned()).collect();
    assert_eq!(addresses[0], format!("{BASE}/Composition/mecum-cover-p1"));
    let composition = bundle.entries().next().and_then(|entry| entry.resource()).expect("there");
    let sections = composition.get("section").expect("there").items();
    let listed: Vec<_> = sections
        .flat_map(|section| section.get("entry").expect("listed").items())
        .map(|entry| format!("{BASE}/{}", text(entry, &["reference"]).expect("a reference")))
        .collect();
    assert_eq!(listed, addresses[1..]);
}

#[test]
fn a_document_and_a_collection_come_back_as_what_was_put_in() {
    let patient = r#"{"resourceType":"Patient","id":"p1"}"#;
    let key = (ResourceType::PATIENT, "p1");
    for (mut bundle, n_generated) in [(document(&EXPORT, BASE, UUID, [key]), 1), (collection(&EXPORT, UUID), 0)] {
        add(&mut bundle, BASE, key, patient);
        let items: Vec<_> = bundle::read(bundle.finish().as_bytes(), &Limits::default()).collect();
        assert_eq!(items.len(), n_generated + 1);
        assert_eq!(items.iter().filter(|item| matches!(item.content, ItemContent::Generated(_))).count(), n_generated);
        let ItemContent::Resource(back) = &items[n_generated].content else { panic!("not taken in") };
        assert_eq!(back.resource.text(), patient);
        assert_eq!(items[n_generated].full_url.as_deref(), Some("https://phr.example.org/fhir/Patient/p1"));
    }
}

#[test]
fn nothing_that_is_generated_needs_a_repair() {
    let hostile = Export { patient: "Patient/\"\\\n", version: "", ..EXPORT };
    for export in [EXPORT, hostile] {
        let texts = [cover(&export, &COUNTS), cover(&export, &[]), manifest(&export, &files()), closing(&export, 0)];
        for text in texts {
            let repaired = repair(parsed(&text), &json::Limits::default());
            assert!(repaired.repairs.is_empty(), "{text}");
        }
    }
}

#[test]
fn phr_2_an_export_without_anything_but_its_patient_is_a_complete_file() {
    let patient = r#"{"resourceType":"Patient","id":"p1"}"#;
    let lines =
        [cover(&EXPORT, &[(ResourceType::PATIENT, 1)]), manifest(&EXPORT, &[]), patient.into(), closing(&EXPORT, 4)];
    let text = lines.join("\n") + "\n";
    let mut file = phr::open(text.as_bytes(), &Limits::default()).expect("opens");
    assert_eq!(file.by_ref().count(), 4);
    assert_eq!(file.ending().completeness, phr::Completeness::Complete);
}
