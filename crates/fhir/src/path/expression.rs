//! An expression as it was written, before it is known of what.

/// Why an expression cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is not FHIRPath.
    #[error("unexpected {found:?} at byte {at}")]
    Syntax {
        /// What stands there; empty at the end.
        found: String,
        /// Where.
        at: usize,
    },
    /// It is too long or too deep.
    #[error("longer or deeper than allowed")]
    TooLong,
    /// A type has no such element, or there is no such type.
    #[error("{of} has no {name:?}")]
    Unknown {
        /// The type.
        of: &'static str,
        /// The name.
        name: String,
    },
    /// It is FHIRPath, but more than is supported.
    #[error("{0} is not supported here")]
    Unsupported(String),
}

/// A part of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expression {
    /// `%resource`
    Resource,
    /// `$this`
    This,
    /// `true`, `false`
    Bool(bool),
    /// `'text'`
    Text(String),
    /// `of.name`, or the name alone.
    Member(Option<Box<Expression>>, String),
    /// `of.name(arguments)`, or the call alone.
    Call(Option<Box<Expression>>, String, Vec<Expression>),
    /// `of[index]`
    Index(Box<Expression>, usize),
    /// `left | right`
    Union(Box<Expression>, Box<Expression>),
    /// `of as type`
    As(Box<Expression>, String),
    /// `of is type`
    Is(Box<Expression>, String),
    /// `left = right`
    Equal(Box<Expression>, Box<Expression>),
    /// `left != right`
    Unequal(Box<Expression>, Box<Expression>),
    /// `left and right`
    And(Box<Expression>, Box<Expression>),
    /// `left or right`
    Or(Box<Expression>, Box<Expression>),
}

impl Expression {
    /// The parts of a union, in order; the expression itself if it is none.
    pub(crate) fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Union(left, right) => left.parts().into_iter().chain(right.parts()).collect(),
            _ => vec![self],
        }
    }

    /// Whether it begins at the resource, whatever element it is asked of.
    pub(crate) fn starts_at_resource(&self) -> bool {
        match self {
            Self::Resource => true,
            Self::Member(Some(of), _) | Self::Call(Some(of), _, _) => of.starts_at_resource(),
            Self::Index(of, _) | Self::As(of, _) | Self::Is(of, _) => of.starts_at_resource(),
            Self::Union(left, right) => left.starts_at_resource() && right.starts_at_resource(),
            _ => false,
        }
    }
}
