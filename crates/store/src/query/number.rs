//! Numbers and quantities (R4 search.html#number, #quantity): as keys that sort as numbers do, and in UCUM's base units.

use mecum_fhir::search::query::{NumberMatch, Prefix, QuantityMatch};

use super::sql::{Source, Sql};
use crate::index::{IndexTable, system_code};

impl<'q> Sql<'q> {
    /// The rows of numbers that meet one of these, a source for each.
    pub(super) fn numbers(&mut self, of_param: &str, asked: &'q [NumberMatch]) -> Vec<Source> {
        let each = asked.iter().map(|one| self.number("i.number", one));
        let source = |condition: String| Source {
            table: IndexTable::Number,
            condition: format!("{of_param} AND {condition}"),
            is_point: false,
        };
        each.map(source).collect()
    }

    /// The rows of quantities that meet one of these, a source for each.
    pub(super) fn quantities(&mut self, of_param: &str, asked: &'q [QuantityMatch]) -> Vec<Source> {
        let each = asked.iter().map(|one| self.quantity(one));
        let source = |condition: String| Source {
            table: IndexTable::Quantity,
            condition: format!("{of_param} AND {condition}"),
            is_point: false,
        };
        each.map(source).collect()
    }

    /// A unit that UCUM knows is compared in base units alone.
    fn quantity(&mut self, asked: &'q QuantityMatch) -> String {
        let Some(unit) = &asked.unit else { return self.number("i.number", &asked.number) };
        if let Some((spelling, in_base_units)) = &unit.canonical {
            let spelling = self.bind(spelling.as_str());
            let number = self.number("i.canonical_number", in_base_units);
            return format!("(i.canonical_unit <> '' AND i.canonical_unit = {spelling} AND {number})");
        }
        let spelled = self.bind(unit.unit.as_str());
        let of_system = match &unit.system {
            Some(system) => format!("i.system_code = {}", self.bind(system_code(system))),
            None => "1 = 1".to_owned(),
        };
        format!("(i.unit = {spelled} AND {of_system} AND {})", self.number("i.number", &asked.number))
    }

    fn number(&mut self, column: &str, asked: &'q NumberMatch) -> String {
        let compared = match asked.prefix {
            Prefix::Eq | Prefix::Ap | Prefix::Ne => {
                let (low, high) = (self.bind(asked.low.0.as_slice()), self.bind(asked.high.0.as_slice()));
                let not = if asked.prefix == Prefix::Ne { "NOT " } else { "" };
                return format!("{not}({column} >= {low} AND {column} < {high})");
            }
            Prefix::Gt | Prefix::Sa => ">",
            Prefix::Lt | Prefix::Eb => "<",
            Prefix::Ge => ">=",
            Prefix::Le => "<=",
        };
        format!("{column} {compared} {}", self.bind(asked.value.0.as_slice()))
    }
}
