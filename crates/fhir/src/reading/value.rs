//! What an observation found, in one line: value, components as pairs, or why there is none (R4 observation.html).

use crate::json::{Element, Kind};
use crate::resource::Resource;

use super::datatype::{concept, joined, string, text_of};

/// The value of an object with a `value[x]`: the member and its type's name as written (`valueQuantity`).
pub fn values<'a>(object: Element<'a>) -> impl Iterator<Item = (String, Element<'a>)> {
    let is_value = |key: &str| key.strip_prefix("value").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    object.members().filter(move |member| is_value(&member.key)).map(|member| (member.key.into_owned(), member.value))
}

/// What an Observation found: `7.1 %`, `120 / 80 mmHg`, `positive`; why there is no value; empty for other types.
pub fn value_text(resource: &Resource) -> String {
    let root = resource.root();
    let own = found(root);
    if !own.is_empty() {
        return own;
    }
    let components: Vec<Element<'_>> = root.get("component").into_iter().flat_map(Element::items).collect();
    pressure(&components).unwrap_or_else(|| {
        let part = |component: &Element<'_>| {
            let name = component.get("code").map_or_else(String::new, concept);
            joined([name, found(*component)], " ")
        };
        joined(components.iter().take(6).map(part), "; ")
    })
}

fn found(object: Element<'_>) -> String {
    let value = values(object).map(|(_, value)| text_of(value)).find(|text| !text.is_empty());
    value.unwrap_or_else(|| object.get("dataAbsentReason").map_or_else(String::new, concept))
}

/// Systolic and diastolic as a pair, where both have one unit (LOINC 8480-6, 8462-4).
fn pressure(components: &[Element<'_>]) -> Option<String> {
    let of = |code: &str| {
        let has = |component: &&Element<'_>| {
            let codings = component.get("code").and_then(|concept| concept.get("coding"));
            codings.into_iter().flat_map(Element::items).any(|coding| string(coding.get("code")) == code)
        };
        components.iter().find(has)?.get("valueQuantity")
    };
    let (systolic, diastolic) = (of("8480-6")?, of("8462-4")?);
    let (unit, other) = (string(systolic.get("unit")), string(diastolic.get("unit")));
    let digits = |quantity: Element<'_>| string(quantity.get("value").filter(|value| value.kind() == Kind::Number));
    let (systolic, diastolic) = (digits(systolic), digits(diastolic));
    let is_pair = unit == other && !systolic.is_empty() && !diastolic.is_empty();
    is_pair.then(|| format!("{systolic} / {diastolic} {unit}").trim_end().to_owned())
}
