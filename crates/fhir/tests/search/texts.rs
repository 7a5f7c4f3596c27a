//! Texts are compared without accents, case and surplus white space, and taken apart into words (REST-36).

use mecum_fhir::search::{MAX_NORMALISED, MAX_WORD, normalise, terms};
use proptest::prelude::*;

#[test]
fn rest_36_accents_case_and_white_space_do_not_tell_texts_apart() {
    for (text, normalised) in [
        ("Müller", "muller"),
        ("MULLER", "muller"),
        ("Mu\u{308}ller", "muller"),
        ("  van\tden \n Heuvel ", "van den heuvel"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("İstanbul", "istanbul"),
        ("ﬁne", "fine"),
        ("№ 5", "no 5"),
        ("O'Brien-Łuksza", "o'brien-łuksza"),
        ("北京", "北京"),
        ("\u{a0}", ""),
        ("", ""),
    ] {
        assert_eq!(normalise(text), normalised);
    }
}

#[test]
fn a_normalised_text_is_bounded() {
    assert_eq!(normalise(&"é".repeat(1000)).chars().count(), MAX_NORMALISED);
    let words = normalise(&"a ".repeat(1000));
    assert!(words.chars().count() <= MAX_NORMALISED && !words.ends_with(' '));
}

#[test]
fn words_are_runs_of_letters_and_digits() {
    assert_eq!(terms("Type-2 Diabetes (E11.9), since 2009!"), ["type", "diabetes", "e11", "since", "2009"]);
    assert_eq!(terms("Alzheimer’s; naïve"), ["alzheimer", "naive"]);
    assert_eq!(terms("a b c"), Vec::<String>::new());
    assert_eq!(terms(&"x".repeat(1000)), ["x".repeat(MAX_WORD)]);
    assert_eq!(terms("糖尿病 β-Blocker"), ["糖尿病", "blocker"]);
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing(text in "\\PC{0,60}") {
        let once = normalise(&text);
        prop_assert_eq!(normalise(&once), once);
    }

    #[test]
    fn case_and_composition_do_not_matter(text in "[ a-zA-ZäöüÄÖÜéèßçñåøæ]{0,40}") {
        prop_assert_eq!(normalise(&text.to_uppercase()), normalise(&text));
        prop_assert_eq!(normalise(&text.to_lowercase()), normalise(&text));
    }

    #[test]
    fn a_word_is_found_again_as_itself(text in "\\PC{0,60}") {
        for term in terms(&text) {
            prop_assert_eq!(terms(&term), vec![term]);
        }
    }
}
