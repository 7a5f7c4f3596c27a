//! The one way out: every piece is accounted for in the export's disclosure before it leaves (I4).

use std::cell::RefCell;
use std::io::{self, Write};

use mecum_store::Store;

use crate::Failure;
use crate::disclose::{Released, Stream};

/// Bytes that are collected before they leave.
pub(crate) const CHUNK_BYTES: usize = 256 << 10;

/// Who takes the pieces.
type Out<'o> = &'o mut dyn FnMut(Released<Vec<u8>>) -> Result<(), Failure>;

/// The way out of one export.
pub(crate) struct Outlet<'o> {
    inner: RefCell<Inner<'o>>,
}

struct Inner<'o> {
    stream: Stream,
    out: Out<'o>,
    /// Resources in what was collected and has not left yet.
    n_waiting: usize,
    /// Whether the receiver failed: then nothing more is sent.
    is_cut: bool,
    /// What the receiver said, where it had to pass through [`Write`].
    failure: Option<Failure>,
}

impl<'o> Outlet<'o> {
    pub(crate) fn new(stream: Stream, out: Out<'o>) -> Self {
        Self { inner: RefCell::new(Inner { stream, out, n_waiting: 0, is_cut: false, failure: None }) }
    }

    /// Counts a resource that is in the next piece.
    pub(crate) fn count_resource(&self) {
        self.inner.borrow_mut().n_waiting += 1;
    }

    /// Lets a piece leave.
    pub(crate) fn send(&self, bytes: Vec<u8>) -> Result<(), Failure> {
        if bytes.is_empty() {
            return Ok(());
        }
        let mut inner = self.inner.borrow_mut();
        let n_resources = std::mem::take(&mut inner.n_waiting);
        let released = inner.stream.release(bytes, n_resources);
        let sent = (inner.out)(released);
        inner.is_cut |= sent.is_err();
        sent
    }

    /// Whether the receiver failed.
    pub(super) fn is_cut(&self) -> bool {
        self.inner.borrow().is_cut
    }

    /// What the receiver said when a [`Sender`] met it.
    pub(super) fn take_failure(&self) -> Option<Failure> {
        self.inner.borrow_mut().failure.take()
    }

    /// Closes the disclosure.
    pub(crate) fn close(self, store: &Store, outcome: &str, now_us: i64) -> Result<(), Failure> {
        self.inner.into_inner().stream.close(store, outcome, now_us)
    }
}

/// The outlet as a place to write to.
pub(super) struct Sender<'t, 'o> {
    outlet: &'t Outlet<'o>,
    waiting: Vec<u8>,
}

impl<'t, 'o> Sender<'t, 'o> {
    pub(super) fn new(outlet: &'t Outlet<'o>) -> Self {
        Self { outlet, waiting: Vec::new() }
    }
}

impl Write for Sender<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.outlet.send(std::mem::take(&mut self.waiting)).map_err(|failure| {
            self.outlet.inner.borrow_mut().failure = Some(failure);
            io::Error::from(io::ErrorKind::BrokenPipe)
        })
    }
}
