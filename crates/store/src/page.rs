//! Pages through a whole record in the order of its commits, by a key that later writes do not move.

use std::ops::ControlFlow;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Permit, ResourceFilter};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::filter::condition;
use crate::read::{FROM_VISIBLE, finish};
use crate::seal::RecordKey;
use crate::version::{VERSION_COLUMNS, Version, VersionRow};

/// A place between two versions of a record: the commit's place in the chain, and the version's in that commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The commit's place in the chain.
    pub seq: i64,
    /// The version's place in the commit.
    pub ordinal: i64,
}

impl Version {
    /// The place just behind this version.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { seq: self.seq, ordinal: self.ordinal }
    }
}

/// Which versions a walk takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The current version of each resource that is not deleted.
    Current,
    /// Every version, deletions included.
    All,
}

/// What a walk through a record is about.
#[derive(Clone, Copy)]
pub struct Walk<'a> {
    /// Which versions.
    pub which: Which,
    /// Only these, beyond what the permit lets through.
    pub narrowed: &'a ResourceFilter,
    /// No version of a commit behind this one: what the walk saw when it began.
    pub until_seq: i64,
    /// At most so many bytes of sealed bodies a page, so that memory stays bounded whatever the lines are.
    pub max_page_bytes: usize,
}

impl Store {
    /// The next versions behind the cursor, oldest first, at most `limit`; none when the walk has ended.
    ///
    /// # Errors
    /// What the database says; a body that does not open.
    pub fn page(
        &self,
        permit: &Permit,
        walk: &Walk<'_>,
        after: Cursor,
        limit: usize,
    ) -> Result<Vec<Version>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        self.main.read(|tx| {
            let mut page = Page { record, key: &key, permit, walk, limit, versions: Vec::new(), n_bytes: 0 };
            // First the rest of the commit the cursor is in, then whole commits: each is a seek in an index.
            page.fill(tx, "c.seq = $2 AND v.ordinal > $3", after)?;
            if !page.is_full() {
                page.fill(tx, "c.seq > $2 AND v.ordinal > $3", Cursor { seq: after.seq, ordinal: 0 })?;
            }
            let mut versions = page.versions;
            if walk.which == Which::All {
                self.keep_shown(tx, permit, &mut versions)?;
            }
            Ok(versions)
        })
    }

    /// The newest versions of a type (or of all) before the cursor, newest first: type and system history (REST-10).
    ///
    /// # Errors
    /// As [`Store::page`].
    pub fn recent(
        &self,
        permit: &Permit,
        only: Option<ResourceType>,
        (since_us, before): (i64, Cursor),
        limit: usize,
    ) -> Result<Vec<Version>, StoreError> {
        let record = permit.over();
        let key = self.keys.record_key(record)?;
        let mut params: Vec<Value<'_>> = vec![
            record.0.into(),
            since_us.into(),
            before.seq.into(),
            before.ordinal.into(),
            i64::from(only.map_or(0, ResourceType::code)).into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        let filter = condition(permit.filter(), &mut params);
        let sql = format!(
            "SELECT {VERSION_COLUMNS}, c.seq, c.at {FROM_VISIBLE} WHERE v.record_id = $1 AND c.at >= $2 \
             AND (c.seq < $3 OR (c.seq = $3 AND v.ordinal < $4)) AND ($5 = 0 OR v.type_code = $5) AND {filter} \
             ORDER BY c.seq DESC, v.ordinal DESC LIMIT $6"
        );
        self.main.read(|tx| {
            let rows = tx.query(&sql, &params)?;
            let mut versions = rows
                .iter()
                .map(|row| finish(VersionRow::read(row)?, row, (record, &key)))
                .collect::<Result<Vec<_>, _>>()?;
            self.keep_shown(tx, permit, &mut versions)?;
            Ok(versions)
        })
    }

    /// Drops the versions of resources whose current version the permit hides (design §6).
    fn keep_shown(&self, tx: &mut Tx<'_>, permit: &Permit, versions: &mut Vec<Version>) -> Result<(), StoreError> {
        if *permit.filter() == ResourceFilter::Every {
            return Ok(());
        }
        let mut shown = Vec::with_capacity(versions.len());
        for version in versions.drain(..) {
            let current = self.current_facts(tx, permit.over(), &version.key)?;
            if current.is_some_and(|facts| permit.filter().matches(&facts, &version.key.id)) {
                shown.push(version);
            }
        }
        *versions = shown;
        Ok(())
    }
}

/// That a version `v` was the newest of its resource, and no deletion, when the walk began.
const CURRENT_AS_OF: &str = "v.deleted = 0 AND NOT EXISTS (SELECT 1 FROM version n \
     JOIN commit_log d ON d.record_id = n.record_id AND d.commit_id = n.commit_id AND d.seq <= $4 \
     WHERE n.record_id = v.record_id AND n.type_code = v.type_code AND n.id = v.id AND n.version_id > v.version_id)";

struct Page<'a> {
    record: RecordId,
    key: &'a RecordKey,
    permit: &'a Permit,
    walk: &'a Walk<'a>,
    limit: usize,
    versions: Vec<Version>,
    n_bytes: usize,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.versions.len() >= self.limit || self.n_bytes >= self.walk.max_page_bytes
    }

    fn fill(&mut self, tx: &mut Tx<'_>, behind: &str, after: Cursor) -> Result<(), StoreError> {
        let room = i64::try_from(self.limit - self.versions.len()).unwrap_or(i64::MAX);
        let mut params: Vec<Value<'_>> =
            vec![self.record.0.into(), after.seq.into(), after.ordinal.into(), self.walk.until_seq.into(), room.into()];
        let permitted = condition(self.permit.filter(), &mut params);
        let narrowed = condition(self.walk.narrowed, &mut params);
        let which = match self.walk.which {
            Which::Current => CURRENT_AS_OF,
            Which::All => "1 = 1",
        };
        let sql = format!(
            "SELECT {VERSION_COLUMNS}, c.seq, c.at FROM commit_log c \
             JOIN version v ON v.record_id = c.record_id AND v.commit_id = c.commit_id \
             WHERE c.record_id = $1 AND {behind} AND c.seq <= $4 AND {which} AND ({permitted}) AND ({narrowed}) \
             ORDER BY c.seq, v.ordinal LIMIT $5"
        );
        tx.each(&sql, &params, |row| {
            let found = VersionRow::read(row)?;
            self.n_bytes += found.sealed.as_ref().map_or(0, Vec::len);
            self.versions.push(finish(found, row, (self.record, self.key))?);
            Ok(if self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
    }
}
