//! Resources by an identifier they carry: for conditional references and for finding a Patient again.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Permit, ResourceFilter, ResourceKey};

use super::code::system_code;
use super::values::param_number;
use super::visible::Sight;
use crate::Store;
use crate::db::Value;
use crate::error::StoreError;

/// Longer identifiers of a resource are not among those it is told by, nor more than so many.
const MAX_IDENTIFIER_BYTES: usize = 512;
const MAX_IDENTIFIERS: usize = 64;

/// `(system, value)` of the identifiers a resource is told by; an absent system is empty.
#[must_use]
pub fn identifiers_of(resource: &Resource) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = resource
        .identifiers()
        .filter_map(|identifier| {
            let value = identifier.value?;
            Some((identifier.system.unwrap_or_default().into_owned(), value.into_owned()))
        })
        .filter(|(system, value)| !value.is_empty() && is_told(system, value))
        .take(MAX_IDENTIFIERS)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Databases take no NUL in text, and nobody looks for one.
fn is_told(system: &str, value: &str) -> bool {
    system.len() + value.len() <= MAX_IDENTIFIER_BYTES && !system.contains('\0') && !value.contains('\0')
}

impl Store {
    /// The ids of the current resources of a type that carry an identifier; `system` `None` is any system. At most `limit`.
    ///
    /// # Errors
    /// What the database says.
    pub fn with_identifier(
        &self,
        permit: &Permit,
        resource_type: ResourceType,
        (system, value): (Option<&str>, &str),
        limit: usize,
    ) -> Result<Vec<ResourceKey>, StoreError> {
        let record = permit.over();
        let Some(param) = param_number(resource_type, "identifier") else { return Ok(Vec::new()) };
        self.settle_index(record)?;
        let rows = self.main.read(|tx| {
            let sight = Sight::now(tx, record, &self.heads)?;
            let mut params: Vec<Value<'_>> = vec![
                record.0.into(),
                param.into(),
                value.into(),
                i64::from(system.is_none()).into(),
                system_code(system.unwrap_or_default()).into(),
                i64::try_from(limit).unwrap_or(i64::MAX).into(),
            ];
            let sql = identifier_sql(&sight, permit.filter(), &mut params);
            Ok::<_, StoreError>(tx.query(&sql, &params)?)
        })?;
        rows.iter().map(|row| Ok(ResourceKey { resource_type, id: row.text(0)?.to_owned() })).collect()
    }
}

/// The current, undeleted resources that carry an identifier, as far as the filter lets them through.
pub(crate) fn identifier_sql<'a>(sight: &Sight, filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let current = sight.current("e", params);
    let permitted = sight.permitted(filter, "e", params);
    format!(
        "SELECT DISTINCT e.id FROM token_index i \
         JOIN entry e ON e.record_id = i.record_id AND e.entry_no = i.entry_no \
         WHERE i.record_id = $1 AND i.param = $2 AND i.value = $3 AND ($4 = 1 OR i.system_code = $5) \
         AND {current} AND {permitted} ORDER BY e.id LIMIT $6"
    )
}
