//! Tests over the standard's definitions: every parameter has values, and every composite is answered by its parts.

use std::collections::BTreeSet;

use super::build::{Builder, is_extracted};
use super::readers::reader;
use crate::definitions::definitions;
use crate::path::{Expression, Place};
use crate::search_param::{SearchParamKind, search_params_for};

/// Every resource type with what was worked out for it.
fn builders() -> impl Iterator<Item = Builder> {
    definitions().resource_types().map(Builder::new)
}

#[test]
fn every_expression_of_the_standard_is_understood() {
    let gaps: Vec<String> = builders()
        .flat_map(|builder| builder.gaps)
        .map(|(param, error)| format!("{}.{}: {error}", param.base(), param.code()))
        .collect();
    assert!(gaps.is_empty(), "{gaps:#?}");
}

#[test]
fn one_parameter_of_the_standard_has_no_values_and_it_is_near() {
    let (mut without, mut unread) = (BTreeSet::new(), BTreeSet::new());
    for builder in builders() {
        for param in search_params_for(builder.of.name()) {
            let name = format!("{}.{}", param.base(), param.code());
            if !is_extracted(param) {
                let is_composite = param.kind() == SearchParamKind::Composite;
                without.extend((!is_composite).then_some(name));
                continue;
            }
            let places = builder.places.get(&param.number()).into_iter().flatten();
            let types = places.map(|place| builder.paths.type_at(*place));
            let (read, not): (Vec<_>, Vec<_>) = types.partition(|of| reader(param.kind(), of).is_some());
            let is_truth = builder.truths.iter().any(|(_, number, _)| *number == param.number());
            without.extend((read.is_empty() && !is_truth).then(|| name.clone()));
            unread.extend(not.iter().map(|of| format!("{name} {}", of.name())));
        }
    }
    // Those of Resource and DomainResource are kept with the resource or in the full text; `_query` names an operation.
    let elsewhere = ["DomainResource._text", "Resource._content", "Resource._id", "Resource._lastUpdated"];
    let expected = ["Location.near", "Resource._query"].into_iter().chain(elsewhere);
    assert_eq!(without, expected.map(String::from).collect());
    // Elements that have no date, reference or single quantity, whatever their parameter selects.
    let expected = [
        "CarePlan.activity-date string",
        "Consent.source-reference Attachment",
        "Immunization.date string",
        "Observation.combo-value-quantity SampledData",
        "Observation.component-value-quantity SampledData",
        "Observation.value-quantity SampledData",
        "Procedure.date Age",
        "Procedure.date Range",
        "Procedure.date string",
    ];
    assert_eq!(unread, expected.map(String::from).into());
}

/// The places of a part within one element that a composite selects, as far as the part's parameter has them.
fn selected(builder: &mut Builder, expression: &str, element: Place, number: u16) -> BTreeSet<Place> {
    let expression = Expression::parse(expression).expect("understood");
    let is_elsewhere = expression.starts_at_resource() && element != builder.paths.root();
    let from = if is_elsewhere { builder.paths.root() } else { element };
    let selected = builder.paths.select(&expression, from).expect("understood");
    let own = builder.places.get(&number).cloned().unwrap_or_default();
    selected.into_iter().filter(|place| own.contains(place)).collect()
}

#[test]
fn every_composite_holds_where_its_parts_hold_in_one_group() {
    let (mut n_parts, mut swapped) = (0, Vec::new());
    for mut builder in builders() {
        for composite in search_params_for(builder.of.name()).filter(|param| !param.components().is_empty()) {
            let expression = Expression::parse(composite.expression()).expect("understood");
            let elements = builder.paths.select(&expression, builder.paths.root()).expect("understood");
            let all = composite.components().iter().flat_map(|of| elements.iter().map(move |element| (of, *element)));
            for (component, element) in all {
                n_parts += 1;
                let param = component.param(builder.of.name()).expect("known");
                let number = param.number();
                let selected = selected(&mut builder, component.expression(), element, number);
                let indexed: BTreeSet<Place> = builder
                    .parts
                    .iter()
                    .chain(&builder.elsewhere)
                    .filter(|((of, _), elements)| *of == number && elements.contains(&element))
                    .map(|((_, place), _)| *place)
                    .collect();
                assert!(!indexed.is_empty(), "{} of {} has no values", param.code(), composite.code());
                if selected.is_empty() {
                    swapped.push(format!("{}.{} {}", builder.of.name(), composite.code(), param.code()));
                } else {
                    assert_eq!(selected, indexed, "composites of one element mean different values");
                }
            }
        }
    }
    assert_eq!(n_parts, 152);
    assert_eq!(swapped, ["DocumentReference.relationship relatesto", "DocumentReference.relationship relation"]);
}

#[test]
fn elements_of_composites_are_never_within_each_other_and_each_value_is_in_one() {
    for builder in builders() {
        let root = builder.paths.root();
        for &place in builder.groups.iter().filter(|place| **place != root) {
            let n_groups = builder.paths.way_to(place).filter(|at| builder.groups.contains(at)).count();
            assert_eq!(n_groups, 1, "groups of {} are within each other", builder.of.name());
        }
        for ((number, place), elements) in &builder.parts {
            let around: Vec<Place> = builder.paths.way_to(*place).chain([root]).collect();
            assert_eq!(elements.len(), 1, "parameter {number}");
            assert!(elements.iter().all(|element| around.contains(element)), "parameter {number}");
        }
    }
}
