//! Pages through a whole record in the order of its commits, by a key that later writes do not move.

use std::ops::ControlFlow;

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Permit, ResourceFilter};
use mecum_record::ids::RecordId;

use crate::Store;
use crate::db::{Tx, Value};
use crate::error::StoreError;
use crate::filter::{condition, permitted};
use crate::read::{NEWEST_AS_OF, finish};
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
        let page = Page { record, key: &key, permit, walk, limit, versions: Vec::new(), n_bytes: 0 };
        self.main.read(|tx| page.filled(tx, after))
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
        let type_code = only.map_or(0, ResourceType::code);
        let mut versions = Vec::new();
        self.main.read(|tx| {
            for (side, ordinal) in [(Side::InCommit, before.ordinal), (Side::OtherCommits, i64::MAX)] {
                let room = i64::try_from(limit - versions.len()).unwrap_or(i64::MAX);
                let mut params: Vec<Value<'_>> = vec![
                    record.0.into(),
                    since_us.into(),
                    before.seq.into(),
                    ordinal.into(),
                    type_code.into(),
                    room.into(),
                ];
                let sql = recent_sql(side, permit.filter(), &mut params);
                for row in tx.query(&sql, &params)? {
                    versions.push(finish(VersionRow::read(&row)?, &row, (record, &key))?);
                }
            }
            Ok(versions)
        })
    }
}

/// Which of the versions on one side of a cursor; together one seek each, and nothing is skipped over.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    /// Those of the commit it is in.
    InCommit,
    /// Those of the other commits.
    OtherCommits,
}

impl Side {
    /// The tables, and how they go together: a page is a seek in an index, and nothing is sorted. `$1` is the record, `seq` the
    /// parameter that holds the cursor's commit. PostgreSQL sorts the whole of a commit unless the commit is a constant to it, and
    /// SQLite keeps the order in which the tables stand here.
    fn from(self, seq: &str) -> String {
        match self {
            Self::InCommit => format!(
                "FROM version v CROSS JOIN commit_log c WHERE v.record_id = $1 AND v.commit_id = \
                 (SELECT o.commit_id FROM commit_log o WHERE o.record_id = $1 AND o.seq = {seq}) \
                 AND c.record_id = v.record_id AND c.commit_id = v.commit_id"
            ),
            Self::OtherCommits => "FROM commit_log c CROSS JOIN version v WHERE c.record_id = $1 \
                 AND v.record_id = c.record_id AND v.commit_id = c.commit_id"
                .to_owned(),
        }
    }
}

pub(crate) fn recent_sql<'a>(side: Side, filter: &'a ResourceFilter, params: &mut Vec<Value<'a>>) -> String {
    let (before, order) = match side {
        Side::InCommit => ("1 = 1", "v.ordinal DESC"),
        Side::OtherCommits => ("c.seq < $3", "c.seq DESC, v.ordinal DESC"),
    };
    let (from, permitted) = (side.from("$3"), permitted(filter, params));
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {from} AND c.at >= $2 AND {before} AND v.ordinal < $4 \
         AND ($5 = 0 OR v.type_code = $5) AND {permitted} ORDER BY {order} LIMIT $6"
    )
}

pub(crate) fn page_sql<'a>(
    side: Side,
    (walk, filter): (&Walk<'a>, &'a ResourceFilter),
    params: &mut Vec<Value<'a>>,
) -> String {
    let (behind, order) = match side {
        Side::InCommit => ("1 = 1", "v.ordinal"),
        Side::OtherCommits => ("c.seq > $2", "c.seq, v.ordinal"),
    };
    let which = match walk.which {
        Which::Current => format!("v.deleted = 0 AND {NEWEST_AS_OF}"),
        Which::All => "1 = 1".to_owned(),
    };
    let (from, permitted) = (side.from("$2"), permitted(filter, params));
    let narrowed = condition(walk.narrowed, "v", params);
    format!(
        "SELECT {VERSION_COLUMNS}, c.seq, c.at {from} AND {behind} AND v.ordinal > $3 AND c.seq <= $4 AND {which} \
         AND {permitted} AND ({narrowed}) ORDER BY {order} LIMIT $5"
    )
}

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
    fn filled(mut self, tx: &mut Tx<'_>, after: Cursor) -> Result<Vec<Version>, StoreError> {
        for (side, ordinal) in [(Side::InCommit, after.ordinal), (Side::OtherCommits, 0)] {
            if !self.is_full() {
                self.fill(tx, side, Cursor { seq: after.seq, ordinal })?;
            }
        }
        Ok(self.versions)
    }

    fn is_full(&self) -> bool {
        self.versions.len() >= self.limit || self.n_bytes >= self.walk.max_page_bytes
    }

    fn fill(&mut self, tx: &mut Tx<'_>, side: Side, after: Cursor) -> Result<(), StoreError> {
        let room = i64::try_from(self.limit - self.versions.len()).unwrap_or(i64::MAX);
        let mut params: Vec<Value<'_>> =
            vec![self.record.0.into(), after.seq.into(), after.ordinal.into(), self.walk.until_seq.into(), room.into()];
        let sql = page_sql(side, (self.walk, self.permit.filter()), &mut params);
        tx.each(&sql, &params, |row| {
            let found = VersionRow::read(row)?;
            self.n_bytes += found.sealed.as_ref().map_or(0, Vec::len);
            self.versions.push(finish(found, row, (self.record, self.key))?);
            Ok(if self.is_full() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })
    }
}
