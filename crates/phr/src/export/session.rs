//! One export under way: the record as it was when it began, and a permit that is decided again for every page (design §11).

use mecum_fhir::reference::ResourceType;
use mecum_record::access::{Act, Permit, ResourceFilter, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::ids::RecordId;
use mecum_store::{Cursor, Version, Walk, Which};

use super::ExportRequest;
use crate::permission::{permit, standing_permit};
use crate::{Failure, Phr};

/// Versions a page, at most.
const PAGE_VERSIONS: usize = 500;
/// Bytes of sealed bodies a page, roughly at most; unpacked they are several times that.
const PAGE_BYTES: usize = 1 << 20;
/// Versions of one resource that are looked through for the one of the beginning.
const CHANGES_MEANWHILE: i64 = 1000;

/// An export under way.
pub(super) struct Session<'a> {
    pub(super) phr: &'a Phr,
    caller: &'a Caller,
    pub(super) record: RecordId,
    /// What the permit let through when the export began.
    pub(super) filter: ResourceFilter,
    /// The place in the chain of commits behind which nothing is taken.
    pub(super) until_seq: i64,
    /// Behind which place the walks begin.
    from: Cursor,
    /// No version from before this moment.
    since_us: i64,
    /// The Patient the record is about, as far as the caller may see one.
    pub(super) subject: Option<ResourceKey>,
    /// When it began, microseconds since the epoch.
    pub(super) begun_at_us: i64,
}

impl<'a> Session<'a> {
    /// Decides and fixes what the record is for the whole export.
    pub(super) fn begin(phr: &'a Phr, caller: &'a Caller, request: &ExportRequest) -> Result<Self, Failure> {
        let permit = permit(phr, caller, Act::Export, request.record)?;
        let head = phr.store().head(&permit)?;
        let mut session = Self {
            phr,
            caller,
            record: request.record,
            filter: permit.filter().clone(),
            until_seq: request.until_seq.map_or(head.seq, |seq| seq.min(head.seq)),
            from: Cursor::default(),
            since_us: request.since_us.unwrap_or(i64::MIN),
            subject: None,
            begun_at_us: phr.now_us(),
        };
        session.subject = session.find_subject(&permit)?;
        if let Some(since_us) = request.since_us {
            let seq = phr.store().last_before(&permit, since_us)?;
            session.from = Cursor { seq, ordinal: i64::MAX };
        }
        Ok(session)
    }

    /// A permit of this moment.
    ///
    /// # Errors
    /// [`Failure::NotFound`] or [`Failure::Forbidden`] once the caller may not any more; [`Failure::Conflict`] when the caller
    /// may see something else than at the beginning: what went out already would not fit the rest.
    pub(super) fn permit(&self) -> Result<Permit, Failure> {
        let permit = standing_permit(self.phr, self.caller, Act::Export, self.record)?;
        if *permit.filter() == self.filter {
            Ok(permit)
        } else {
            Err(Failure::Conflict("what may be seen has changed during the export: ask again".to_owned()))
        }
    }

    /// Whether commits of this place in the chain are in it.
    pub(super) fn takes(&self, seq: i64) -> bool {
        seq > self.from.seq && seq <= self.until_seq
    }

    /// Walks through the versions that pass, page by page, oldest first.
    pub(super) fn pages(
        &self,
        which: Which,
        narrowed: &ResourceFilter,
        mut take: impl FnMut(&Permit, &[Version]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.pages_while(which, narrowed, |permit, page| take(permit, page).map(|()| true))
    }

    /// The same, for as long as `take` answers true.
    pub(super) fn pages_while(
        &self,
        which: Which,
        narrowed: &ResourceFilter,
        mut take: impl FnMut(&Permit, &[Version]) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let walk = Walk { which, narrowed, until_seq: self.until_seq, max_page_bytes: PAGE_BYTES };
        let mut after = self.from;
        loop {
            let permit = self.permit()?;
            let mut page = self.phr.store().page(&permit, &walk, after, PAGE_VERSIONS)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.cursor();
            // A clock may have gone back between two commits.
            page.retain(|version| version.at_us >= self.since_us);
            if !take(&permit, &page)? {
                return Ok(());
            }
        }
    }

    /// The first current version that passes.
    pub(super) fn first(&self, permit: &Permit, narrowed: &ResourceFilter) -> Result<Option<Version>, Failure> {
        let walk = Walk { which: Which::Current, narrowed, until_seq: self.until_seq, max_page_bytes: 1 };
        Ok(self.phr.store().page(permit, &walk, Cursor::default(), 1)?.into_iter().next())
    }

    /// A resource as it was when the export began; `None` when it was not there, or is hidden now.
    pub(super) fn as_of_begin(&self, permit: &Permit, key: &ResourceKey) -> Result<Option<Version>, Failure> {
        let Some(current) = self.phr.store().read(permit, key)? else { return Ok(None) };
        if current.seq <= self.until_seq {
            return Ok(Some(current));
        }
        let versions = self.phr.store().history(permit, key, None, CHANGES_MEANWHILE)?;
        Ok(versions.into_iter().find(|version| version.seq <= self.until_seq))
    }

    /// Whether the caller could see the resource when the export began.
    pub(super) fn is_visible(&self, permit: &Permit, key: &ResourceKey) -> Result<bool, Failure> {
        Ok(self.as_of_begin(permit, key)?.is_some_and(|version| !version.is_deleted()))
    }

    fn find_subject(&self, permit: &Permit) -> Result<Option<ResourceKey>, Failure> {
        let profile = self.phr.store().record(self.record)?.profile;
        if let Some(id) = profile.subject_id {
            let key = ResourceKey { resource_type: ResourceType::PATIENT, id };
            if self.is_visible(permit, &key)? {
                return Ok(Some(key));
            }
        }
        let first = self.first(permit, &ResourceFilter::TypeIs(ResourceType::PATIENT))?;
        Ok(first.map(|version| version.key))
    }
}
