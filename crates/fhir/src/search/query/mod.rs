//! A search query as it was understood (R4 search.html): every clause must hold, of its values one. What a
//! query asks for is health data too, so it has no `Debug`.
//!
//! - [`SearchQuery::parse`] reads one; [`Scope`], [`Handling`] and [`QueryContext`] are what it must know.
//! - [`QueryFault`]: what is wrong with one.

mod clause;
mod comparison;
mod escape;
mod fault;
mod matches;
mod modifier;
mod parse;
mod reader;
mod result;
mod spelling;

pub use fault::{FaultKind, QueryFault};
pub use parse::{CURSOR, Handling, Scope};
pub use reader::{QueryContext, QueryLimits};

use crate::reference::ResourceType;
use crate::search::value::{NumberKey, RefTarget, Stretch};
use crate::search_param::SearchParam;

/// The fewest letters that are taken for the beginning of a word.
pub const MIN_BEGINNING: usize = 3;

/// The most letters of the beginning of a word that are looked at.
pub const MAX_BEGINNING: usize = 8;

/// A whole query.
#[derive(Clone, PartialEq)]
pub struct SearchQuery {
    /// The types searched: one, or those of `_type` at the base.
    pub types: Vec<ResourceType>,
    /// What must hold, all of it.
    pub clauses: Vec<Clause>,
    /// The order, ties in order of (type code, id); empty is in order of (type name, id).
    pub sort: Vec<SortKey>,
    /// How many matches a page has, if asked; 0 asks for the total alone.
    pub count: Option<u32>,
    /// How exact the total must be, if asked.
    pub total: Option<TotalMode>,
    /// Which part of each resource is wanted.
    pub summary: Option<SummaryMode>,
    /// The elements wanted, if only some are.
    pub elements: Vec<String>,
    /// What matches refer to and is wanted too.
    pub includes: Vec<Include>,
    /// What refers to matches and is wanted too.
    pub rev_includes: Vec<Include>,
    /// The place a page goes on from, as the server wrote it; not a part of what is asked.
    pub cursor: Option<String>,
    /// The parameters that were honoured, as they came, in their order: what `link[self]` shows.
    pub honoured: Vec<(String, String)>,
    /// Names of parameters that were not understood; not empty only where that was allowed.
    pub ignored: Vec<String>,
}

/// One condition on a resource.
#[derive(Clone, PartialEq)]
pub enum Clause {
    /// `_id`: one of these.
    Id(Vec<String>),
    /// `_lastUpdated`: one of these.
    LastUpdated(Vec<DateMatch>),
    /// A parameter has one of these values.
    Has {
        /// The parameter.
        param: &'static SearchParam,
        /// What its value may be, one of them.
        any_of: Matches,
    },
    /// None of these holds (`:not`): also true of a resource without the parameter.
    HasNot {
        /// The parameter.
        param: &'static SearchParam,
        /// What no value of it may be.
        any_of: Matches,
    },
    /// `:missing`: whether the parameter has no value of any form: of a token parameter a text is one, of a reference
    /// parameter an identifier.
    Missing {
        /// The parameter.
        param: &'static SearchParam,
        /// Whether it must be missing.
        is_missing: bool,
    },
    /// A chain: the parameter refers to a resource of one of these types for which the clause holds.
    Chain {
        /// The reference parameter.
        param: &'static SearchParam,
        /// The types it may lead to, with the clause as that type understands it.
        to: Vec<(ResourceType, Clause)>,
    },
    /// `_has`: some resource of that type refers here by that parameter, and the clause holds for it.
    ReferredBy {
        /// The type of what refers.
        from: ResourceType,
        /// Its reference parameter.
        param: &'static SearchParam,
        /// What must hold of it.
        clause: Box<Clause>,
    },
    /// The resource is in the compartment of that one: one of the compartment's parameters leads there, or it is that one.
    Compartment {
        /// The type that has the compartment.
        of: ResourceType,
        /// Its id.
        id: String,
    },
    /// Several types are searched, each of which has a parameter of that name: of a resource of one of these types, its
    /// clause holds.
    PerType(Vec<(ResourceType, Clause)>),
    /// `_content`, `_text` (`narrative_only`): all words of one of the lists occur. The last one of a list may be the beginning of
    /// a word, if it has [`MIN_BEGINNING`] letters; of a longer one than [`MAX_BEGINNING`] the first so many are looked at.
    Words {
        /// Whether only the narrative is meant (`_text`).
        narrative_only: bool,
        /// Words, normalised as [`terms`](crate::search) are.
        any_of: Vec<Vec<String>>,
    },
}

/// Values of one kind, of which one must be met.
#[derive(Clone, PartialEq)]
pub enum Matches {
    /// Of tokens, `:text` apart.
    Token(Vec<TokenMatch>),
    /// Of strings, and the texts of tokens (`:text`).
    String(Vec<StringMatch>),
    /// Of references.
    Reference(Vec<RefMatch>),
    /// Of dates.
    Date(Vec<DateMatch>),
    /// Of numbers.
    Number(Vec<NumberMatch>),
    /// Of quantities.
    Quantity(Vec<QuantityMatch>),
    /// Of URIs.
    Uri(Vec<UriMatch>),
    /// Of composites: for each, one value per part, which must be met in one group.
    Composite(Vec<Vec<Part>>),
}

/// A part of a composite value.
#[derive(Clone, PartialEq)]
pub struct Part {
    /// The parameter whose values are compared.
    pub param: &'static SearchParam,
    /// The one value it must have.
    pub is: Matches,
}

/// `code`, `system|code`, `|code`, `system|`; of a reference parameter with `:identifier` its identifier.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenMatch {
    /// The system: none asks for any, an empty one for values without a system.
    pub system: Option<String>,
    /// The code: none asks for any.
    pub code: Option<String>,
}

/// A text, compared after [`normalise`](crate::search) unless it must be exact.
#[derive(Clone, PartialEq, Eq)]
pub enum StringMatch {
    /// Normalised, at the beginning of the whole text.
    Starts(String),
    /// Normalised, anywhere (`:contains`).
    Contains(String),
    /// As written, as a whole (`:exact`).
    Exact(String),
}

/// Where a reference must point.
#[derive(Clone, PartialEq, Eq)]
pub enum RefMatch {
    /// There.
    To(RefTarget),
    /// At a resource of that id, whatever type among those the parameter allows.
    ToId {
        /// The types; never empty.
        types: Vec<ResourceType>,
        /// The id.
        id: String,
    },
}

/// A comparison of dates. `range` is what the value covers by its precision (`2020-05` is the whole month).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DateMatch {
    /// How to compare; `ap` comes with its range widened already, and means "overlaps".
    pub prefix: Prefix,
    /// The value's stretch.
    pub range: Stretch,
}

/// A comparison of numbers.
#[derive(Clone, PartialEq, Eq)]
pub struct NumberMatch {
    /// How to compare.
    pub prefix: Prefix,
    /// The value itself.
    pub value: NumberKey,
    /// The lowest number the value stands for by its digits (`5.40`: 5.395), or by `ap`; included.
    pub low: NumberKey,
    /// The highest; not included (for `ap` and whole exponents too).
    pub high: NumberKey,
}

/// A comparison of quantities.
#[derive(Clone, PartialEq, Eq)]
pub struct QuantityMatch {
    /// The number as written.
    pub number: NumberMatch,
    /// The unit: none asks for any.
    pub unit: Option<UnitMatch>,
}

/// A unit in a query.
#[derive(Clone, PartialEq, Eq)]
pub struct UnitMatch {
    /// The system: none asks for any, an empty one for units without a system.
    pub system: Option<String>,
    /// The unit's code or text.
    pub unit: String,
    /// The comparison in UCUM's base units, if the unit is one that UCUM knows: then only this is compared.
    pub canonical: Option<(String, NumberMatch)>,
}

/// A URI.
#[derive(Clone, PartialEq, Eq)]
pub enum UriMatch {
    /// Exactly this.
    Is(String),
    /// This, or one beneath it: one that goes on behind it with a slash (`:below`).
    Below(String),
    /// This, or one above it: one that it is [beneath](UriMatch::Below) (`:above`).
    Above(String),
}

/// How a value is compared (R4 search.html#prefix). The target's stretch is compared with the value's.
///
/// A number in a resource is a point. It is compared with the range that the value stands for by `eq`, `ne` and `ap`, by the
/// others with [`NumberMatch::value`] itself: `ge` is that or more, `sa` is `gt`, `eb` is `lt` (search.html#number).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// The value's range contains the target's.
    Eq,
    /// It does not.
    Ne,
    /// Some of the target is behind the value's range.
    Gt,
    /// Some of the target is before the value's range.
    Lt,
    /// `Gt` or `Eq`.
    Ge,
    /// `Lt` or `Eq`.
    Le,
    /// The target starts behind the value's range.
    Sa,
    /// The target ends before the value's range.
    Eb,
    /// About: the widened range overlaps the target's.
    Ap,
}

/// One key of the order; resources without a value come last either way.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// By what.
    pub by: SortBy,
    /// Whether from high to low.
    pub descending: bool,
}

/// What can be sorted by.
#[derive(Debug, Clone, PartialEq)]
pub enum SortBy {
    /// The id.
    Id,
    /// When the current version was committed.
    LastUpdated,
    /// A parameter: ascending by its lowest value, descending by its highest. Texts are compared as
    /// [`normalise`](crate::search::normalise) leaves them, tokens by their code, references by type code and id with
    /// addresses before them, dates by start and then end, quantities by the number as written; texts byte by byte. Of a
    /// token parameter the texts and of a reference parameter the identifiers do not count.
    Param(&'static SearchParam),
}

/// `_total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalMode {
    /// No total.
    None,
    /// Roughly.
    Estimate,
    /// Exactly.
    Accurate,
}

/// `_summary`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SummaryMode {
    /// Elements marked as summary.
    True,
    /// Narrative, id, meta and mandatory elements.
    Text,
    /// All but the narrative.
    Data,
    /// Only the total.
    Count,
    /// Everything.
    False,
}

/// `_include` and `_revinclude`.
#[derive(Debug, Clone, PartialEq)]
pub struct Include {
    /// The type that refers.
    pub from: ResourceType,
    /// By which parameter; none is every reference (`*`).
    pub param: Option<&'static SearchParam>,
    /// Only targets of this type.
    pub target: Option<ResourceType>,
    /// Whether what was included is looked at again (`:iterate`).
    pub iterates: bool,
}
