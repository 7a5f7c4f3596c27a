//! The desk: opens a disclosure before the first byte leaves, keeps it open for a minute of the same caller's requests, and
//! writes down what went out within a second (design §3).

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mecum_record::access::{Act, Denied, Permit, Purpose, ResourceKey};
use mecum_record::caller::Caller;
use mecum_record::disclosure::AccessKind;
use mecum_record::ids::{RecordId, mint};
use mecum_store::{NewAccessLine, Store};
use serde_json::Value;

use super::entry::{self, Asked, Request};
use super::released::Released;
use crate::Failure;
use crate::moment::random_u64;

/// How long one disclosure serves the same caller's requests, microseconds.
const OPEN_FOR_US: i64 = 60_000_000;

/// Requests kept before a flush is not waited for.
const MAX_WAITING: usize = 10_000;

/// A caller and a record: what one disclosure is about.
type Key = (RecordId, String, &'static str);

/// One open disclosure, or the looks of a holder at her own record, which are none (design §3).
struct Open {
    /// Empty for own looks.
    id: String,
    caller: Value,
    opened_at_us: i64,
    n_requests: u64,
    n_resources: u64,
    waiting: Vec<Request>,
}

/// What the desk keeps in memory: only what is being written down.
#[derive(Default)]
struct State {
    open: HashMap<Key, Open>,
    loose: Vec<NewAccessLine>,
    n_waiting: usize,
    /// Callers whose last lines could not be written: their next request is refused.
    failed: HashSet<String>,
}

/// The desk of one process.
#[derive(Default)]
pub struct Desk {
    state: Mutex<State>,
}

impl Desk {
    /// Releases a value to a caller: the disclosure is durable before this returns. A holder's own look is no disclosure: it is
    /// a line within a second, and if that cannot be written, her next request is refused.
    ///
    /// # Errors
    /// [`Failure::Broken`] when the access log cannot be written: then nothing leaves.
    pub(crate) fn release<T>(
        &self,
        store: &Store,
        (caller, permit): (&Caller, &Permit),
        asked: &Asked,
        (value, resources): (T, &[ResourceKey]),
        now_us: i64,
    ) -> Result<Released<T>, Failure> {
        self.release_from(store, (caller, &[(permit, resources)]), asked, value, now_us)
    }

    /// Releases a value made of several records: each has a disclosure of its own, and all are durable before this returns.
    ///
    /// # Errors
    /// As [`Desk::release`].
    pub(crate) fn release_from<T>(
        &self,
        store: &Store,
        (caller, parts): (&Caller, &[(&Permit, &[ResourceKey])]),
        asked: &Asked,
        value: T,
        now_us: i64,
    ) -> Result<Released<T>, Failure> {
        let mut unopened = Vec::new();
        for (permit, resources) in parts {
            let key = (permit.over(), caller.key(), permit.purpose().code());
            let request = Request::new(now_us, asked, permit, resources);
            unopened.extend(self.join(&key, request, now_us)?.map(|request| (*permit, key, request)));
        }
        self.open(store, caller, asked, unopened, now_us)?;
        if self.state().n_waiting >= MAX_WAITING {
            self.flush(store, now_us)?;
        }
        Ok(Released::new(value))
    }

    /// Whether a disclosure to this caller is open in the record it is bound to: then what it reads is released without a write.
    pub(crate) fn has_open(&self, caller: &Caller, now_us: i64) -> bool {
        let Some(record) = caller.bound_record() else { return false };
        let key = (record, caller.key(), Purpose::PatientRequest.code());
        let state = self.state();
        state.n_waiting < MAX_WAITING / 2
            && state.open.get(&key).is_some_and(|open| now_us - open.opened_at_us < OPEN_FOR_US)
    }

    /// Adds the request to a disclosure that is open, or gives it back when there is none.
    fn join(&self, key: &Key, request: Request, now_us: i64) -> Result<Option<Request>, Failure> {
        let mut state = self.state();
        if state.failed.contains(&key.1) {
            return Err(Failure::Broken(
                "the access log could not be written: nothing is released until it can".into(),
            ));
        }
        let Some(open) = state.open.get_mut(key).filter(|open| now_us - open.opened_at_us < OPEN_FOR_US) else {
            return Ok(Some(request));
        };
        open.add(request);
        state.n_waiting += 1;
        Ok(None)
    }

    /// Opens disclosures durably, each with its first request waiting.
    fn open(
        &self,
        store: &Store,
        caller: &Caller,
        asked: &Asked,
        wanted: Vec<(&Permit, Key, Request)>,
        now_us: i64,
    ) -> Result<(), Failure> {
        if wanted.is_empty() {
            return Ok(());
        }
        // A holder's own looks are no disclosure: nothing is opened, and their lines say what they are.
        let is_own_look = matches!(caller, Caller::Holder { .. });
        let new_id = || if is_own_look { String::new() } else { mint(now_us, random_u64()) };
        let ids: Vec<String> = wanted.iter().map(|_| new_id()).collect();
        let line = |((permit, key, _), id): (&(&Permit, Key, Request), &String)| NewAccessLine {
            record: key.0,
            at_us: now_us,
            kind: AccessKind::Opened,
            disclosure_id: id.clone(),
            detail: entry::opened(caller, permit, asked),
        };
        if !is_own_look {
            let lines: Vec<NewAccessLine> = wanted.iter().zip(&ids).map(line).collect();
            store.append_access(&lines)?;
        }
        let mut state = self.state();
        for ((_, key, request), id) in wanted.into_iter().zip(ids) {
            state.add_open(caller, (key, id, request), now_us);
        }
        Ok(())
    }

    /// Opens a disclosure of its own for a stream: it is added to page by page and closed with an outcome.
    ///
    /// # Errors
    /// When the access log cannot be written.
    pub(crate) fn stream(
        &self,
        store: &Store,
        (caller, permit): (&Caller, &Permit),
        asked: &Asked,
        now_us: i64,
    ) -> Result<Stream, Failure> {
        let id = mint(now_us, random_u64());
        let record = permit.over();
        let detail = entry::opened(caller, permit, asked);
        let kind = AccessKind::Opened;
        store.append_access(&[NewAccessLine { record, at_us: now_us, kind, disclosure_id: id.clone(), detail }])?;
        Ok(Stream { record, id, caller: entry::caller_json(caller), n_pages: 0, n_resources: 0 })
    }

    /// Notes a refusal; it is written with the next flush.
    pub(crate) fn note_denied(&self, caller: &Caller, record: RecordId, act: Act, denied: Denied, now_us: i64) {
        self.note(NewAccessLine {
            record,
            at_us: now_us,
            kind: AccessKind::Denied,
            disclosure_id: String::new(),
            detail: entry::denied(caller, act.word(), &denied.to_string()),
        });
    }

    /// Notes something done with the record as a whole (PHR-93); it is written with the next flush.
    pub(crate) fn note_event(&self, caller: &Caller, record: RecordId, what: &str, now_us: i64) {
        self.note(NewAccessLine {
            record,
            at_us: now_us,
            kind: AccessKind::Event,
            disclosure_id: String::new(),
            detail: entry::event(caller, what),
        });
    }

    fn note(&self, line: NewAccessLine) {
        let mut state = self.state();
        // A flood of refusals is not kept without bound: past it, the first ones tell the story.
        if state.loose.len() < MAX_WAITING {
            state.loose.push(line);
        }
    }

    /// Writes down what waits, and closes what has been open for a minute.
    ///
    /// # Errors
    /// When the access log cannot be written; the callers concerned are then refused until it can.
    pub(crate) fn flush(&self, store: &Store, now_us: i64) -> Result<(), Failure> {
        self.write(store, now_us, OPEN_FOR_US)
    }

    /// Writes down everything and closes everything.
    ///
    /// # Errors
    /// When the access log cannot be written.
    pub(crate) fn close_all(&self, store: &Store, now_us: i64) -> Result<(), Failure> {
        self.write(store, now_us, 0)
    }

    fn write(&self, store: &Store, now_us: i64, keep_open_us: i64) -> Result<(), Failure> {
        let (due, callers) = self.state().take(now_us, keep_open_us);
        if due.is_empty() {
            return Ok(());
        }
        // Nobody waits for the desk while the lines are written out and packed.
        let lines: Vec<NewAccessLine> = due.into_iter().map(Due::into_line).collect();
        let written = store.append_access(&lines);
        let mut state = self.state();
        match written {
            Ok(()) => {
                callers.iter().for_each(|caller| {
                    state.failed.remove(caller);
                });
                Ok(())
            }
            Err(error) => {
                // What could not be written waits on; whoever it is about gets nothing more meanwhile.
                state.failed.extend(callers);
                state.loose.splice(0..0, lines);
                Err(error.into())
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something to be written down.
enum Due {
    Line(NewAccessLine),
    Requests(Requests),
}

/// Requests under one disclosure, not yet a line.
struct Requests {
    record: RecordId,
    at_us: i64,
    id: String,
    caller: Value,
    waiting: Vec<Request>,
}

impl Due {
    fn into_line(self) -> NewAccessLine {
        match self {
            Self::Line(line) => line,
            Self::Requests(requests) => requests.into_line(),
        }
    }
}

impl Requests {
    fn into_line(self) -> NewAccessLine {
        let Requests { record, at_us, id, caller, waiting } = self;
        let detail = entry::lines(&caller, &waiting);
        // A holder's own looks belong to no disclosure.
        let kind = if id.is_empty() { AccessKind::Look } else { AccessKind::Lines };
        NewAccessLine { record, at_us, kind, disclosure_id: id, detail }
    }
}

impl State {
    /// Keeps a disclosure that was opened, with its first request.
    fn add_open(&mut self, caller: &Caller, (key, id, request): (Key, String, Request), now_us: i64) {
        let (record, waiting) = (key.0, Vec::new());
        let caller = entry::caller_json(caller);
        let mut open = Open { id, caller, opened_at_us: now_us, n_requests: 0, n_resources: 0, waiting };
        open.add(request);
        self.n_waiting += 1;
        // Another thread may have opened one meanwhile, or the old one has run out: that one is closed, not lost.
        if let Some(old) = self.open.insert(key, open) {
            self.loose.extend(old.into_lines(record, "done", now_us));
        }
    }

    /// The lines that are due, and the callers they are about.
    fn take(&mut self, now_us: i64, keep_open_us: i64) -> (Vec<Due>, HashSet<String>) {
        let mut lines: Vec<Due> = std::mem::take(&mut self.loose).into_iter().map(Due::Line).collect();
        let mut callers: HashSet<String> = self.failed.iter().cloned().collect();
        self.n_waiting = 0;
        self.open.retain(|(record, caller, _), open| {
            if !open.waiting.is_empty() {
                callers.insert(caller.clone());
                lines.push(Due::Requests(open.take_requests(*record, now_us)));
            }
            let stays = now_us - open.opened_at_us < keep_open_us;
            if !stays {
                callers.insert(caller.clone());
                lines.extend(open.closing_line(*record, "done", now_us).map(Due::Line));
            }
            stays
        });
        (lines, callers)
    }
}

impl Open {
    fn add(&mut self, request: Request) {
        self.n_requests += 1;
        self.n_resources += request.n_resources;
        // Somebody who types asks the same many times within a second: that is one look at all that was shown.
        match self.waiting.last_mut() {
            Some(last) if self.id.is_empty() && last.is_same_look(&request) => last.join(request),
            _ => self.waiting.push(request),
        }
    }

    fn take_requests(&mut self, record: RecordId, at_us: i64) -> Requests {
        let (id, caller, waiting) = (self.id.clone(), self.caller.clone(), std::mem::take(&mut self.waiting));
        Requests { record, at_us, id, caller, waiting }
    }

    /// None for own looks: what was not opened is not closed.
    fn closing_line(&self, record: RecordId, outcome: &str, now_us: i64) -> Option<NewAccessLine> {
        if self.is_own_look() {
            return None;
        }
        let detail = entry::closed(&self.caller, self.n_requests, self.n_resources, outcome);
        let kind = AccessKind::Closed;
        Some(NewAccessLine { record, at_us: now_us, kind, disclosure_id: self.id.clone(), detail })
    }

    fn is_own_look(&self) -> bool {
        self.id.is_empty()
    }

    fn into_lines(mut self, record: RecordId, outcome: &str, now_us: i64) -> Vec<NewAccessLine> {
        let mut lines = Vec::with_capacity(2);
        if !self.waiting.is_empty() {
            lines.push(self.take_requests(record, now_us).into_line());
        }
        lines.extend(self.closing_line(record, outcome, now_us));
        lines
    }
}

/// The disclosure of one stream, e.g. an export. One that is dropped without being closed stays open in the log, and is
/// shown as "may have seen anything its grant admits".
pub struct Stream {
    record: RecordId,
    id: String,
    caller: Value,
    n_pages: u64,
    n_resources: u64,
}

impl Stream {
    /// Releases one more page of the stream; its resources are counted for the closing line.
    pub(crate) fn release<T>(&mut self, page: T, n_resources: usize) -> Released<T> {
        self.n_pages += 1;
        self.n_resources += n_resources as u64;
        Released::new(page)
    }

    /// Closes the disclosure with its counts and how the stream ended.
    ///
    /// # Errors
    /// When the access log cannot be written.
    pub(crate) fn close(self, store: &Store, outcome: &str, now_us: i64) -> Result<(), Failure> {
        let detail = entry::closed(&self.caller, self.n_pages, self.n_resources, outcome);
        let kind = AccessKind::Closed;
        let (record, disclosure_id) = (self.record, self.id);
        store.append_access(&[NewAccessLine { record, at_us: now_us, kind, disclosure_id, detail }])?;
        Ok(())
    }
}
