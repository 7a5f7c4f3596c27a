//! What is repaired in resources from outside (PHR-13 to PHR-19), and what is left as it is.

use mecum_exchange::repair::{RepairKind, Repaired, repair};
use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use proptest::prelude::*;

fn repaired(text: &str) -> Repaired {
    let resource = Resource::parse(text.as_bytes(), &Limits::default()).expect("a resource");
    repair(resource, &Limits::default())
}

/// Repairs `source` and expects `text`, the kinds and places given, and nothing more to do afterwards.
#[track_caller]
fn check(source: &str, text: &str, repairs: &[(RepairKind, &str)]) {
    let result = repaired(source);
    assert_eq!(result.resource.text(), text);
    let made: Vec<_> = result.repairs.iter().map(|repair| (repair.kind, repair.expression.as_str())).collect();
    assert_eq!(made, repairs);
    assert_eq!(result.source_text(), source, "the source's text is kept");
    let again = repaired(text);
    assert_eq!(again.resource.text(), text, "twice is once");
    assert!(again.repairs.is_empty());
}

#[track_caller]
fn check_left(source: &str) {
    check(source, source, &[]);
}

use RepairKind::{
    CodeGivenSystem, DatabaseIdDropped, EmptyDropped, MillisecondsToInstant, NullDropped, PutInArray,
    ReferencesToSection, TakenOutOfArray,
};

#[test]
fn phr_15_the_id_of_a_database_is_dropped_at_any_depth() {
    check(
        r#"{"resourceType":"Patient","name":[{"family":"Sim","_id":"a1"}],"_id":"JjMN","id":"w1"}"#,
        r#"{"resourceType":"Patient","name":[{"family":"Sim"}],"id":"w1"}"#,
        &[(DatabaseIdDropped, "Patient.name[0]._id"), (DatabaseIdDropped, "Patient._id")],
    );
    check(
        r#"{"resourceType":"Patient","_id":{"$oid":"5f1"}}"#,
        r#"{"resourceType":"Patient"}"#,
        &[(DatabaseIdDropped, "Patient._id")],
    );
}

#[test]
fn an_id_with_an_extension_is_fhir_and_stays() {
    check_left(r#"{"resourceType":"Patient","_id":{"extension":[{"url":"http://x.org","valueCode":"y"}]},"id":"w1"}"#);
}

#[test]
fn phr_13_an_absent_id_stays_absent() {
    check(
        r#"{"resourceType":"Patient","_id":"JjMN"}"#,
        r#"{"resourceType":"Patient"}"#,
        &[(DatabaseIdDropped, "Patient._id")],
    );
}

#[test]
fn phr_15_a_given_name_outside_its_array_is_put_in() {
    check(
        r#"{"resourceType":"Patient","name":[{"given":"William","prefix":"Dr","suffix":"III","family":"Sim"}]}"#,
        r#"{"resourceType":"Patient","name":[{"given":["William"],"prefix":["Dr"],"suffix":["III"],"family":"Sim"}]}"#,
        &[
            (PutInArray, "Patient.name[0].given"),
            (PutInArray, "Patient.name[0].prefix"),
            (PutInArray, "Patient.name[0].suffix"),
        ],
    );
}

#[test]
fn phr_15_an_object_where_r4_has_an_array_is_put_in_one_and_repaired_inside() {
    check(
        r#"{"resourceType":"Observation","category":{"text":"","coding":{"code":"laboratory"}},"status":"final"}"#,
        r#"{"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]}],"status":"final"}"#,
        &[
            (EmptyDropped, "Observation.category.text"),
            (PutInArray, "Observation.category.coding"),
            (PutInArray, "Observation.category"),
        ],
    );
    check(
        r#"{"resourceType":"Patient","contained":{"resourceType":"Organization","name":"H"}}"#,
        r#"{"resourceType":"Patient","contained":[{"resourceType":"Organization","name":"H"}]}"#,
        &[(PutInArray, "Patient.contained")],
    );
}

#[test]
fn what_does_not_look_like_the_content_of_an_array_is_not_put_in() {
    check_left(r#"{"resourceType":"Observation","category":"laboratory"}"#);
    check_left(r#"{"resourceType":"Observation","category":{"0":{"text":"laboratory"}}}"#);
    check_left(r#"{"resourceType":"Patient","contained":{"name":"H"}}"#);
    check_left(r#"{"resourceType":"Patient","name":[{"given":5}]}"#);
}

#[test]
fn an_array_of_one_is_taken_out_where_r4_has_a_single_value() {
    check(
        r#"{"resourceType":"Observation","status":["final"],"code":[{"text":"Weight"}],"subject":[null,{"reference":"Patient/1"}]}"#,
        r#"{"resourceType":"Observation","status":"final","code":{"text":"Weight"},"subject":{"reference":"Patient/1"}}"#,
        &[
            (TakenOutOfArray, "Observation.status"),
            (TakenOutOfArray, "Observation.code"),
            (NullDropped, "Observation.subject[0]"),
            (TakenOutOfArray, "Observation.subject"),
        ],
    );
}

#[test]
fn an_array_of_several_is_left_where_r4_has_a_single_value() {
    check_left(r#"{"resourceType":"Observation","status":["final","amended"],"code":[["a"]]}"#);
    check(
        r#"{"resourceType":"Observation","status":["final","","amended"]}"#,
        r#"{"resourceType":"Observation","status":["final","amended"]}"#,
        &[(EmptyDropped, "Observation.status[1]")],
    );
}

#[test]
fn phr_15_a_bare_status_gets_the_system_that_it_is_from() {
    check(
        r#"{"resourceType":"Condition","clinicalStatus":"active","verificationStatus":"confirmed"}"#,
        concat!(
            r#"{"resourceType":"Condition","clinicalStatus":"#,
            r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"#,
            r#""verificationStatus":"#,
            r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"confirmed"}]}}"#,
        ),
        &[(CodeGivenSystem, "Condition.clinicalStatus"), (CodeGivenSystem, "Condition.verificationStatus")],
    );
    check(
        r#"{"resourceType":"AllergyIntolerance","clinicalStatus":"resolved"}"#,
        concat!(
            r#"{"resourceType":"AllergyIntolerance","clinicalStatus":"#,
            r#"{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical","code":"resolved"}]}}"#,
        ),
        &[(CodeGivenSystem, "AllergyIntolerance.clinicalStatus")],
    );
}

#[test]
fn a_status_outside_the_codes_and_a_coding_without_system_are_left() {
    check_left(r#"{"resourceType":"Condition","clinicalStatus":"Active"}"#);
    check_left(r#"{"resourceType":"Condition","clinicalStatus":{"coding":[{"code":"active"}]}}"#);
    check_left(r#"{"resourceType":"Condition","severity":"severe"}"#);
}

#[test]
fn phr_15_milliseconds_become_an_instant_in_utc() {
    check(
        r#"{"resourceType":"Observation","issued":1614643200000,"effectiveDateTime":930873600123}"#,
        r#"{"resourceType":"Observation","issued":"2021-03-02T00:00:00.000Z","effectiveDateTime":"1999-07-02T00:00:00.123Z"}"#,
        &[(MillisecondsToInstant, "Observation.issued"), (MillisecondsToInstant, "Observation.effectiveDateTime")],
    );
}

#[test]
fn numbers_that_could_be_seconds_or_days_are_left() {
    for number in ["1614643200", "99999999999", "4102444800000", "1614643200000.5", "1.6146432e12", "-1614643200000"] {
        check_left(&format!(r#"{{"resourceType":"Observation","issued":{number}}}"#));
    }
    check_left(r#"{"resourceType":"Patient","birthDate":1614643200000}"#);
    check_left(r#"{"resourceType":"Observation","issued":"1614643200000","valueInteger":1614643200000}"#);
}

#[test]
fn phr_14_empty_references_go_and_so_does_what_is_empty_without_them() {
    check(
        r#"{"resourceType":"Composition","author":[{"display":"","reference":""}],"subject":{"display":"W","reference":""},"title":"T"}"#,
        r#"{"resourceType":"Composition","subject":{"display":"W"},"title":"T"}"#,
        &[(EmptyDropped, "Composition.author"), (EmptyDropped, "Composition.subject.reference")],
    );
}

#[test]
fn rest_60_nulls_and_empty_values_go() {
    check(
        r#"{"resourceType":"Patient","active":null,"name":[],"contact":[{}],"address":[{"line":[null,""],"city":"B"}],"foo":null,"bar":""}"#,
        r#"{"resourceType":"Patient","address":[{"city":"B"}]}"#,
        &[
            (NullDropped, "Patient.active"),
            (EmptyDropped, "Patient.name"),
            (EmptyDropped, "Patient.contact"),
            (EmptyDropped, "Patient.address[0].line"),
            (NullDropped, "Patient.foo"),
            (EmptyDropped, "Patient.bar"),
        ],
    );
}

#[test]
fn nulls_that_keep_a_primitive_and_its_extensions_in_step_stay() {
    check_left(
        r#"{"resourceType":"Patient","name":[{"given":["A",null,""],"_given":[null,{"id":"x"},{"extension":[{"url":"http://x.org"}]}]}]}"#,
    );
    check(
        r#"{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,null]}],"_birthDate":null}"#,
        r#"{"resourceType":"Patient","name":[{"given":["A"]}]}"#,
        &[
            (NullDropped, "Patient.name[0].given[1]"),
            (EmptyDropped, "Patient.name[0]._given"),
            (NullDropped, "Patient._birthDate"),
        ],
    );
}

#[test]
fn the_extensions_of_a_primitive_follow_it_into_and_out_of_its_array() {
    check(
        r#"{"resourceType":"Patient","name":[{"given":"A","_given":{"id":"x"}}],"birthDate":["1970"],"_birthDate":[{"id":"y"}]}"#,
        r#"{"resourceType":"Patient","name":[{"given":["A"],"_given":[{"id":"x"}]}],"birthDate":"1970","_birthDate":{"id":"y"}}"#,
        &[
            (PutInArray, "Patient.name[0].given"),
            (PutInArray, "Patient.name[0]._given"),
            (TakenOutOfArray, "Patient.birthDate"),
            (TakenOutOfArray, "Patient._birthDate"),
        ],
    );
    check_left(r#"{"resourceType":"Patient","name":[{"given":["A","B"],"_given":{"id":"x"}}]}"#);
}

#[test]
fn phr_14_references_in_place_of_sections_become_the_entries_of_one() {
    check(
        r#"{"resourceType":"Composition","section":[{"reference":""},{"reference":"Patient/1","display":""},{"reference":"Condition/2"},{"title":"Notes","text":{"status":"empty"}},{"reference":"Observation/3"}]}"#,
        r#"{"resourceType":"Composition","section":[{"entry":[{"reference":"Patient/1"},{"reference":"Condition/2"}]},{"title":"Notes","text":{"status":"empty"}},{"entry":[{"reference":"Observation/3"}]}]}"#,
        &[
            (EmptyDropped, "Composition.section[0]"),
            (EmptyDropped, "Composition.section[1].display"),
            (ReferencesToSection, "Composition.section[1]"),
            (ReferencesToSection, "Composition.section[4]"),
        ],
    );
    check(
        r#"{"resourceType":"Composition","section":{"reference":"Patient/1"}}"#,
        r#"{"resourceType":"Composition","section":[{"entry":[{"reference":"Patient/1"}]}]}"#,
        &[(ReferencesToSection, "Composition.section[0]"), (PutInArray, "Composition.section")],
    );
    check_left(
        r#"{"resourceType":"Composition","section":[{"reference":"Patient/1","title":"A section that refers"}]}"#,
    );
}

#[test]
fn elements_that_r4_does_not_have_are_kept_with_their_content() {
    check_left(
        r#"{"resourceType":"Condition","participant":[{"actor":{"reference":""}}],"fhir_comments":["x",null],"x":{"given":"A"}}"#,
    );
    check_left(r#"{"resourceType":"Patient","contained":[{"resourceType":"Citation","title":""},{"note":""}]}"#);
}

#[test]
fn an_object_that_repeats_a_name_is_left_alone() {
    check_left(r#"{"resourceType":"Patient","birthDate":"","birthDate":"1970","name":{"family":""}}"#);
    check(
        r#"{"resourceType":"Patient","name":[{"family":"","family":"A"}],"gender":""}"#,
        r#"{"resourceType":"Patient","name":[{"family":"","family":"A"}]}"#,
        &[(EmptyDropped, "Patient.gender")],
    );
}

#[test]
fn resources_in_a_bundle_are_repaired_unless_it_is_signed() {
    let bundle = r#"{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Patient","name":[{"given":"A"}]}}]"#;
    check(
        &format!("{bundle}}}"),
        r#"{"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Patient","name":[{"given":["A"]}]}}]}"#,
        &[(PutInArray, "Bundle.entry[0].resource.name[0].given")],
    );
    check_left(&format!(r#"{bundle},"signature":{{"who":{{"reference":"Device/1"}}}}}}"#));
}

#[test]
fn what_is_untouched_keeps_its_digits_escapes_and_order() {
    check(
        r#"{"issued":1614643200000,"valueQuantity":{"value":1.500E+2,"unit":"\u006dg"},"resourceType":"Observation","zeta":[ ],"note":[{"text":"a\/b"}]}"#
            .replace("[ ]", "[]")
            .as_str(),
        r#"{"issued":"2021-03-02T00:00:00.000Z","valueQuantity":{"value":1.500E+2,"unit":"\u006dg"},"resourceType":"Observation","note":[{"text":"a\/b"}]}"#,
        &[(MillisecondsToInstant, "Observation.issued"), (EmptyDropped, "Observation.zeta")],
    );
}

#[test]
fn a_resource_that_would_need_too_many_repairs_is_left() {
    let many = r#"{"text":"x","_id":"1"},"#.repeat(100_001);
    let source = format!(r#"{{"resourceType":"Observation","note":[{}]}}"#, many.trim_end_matches(','));
    let result = repaired(&source);
    assert!(result.repairs.is_empty());
    assert_eq!(result.resource.text(), source);
}

#[test]
fn a_repair_that_would_break_a_limit_is_not_made() {
    let source = r#"{"resourceType":"Patient","name":{"given":"A"}}"#;
    let limits = Limits { max_bytes: source.len(), ..Limits::default() };
    let resource = Resource::parse(source.as_bytes(), &limits).expect("within the limit");
    let result = repair(resource, &limits);
    assert_eq!(result.resource.text(), source);
    assert!(result.repairs.is_empty());
}

/// Texts of JSON values made of the names and shapes that repairs are about.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "null",
        "\"\"",
        "{}",
        "[]",
        "\"active\"",
        "\"Patient/1\"",
        "1614643200000",
        "true",
        "{\"_id\":\"a\"}",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((name(), inner), 0..5).prop_map(|members| object(&members)),
        ]
    })
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "given",
        "_given",
        "name",
        "text",
        "_id",
        "id",
        "extension",
        "coding",
        "category",
        "clinicalStatus",
        "issued",
        "onsetDateTime",
        "_onsetDateTime",
        "section",
        "entry",
        "reference",
        "display",
        "subject",
        "author",
        "contained",
        "birthDate",
        "_birthDate",
        "resourceType",
        "foo",
    ])
}

fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", members.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn repairing_twice_is_repairing_once(
        resource_type in prop::sample::select(vec!["Patient", "Condition", "Composition", "Observation", "Bundle"]),
        members in prop::collection::vec((name(), value()), 0..6),
    ) {
        let members: Vec<_> = members.into_iter().filter(|(key, _)| *key != "resourceType").collect();
        let mut all = vec![("resourceType", format!("\"{resource_type}\""))];
        all.extend(members);
        let once = repaired(&object(&all));
        let twice = repaired(once.resource.text());
        prop_assert_eq!(once.resource.text(), twice.resource.text());
        prop_assert!(twice.repairs.is_empty());
        prop_assert_eq!(once.repairs.is_empty(), once.source_text() == once.resource.text());
    }
}
