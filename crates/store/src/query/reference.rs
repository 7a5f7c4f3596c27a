//! References (R4 search.html#reference): to a resource, to one of an id whatever its type, or to an address.

use mecum_fhir::search::query::RefMatch;

use super::sql::{Source, Sql};
use crate::index::{IndexTable, target_columns};

impl<'q> Sql<'q> {
    /// The rows that meet one of these.
    pub(super) fn references(&mut self, of_param: &str, asked: &'q [RefMatch]) -> Vec<Source> {
        let mut pairs: Vec<(&str, i64)> = Vec::new();
        for one in asked {
            match one {
                RefMatch::To(target) => {
                    let (code, id) = target_columns(target);
                    pairs.push((id, code));
                }
                RefMatch::ToId { types, id } => {
                    pairs.extend(types.iter().map(|of| (id.as_str(), i64::from(of.code()))));
                }
            }
        }
        if pairs.is_empty() {
            return Vec::new();
        }
        let condition = self.is_one_pair(("i.target_id", "i.target_type_code"), &pairs);
        vec![Source { table: IndexTable::Reference, condition: format!("{of_param} AND {condition}"), is_point: true }]
    }
}
