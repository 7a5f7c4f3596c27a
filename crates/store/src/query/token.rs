//! Tokens (R4 search.html#token): a value, of any system, of none, or of one.

use mecum_fhir::search::query::TokenMatch;

use super::sql::{Source, Sql};
use crate::index::{IndexTable, system_code};

impl<'q> Sql<'q> {
    /// The rows that meet one of these; `of_param` says of which parameter a row has to be.
    pub(super) fn tokens(&mut self, of_param: &str, asked: &'q [TokenMatch]) -> Vec<Source> {
        let (mut codes, mut pairs, mut systems, mut is_any) = (Vec::new(), Vec::new(), Vec::new(), false);
        for one in asked {
            match (one.system.as_deref(), one.code.as_deref()) {
                (None, Some(code)) => codes.push(code),
                (Some(system), Some(code)) => pairs.push((code, system_code(system))),
                (Some(system), None) => systems.push(system_code(system)),
                (None, None) => is_any = true,
            }
        }
        let mut sources = Vec::new();
        if !pairs.is_empty() {
            let condition = self.is_one_pair(("i.value", "i.system_code"), &pairs);
            sources.push((condition, true));
        }
        if !codes.is_empty() {
            sources.push((self.is_one_of("i.value", &codes), false));
        }
        if !systems.is_empty() {
            sources.push((self.is_one_of("i.system_code", &systems), false));
        }
        if is_any {
            sources.push(("1 = 1".to_owned(), false));
        }
        let source = |(condition, is_point)| Source {
            table: IndexTable::Token,
            condition: format!("{of_param} AND {condition}"),
            is_point,
        };
        sources.into_iter().map(source).collect()
    }
}
