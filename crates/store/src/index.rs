//! The identifier index: which resources carry which identifier, for conditional references and for finding a Patient again.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Permit, ResourceFilter, ResourceKey};

use crate::Store;
use crate::db::Value;
use crate::error::StoreError;
use crate::filter::condition;

/// A longer identifier is not indexed: nobody looks one up by it.
const MAX_IDENTIFIER_BYTES: usize = 512;

/// More identifiers than this of one resource are not indexed.
const MAX_IDENTIFIERS: usize = 64;

/// `(system, value)` of the identifiers a resource is indexed by; an absent system is empty.
#[must_use]
pub fn identifiers_of(resource: &Resource) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = resource
        .identifiers()
        .filter_map(|identifier| {
            let value = identifier.value?;
            Some((identifier.system.unwrap_or_default().into_owned(), value.into_owned()))
        })
        .filter(|(system, value)| !value.is_empty() && is_indexed(system, value))
        .take(MAX_IDENTIFIERS)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Databases take no NUL in text, and nobody looks for one.
fn is_indexed(system: &str, value: &str) -> bool {
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
        let mut params: Vec<Value<'_>> = vec![
            record.0.into(),
            i64::from(resource_type.code()).into(),
            value.into(),
            i64::from(system.is_none()).into(),
            system.unwrap_or_default().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        let sql = identifier_sql(permit.filter(), &mut params);
        let rows = self.main.read(|tx| tx.query(&sql, &params))?;
        rows.iter().map(|row| Ok(ResourceKey { resource_type, id: row.text(0)?.to_owned() })).collect()
    }
}

/// The current, undeleted resources that carry an identifier, as far as the filter lets them through.
pub(crate) fn identifier_sql<'a>(filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let permitted = condition(filter, "v", params);
    format!(
        "SELECT DISTINCT i.id FROM identifier i \
         JOIN version v ON v.record_id = i.record_id AND v.type_code = i.type_code AND v.id = i.id \
             AND v.version_id = i.version_id \
         JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
         WHERE i.record_id = $1 AND i.type_code = $2 AND i.value = $3 AND ($4 = 1 OR i.system = $5) \
         AND NOT EXISTS (SELECT 1 FROM version n \
             JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id \
             WHERE n.record_id = v.record_id AND n.type_code = v.type_code AND n.id = v.id \
             AND n.version_id > v.version_id) \
         AND {permitted} ORDER BY i.id LIMIT $6"
    )
}
