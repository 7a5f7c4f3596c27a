//! Values of every kind of parameter (R4 search.html#ptypes).

use mecum_fhir::search::query::{Clause, DateMatch, Matches, NumberMatch, Prefix};
use mecum_fhir::search::value::{NumberKey, Stretch};

use super::{NOW_US, clauses, read, stretch};

fn check(table: &[(&str, &str)]) {
    for (address, expect) in table {
        assert_eq!(clauses(address), *expect, "{address}");
    }
}

#[test]
fn rest_36_strings_are_beginnings_without_case_and_accents() {
    check(&[
        ("Patient?name=Zoë", "name ['zoe…']"),
        ("Patient?name:exact=Zoë", "name ['Zoë']"),
        ("Patient?name:contains=ÏS", "name ['…is…']"),
        ("Patient?given=Ann,B\\,C", "given ['ann…' or 'b,c…']"),
        ("Patient?name=de  la Cruz", "name ['de la cruz…']"),
    ]);
}

#[test]
fn rest_37_tokens_have_four_forms() {
    check(&[
        ("Observation?code=8480-6", "code [any:'8480-6']"),
        ("Observation?code=http://loinc.org|8480-6", "code ['http://loinc.org':'8480-6']"),
        ("Patient?identifier=|123", "identifier ['':'123']"),
        ("Patient?identifier=urn:oid:1.2|", "identifier ['urn:oid:1.2':any]"),
        (r"Patient?identifier=a\|b", "identifier [any:'a|b']"),
        (r"Patient?identifier=s|a\|b\,c,d", "identifier ['s':'a|b,c' or any:'d']"),
        ("Patient?active=true", "active [any:'true']"),
        ("Patient?gender:not=male,female", "gender not [any:'male' or any:'female']"),
        ("Observation?code:text=Blood pressure", "code ['blood pressure…']"),
        ("Observation?_tag=http://a|b", "_tag ['http://a':'b']"),
        ("Observation?_security=R", "_security [any:'R']"),
    ]);
}

#[test]
fn rest_40_references_are_ids_resources_or_addresses_without_their_version() {
    check(&[
        ("Observation?patient=1", "patient [Patient/1]"),
        ("Observation?subject=1", "subject [Group+Device+Patient+Location/1]"),
        ("Observation?subject=Patient/1", "subject [Patient/1]"),
        ("Observation?subject=Patient/1/_history/2", "subject [Patient/1]"),
        ("Observation?subject:Patient=1", "subject [Patient/1]"),
        ("Observation?subject:Patient=Patient/1", "subject [Patient/1]"),
        ("Observation?subject=https://phr.example/fhir/Patient/1", "subject [Patient/1]"),
        ("Observation?subject=http://phr.example/fhir/Patient/1/_history/3", "subject [Patient/1]"),
        ("Observation?subject=https://a.example/r4/Patient/1/_history/2", "subject [<https://a.example/r4/Patient/1>]"),
        ("Observation?subject=urn:uuid:5", "subject [<urn:uuid:5>]"),
        ("Observation?subject=1,Patient/2", "subject [Group+Device+Patient+Location/1 or Patient/2]"),
        ("Observation?subject:identifier=http://a|7", "subject ['http://a':'7']"),
        ("Measure?depends-on=http://a.example/thing|1.0", "depends-on [<http://a.example/thing>]"),
    ]);
    let address = "Basic?subject=1";
    assert!(clauses(address).len() > 1000, "a parameter that may lead anywhere asks for that id of every type");
}

#[test]
fn rest_41_uris_and_composites() {
    check(&[
        ("ValueSet?url=http://a.example/v", "url [http://a.example/v]"),
        ("ValueSet?url:below=http://a.example/", "url [below http://a.example/]"),
        ("ValueSet?url:above=http://a.example/b/c", "url [above http://a.example/b/c]"),
        ("Patient?_profile=http://a.example/p", "_profile [http://a.example/p]"),
        ("Patient?_source=http://a.example/p", "_source [http://a.example/p]"),
        (
            "Observation?code-value-quantity=http://loinc.org|8480-6$gt100||mmHg",
            "code-value-quantity [code=['http://loinc.org':'8480-6']$value-quantity=[gt any:mmHg]]",
        ),
        (
            "Observation?combo-code-value-concept=a$b,c$d",
            "combo-code-value-concept [combo-code=[any:'a']$combo-value-concept=[any:'b'] or \
             combo-code=[any:'c']$combo-value-concept=[any:'d']]",
        ),
        (r"Observation?code-value-string=a\$b$c\,d", "code-value-string [code=[any:'a$b']$value-string=['c,d…']]"),
        (
            "MolecularSequence?chromosome-window-coordinate=1$ge20$lt30",
            "chromosome-window-coordinate [chromosome=[any:'1']$window-start=[ge]$window-end=[lt]]",
        ),
    ]);
}

#[test]
fn rest_42_every_kind_can_be_missing() {
    check(&[
        ("Patient?name:missing=true", "name missing true"),
        ("Patient?gender:missing=false", "gender missing false"),
        ("Patient?birthdate:missing=true", "birthdate missing true"),
        ("Observation?subject:missing=true", "subject missing true"),
        ("Observation?value-quantity:missing=false", "value-quantity missing false"),
        ("ValueSet?url:missing=true", "url missing true"),
        ("RiskAssessment?probability:missing=true", "probability missing true"),
    ]);
}

fn dates(address: &str) -> Vec<DateMatch> {
    match read(address).clauses.remove(0) {
        Clause::Has { any_of: Matches::Date(dates), .. } | Clause::LastUpdated(dates) => dates,
        _ => panic!("{address} asks for no date"),
    }
}

#[test]
fn rest_38_a_date_is_the_stretch_of_its_precision_in_the_zone_of_the_server() {
    let whole: [(&str, i64, i64); 4] = [
        ("2020", 1_577_829_600, 1_609_452_000),
        ("2020-06", 1_590_962_400, 1_593_554_400),
        ("2020-06-01", 1_590_962_400, 1_591_048_800),
        ("2020-06-01T12:30", 1_591_007_400, 1_591_007_460),
    ];
    for (text, start, end) in whole {
        let expect = Stretch { start_us: start * 1_000_000, end_us: end * 1_000_000 };
        for (prefix, meant) in [("", Prefix::Eq), ("eq", Prefix::Eq), ("ne", Prefix::Ne), ("sa", Prefix::Sa)] {
            let found = dates(&format!("Observation?date={prefix}{text}"));
            assert!(found == [DateMatch { prefix: meant, range: expect }], "{prefix}{text}");
        }
    }
    let second = |at_us| Stretch { start_us: at_us, end_us: at_us + 1_000_000 };
    for text in
        ["2020-06-01T12:00:00Z", "2020-06-01T14:00:00+02:00", "2020-06-01T14:00:00 02:00", "2020-06-01T14:00:00"]
    {
        assert!(dates(&format!("Observation?_lastUpdated={text}"))[0].range == second(NOW_US), "{text}");
    }
    let prefixes = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
    let all = prefixes.map(|prefix| format!("{prefix}2020")).join(",");
    let found: Vec<_> = dates(&format!("Patient?birthdate={all}")).iter().map(|date| date.prefix.letters()).collect();
    assert_eq!(found, prefixes);
}

#[test]
fn rest_38_about_a_date_is_a_tenth_of_the_way_to_now() {
    let about = |text: &str| dates(&format!("Observation?date=ap{text}"))[0].range;
    let day = stretch("2020-05-22");
    assert!(about("2020-05-22").start_us == day.start_us - (NOW_US - day.start_us) / 10);
    assert!(about("2020-05-22").end_us == day.end_us + (NOW_US - day.end_us) / 10);
    let today = about("2020-06-01");
    assert!(today.start_us <= stretch("2020-06-01").start_us && today.end_us >= stretch("2020-06-01").end_us);
    let future = about("2030");
    assert!(future.start_us < stretch("2030").start_us && future.end_us > stretch("2030").end_us);
    assert!(about("0001").start_us < stretch("0001").start_us);
}

fn numbers(address: &str) -> Vec<NumberMatch> {
    match read(address).clauses.remove(0) {
        Clause::Has { any_of: Matches::Number(numbers), .. } => numbers,
        Clause::Has { any_of: Matches::Quantity(quantities), .. } => {
            quantities.into_iter().map(|of| of.number).collect()
        }
        _ => panic!("{address} asks for no number"),
    }
}

#[test]
fn rest_39_a_number_stands_for_the_range_of_its_digits() {
    let key = |text: &str| NumberKey::parse(text).unwrap();
    for (text, prefix, value, low, high) in [
        ("100", Prefix::Eq, "100", "99.5", "100.5"),
        ("100.00", Prefix::Eq, "100", "99.995", "100.005"),
        ("1e2", Prefix::Eq, "100", "95", "105"),
        ("ne-5.4", Prefix::Ne, "-5.4", "-5.45", "-5.35"),
        ("gt0.5", Prefix::Gt, "0.5", "0.45", "0.55"),
        ("ap100", Prefix::Ap, "100", "90", "110"),
        ("ap-100", Prefix::Ap, "-100", "-110", "-90"),
    ] {
        let expect = NumberMatch { prefix, value: key(value), low: key(low), high: key(high) };
        assert!(numbers(&format!("RiskAssessment?probability={text}")) == [expect.clone()], "{text}");
        assert!(numbers(&format!("Observation?value-quantity={text}||mg")) == [expect], "{text}");
    }
}

#[test]
fn rest_39_a_quantity_has_any_unit_a_spelling_or_a_unit_of_ucum() {
    let ucum = "http://unitsofmeasure.org";
    check(&[
        ("Observation?value-quantity=5.4", "value-quantity [eq]"),
        ("Observation?value-quantity=le5.4||mg", "value-quantity [le any:mg]"),
        (&format!("Observation?value-quantity=5.4|{ucum}|mg"), &format!("value-quantity [eq {ucum}:mg=g]")),
        ("Observation?value-quantity=2|http://a.example|tablet", "value-quantity [eq http://a.example:tablet]"),
    ]);
    let matches = |text: &str| match read(&format!("Observation?value-quantity={text}|{ucum}|g")).clauses.remove(0) {
        Clause::Has { any_of: Matches::Quantity(mut of), .. } => of.remove(0).unit.unwrap().canonical.unwrap().1,
        _ => panic!("no quantity"),
    };
    let grams = match read(&format!("Observation?value-quantity=ge1000|{ucum}|mg")).clauses.remove(0) {
        Clause::Has { any_of: Matches::Quantity(mut of), .. } => of.remove(0).unit.unwrap().canonical.unwrap().1,
        _ => panic!("no quantity"),
    };
    assert!(grams == matches("ge1.000"), "1000 mg and 1.000 g are the same, with the same precision");
    assert!(grams != matches("ge1.00"));
}
