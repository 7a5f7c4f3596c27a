//! Dates (R4 search.html#date, #prefix): the stretch of the value asked for against that of the resource.

use mecum_fhir::search::query::{DateMatch, Prefix};

use super::sql::{Source, Sql, any};
use crate::index::IndexTable;

impl<'q> Sql<'q> {
    /// The rows that meet one of these, a source for each.
    pub(super) fn dates(&mut self, of_param: &str, asked: &[DateMatch]) -> Vec<Source> {
        asked
            .iter()
            .map(|one| {
                let condition = self.date(one, ("i.start_us", "i.end_us"));
                Source { table: IndexTable::Date, condition: format!("{of_param} AND {condition}"), is_point: false }
            })
            .collect()
    }

    /// That commits were made at one of these times: each is a stretch of a microsecond.
    pub(super) fn committed(&mut self, asked: &[DateMatch]) -> String {
        let each: Vec<String> = asked.iter().map(|one| self.date(one, ("c.at", "c.at + 1"))).collect();
        any(&each)
    }

    fn date(&mut self, asked: &DateMatch, (start, end): (&str, &str)) -> String {
        let range = asked.range;
        match asked.prefix {
            Prefix::Eq => self.inside(asked, (start, end)),
            Prefix::Ne => format!("NOT {}", self.inside(asked, (start, end))),
            Prefix::Gt => format!("{end} > {}", self.bind(range.end_us)),
            Prefix::Lt => format!("{start} < {}", self.bind(range.start_us)),
            Prefix::Ge => format!("({end} > {} OR {})", self.bind(range.end_us), self.inside(asked, (start, end))),
            Prefix::Le => format!("({start} < {} OR {})", self.bind(range.start_us), self.inside(asked, (start, end))),
            Prefix::Sa => format!("{start} >= {}", self.bind(range.end_us)),
            Prefix::Eb => format!("{end} <= {}", self.bind(range.start_us)),
            Prefix::Ap => format!("({start} < {} AND {end} > {})", self.bind(range.end_us), self.bind(range.start_us)),
        }
    }

    /// That it starts before the end follows from the rest, and makes it a range of the index.
    fn inside(&mut self, asked: &DateMatch, (start, end): (&str, &str)) -> String {
        let (from, until) = (self.bind(asked.range.start_us), self.bind(asked.range.end_us));
        format!("({start} >= {from} AND {start} <= {until} AND {end} <= {until})")
    }
}
