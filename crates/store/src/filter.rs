//! The consent filter as SQL over the fact columns of a version: the other reading of `ResourceFilter::matches` (I5).

use mecum_record::access::ResourceFilter;

use crate::db::Value;

/// That a filter lets a visible version `v` through, and the current version of its resource as well: a version is seen only if
/// both pass (design §6). The filter's values are appended to `params`, whose present length numbers the placeholders.
pub(crate) fn permitted<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let own = condition(filter, "v", params);
    if *filter == ResourceFilter::Every {
        return own;
    }
    let current = condition(filter, "w", params);
    format!(
        "({own}) AND EXISTS (SELECT 1 FROM version w WHERE w.record_id = v.record_id AND w.type_code = v.type_code \
         AND w.id = v.id AND w.version_id = (SELECT n.version_id FROM version n \
             JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id \
             WHERE n.record_id = v.record_id AND n.type_code = v.type_code AND n.id = v.id \
             ORDER BY n.version_id DESC LIMIT 1) AND ({current}))"
    )
}

/// That a filter lets the row of `version` named `row` through.
pub(crate) fn condition<'a>(filter: &'a ResourceFilter, row: &str, params: &mut Vec<Value<'a>>) -> String {
    match filter {
        ResourceFilter::Every => "1 = 1".to_owned(),
        ResourceFilter::Nothing => "1 = 0".to_owned(),
        ResourceFilter::And(parts) => joined(parts, row, params, ("AND", "1 = 1")),
        ResourceFilter::Or(parts) => joined(parts, row, params, ("OR", "1 = 0")),
        ResourceFilter::Not(part) => format!("NOT ({})", condition(part, row, params)),
        ResourceFilter::TypeIs(resource_type) => {
            format!("{row}.type_code = {}", bind(params, i64::from(resource_type.code())))
        }
        ResourceFilter::HasLabel(label) => has_bit(&format!("{row}.labels"), *label as u8, params),
        ResourceFilter::CategoryIs(category) => has_bit(&format!("{row}.categories"), *category as u8, params),
        ResourceFilter::DatedWithin(window) => {
            let until = bind(params, window.until_us);
            let from = bind(params, window.from_us);
            format!("({row}.dated_from IS NOT NULL AND {row}.dated_from < {until} AND {from} < {row}.dated_until)")
        }
        ResourceFilter::Undated => format!("{row}.dated_from IS NULL"),
        ResourceFilter::FromSource(source) => {
            format!("({row}.source_id IS NOT NULL AND {row}.source_id = {})", bind(params, source.0))
        }
        ResourceFilter::ResourceIs(key) => {
            let type_code = bind(params, i64::from(key.resource_type.code()));
            let id = bind(params, key.id.as_str());
            format!("({row}.type_code = {type_code} AND {row}.id = {id})")
        }
    }
}

/// The parts, joined by halves: as one long list they would nest as deep as they are many, which SQLite refuses from 1,000 on.
fn joined<'a>(
    parts: &'a [ResourceFilter],
    row: &str,
    params: &mut Vec<Value<'a>>,
    (word, none): (&str, &str),
) -> String {
    match parts {
        [] => none.to_owned(),
        [only] => format!("({})", condition(only, row, params)),
        _ => {
            let (first, second) = parts.split_at(parts.len() / 2);
            let first = joined(first, row, params, (word, none));
            format!("({first} {word} {})", joined(second, row, params, (word, none)))
        }
    }
}

fn has_bit(column: &str, bit: u8, params: &mut Vec<Value<'_>>) -> String {
    format!("({column} & {}) <> 0", bind(params, 1i64 << bit))
}

fn bind<'a>(params: &mut Vec<Value<'a>>, value: impl Into<Value<'a>>) -> String {
    params.push(value.into());
    format!("${}", params.len())
}

#[cfg(test)]
mod tests;
