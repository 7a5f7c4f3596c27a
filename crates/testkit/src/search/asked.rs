//! A query as an address without percent-encoding, for tests that are tables: `Observation?code=a&_sort=-date`.

use mecum_fhir::reference::{Id, ResourceType};
use mecum_fhir::search::query::{Handling, QueryContext, QueryFault, Scope, SearchQuery};

/// What is searched, and the parameters as the door would hand them on.
#[derive(Clone)]
pub struct Asked {
    /// What is searched.
    pub scope: Scope,
    /// Names and values.
    pub pairs: Vec<(String, String)>,
}

impl Asked {
    /// Reads `Type?…`, `?…` or `Patient/1/*?…`; parameters stand between `&`, which no value can have here.
    ///
    /// # Panics
    /// If it is none of these.
    #[must_use]
    pub fn of(address: &str) -> Asked {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let scope = scope(path).unwrap_or_else(|| panic!("{path} is nowhere to search"));
        Asked { scope, pairs }
    }

    /// What it asks, every parameter of it being understood.
    ///
    /// # Errors
    /// If it is not.
    pub fn query(&self, context: &QueryContext<'_>) -> Result<SearchQuery, QueryFault> {
        SearchQuery::parse(&self.scope, self.pairs.clone(), Handling::Strict, context)
    }
}

fn scope(path: &str) -> Option<Scope> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    Some(match parts.as_slice() {
        [] => Scope::Base,
        [of] => Scope::Type(ResourceType::parse(of)?),
        [of, id, held] => Scope::Compartment {
            of: ResourceType::parse(of)?,
            id: Id::parse(id).ok()?,
            resource_type: if *held == "*" { None } else { Some(ResourceType::parse(held)?) },
        },
        _ => return None,
    })
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.scope {
            Scope::Base => {}
            Scope::Type(of) => write!(f, "{of}")?,
            Scope::Compartment { of, id, resource_type: None } => write!(f, "{of}/{id}/*")?,
            Scope::Compartment { of, id, resource_type: Some(held) } => write!(f, "{of}/{id}/{held}")?,
        }
        for (at, (name, value)) in self.pairs.iter().enumerate() {
            write!(f, "{}{name}={value}", if at == 0 { "?" } else { "&" })?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}
