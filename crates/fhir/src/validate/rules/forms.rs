//! Rules of Questionnaires and their answers (R4 questionnaire.html, questionnaireresponse.html).

use super::Test::{Holds, NeededWhen, NotBoth, NotWhen, OnlyWhen};
use super::values::{are_distinct, is};
use super::{Rule, rule};
use crate::json::Element;

pub(super) const RULES: &[Rule] = &[
    rule("Questionnaire", "que-2", Holds(|form| are_distinct(form, "item", "linkId"), "a linkId is there once")),
    rule("Questionnaire.item", "que-1", NeededWhen(&["item"], "type", &["group"])),
    rule("Questionnaire.item", "que-1", NotWhen(&["item"], "type", &["display"])),
    rule("Questionnaire.item", "que-3", NotWhen(&["code"], "type", &["display"])),
    rule("Questionnaire.item", "que-4", NotBoth(&["answerOption", "answerValueSet"])),
    rule(
        "Questionnaire.item",
        "que-5",
        OnlyWhen(
            &["answerOption", "answerValueSet"],
            "type",
            &["choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"],
        ),
    ),
    rule("Questionnaire.item", "que-6", NotWhen(&["required", "repeats"], "type", &["display"])),
    rule("Questionnaire.item", "que-8", NotWhen(&["initial"], "type", &["group", "display"])),
    rule("Questionnaire.item", "que-9", NotWhen(&["readOnly"], "type", &["display"])),
    rule(
        "Questionnaire.item",
        "que-10",
        OnlyWhen(&["maxLength"], "type", &["boolean", "decimal", "integer", "string", "text", "url", "open-choice"]),
    ),
    rule("Questionnaire.item", "que-11", NotBoth(&["answerOption", "initial"])),
    rule(
        "Questionnaire.item",
        "que-12",
        Holds(conditions_are_joined, "more than two conditions need an enableBehavior"),
    ),
    rule(
        "Questionnaire.item",
        "que-13",
        Holds(one_initial_unless_it_repeats, "only an item that repeats has several initial values"),
    ),
    rule(
        "Questionnaire.item.enableWhen",
        "que-7",
        Holds(exists_is_true_or_false, "exists is answered by true or false"),
    ),
    rule("QuestionnaireResponse.item", "qrs-1", NotBoth(&["answer", "item"])),
];

fn count(object: Element<'_>, name: &str) -> usize {
    object.get(name).map_or(0, Element::len)
}

fn conditions_are_joined(item: Element<'_>) -> bool {
    count(item, "enableWhen") <= 2 || item.get("enableBehavior").is_some()
}

fn one_initial_unless_it_repeats(item: Element<'_>) -> bool {
    count(item, "initial") <= 1 || item.get("repeats").and_then(Element::as_bool) == Some(true)
}

fn exists_is_true_or_false(condition: Element<'_>) -> bool {
    !is(condition, "operator", "exists") || condition.get("answerBoolean").is_some()
}
