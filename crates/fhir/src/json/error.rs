//! Why a text is not acceptable JSON (RFC 8259), and at which byte; never quotes the text, which may be health data.

/// The first fault found in a JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at byte {offset}")]
pub struct JsonError {
    /// Where the fault is, in bytes from the start of the input.
    pub offset: usize,
    /// What the fault is.
    pub kind: JsonErrorKind,
}

/// The faults a JSON text can have; the display form reads well before "at byte 17".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The input is not UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// Something else stands where a value must begin.
    #[error("expected a value")]
    ExpectedValue,
    /// Something else stands where a quoted member name must begin.
    #[error("expected a member name in double quotes")]
    ExpectedKey,
    /// No colon after a member name.
    #[error("expected a colon")]
    ExpectedColon,
    /// Neither a comma nor the end of the array.
    #[error("expected a comma or a closing bracket")]
    ExpectedCommaOrBracket,
    /// Neither a comma nor the end of the object.
    #[error("expected a comma or a closing brace")]
    ExpectedCommaOrBrace,
    /// Something after the one value.
    #[error("expected the end of the text")]
    ExpectedEnd,
    /// The input ends inside a value.
    #[error("unexpected end of the text")]
    UnexpectedEnd,
    /// A control character stands unescaped in a string.
    #[error("unescaped control character in a string")]
    ControlCharacter,
    /// A backslash is followed by something that is no escape.
    #[error("invalid escape in a string")]
    InvalidEscape,
    /// Half of a surrogate pair without its other half.
    #[error("lone surrogate in a string")]
    LoneSurrogate,
    /// Digits that are no JSON number: a leading zero, a missing digit.
    #[error("invalid number")]
    InvalidNumber,
    /// More bytes than [`super::Limits::max_bytes`].
    #[error("text longer than the limit")]
    TooLarge,
    /// Nested deeper than [`super::Limits::max_depth`].
    #[error("nesting deeper than the limit")]
    TooDeep,
    /// More values and member names than [`super::Limits::max_nodes`].
    #[error("more values than the limit")]
    TooManyNodes,
}

impl JsonErrorKind {
    /// The fault, placed at `offset`.
    pub(super) fn at(self, offset: usize) -> JsonError {
        JsonError { offset, kind: self }
    }

    /// Whether the text was refused for its size rather than its spelling.
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TooLarge | Self::TooDeep | Self::TooManyNodes)
    }
}
