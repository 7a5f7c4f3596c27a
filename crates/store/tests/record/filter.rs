//! The consent filter is read twice, in memory and as SQL: both let the same resources through (I5).

use std::collections::BTreeSet;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Category, CategorySet, Dated, Facts, Label, LabelSet, ResourceFilter, ResourceKey};
use mecum_record::ids::{RecordId, SourceId};
use mecum_store::{Change, Cursor, Store, Walk, Which};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

use crate::house::{on_both, permit};
use crate::resource::{commit, key, put};

const TYPES: [ResourceType; 3] = [ResourceType::OBSERVATION, ResourceType::CONDITION, ResourceType::PATIENT];
const LABELS: [Label; 3] = [Label::Restricted, Label::MentalHealth, Label::Taboo];
const CATEGORIES: [Category; 3] = [Category::VitalSigns, Category::Laboratory, Category::Environment];
/// Few enough moments that intervals touch, overlap and miss each other often; the ends of time among them.
const MOMENTS: [i64; 6] = [i64::MIN, -1, 0, 1, 1_000, i64::MAX];
const SOURCES: [i64; 4] = [-1, 0, 1, 2];

fn any_dated() -> impl Strategy<Value = Dated> {
    let moment = || prop::sample::select(MOMENTS.as_slice());
    (moment(), moment()).prop_map(|(from_us, until_us)| Dated { from_us, until_us })
}

fn any_facts() -> impl Strategy<Value = Facts> {
    let labels = prop::sample::subsequence(LABELS.to_vec(), 0..=3);
    let categories = prop::sample::subsequence(CATEGORIES.to_vec(), 0..=3);
    let source = prop::option::of(prop::sample::select(SOURCES.as_slice()));
    let resource_type = prop::sample::select(TYPES.as_slice());
    (resource_type, labels, categories, prop::option::of(any_dated()), source).prop_map(
        |(resource_type, labels, categories, dated, source)| Facts {
            resource_type,
            labels: labels.into_iter().fold(LabelSet::default(), LabelSet::with),
            categories: categories.into_iter().fold(CategorySet::default(), CategorySet::with),
            dated,
            source: source.map(SourceId),
        },
    )
}

fn any_filter() -> impl Strategy<Value = ResourceFilter> {
    use ResourceFilter as F;
    let any_key = (prop::sample::select(TYPES.as_slice()), 0..40_usize)
        .prop_map(|(resource_type, n)| F::ResourceIs(key(resource_type, &format!("r{n}"))));
    let leaf = prop_oneof![
        Just(F::Every),
        Just(F::Nothing),
        Just(F::Undated),
        prop::sample::select(TYPES.as_slice()).prop_map(F::TypeIs),
        prop::sample::select(LABELS.as_slice()).prop_map(F::HasLabel),
        prop::sample::select(CATEGORIES.as_slice()).prop_map(F::CategoryIs),
        any_dated().prop_map(F::DatedWithin),
        prop::sample::select(SOURCES.as_slice()).prop_map(|source| F::FromSource(SourceId(source))),
        any_key,
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(F::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(F::Or),
            inner.prop_map(|part| F::Not(Box::new(part))),
        ]
    })
}

fn resource(n: usize, facts: Facts) -> Change {
    let text = format!(r#"{{"resourceType":"{}","id":"r{n}"}}"#, facts.resource_type.name());
    Change { facts, ..put(&text) }
}

fn let_through_by_sql(store: &Store, record: RecordId, narrowed: &ResourceFilter) -> BTreeSet<ResourceKey> {
    let walk = Walk { which: Which::Current, narrowed, until_seq: i64::MAX, max_page_bytes: usize::MAX };
    let page = store.page(&permit(store, record, Act::Export), &walk, Cursor::default(), 10_000).unwrap();
    page.into_iter().map(|version| version.key).collect()
}

#[test]
fn i5_sql_and_memory_let_the_same_resources_through() {
    on_both(|house, store, record| {
        let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
        let all_facts = prop::collection::vec(any_facts(), 40).new_tree(&mut runner).unwrap().current();
        let changes: Vec<Change> = all_facts.into_iter().enumerate().map(|(n, facts)| resource(n, facts)).collect();
        commit(store, record, &changes).unwrap();
        runner
            .run(&any_filter(), |filter| {
                let by_memory: BTreeSet<ResourceKey> = changes
                    .iter()
                    .filter(|change| filter.matches(&change.facts, &change.key.id))
                    .map(|change| change.key.clone())
                    .collect();
                prop_assert_eq!(let_through_by_sql(store, record, &filter), by_memory, "on {}", house.name());
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn i11_a_filter_of_thousands_of_resources_is_no_deeper_than_its_logarithm() {
    on_both(|_, store, record| {
        let wanted = put(r#"{"resourceType":"Patient","id":"r4000"}"#);
        commit(store, record, &[wanted, put(r#"{"resourceType":"Patient","id":"r5000"}"#)]).unwrap();
        let each = |n| ResourceFilter::ResourceIs(key(ResourceType::PATIENT, &format!("r{n}")));
        let any = ResourceFilter::Or((0..5000).map(each).collect());
        let found = let_through_by_sql(store, record, &any);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [key(ResourceType::PATIENT, "r4000")]);
    });
}
