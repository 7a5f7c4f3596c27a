//! The flat list of nodes behind a parsed text: pre-order, a member's name just before its value.

use std::ops::Range;

/// What a node on the tape is; names of members are nodes too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Null,
    True,
    False,
    Number,
    /// A string without a backslash: its inside is its value.
    String,
    /// A string with escapes.
    EscapedString,
    Array,
    Object,
    /// A member's name without a backslash.
    Key,
    /// A member's name with escapes.
    EscapedKey,
}

/// One node: its place in the minified text and the tape index just behind its subtree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) next: u32,
    pub(super) kind: NodeKind,
}

impl Node {
    /// The node's bytes in the minified text, quotes and brackets included.
    pub(super) fn span(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The bytes between the quotes of a string or a name.
    pub(super) fn inside(self) -> Range<usize> {
        self.start as usize + 1..self.end as usize - 1
    }

    pub(super) fn is_key(self) -> bool {
        matches!(self.kind, NodeKind::Key | NodeKind::EscapedKey)
    }
}
