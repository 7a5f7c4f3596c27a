//! A parameter's name and value as a clause: modifiers, chains and `_has` (R4 search.html#chaining, #has; REST-35,
//! REST-40, REST-42).

use super::escape::{alternatives, unescaped};
use super::fault::Trouble;
use super::modifier::{Modifier, leading_to, leads_to, target_names, targets};
use super::reader::Reader;
use super::spelling::nearest;
use super::{Clause, comparison};
use crate::reference::{Id, ResourceType};
use crate::search::terms;
use crate::search_param::{SearchParam, SearchParamKind, search_param};

/// Parameters of the standard that are the same for every type and that cannot be had here.
const WITHOUT_SUPPORT: [&str; 4] = ["_query", "_filter", "_contained", "_containedType"];

impl Reader<'_> {
    /// What a parameter asks of resources of these types. None if its value is empty.
    pub(super) fn clause(
        &mut self,
        types: &[ResourceType],
        name: &str,
        value: &str,
        n_steps: usize,
    ) -> Result<Option<Clause>, Trouble> {
        if let Some(rest) = name.strip_prefix("_has:") {
            return self.referred_by(types, rest, value, n_steps);
        }
        match types {
            [] => Ok(None),
            [only] => self.clause_of(*only, name, value, n_steps),
            // What every type has, it has in common.
            [first, ..] if name.starts_with('_') => self.clause_of(*first, name, value, n_steps),
            _ => {
                let mut per_type = Vec::with_capacity(types.len());
                for &of in types {
                    let Some(clause) = self.clause_of(of, name, value, n_steps)? else { return Ok(None) };
                    per_type.push((of, clause));
                }
                Ok(Some(Clause::PerType(per_type)))
            }
        }
    }

    fn clause_of(
        &mut self,
        of: ResourceType,
        name: &str,
        value: &str,
        n_steps: usize,
    ) -> Result<Option<Clause>, Trouble> {
        self.spend_clause()?;
        if let Some((head, rest)) = name.split_once('.') {
            return self.chain(of, head, rest, value, n_steps);
        }
        let (code, modifier) = name.split_once(':').map_or((name, None), |(code, modifier)| (code, Some(modifier)));
        if ["_id", "_lastUpdated", "_content", "_text", "_list"].contains(&code) {
            return match modifier {
                None => self.of_every_type(code, value),
                Some(_) => Err(Trouble::not_supported(format!("`{code}` takes no modifier here"))),
            };
        }
        let param = param_of(of, code)?;
        let modifier = modifier.map(|modifier| Modifier::parse(modifier, param)).transpose()?;
        if modifier == Some(Modifier::Missing) {
            return missing(param, value);
        }
        let matches = self.matches(of, param, modifier, value)?;
        Ok(matches.map(|any_of| match modifier {
            Some(Modifier::Not) => Clause::HasNot { param, any_of },
            _ => Clause::Has { param, any_of },
        }))
    }

    /// Parameters with a rule of their own.
    fn of_every_type(&mut self, code: &str, value: &str) -> Result<Option<Clause>, Trouble> {
        let texts = alternatives(value);
        self.spend_values(texts.len())?;
        if texts.is_empty() {
            return Ok(None);
        }
        let clause = match code {
            "_lastUpdated" => {
                let dates: Result<_, _> = texts.iter().map(|text| comparison::date(text, self.context)).collect();
                Clause::LastUpdated(dates?)
            }
            "_id" => Clause::Id(ids(&texts)?),
            "_list" => in_list(&texts)?,
            _ => Clause::Words { narrative_only: code == "_text", any_of: words(&texts)? },
        };
        Ok(Some(clause))
    }

    /// `code.rest` and `code:Type.rest`.
    fn chain(
        &mut self,
        of: ResourceType,
        head: &str,
        rest: &str,
        value: &str,
        n_steps: usize,
    ) -> Result<Option<Clause>, Trouble> {
        self.step(n_steps)?;
        let (code, only) = head.split_once(':').map_or((head, None), |(code, only)| (code, Some(only)));
        let param = reference_param_of(of, code)?;
        let types = match only {
            Some(name) => vec![leading_to(param, type_named(name)?)?],
            None if param.targets().is_empty() => {
                return Err(Trouble::invalid(format!(
                    "`{code}` may lead to any type: say which, as in {code}:Patient.{rest}"
                )));
            }
            None => targets(param),
        };
        let n_types = types.len();
        let mut to = Vec::new();
        let mut unknown = None;
        for of in types {
            match self.clause(&[of], rest, value, n_steps + 1) {
                Ok(clause) => to.extend(clause.map(|clause| (of, clause))),
                Err(trouble) if trouble.is_unknown || trouble.leads_elsewhere => unknown = Some(trouble),
                Err(trouble) => return Err(trouble),
            }
        }
        match unknown {
            Some(unknown) if to.is_empty() && unknown.is_unknown && n_types > 1 => {
                Err(Trouble::unknown(format!("no type that `{code}` leads to has such a search parameter")))
            }
            Some(unknown) if to.is_empty() => Err(unknown),
            _ => Ok((!to.is_empty()).then_some(Clause::Chain { param, to })),
        }
    }

    /// What is behind `_has:`, `Type:reference:rest`.
    fn referred_by(
        &mut self,
        types: &[ResourceType],
        rest: &str,
        value: &str,
        n_steps: usize,
    ) -> Result<Option<Clause>, Trouble> {
        self.spend_clause()?;
        self.step(n_steps)?;
        let mut parts = rest.splitn(3, ':');
        let (Some(from), Some(code), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Trouble::invalid("it is written _has:Type:reference:parameter"));
        };
        let from = type_named(from)?;
        let param = reference_param_of(from, code)?;
        if !types.iter().any(|&of| leads_to(param, of)) {
            let leads = target_names(param);
            return Err(Trouble::elsewhere(format!("`{code}` of {from} leads to {leads}, which is not searched")));
        }
        let clause = self.clause(&[from], rest, value, n_steps + 1)?;
        Ok(clause.map(|clause| Clause::ReferredBy { from, param, clause: Box::new(clause) }))
    }

    /// Goes one step further from the resources searched.
    fn step(&self, n_steps: usize) -> Result<(), Trouble> {
        let most = self.context.limits.max_steps;
        if n_steps < most {
            return Ok(());
        }
        Err(Trouble::too_costly(format!("a parameter may lead over at most {most} references")))
    }
}

/// The type of that name.
pub(super) fn type_named(name: &str) -> Result<ResourceType, Trouble> {
    ResourceType::parse(name)
        .ok_or_else(|| Trouble::invalid("a resource type is misspelt; they are written as in Patient"))
}

/// The parameter of that name that resources of the type can be searched by.
pub(super) fn param_of(of: ResourceType, code: &str) -> Result<&'static SearchParam, Trouble> {
    let is_supported =
        |param: &&SearchParam| !param.expression().is_empty() && param.kind() != SearchParamKind::Special;
    match search_param(of.name(), code) {
        Some(param) if is_supported(&param) => Ok(param),
        Some(_) => Err(Trouble::unknown("this parameter is not supported here")),
        None if WITHOUT_SUPPORT.contains(&code) => Err(Trouble::unknown("this parameter is not supported here")),
        None => Err(Trouble::unknown(match nearest(of, code) {
            Some(meant) => format!("{of} has no such search parameter; was `{meant}` meant?"),
            None => format!("{of} has no such search parameter; the CapabilityStatement lists those it has"),
        })),
    }
}

/// The reference parameter of that name.
pub(super) fn reference_param_of(of: ResourceType, code: &str) -> Result<&'static SearchParam, Trouble> {
    let param = param_of(of, code)?;
    if param.kind() == SearchParamKind::Reference {
        return Ok(param);
    }
    Err(Trouble::invalid(format!("`{code}` of {of} is a {} parameter and leads nowhere", param.kind().name())))
}

fn missing(param: &'static SearchParam, value: &str) -> Result<Option<Clause>, Trouble> {
    match value {
        "" => Ok(None),
        "true" => Ok(Some(Clause::Missing { param, is_missing: true })),
        "false" => Ok(Some(Clause::Missing { param, is_missing: false })),
        _ => Err(Trouble::invalid(":missing is true or false")),
    }
}

fn ids(texts: &[&str]) -> Result<Vec<String>, Trouble> {
    let id = |text: &&str| Id::is_valid(text).then(|| (*text).to_owned());
    let ids: Option<_> = texts.iter().map(id).collect();
    ids.ok_or_else(|| Trouble::invalid("an id has 1 to 64 letters, digits, hyphens and dots"))
}

/// `_list`: an entry of one of these lists leads here.
fn in_list(texts: &[&str]) -> Result<Clause, Trouble> {
    if texts.iter().any(|text| text.starts_with('$')) {
        return Err(Trouble::not_supported("lists with a name are not supported here; give the id of a List"));
    }
    let from = type_named("List")?;
    let param = reference_param_of(from, "item")?;
    Ok(Clause::ReferredBy { from, param, clause: Box::new(Clause::Id(ids(texts)?)) })
}

fn words(texts: &[&str]) -> Result<Vec<Vec<String>>, Trouble> {
    let words: Vec<_> = texts.iter().map(|text| terms(&unescaped(text))).collect();
    if words.iter().any(Vec::is_empty) {
        return Err(Trouble::invalid("the value has no word of two letters or more"));
    }
    Ok(words)
}
