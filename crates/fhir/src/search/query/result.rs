//! Parameters that say how the result looks: order, page, parts, includes (R4 search.html#modifying; REST-43, REST-44).

use super::clause::{param_of, reference_param_of, type_named};
use super::escape::alternatives;
use super::fault::Trouble;
use super::modifier::{leading_to, leads_to};
use super::reader::QueryLimits;
use super::{Include, SearchQuery, SortBy, SortKey, SummaryMode, TotalMode};
use crate::definitions::definitions;
use crate::reference::ResourceType;
use crate::search_param::{SearchParamKind, search_params_for};

/// What became of a parameter.
pub(super) enum Taken {
    /// It is honoured as it is.
    AsWritten,
    /// It is honoured with this value.
    As(String),
    /// It has no value, or is none of the search's business.
    Passed,
}

impl SearchQuery {
    /// Takes a parameter of that name, without its modifier, if it is one about the result.
    pub(super) fn take_result(
        &mut self,
        (name, modifier): (&str, Option<&str>),
        value: &str,
        limits: &QueryLimits,
    ) -> Option<Result<Taken, Trouble>> {
        let taken = match name {
            "_sort" => self.take_sort(value, limits),
            "_count" => self.take_count(value, limits),
            "_total" => set(&mut self.total, value, &TOTALS),
            "_summary" => set(&mut self.summary, value, &SUMMARIES),
            "_elements" => self.take_elements(value),
            "_include" | "_revinclude" => return Some(self.take_include((name, modifier), value, limits)),
            _ => return None,
        };
        Some(match modifier {
            None => taken,
            Some(_) => Err(Trouble::invalid(format!("`{name}` takes no modifier"))),
        })
    }

    fn take_sort(&mut self, value: &str, limits: &QueryLimits) -> Result<Taken, Trouble> {
        if !self.sort.is_empty() {
            return Err(twice());
        }
        let keys = alternatives(value);
        if keys.len() > limits.max_sort_keys {
            return Err(Trouble::too_costly(format!("at most {} keys can be sorted by", limits.max_sort_keys)));
        }
        for key in keys {
            let (code, descending) = key.strip_prefix('-').map_or((key, false), |code| (code, true));
            self.sort.push(SortKey { by: sort_by(&self.types, code)?, descending });
        }
        Ok(if self.sort.is_empty() { Taken::Passed } else { Taken::AsWritten })
    }

    fn take_count(&mut self, value: &str, limits: &QueryLimits) -> Result<Taken, Trouble> {
        if value.is_empty() {
            return Ok(Taken::Passed);
        }
        if self.count.is_some() {
            return Err(twice());
        }
        if !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Trouble::invalid("it is a whole number, 0 or more"));
        }
        // Digits that are no u32 are a number too large for one.
        let asked = value.parse().unwrap_or(u32::MAX);
        let count = asked.min(limits.max_count);
        self.count = Some(count);
        Ok(if asked == count { Taken::AsWritten } else { Taken::As(count.to_string()) })
    }

    fn take_elements(&mut self, value: &str) -> Result<Taken, Trouble> {
        let names = alternatives(value);
        for name in &names {
            let has =
                |of: &ResourceType| definitions().resource_type(of.name()).and_then(|of| of.element(name)).is_some();
            if !self.types.iter().any(has) {
                return Err(Trouble::invalid(
                    "an element is named that no type searched has; elements of the first level are named, a choice as in value",
                ));
            }
            if !self.elements.iter().any(|known| known == name) {
                self.elements.push((*name).to_owned());
            }
        }
        Ok(if names.is_empty() { Taken::Passed } else { Taken::AsWritten })
    }

    fn take_include(
        &mut self,
        (name, modifier): (&str, Option<&str>),
        value: &str,
        limits: &QueryLimits,
    ) -> Result<Taken, Trouble> {
        let iterates = match modifier {
            None => false,
            Some("iterate") => true,
            Some(_) => return Err(Trouble::invalid(format!("`{name}` takes :iterate or no modifier"))),
        };
        if value.is_empty() {
            return Ok(Taken::Passed);
        }
        let is_reverse = name == "_revinclude";
        let n_written = self.honoured.iter().filter(|(name, _)| is_include(name)).count();
        if n_written >= limits.max_includes {
            return Err(Trouble::too_costly(format!("at most {} includes can be asked for", limits.max_includes)));
        }
        let found = includes(&self.types, is_reverse, value)?;
        let into = if is_reverse { &mut self.rev_includes } else { &mut self.includes };
        for include in found.into_iter().map(|include| Include { iterates, ..include }) {
            if !into.contains(&include) {
                into.push(include);
            }
        }
        Ok(Taken::AsWritten)
    }
}

const TOTALS: [(&str, TotalMode); 3] =
    [("none", TotalMode::None), ("estimate", TotalMode::Estimate), ("accurate", TotalMode::Accurate)];

const SUMMARIES: [(&str, SummaryMode); 5] = [
    ("true", SummaryMode::True),
    ("text", SummaryMode::Text),
    ("data", SummaryMode::Data),
    ("count", SummaryMode::Count),
    ("false", SummaryMode::False),
];

fn is_include(name: &str) -> bool {
    name.starts_with("_include") || name.starts_with("_revinclude")
}

fn twice() -> Trouble {
    Trouble::invalid("it can be given once")
}

/// Sets what can be given once, by one of its words.
fn set<T: Copy>(place: &mut Option<T>, value: &str, words: &[(&str, T)]) -> Result<Taken, Trouble> {
    if value.is_empty() {
        return Ok(Taken::Passed);
    }
    if place.is_some() {
        return Err(twice());
    }
    let found = words.iter().find_map(|&(word, meant)| (word == value).then_some(meant));
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    *place = Some(found.ok_or_else(|| Trouble::invalid(format!("it is one of {}", known.join(", "))))?);
    Ok(Taken::AsWritten)
}

fn sort_by(types: &[ResourceType], code: &str) -> Result<SortBy, Trouble> {
    match code {
        "_id" => return Ok(SortBy::Id),
        "_lastUpdated" => return Ok(SortBy::LastUpdated),
        _ => {}
    }
    let mut params = types.iter().map(|&of| param_of(of, code));
    let Some(param) = params.next().transpose().map_err(Trouble::in_value)? else {
        return Err(Trouble::invalid("there is nothing to sort"));
    };
    if param.kind() == SearchParamKind::Composite {
        return Err(Trouble::not_supported("what is composed of several parameters cannot be sorted by"));
    }
    for other in params {
        if other.map_err(Trouble::in_value)? != param {
            return Err(Trouble::not_supported(
                "several types can be sorted only by _id, _lastUpdated and what all have in common",
            ));
        }
    }
    Ok(SortBy::Param(param))
}

/// `*`, `Type:*`, `Type:param` or `Type:param:Target`.
fn includes(types: &[ResourceType], is_reverse: bool, value: &str) -> Result<Vec<Include>, Trouble> {
    let include = |from| Include { from, param: None, target: None, iterates: false };
    if value == "*" {
        let from: Vec<ResourceType> = if is_reverse { referring_to(types) } else { types.to_vec() };
        return Ok(from.into_iter().map(include).collect());
    }
    let mut parts = value.split(':');
    let (Some(from), Some(code), target, None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(Trouble::invalid("it is written Type:parameter, Type:parameter:Target, Type:* or *"));
    };
    let from = type_named(from)?;
    let target = target.map(type_named).transpose()?;
    if code == "*" {
        return Ok(vec![Include { target, ..include(from) }]);
    }
    let param = reference_param_of(from, code).map_err(Trouble::in_value)?;
    if let Some(target) = target {
        leading_to(param, target)?;
    }
    Ok(vec![Include { param: Some(param), target, ..include(from) }])
}

/// The types that have a parameter that may lead to one of these.
fn referring_to(types: &[ResourceType]) -> Vec<ResourceType> {
    let refers = |from: &ResourceType| {
        let mut references = search_params_for(from.name()).filter(|param| param.kind() == SearchParamKind::Reference);
        references.any(|param| types.iter().any(|&of| leads_to(param, of)))
    };
    ResourceType::all().filter(refers).collect()
}
