//! Recomputing every version's MAC, body and facts, and every mapping's MAC, and summing them up by commit in their order.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;
use mecum_record::access::{FACT_RULES, Facts};
use mecum_record::ids::CommitId;

use super::verify::{Subject, Verified};
use crate::blobs::BlobName;
use crate::body::Body;
use crate::chain::CommitRow;
use crate::db::Tx;
use crate::error::StoreError;
use crate::origin::{ORIGIN_COLUMNS, OriginRow};
use crate::seal::MacStream;
use crate::version::{VERSION_COLUMNS, VersionRow};

/// What one commit was found to hold.
struct Sum {
    n_versions: i64,
    n_origins: i64,
    versions: MacStream,
    origins: MacStream,
}

/// What every commit was found to hold.
pub(super) struct CommitSums {
    by_commit: HashMap<CommitId, Sum>,
    empty: MacStream,
    empty_origins: MacStream,
    /// The blobs that bodies refer to.
    pub(super) blobs: BTreeSet<BlobName>,
}

impl CommitSums {
    fn of(&mut self, commit: CommitId) -> &mut Sum {
        self.by_commit.entry(commit).or_insert_with(|| Sum {
            n_versions: 0,
            n_origins: 0,
            versions: self.empty.clone(),
            origins: self.empty_origins.clone(),
        })
    }

    /// Compares what a commit says it holds with what was found.
    pub(super) fn compare(&self, row: &CommitRow, verified: &mut Verified) {
        let empty =
            Sum { n_versions: 0, n_origins: 0, versions: self.empty.clone(), origins: self.empty_origins.clone() };
        let sum = self.by_commit.get(&row.commit).unwrap_or(&empty);
        let versions =
            sum.n_versions == row.n_versions && sum.versions.clone().finish().as_slice() == row.versions_digest;
        if !versions {
            verified.add(
                "version",
                format!(
                    "commit {} made {} versions; {} are there, or one is altered, missing or out of order",
                    row.commit, row.n_versions, sum.n_versions
                ),
            );
        }
        let origins = sum.n_origins == row.n_origins && sum.origins.clone().finish().as_slice() == row.origins_digest;
        if !origins {
            verified.add(
                "origin",
                format!(
                    "commit {} mapped {} source ids; {} are there, or one is altered, missing or out of order",
                    row.commit, row.n_origins, sum.n_origins
                ),
            );
        }
    }

    /// Names rows of commits that are not in the chain and not being staged.
    pub(super) fn strangers(&self, commits: &[CommitRow], staged: CommitId, verified: &mut Verified) {
        for commit in self.by_commit.keys() {
            if *commit != staged && !commits.iter().any(|row| row.commit == *commit) {
                verified.add("version", format!("there are rows of commit {commit}, which is not in the chain"));
            }
        }
    }
}

/// Recomputes every version of the record.
pub(super) fn verify_versions(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
    progress: &mut dyn FnMut(i64),
) -> Result<CommitSums, StoreError> {
    let mut sums = CommitSums {
        by_commit: HashMap::new(),
        empty: subject.key.mac_stream("versions"),
        empty_origins: subject.key.mac_stream("origins"),
        blobs: BTreeSet::new(),
    };
    let sql = format!("SELECT {VERSION_COLUMNS} FROM version v WHERE v.record_id = $1 ORDER BY v.commit_id, v.ordinal");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        match VersionRow::read(row) {
            Ok(row) => {
                let sum = sums.of(row.commit);
                sum.n_versions += 1;
                // What is digested is what the row ought to carry: an altered row changes the sum as well.
                sum.versions.part(&row.computed_mac(subject.record, subject.key));
                let blob = verify_version(subject, &row, verified);
                sums.blobs.extend(blob);
            }
            Err(StoreError::Damaged(what)) => verified.add("version", format!("a row has a damaged {what}")),
            Err(error) => return Err(error),
        }
        verified.n_versions += 1;
        if verified.n_versions % 500 == 0 {
            progress(verified.n_versions);
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })?;
    Ok(sums)
}

/// Recomputes one version, and gives the blob that its body refers to.
fn verify_version(subject: &Subject<'_>, row: &VersionRow, verified: &mut Verified) -> Option<BlobName> {
    let name = || format!("{}/{} version {}", row.key.resource_type.name(), row.key.id, row.version);
    if row.computed_mac(subject.record, subject.key).as_slice() != row.mac {
        verified.add("version", format!("{} is altered", name()));
        return None;
    }
    let body = match row.open(subject.record, subject.key) {
        Ok(Some(body)) => body,
        Ok(None) => return None,
        Err(_) => {
            verified.add("version", format!("the body of {} does not open", name()));
            return None;
        }
    };
    verify_body(row, &body, verified);
    body.blob.as_ref().and_then(|blob| blob.name.parse().ok())
}

fn verify_body(row: &VersionRow, body: &Body, verified: &mut Verified) {
    let name = || format!("{}/{} version {}", row.key.resource_type.name(), row.key.id, row.version);
    let Ok(resource) = Resource::parse(body.text.as_bytes(), &Limits::default()) else {
        return verified.add("version", format!("the body of {} is no resource", name()));
    };
    let is_itself =
        resource.resource_type() == row.key.resource_type && resource.id().is_some_and(|id| id == row.key.id.as_str());
    if !is_itself {
        verified.add("version", format!("the body of {} is another resource", name()));
    }
    if row.fact_rules == FACT_RULES && Facts::of(&resource, row.facts.source) != row.facts {
        verified.add("version", format!("the facts of {} are not those of its body", name()));
    }
}

/// Recomputes every mapping of the record.
pub(super) fn verify_origins(
    tx: &mut Tx<'_>,
    subject: &Subject<'_>,
    verified: &mut Verified,
    sums: &mut CommitSums,
) -> Result<(), StoreError> {
    let sql = format!("SELECT {ORIGIN_COLUMNS} FROM origin WHERE record_id = $1 ORDER BY commit_id, ordinal");
    tx.each(&sql, &[subject.record.0.into()], |row| {
        match OriginRow::read(row) {
            Ok(row) => {
                let mac = row.computed_mac(subject.record, subject.key);
                let sum = sums.of(row.commit);
                sum.n_origins += 1;
                sum.origins.part(&mac);
                if mac.as_slice() != row.mac {
                    let origin = &row.origin;
                    verified.add(
                        "origin",
                        format!("the mapping to {}/{} is altered", origin.resource_type.name(), origin.id),
                    );
                }
            }
            Err(StoreError::Damaged(what)) => verified.add("origin", format!("a row has a damaged {what}")),
            Err(error) => return Err(error),
        }
        Ok::<_, StoreError>(ControlFlow::Continue(()))
    })
}
