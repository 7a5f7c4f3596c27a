//! The words of a resource are those that are meant to be read (`_content`, `_text`).

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::{Words, words_of};

fn words(json: &str) -> Words {
    words_of(&Resource::parse(json.as_bytes(), &Limits::default()).expect("a resource"))
}

#[test]
fn names_displays_texts_notes_codes_and_narrative_are_words() {
    let found = words(
        r##"{"resourceType":"Condition","id":"not-this","meta":{"profile":["http://example.org/nor/this"]},
        "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Stra&#223;e &amp; <b>Caf\u00e9</b></p></div>"},
        "contained":[{"resourceType":"Practitioner","id":"p","name":[{"family":"Okafor","_given":[{"extension":[{"url":"x",
        "valueString":"hidden"}]}]}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"73211009",
        "display":"Diabetes mellitus"}],"text":"Sugar"},"onsetDateTime":"2019-04-05","note":[{"text":"Seen *twice*"}],
        "subject":{"reference":"Patient/none","display":"Ann Lee"},"unknown":"not this either"}"##,
    );
    let all = [
        "73211009",
        "ann",
        "cafe",
        "diabetes",
        "generated",
        "hidden",
        "lee",
        "mellitus",
        "okafor",
        "seen",
        "strasse",
        "sugar",
        "twice",
    ];
    assert_eq!(found.all, all);
    assert_eq!(found.narrative, ["cafe", "strasse"]);
}

#[test]
fn markup_is_no_text_and_its_faults_do_no_harm() {
    let div = |div: &str| {
        let div = div.replace('"', "\\\"");
        words(&format!(r#"{{"resourceType":"Patient","text":{{"div":"{div}"}}}}"#)).narrative
    };
    assert_eq!(div("<p title=\"secret\">one<br/>two</p>"), ["one", "two"]);
    assert_eq!(
        div("AT&amp;T fish&chips &unknown; &#xe9;t&#233; &#x110000; &"),
        ["at", "chips", "ete", "fish", "unknown", "x110000"]
    );
    assert_eq!(div("open <b"), ["open"]);
    assert_eq!(div(""), Vec::<String>::new());
}

#[test]
fn the_words_of_a_resource_are_bounded() {
    let many: String = (0..9000).map(|n| format!("word{n} ")).collect();
    let found = words(&format!(r#"{{"resourceType":"Patient","name":[{{"text":"{many}"}}]}}"#));
    assert_eq!(found.all.len(), 4000);
    assert!(found.all.is_sorted() && found.narrative.is_empty());
}
