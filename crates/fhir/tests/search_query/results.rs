//! Parameters about the result, and what the self link shows (R4 search.html#modifying; REST-31, REST-33, REST-43, REST-44).

use mecum_fhir::search::query::{Handling, Include, SortBy, SummaryMode, TotalMode};

use super::{parse, read};

fn sort(address: &str) -> String {
    let key = |by: &SortBy| match by {
        SortBy::Id => "id".to_owned(),
        SortBy::LastUpdated => "updated".to_owned(),
        SortBy::Param(param) => param.code().to_owned(),
    };
    let keys = read(address).sort;
    keys.iter()
        .map(|sort| format!("{}{}", if sort.descending { "-" } else { "" }, key(&sort.by)))
        .collect::<Vec<_>>()
        .join(",")
}

#[test]
fn rest_44_the_order_has_several_keys() {
    assert_eq!(sort("Observation?_sort=status,-date,_id"), "status,-date,id");
    assert_eq!(sort("?_sort=-_lastUpdated,_tag"), "-updated,_tag");
    assert_eq!(sort("Observation?_sort="), "");
}

#[test]
fn rest_44_count_is_capped_and_the_cap_shows() {
    for (asked, count, shown) in [
        ("20", 20, "20"),
        ("0", 0, "0"),
        ("1000", 1000, "1000"),
        ("1001", 1000, "1000"),
        ("99999999999999999999", 1000, "1000"),
    ] {
        let query = read(&format!("Observation?_count={asked}"));
        assert_eq!(query.count, Some(count));
        assert_eq!(query.honoured, [("_count".to_owned(), shown.to_owned())]);
    }
    assert_eq!(read("Observation?").count, None);
}

#[test]
fn rest_44_total_summary_and_elements() {
    for (word, meant) in
        [("none", TotalMode::None), ("estimate", TotalMode::Estimate), ("accurate", TotalMode::Accurate)]
    {
        assert_eq!(read(&format!("Patient?_total={word}")).total, Some(meant));
    }
    for (word, meant) in [
        ("true", SummaryMode::True),
        ("text", SummaryMode::Text),
        ("data", SummaryMode::Data),
        ("count", SummaryMode::Count),
        ("false", SummaryMode::False),
    ] {
        assert_eq!(read(&format!("Patient?_summary={word}")).summary, Some(meant));
    }
    assert_eq!(read("Observation?_elements=status,value&_elements=value,id").elements, ["status", "value", "id"]);
    assert_eq!(read("?_type=Patient,Observation&_elements=birthDate,value").elements, ["birthDate", "value"]);
}

fn include(include: &Include) -> String {
    let param = include.param.map_or("*", |param| param.code());
    let target = include.target.map(|of| format!(":{of}")).unwrap_or_default();
    format!("{}:{param}{target}{}", include.from, if include.iterates { "!" } else { "" })
}

#[test]
fn rest_43_includes_name_a_reference_or_all() {
    let query = read(
        "Observation?_include=Observation:subject:Patient&_include:iterate=Patient:general-practitioner\
         &_revinclude=Provenance:target&_revinclude:iterate=Provenance:*",
    );
    let found = |of: &[Include]| of.iter().map(include).collect::<Vec<_>>();
    assert_eq!(found(&query.includes), ["Observation:subject:Patient", "Patient:general-practitioner!"]);
    assert_eq!(found(&query.rev_includes), ["Provenance:target", "Provenance:*!"]);
    assert_eq!(found(&read("Observation?_include=*&_include=Observation:*").includes), ["Observation:*"]);
    let all = found(&read("Patient?_revinclude=*").rev_includes);
    assert!(all.contains(&"Observation:*".to_owned()) && all.contains(&"Provenance:*".to_owned()), "{all:?}");
    assert!(!all.contains(&"Substance:*".to_owned()), "a Substance leads only to Substances");
}

#[test]
fn rest_31_only_what_was_understood_is_honoured_in_its_order() {
    let written =
        "Patient?_format=json&name=a&foo=1&_pretty=true&gender=&_sort=name&_count=5000&_cursor=abc&near=1&_id=p";
    let query = parse(written, Handling::Lenient).unwrap_or_else(|fault| panic!("{fault}"));
    let honoured: Vec<_> = query.honoured.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(honoured, ["name=a", "_sort=name", "_count=1000", "_id=p"]);
    assert_eq!(query.ignored, ["foo", "near"]);
    assert_eq!(query.cursor.as_deref(), Some("abc"));
}

#[test]
fn rest_33_parameters_without_a_value_ask_for_nothing() {
    let empty = "Patient?name=&gender:not=&birthdate=&_id=,&_sort=&_count=&_total=&_summary=&_elements=&_include=\
                 &organization.name=&_has:Observation:patient:code=&name:missing=&_content=&_cursor=";
    let query = read(empty);
    assert!(query.clauses.is_empty() && query.honoured.is_empty() && query.ignored.is_empty());
    assert!(query.sort.is_empty() && query.count.is_none() && query.cursor.is_none());
    assert_eq!(read("?_type=").types.len(), 146);
}
