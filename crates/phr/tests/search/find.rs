//! Finding as a person does: words and queries, a readable line each.

use mecum_phr::Failure;
use mecum_phr::disclose::Asked;
use mecum_phr::interaction::search::{FindRequest, Findings, find};

use crate::house::{House, on_both, operator};

fn look(house: &House, what: &str, limit: u32, page: Option<&str>) -> Result<Findings, Failure> {
    let request = FindRequest { record: house.record, what, limit, page };
    Ok(find(&house.phr, &operator(), &request, &Asked::new("find"))?.deliver())
}

fn with_record(house: &House) {
    house.import(&[
        r#"{"resourceType":"Patient","id":"p","name":[{"given":["Zoë"],"family":"Müller"}]}"#,
        r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"Thyrotropin"},"valueQuantity":{"value":4.10,"unit":"mU/L"},"effectiveDateTime":"2024-05","note":[{"text":"fasting, in the morning"}]}"#,
        r#"{"resourceType":"Condition","id":"c","code":{"coding":[{"code":"E03.9","display":"Hypothyroidism"}]},"subject":{"reference":"Patient/p"},"onsetDateTime":"2019"}"#,
        r#"{"resourceType":"MedicationRequest","id":"m","status":"stopped","intent":"order","medicationCodeableConcept":{"text":"Levothyroxine"},"subject":{"reference":"Patient/p"}}"#,
    ]);
}

#[test]
fn words_find_names_texts_codes_and_notes_whatever_their_case_and_accents() {
    on_both(|house| {
        with_record(house);
        for (what, kind) in [
            ("muller", "Patient"),
            ("ZOE mül", "Patient"),
            ("thyrotropin", "Observation"),
            ("fasting, morn", "Observation"),
            ("E03", "Condition"),
            ("levothyrox", "Medication request"),
        ] {
            let found = look(house, what, 10, None).unwrap();
            let kinds: Vec<&str> = found.hits.iter().map(|hit| hit.kind.as_str()).collect();
            assert_eq!((kinds, found.total), (vec![kind], Some(1)), "{what}");
        }
        assert_eq!(look(house, "nothing of the kind", 10, None).unwrap().total, Some(0));
        for what in ["", "  ", "a", "?", ","] {
            assert!(look(house, what, 10, None).is_err() || what == "?", "{what:?}");
        }
    });
}

#[test]
fn a_query_is_a_search_and_each_hit_reads_as_a_line() {
    on_both(|house| {
        with_record(house);
        let found = look(house, "Observation?date=2024", 10, None).unwrap();
        let hit = &found.hits[0];
        let headline = hit.headline.as_ref().unwrap();
        assert_eq!((headline.title.as_str(), headline.value.as_str()), ("Thyrotropin", "4.10 mU/L"));
        assert!(hit.name.starts_with("Observation/"));
        let all = look(house, "?_type=Condition,MedicationRequest", 10, None).unwrap();
        assert_eq!(all.total, Some(2));
        let refused = look(house, "Observation?nonsense=1", 10, None);
        assert!(matches!(refused, Err(Failure::Malformed(_))));
    });
}

#[test]
fn the_next_page_is_asked_for_by_name() {
    on_both(|house| {
        with_record(house);
        let first = look(house, "?", 3, None).unwrap();
        assert_eq!((first.hits.len(), first.total), (3, Some(4)));
        let second = look(house, "?", 3, first.next.as_deref()).unwrap();
        assert_eq!((second.hits.len(), second.next), (1, None));
    });
}
