//! The consent filter as SQL over the fact columns of a version `v`: the other reading of `ResourceFilter::matches` (I5).

use mecum_record::access::ResourceFilter;

use crate::db::Value;

/// The condition for a filter; its values are appended to `params`, whose present length numbers the placeholders.
pub(crate) fn condition<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    match filter {
        ResourceFilter::Every => "1 = 1".to_owned(),
        ResourceFilter::Nothing => "1 = 0".to_owned(),
        ResourceFilter::And(parts) => all(parts, params, " AND ", "1 = 1"),
        ResourceFilter::Or(parts) => all(parts, params, " OR ", "1 = 0"),
        ResourceFilter::Not(part) => format!("NOT ({})", condition(part, params)),
        ResourceFilter::TypeIs(resource_type) => {
            format!("v.type_code = {}", bind(params, i64::from(resource_type.code())))
        }
        ResourceFilter::HasLabel(label) => has_bit("v.labels", *label as u8, params),
        ResourceFilter::CategoryIs(category) => has_bit("v.categories", *category as u8, params),
        ResourceFilter::DatedWithin(window) => {
            let until = bind(params, window.until_us);
            let from = bind(params, window.from_us);
            format!("(v.dated_from IS NOT NULL AND v.dated_from < {until} AND {from} < v.dated_until)")
        }
        ResourceFilter::Undated => "v.dated_from IS NULL".to_owned(),
        ResourceFilter::FromSource(source) => {
            format!("COALESCE(v.source_id, -1) = {}", bind(params, source.0))
        }
        ResourceFilter::ResourceIs(key) => {
            let type_code = bind(params, i64::from(key.resource_type.code()));
            let id = bind(params, key.id.as_str());
            format!("(v.type_code = {type_code} AND v.id = {id})")
        }
    }
}

fn all<'a>(parts: &'a [ResourceFilter], params: &mut Vec<Value<'a>>, between: &str, none: &str) -> String {
    if parts.is_empty() {
        return none.to_owned();
    }
    let parts: Vec<String> = parts.iter().map(|part| format!("({})", condition(part, params))).collect();
    parts.join(between)
}

fn has_bit(column: &str, bit: u8, params: &mut Vec<Value<'_>>) -> String {
    format!("({column} & {}) <> 0", bind(params, 1i64 << bit))
}

fn bind<'a>(params: &mut Vec<Value<'a>>, value: impl Into<Value<'a>>) -> String {
    params.push(value.into());
    format!("${}", params.len())
}
