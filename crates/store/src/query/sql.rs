//! A statement while it is written: its parameters, lists of them, and conditions joined so that no database finds them too deep.

use mecum_record::access::ResourceFilter;

use crate::db::Value;
use crate::index::{IndexTable, Sight};

/// A statement about one record, which is its first parameter.
pub(crate) struct Sql<'q> {
    pub(super) params: Vec<Value<'q>>,
    pub(super) sight: Sight,
    pub(super) filter: &'q ResourceFilter,
    n_aliases: usize,
}

/// Rows of a table of the index that meet a value asked for, as a condition on the row `i`.
pub(super) struct Source {
    pub(super) table: IndexTable,
    pub(super) condition: String,
    /// Whether the condition fixes every column of the key before `entry_no`, so that looking a version up is one seek.
    pub(super) is_point: bool,
}

impl<'q> Sql<'q> {
    pub(crate) fn new(record_id: i64, sight: Sight, filter: &'q ResourceFilter) -> Sql<'q> {
        Sql { params: vec![record_id.into()], sight, filter, n_aliases: 0 }
    }

    /// Appends a value and gives its placeholder.
    pub(super) fn bind(&mut self, value: impl Into<Value<'q>>) -> String {
        self.params.push(value.into());
        format!("${}", self.params.len())
    }

    /// Placeholders of several values, the last one repeated up to a power of two, so that texts of statements are few.
    pub(super) fn list<V: Into<Value<'q>> + Clone>(&mut self, values: &[V]) -> String {
        let wanted = values.len().next_power_of_two();
        let padded = values.iter().chain(values.last().into_iter().cycle()).take(wanted);
        let places: Vec<String> = padded.map(|value| self.bind(value.clone())).collect();
        places.join(", ")
    }

    /// `column = $1`, or `column IN ($1, …)`; never true of no values.
    pub(super) fn is_one_of<V: Into<Value<'q>> + Clone>(&mut self, column: &str, values: &[V]) -> String {
        match values {
            [] => "1 = 0".to_owned(),
            [only] => format!("{column} = {}", self.bind(only.clone())),
            _ => format!("{column} IN ({})", self.list(values)),
        }
    }

    /// That two columns, a text and a number in that order, are one of these pairs.
    pub(super) fn is_one_pair(&mut self, (text, number): (&str, &str), pairs: &[(&'q str, i64)]) -> String {
        if let [(one, other)] = pairs {
            let (one, other) = (self.bind(*one), self.bind(*other));
            return format!("({text} = {one} AND {number} = {other})");
        }
        let wanted = pairs.len().next_power_of_two();
        let padded = pairs.iter().chain(pairs.last().into_iter().cycle()).take(wanted);
        let places: Vec<String> = padded
            .map(|(one, other)| {
                let (one, other) = (self.bind(*one), self.bind(*other));
                format!("(CAST({one} AS TEXT), CAST({other} AS BIGINT))")
            })
            .collect();
        format!("({text}, {number}) IN (VALUES {})", places.join(", "))
    }

    /// A name for a row that no other row of the statement has.
    pub(super) fn alias(&mut self) -> String {
        self.n_aliases += 1;
        format!("x{}", self.n_aliases)
    }

    /// That the entry `row` is seen: current, and let through by the permit.
    pub(super) fn seen(&mut self, row: &str) -> String {
        let current = self.sight.current(row, &mut self.params);
        let permitted = self.sight.permitted(self.filter, row, &mut self.params);
        format!("{current} AND {permitted}")
    }
}

/// Conditions of which one must hold.
pub(super) fn any(conditions: &[String]) -> String {
    joined(conditions, ("OR", "1 = 0"))
}

/// Conditions that must all hold.
pub(super) fn all(conditions: &[String]) -> String {
    joined(conditions, ("AND", "1 = 1"))
}

/// By halves: as one long list they would nest as deep as they are many, which SQLite refuses from 1,000 on.
fn joined(conditions: &[String], (word, none): (&str, &str)) -> String {
    match conditions {
        [] => none.to_owned(),
        [only] => format!("({only})"),
        _ => {
            let (first, second) = conditions.split_at(conditions.len() / 2);
            format!("({} {word} {})", joined(first, (word, none)), joined(second, (word, none)))
        }
    }
}

/// Sets of entries, together: as a list that no parser finds too long.
pub(super) fn union(sets: &[String]) -> String {
    const MOST: usize = 64;
    if sets.len() <= MOST {
        return sets.join(" UNION ALL ");
    }
    let nested: Vec<String> = sets
        .chunks(sets.len().div_ceil(MOST))
        .map(|some| format!("SELECT u.entry_no FROM ({}) u", union(some)))
        .collect();
    nested.join(" UNION ALL ")
}
