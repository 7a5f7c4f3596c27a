//! Where the values of one resource are gathered, within bounds.

use super::{MAX_CODE, MAX_PER_PARAM, MAX_TEXT};
use crate::search::value::{IndexValue, Indexed};

/// Values as they come, each for the parameter and group that were named last.
pub(super) struct Sink<'r> {
    found: Vec<Indexed>,
    /// How many each parameter has, by its place in the plan.
    n_of_each: Vec<u16>,
    at: usize,
    param: u16,
    group: u16,
    pub(super) local_base: &'r str,
    pub(super) zone_offset_minutes: i32,
}

impl<'r> Sink<'r> {
    pub(super) fn new(n_params: usize, local_base: &'r str, zone_offset_minutes: i32) -> Self {
        let n_of_each = vec![0; n_params];
        Self { found: Vec::new(), n_of_each, at: 0, param: 0, group: 0, local_base, zone_offset_minutes }
    }

    /// What follows are values of the parameter at that place in the plan.
    pub(super) fn begin(&mut self, at: usize, param: u16, group: u16) {
        (self.at, self.param, self.group) = (at, param, group);
    }

    /// How many values there are so far.
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// The values at those places once more in another group; whether there was room.
    pub(super) fn repeat(&mut self, range: std::ops::Range<usize>, group: u16) -> bool {
        range.into_iter().all(|at| {
            let has_room = self.has_room();
            if has_room {
                let (param, value) = (self.found[at].param, self.found[at].value.clone());
                self.found.push(Indexed { param, group, value });
            }
            has_room
        })
    }

    pub(super) fn done(self) -> Vec<Indexed> {
        self.found
    }

    fn has_room(&mut self) -> bool {
        let Some(n) = self.n_of_each.get_mut(self.at).filter(|n| usize::from(**n) < MAX_PER_PARAM) else {
            return false;
        };
        *n += 1;
        true
    }

    pub(super) fn push(&mut self, value: IndexValue) {
        if self.has_room() {
            self.found.push(Indexed { param: self.param, group: self.group, value });
        }
    }

    /// A token, unless it says nothing.
    pub(super) fn token(&mut self, system: &str, code: &str) {
        let is_within = system.len() <= MAX_CODE && code.len() <= MAX_CODE;
        if is_within && !(system.is_empty() && code.is_empty()) {
            self.push(IndexValue::Token { system: system.to_owned(), code: code.to_owned() });
        }
    }

    /// A text, unless it says nothing.
    pub(super) fn text(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let end = text.char_indices().nth(MAX_TEXT).map_or(text.len(), |(at, _)| at);
        self.push(IndexValue::String(text[..end].to_owned()));
    }

    /// An address, unless it says nothing.
    pub(super) fn uri(&mut self, uri: &str) {
        if !uri.is_empty() && uri.len() <= MAX_CODE {
            self.push(IndexValue::Uri(uri.to_owned()));
        }
    }
}
