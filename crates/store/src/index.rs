//! The identifier index: which resources carry which identifier, for conditional references and for finding a Patient again.

use mecum_fhir::reference::ResourceType;
use mecum_fhir::resource::Resource;
use mecum_record::access::{Permit, ResourceKey};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::Tx;
use crate::error::StoreError;
use crate::read::IS_CURRENT;

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
        .filter(|(system, value)| system.len() + value.len() <= MAX_IDENTIFIER_BYTES && !value.is_empty())
        .take(MAX_IDENTIFIERS)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
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
        self.main.read(|tx| {
            let mut keys = find(tx, record, resource_type, (system, value))?;
            let mut shown = Vec::with_capacity(keys.len());
            for key in keys.drain(..) {
                let facts = self.current_facts(tx, record, &key)?;
                if facts.is_some_and(|facts| permit.filter().matches(&facts, &key.id)) {
                    shown.push(key);
                }
            }
            shown.truncate(limit);
            Ok(shown)
        })
    }
}

fn find(
    tx: &mut Tx<'_>,
    record: RecordId,
    resource_type: ResourceType,
    (system, value): (Option<&str>, &str),
) -> Result<Vec<ResourceKey>, StoreError> {
    let sql = format!(
        "SELECT DISTINCT i.id, i.system FROM identifier i \
         JOIN version v ON v.record_id = i.record_id AND v.type_code = i.type_code AND v.id = i.id \
             AND v.version_id = i.version_id AND v.deleted = 0 \
         JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id \
         WHERE i.record_id = $1 AND i.type_code = $2 AND i.value = $3 AND {IS_CURRENT} ORDER BY i.id LIMIT 100"
    );
    let rows = tx.query(&sql, &[record.0.into(), i64::from(resource_type.code()).into(), value.into()])?;
    let mut keys = Vec::new();
    for row in rows {
        if system.is_none_or(|system| row.text(1).is_ok_and(|found| found == system)) {
            keys.push(ResourceKey { resource_type, id: row.text(0)?.to_owned() });
        }
    }
    keys.dedup();
    Ok(keys)
}
