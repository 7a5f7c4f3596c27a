//! A query as it came, read into a [`SearchQuery`] (R4 search.html, http.html#search; REST-30…46).

use super::clause::type_named;
use super::escape::alternatives;
use super::fault::{QueryFault, Trouble};
use super::reader::{QueryContext, Reader};
use super::result::Taken;
use super::{Clause, SearchQuery};
use crate::compartment::compartment;
use crate::reference::{Id, ResourceType};

/// The parameter under which a page's link carries the place the next page goes on from.
pub const CURSOR: &str = "_cursor";

/// What is searched, by the address.
#[derive(Clone, PartialEq, Eq)]
pub enum Scope {
    /// `[base]/Type`.
    Type(ResourceType),
    /// `[base]`: every type, or those of `_type`.
    Base,
    /// `[base]/Patient/id/Type` or `[base]/Patient/id/*`.
    Compartment {
        /// The type that has the compartment.
        of: ResourceType,
        /// The id of the resource at its centre.
        id: Id,
        /// The type searched; none for `*`: those of `_type`, or all that the compartment can hold.
        resource_type: Option<ResourceType>,
    },
}

/// What is done about parameters that are not known (`Prefer: handling`, R4 search.html#errors).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    /// They are a fault.
    Strict,
    /// They are left out of the query and named in [`SearchQuery::ignored`].
    Lenient,
}

impl SearchQuery {
    /// Reads a query from its parameters, in their order, names and values free of percent-encoding.
    ///
    /// A parameter that is not known is a fault or ignored, as `handling` says; an unknown modifier or a malformed value is
    /// a fault always; a parameter without a value is passed over (REST-33). `_format` and `_pretty` are accepted and do
    /// not show in [`SearchQuery::honoured`].
    ///
    /// ```
    /// use mecum_fhir::reference::ResourceType;
    /// use mecum_fhir::search::query::{Handling, QueryContext, QueryLimits, Scope, SearchQuery};
    /// let context = QueryContext {
    ///     base_url: "https://phr.example/fhir", zone_offset_minutes: 0, now_us: 0, limits: QueryLimits::default(),
    /// };
    /// let scope = Scope::Type(ResourceType::parse("Observation").unwrap());
    /// let pairs = [("code", "http://loinc.org|8480-6"), ("date", "ge2020-05"), ("_count", "50000")];
    /// let query = SearchQuery::parse(&scope, pairs, Handling::Strict, &context).unwrap();
    /// assert_eq!((query.clauses.len(), query.count), (2, Some(1000)));
    /// let fault = SearchQuery::parse(&scope, [("cdoe", "1")], Handling::Strict, &context).err().unwrap();
    /// assert_eq!((fault.parameter(), fault.code().code()), ("cdoe", "not-supported"));
    /// ```
    pub fn parse<N: Into<String>, V: Into<String>>(
        scope: &Scope,
        pairs: impl IntoIterator<Item = (N, V)>,
        handling: Handling,
        context: &QueryContext<'_>,
    ) -> Result<SearchQuery, QueryFault> {
        let pairs = bounded(pairs, context.limits.max_bytes)?;
        let mut query = SearchQuery::of(types(scope, &pairs)?);
        if let Scope::Compartment { of, id, .. } = scope {
            query.clauses.push(Clause::Compartment { of: *of, id: id.as_str().to_owned() });
        }
        let mut reader = Reader::new(context);
        for (name, value) in pairs {
            match query.take(&mut reader, scope, &name, &value) {
                Ok(Taken::AsWritten) => query.honoured.push((name, value)),
                Ok(Taken::As(value)) => query.honoured.push((name, value)),
                Ok(Taken::Passed) => {}
                Err(trouble) if trouble.is_unknown && handling == Handling::Lenient => query.ignore(name, context)?,
                Err(trouble) => return Err(trouble.at(&name)),
            }
        }
        Ok(query)
    }

    fn ignore(&mut self, name: String, context: &QueryContext<'_>) -> Result<(), QueryFault> {
        if self.ignored.len() >= context.limits.max_clauses {
            return Err(Trouble::too_costly("there are too many parameters that are not known").at(&name));
        }
        self.ignored.push(name);
        Ok(())
    }

    /// Asks for everything of these types.
    fn of(types: Vec<ResourceType>) -> Self {
        Self {
            types,
            clauses: Vec::new(),
            sort: Vec::new(),
            count: None,
            total: None,
            summary: None,
            elements: Vec::new(),
            includes: Vec::new(),
            rev_includes: Vec::new(),
            cursor: None,
            honoured: Vec::new(),
            ignored: Vec::new(),
        }
    }

    fn take(&mut self, reader: &mut Reader<'_>, scope: &Scope, name: &str, value: &str) -> Result<Taken, Trouble> {
        let (code, modifier) = name.split_once(':').map_or((name, None), |(code, modifier)| (code, Some(modifier)));
        let limits = &reader.context.limits;
        match name {
            "_format" | "_pretty" => return Ok(Taken::Passed),
            CURSOR => {
                self.cursor = (!value.is_empty()).then(|| value.to_owned());
                return Ok(Taken::Passed);
            }
            "_type" if scope.is_open() && alternatives(value).is_empty() => return Ok(Taken::Passed),
            "_type" if scope.is_open() => return Ok(Taken::AsWritten),
            "_type" => {
                return Err(Trouble::unknown("it is for searches over several types; here the address names the type"));
            }
            _ => {}
        }
        if let Some(taken) = self.take_result((code, modifier), value, limits) {
            return taken;
        }
        let Some(clause) = reader.clause(&self.types, name, value, 0)? else { return Ok(Taken::Passed) };
        if self.clauses.len() >= limits.max_clauses {
            let most = limits.max_clauses;
            return Err(Trouble::too_costly(format!("one query may have at most {most} conditions")));
        }
        self.clauses.push(clause);
        Ok(Taken::AsWritten)
    }
}

impl Scope {
    /// Whether `_type` says what is searched.
    fn is_open(&self) -> bool {
        matches!(self, Scope::Base | Scope::Compartment { resource_type: None, .. })
    }

    /// The types searched as far as the address says, by name.
    fn types(&self) -> Vec<ResourceType> {
        let mut types = match self {
            Scope::Type(of) | Scope::Compartment { resource_type: Some(of), .. } => vec![*of],
            Scope::Base => ResourceType::all().collect(),
            Scope::Compartment { of, resource_type: None, .. } => {
                let holds = |held: &ResourceType| {
                    held == of || compartment(of.name()).is_some_and(|centre| !centre.params(held.name()).is_empty())
                };
                ResourceType::all().filter(holds).collect()
            }
        };
        types.sort_unstable_by_key(|of| of.name());
        types
    }
}

/// The parameters, as long as they are not too long.
fn bounded<N: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (N, V)>,
    max_bytes: usize,
) -> Result<Vec<(String, String)>, QueryFault> {
    let mut n_bytes = 0_usize;
    let mut kept = Vec::new();
    for (name, value) in pairs {
        let (name, value) = (name.into(), value.into());
        // The separators count too: parameters without name and value are not for nothing.
        n_bytes = n_bytes.saturating_add(name.len()).saturating_add(value.len()).saturating_add(2);
        if n_bytes > max_bytes {
            return Err(Trouble::too_costly(format!("a query may be at most {max_bytes} bytes long")).at(&name));
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(Trouble::invalid("there is a character in it that no text has (U+0000)").at(&name));
        }
        kept.push((name, value));
    }
    Ok(kept)
}

/// The types searched: those that every `_type` names, else those of the address. A type that a compartment cannot hold may
/// be named: there is none of it.
fn types(scope: &Scope, pairs: &[(String, String)]) -> Result<Vec<ResourceType>, QueryFault> {
    let mut types = scope.types();
    let mut lists = Vec::new();
    for (name, value) in pairs.iter().filter(|(name, _)| name == "_type" && scope.is_open()) {
        let named: Result<Vec<_>, _> = alternatives(value).into_iter().map(type_named).collect();
        lists.push(named.map_err(|trouble| trouble.at(name))?);
    }
    lists.retain(|named| !named.is_empty());
    if !lists.is_empty() {
        types = Scope::Base.types();
        types.retain(|of| lists.iter().all(|named| named.contains(of)));
    }
    if types.is_empty() {
        return Err(Trouble::invalid("no type is in all the lists of types").at("_type"));
    }
    Ok(types)
}
