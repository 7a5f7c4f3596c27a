//! Entries by their clinical date, newest first, and those without one: what a person leafs through.

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{CategorySet, Permit, ResourceFilter};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Row, Value};
use crate::error::StoreError;
use crate::filter::condition;
use crate::index::{Sight, bind, system_code};
use crate::read::finish;
use crate::seal::RecordKey;
use crate::version::{VERSION_COLUMNS, Version, VersionRow};

/// A place between two entries of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimePlace {
    /// The clinical date of the entry before, microseconds since the epoch.
    pub dated_us: i64,
    /// Its place in the record, which tells apart what has the same date.
    pub entry_no: i64,
}

impl TimePlace {
    /// Before everything: where the newest entries begin.
    pub const NEWEST: TimePlace = TimePlace { dated_us: i64::MAX, entry_no: i64::MAX };
}

/// An entry of a timeline and the place behind it.
pub struct Timed {
    /// The entry.
    pub version: Version,
    /// Where the next one is looked for.
    pub place: TimePlace,
}

impl Store {
    /// The current entries that have a clinical date, as far as the filter lets them through, newest first, behind a place.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn timeline(
        &self,
        permit: &Permit,
        narrowed: &ResourceFilter,
        behind: TimePlace,
        limit: usize,
    ) -> Result<Vec<Timed>, StoreError> {
        let (record, key) = self.opened(permit)?;
        self.main.read(|tx| {
            let sight = Sight::now(tx, record, &self.heads)?;
            let mut params: Vec<Value<'_>> = vec![record.0.into(), behind.dated_us.into(), behind.entry_no.into()];
            let sql = timeline_sql(&sight, (permit, narrowed), limit, &mut params);
            let rows = tx.query(&sql, &params)?;
            rows.iter().map(|row| timed(row, (record, &key))).collect()
        })
    }

    /// The current entries without a clinical date, as far as the filter lets them through, in the order in which they came, behind an entry's place.
    ///
    /// # Errors
    /// As [`Store::timeline`].
    pub fn undated(
        &self,
        permit: &Permit,
        narrowed: &ResourceFilter,
        behind_entry_no: i64,
        limit: usize,
    ) -> Result<Vec<Timed>, StoreError> {
        let (record, key) = self.opened(permit)?;
        self.main.read(|tx| {
            let sight = Sight::now(tx, record, &self.heads)?;
            let mut params: Vec<Value<'_>> = vec![record.0.into(), behind_entry_no.into()];
            let sql = undated_sql(&sight, (permit, narrowed), limit, &mut params);
            let rows = tx.query(&sql, &params)?;
            rows.iter().map(|row| timed(row, (record, &key))).collect()
        })
    }

    /// How many current entries there are of each type and set of categories.
    ///
    /// # Errors
    /// What the database says.
    pub fn type_counts(&self, permit: &Permit) -> Result<Vec<(ResourceType, CategorySet, i64)>, StoreError> {
        let record = permit.over();
        self.main.read(|tx| {
            let sight = Sight::now(tx, record, &self.heads)?;
            let mut params: Vec<Value<'_>> = vec![record.0.into()];
            let current = sight.current("e", &mut params);
            let permitted = sight.permitted(permit.filter(), "e", &mut params);
            let sql = format!(
                "SELECT e.type_code, e.categories, COUNT(*) FROM entry e WHERE e.record_id = $1 AND {current} AND {permitted} \
                 GROUP BY e.type_code, e.categories ORDER BY e.type_code, e.categories"
            );
            let rows = tx.query(&sql, &params)?;
            let counted = |row: &Row| Ok((type_of(row.int(0)?)?, CategorySet(row.int(1)?.cast_unsigned()), row.int(2)?));
            rows.iter().map(counted).collect()
        })
    }

    /// The current entries whose parameter has this code, newest clinical date first; those without a date are left out.
    ///
    /// # Errors
    /// As [`Store::timeline`].
    pub fn with_token(
        &self,
        permit: &Permit,
        param: u16,
        (system, code): (&str, &str),
        limit: usize,
    ) -> Result<Vec<Timed>, StoreError> {
        let (record, key) = self.opened(permit)?;
        self.main.read(|tx| {
            let sight = Sight::now(tx, record, &self.heads)?;
            let mut params: Vec<Value<'_>> =
                vec![record.0.into(), i64::from(param).into(), code.into(), system_code(system).into()];
            let sql = token_sql(&sight, permit, limit, &mut params);
            let rows = tx.query(&sql, &params)?;
            rows.iter().map(|row| timed(row, (record, &key))).collect()
        })
    }

    fn opened(&self, permit: &Permit) -> Result<(RecordId, std::sync::Arc<RecordKey>), StoreError> {
        Ok((permit.over(), self.keys.record_key(permit.over())?))
    }
}

const WITH_BODY: &str = "FROM entry e JOIN version v ON v.record_id = e.record_id AND v.type_code = e.type_code AND v.id = e.id \
     AND v.version_id = e.version_id JOIN commit_log c ON c.record_id = v.record_id AND c.commit_id = v.commit_id";

pub(crate) fn timeline_sql<'a>(
    sight: &Sight,
    (permit, narrowed): (&'a Permit, &'a ResourceFilter),
    limit: usize,
    params: &mut Vec<Value<'a>>,
) -> String {
    let rest = rest(sight, (permit, narrowed), params);
    let limit = bind(params, i64::try_from(limit).unwrap_or(i64::MAX));
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at, e.dated_from, e.entry_no {WITH_BODY} WHERE e.record_id = $1 \
         AND e.dated_from IS NOT NULL AND (e.dated_from, e.entry_no) < ($2, $3) AND {rest} \
         ORDER BY e.dated_from DESC, e.entry_no DESC LIMIT {limit}"
    )
}

pub(crate) fn undated_sql<'a>(
    sight: &Sight,
    (permit, narrowed): (&'a Permit, &'a ResourceFilter),
    limit: usize,
    params: &mut Vec<Value<'a>>,
) -> String {
    let rest = rest(sight, (permit, narrowed), params);
    let limit = bind(params, i64::try_from(limit).unwrap_or(i64::MAX));
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at, e.dated_from, e.entry_no {WITH_BODY} WHERE e.record_id = $1 \
         AND e.dated_from IS NULL AND e.entry_no > $2 AND {rest} ORDER BY e.entry_no LIMIT {limit}"
    )
}

pub(crate) fn token_sql<'a>(sight: &Sight, permit: &'a Permit, limit: usize, params: &mut Vec<Value<'a>>) -> String {
    let rest = rest(sight, (permit, &ResourceFilter::Every), params);
    let limit = bind(params, i64::try_from(limit).unwrap_or(i64::MAX));
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at, e.dated_from, e.entry_no {WITH_BODY} WHERE e.record_id = $1 \
         AND e.dated_from IS NOT NULL AND e.entry_no IN (SELECT t.entry_no FROM token_index t WHERE t.record_id = $1 \
             AND t.param = $2 AND t.value = $3 AND t.system_code = $4) \
         AND {rest} ORDER BY e.dated_from DESC, e.entry_no DESC LIMIT {limit}"
    )
}

fn rest<'a>(
    sight: &Sight,
    (permit, narrowed): (&'a Permit, &'a ResourceFilter),
    params: &mut Vec<Value<'a>>,
) -> String {
    let current = sight.current("e", params);
    let permitted = sight.permitted(permit.filter(), "e", params);
    let narrowed = condition(narrowed, "e", params);
    format!("{current} AND {permitted} AND ({narrowed})")
}

fn timed(row: &Row, opened: (RecordId, &RecordKey)) -> Result<Timed, StoreError> {
    let version = finish(VersionRow::read(row)?, row, opened)?;
    let after = crate::version::N_VERSION_COLUMNS + 2;
    let place = TimePlace { dated_us: row.opt_int(after)?.unwrap_or(i64::MIN), entry_no: row.int(after + 1)? };
    Ok(Timed { version, place })
}

fn type_of(code: i64) -> Result<ResourceType, StoreError> {
    let known = u16::try_from(code).ok().and_then(ResourceType::from_code);
    known.ok_or(StoreError::Damaged("type of an entry"))
}
