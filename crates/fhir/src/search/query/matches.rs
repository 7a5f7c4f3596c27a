//! The values of a clause, each kind in its own notation (R4 search.html#ptypes; REST-36…42).

use super::escape::{alternatives, parts, unescaped};
use super::fault::Trouble;
use super::modifier::{Modifier, targets};
use super::reader::Reader;
use super::{
    Matches, NumberMatch, Part, QuantityMatch, RefMatch, StringMatch, TokenMatch, UnitMatch, UriMatch, comparison,
};
use crate::reference::{Id, Reference, ResourceType};
use crate::search::normalise;
use crate::search::unit::{UCUM, canonical_range};
use crate::search::value::RefTarget;
use crate::search_param::{SearchParam, SearchParamKind};

impl Reader<'_> {
    /// The values of a parameter of that type, one of which must be met. None if there is none.
    pub(super) fn matches(
        &mut self,
        of: ResourceType,
        param: &'static SearchParam,
        modifier: Option<Modifier>,
        value: &str,
    ) -> Result<Option<Matches>, Trouble> {
        let texts = alternatives(value);
        self.spend_values(texts.len())?;
        if texts.is_empty() {
            return Ok(None);
        }
        let matches = match (param.kind(), modifier) {
            (SearchParamKind::Token, Some(Modifier::Text)) => Matches::String(each(&texts, starts)?),
            (SearchParamKind::Reference, Some(Modifier::Identifier)) => Matches::Token(each(&texts, token)?),
            (SearchParamKind::String, _) => Matches::String(each(&texts, |text| string(text, modifier))?),
            (SearchParamKind::Uri, _) => Matches::Uri(each(&texts, |text| Ok(uri(text, modifier)))?),
            (SearchParamKind::Composite, _) => {
                Matches::Composite(each(&texts, |text| self.composite(of, param, text))?)
            }
            (SearchParamKind::Reference, _) => {
                let only = if let Some(Modifier::Type(only)) = modifier { Some(only) } else { None };
                Matches::Reference(each(&texts, |text| self.reference(param, only, text))?)
            }
            (SearchParamKind::Token, _) => Matches::Token(each(&texts, token)?),
            (SearchParamKind::Date, _) => Matches::Date(each(&texts, |text| comparison::date(text, self.context))?),
            (SearchParamKind::Number, _) => Matches::Number(each(&texts, number)?),
            (SearchParamKind::Quantity, _) => Matches::Quantity(each(&texts, quantity)?),
            (SearchParamKind::Special, _) => return Err(Trouble::unknown("this parameter is not supported here")),
        };
        Ok(Some(matches))
    }

    /// One value per part, between dollar signs.
    fn composite(&mut self, of: ResourceType, param: &SearchParam, text: &str) -> Result<Vec<Part>, Trouble> {
        let components = param.components();
        let texts = parts(text, b'$');
        if texts.len() != components.len() || texts.contains(&"") {
            let codes = components.iter().filter_map(|part| Some(part.param(of.name())?.code()));
            return Err(Trouble::invalid(format!("a value has {} parts: {}", components.len(), join(codes, "$"))));
        }
        let mut found = Vec::with_capacity(texts.len());
        for (component, text) in components.iter().zip(texts) {
            let param = component.param(of.name()).filter(|part| part.kind() != SearchParamKind::Composite);
            let param = param.ok_or_else(|| Trouble::unknown("this parameter is not supported here"))?;
            if let Some(is) = self.matches(of, param, None, text)? {
                found.push(Part { param, is });
            }
        }
        Ok(found)
    }

    /// `id`, `Type/id` or an address, without the version; what lies at this server's address is relative (REST-15).
    fn reference(&self, param: &SearchParam, only: Option<ResourceType>, text: &str) -> Result<RefMatch, Trouble> {
        let text = unescaped(text);
        // Of a canonical too the version is left out: values of references have none.
        let text = text.split_once('|').map_or(text.as_str(), |(unversioned, _)| unversioned);
        let (named, target) = match Reference::within(text, self.context.base_url) {
            Reference::Relative(to) => {
                (Some(to.resource_type), RefTarget::Resource(to.resource_type, to.id.to_owned()))
            }
            Reference::Absolute { base, target: to } => {
                (Some(to.resource_type), RefTarget::Url(format!("{base}/{}/{}", to.resource_type, to.id)))
            }
            Reference::Urn(_) => (None, RefTarget::Url(text.to_owned())),
            Reference::Other(_) if Id::is_valid(text) => {
                let types = only.map_or_else(|| targets(param), |only| vec![only]);
                return Ok(RefMatch::ToId { types, id: text.to_owned() });
            }
            Reference::Other(_) if text.contains(':') => (None, RefTarget::Url(text.to_owned())),
            _ => return Err(Trouble::invalid("a reference is written id, Type/id or as an absolute URL")),
        };
        if let (Some(only), Some(named)) = (only, named)
            && only != named
        {
            return Err(Trouble::invalid(format!("the modifier asks for {only}, the value is of type {named}")));
        }
        Ok(RefMatch::To(target))
    }
}

fn each<T>(texts: &[&str], mut read: impl FnMut(&str) -> Result<T, Trouble>) -> Result<Vec<T>, Trouble> {
    texts.iter().map(|text| read(text)).collect()
}

fn join<'t>(codes: impl Iterator<Item = &'t str>, separator: &str) -> String {
    codes.collect::<Vec<_>>().join(separator)
}

/// `code`, `system|code`, `|code` or `system|`.
fn token(text: &str) -> Result<TokenMatch, Trouble> {
    let parts = parts(text, b'|');
    match parts.as_slice() {
        [code] => Ok(TokenMatch { system: None, code: Some(unescaped(code)) }),
        [system, code] if !(system.is_empty() && code.is_empty()) => {
            let code = (!code.is_empty()).then(|| unescaped(code));
            Ok(TokenMatch { system: Some(unescaped(system)), code })
        }
        _ => {
            Err(Trouble::invalid(r"a token is written code, system|code, |code or system|, a bar inside of one as \|"))
        }
    }
}

fn starts(text: &str) -> Result<StringMatch, Trouble> {
    normal(text).map(StringMatch::Starts)
}

fn string(text: &str, modifier: Option<Modifier>) -> Result<StringMatch, Trouble> {
    match modifier {
        Some(Modifier::Exact) => Ok(StringMatch::Exact(unescaped(text))),
        Some(Modifier::Contains) => normal(text).map(StringMatch::Contains),
        _ => starts(text),
    }
}

fn normal(text: &str) -> Result<String, Trouble> {
    let text = normalise(&unescaped(text));
    let is_empty = text.is_empty();
    if is_empty { Err(Trouble::invalid("the value has no letter that could be compared")) } else { Ok(text) }
}

fn uri(text: &str, modifier: Option<Modifier>) -> UriMatch {
    let text = unescaped(text);
    match modifier {
        Some(Modifier::Below) => UriMatch::Below(text),
        Some(Modifier::Above) => UriMatch::Above(text),
        _ => UriMatch::Is(text),
    }
}

fn number(text: &str) -> Result<NumberMatch, Trouble> {
    let (prefix, implied) = comparison::number(&unescaped(text))?;
    Ok(NumberMatch::of(prefix, implied))
}

/// `number`, `number|system|code` or `number||code`.
fn quantity(text: &str) -> Result<QuantityMatch, Trouble> {
    let parts = parts(text, b'|');
    let (number, system, unit) = match parts.as_slice() {
        [number] => (number, "", ""),
        [number, system, unit] if !unit.is_empty() => (number, *system, *unit),
        _ => return Err(Trouble::invalid("a quantity is written number, number|system|code or number||code")),
    };
    let (prefix, implied) = comparison::number(&unescaped(number))?;
    let unit = (!unit.is_empty()).then(|| {
        let (system, unit) = (unescaped(system), unescaped(unit));
        let canonical = if system == UCUM { canonical_range(&unit, &implied) } else { None };
        let canonical = canonical.map(|(spelling, implied)| (spelling, NumberMatch::of(prefix, implied)));
        UnitMatch { system: (!system.is_empty()).then_some(system), unit, canonical }
    });
    Ok(QuantityMatch { number: NumberMatch::of(prefix, implied), unit })
}
