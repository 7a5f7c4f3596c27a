//! A value of a resource as a query would ask for it: whole or in part, with or without a system, a prefix, a modifier.

use mecum_fhir::search::normalise;
use mecum_fhir::search::query::Prefix;
use mecum_fhir::search::value::{IndexValue, QuantityValue, RefTarget};
use mecum_fhir::search_param::{SearchParam, SearchParamKind};

use super::comparison;
use super::draws::Draws;

/// A modifier under which the parameter asks for values of that form: with its colon, or nothing.
pub(super) fn modifier(param: &SearchParam, value: &IndexValue, draws: &mut Draws) -> String {
    let among: &[&str] = match (param.kind(), value) {
        (SearchParamKind::Token, IndexValue::String(_)) => &[":text"],
        (SearchParamKind::Token, _) => &["", "", "", ":not"],
        (SearchParamKind::Reference, IndexValue::Token { .. }) => &[":identifier"],
        (SearchParamKind::Reference, IndexValue::Reference(RefTarget::Resource(of, _))) if draws.chance(20) => {
            return format!(":{of}");
        }
        (SearchParamKind::String, _) => &["", "", ":contains", ":exact"],
        (SearchParamKind::Uri, _) => &["", ":below", ":above"],
        _ => &[""],
    };
    draws.pick(among).map(|modifier| (*modifier).to_owned()).unwrap_or_default()
}

/// Whether a query without a modifier can ask for such a value of a parameter of that kind.
pub(super) fn is_plain(kind: SearchParamKind, value: &IndexValue) -> bool {
    match value {
        IndexValue::Token { .. } => kind == SearchParamKind::Token,
        IndexValue::String(_) => kind == SearchParamKind::String,
        _ => true,
    }
}

/// The value in a query with that modifier, escaped. None if it cannot be asked for so.
pub(super) fn text(base_url: &str, modifier: &str, value: &IndexValue, draws: &mut Draws) -> Option<String> {
    let only = modifier.strip_prefix(':').unwrap_or_default();
    let text = match value {
        IndexValue::Token { .. } if only == "text" => return None,
        IndexValue::Token { system, code } if only.is_empty() || only == "not" || only == "identifier" => {
            token(system, code, draws)
        }
        IndexValue::String(text) => string(only, text, draws)?,
        IndexValue::Reference(target) if only != "identifier" => reference(base_url, only, target, draws)?,
        IndexValue::Date(stretch) => comparison::date(*stretch, draws),
        IndexValue::Number(key) => comparison::number(&key.to_text()?, draws),
        IndexValue::Quantity(quantity) => self::quantity(quantity, draws)?,
        IndexValue::Uri(uri) => escaped(&self::uri(only, uri, draws)),
        _ => return None,
    };
    Some(text)
}

/// The text with a backslash in front of what separates (search.html#escaping).
pub(super) fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| ['\\', '|', ',', '$'].contains(&c).then_some('\\').into_iter().chain([c])).collect()
}

fn token(system: &str, code: &str, draws: &mut Draws) -> String {
    let code = if draws.chance(8) { format!("{code}x") } else { code.to_owned() };
    let (system, code) = (escaped(system), escaped(&code));
    match draws.below(4) {
        _ if code.is_empty() => format!("{system}|"),
        2 => format!("{system}|{code}"),
        3 if !system.is_empty() && draws.chance(50) => format!("{system}|"),
        _ => code,
    }
}

/// The whole under `:exact`, a part under `:contains`, else a beginning, in whatever case.
fn string(only: &str, text: &str, draws: &mut Draws) -> Option<String> {
    let n_chars = text.chars().count();
    let from = if only == "contains" { draws.below(n_chars) } else { 0 };
    let n_wanted = if only == "exact" && !draws.chance(20) { n_chars } else { 1 + draws.below(n_chars) };
    let mut part: String = text.chars().skip(from).take(n_wanted).collect();
    if draws.chance(30) {
        part = part.to_uppercase();
    }
    let can_be_compared = only == "exact" || !normalise(&part).is_empty();
    can_be_compared.then(|| escaped(&part))
}

fn reference(base_url: &str, only: &str, target: &RefTarget, draws: &mut Draws) -> Option<String> {
    let (of, id) = match target {
        RefTarget::Url(url) if only.is_empty() => return Some(escaped(url)),
        RefTarget::Resource(of, id) if only.is_empty() || only == of.name() => (of.name(), id),
        _ => return None,
    };
    Some(match draws.below(6) {
        0 | 1 => id.clone(),
        2 => format!("{base_url}/{of}/{id}"),
        3 => format!("{of}/{id}/_history/1"),
        _ => format!("{of}/{id}"),
    })
}

/// The number alone, with any unit, or with the unit of its system or one that it can be converted to.
fn quantity(quantity: &QuantityValue, draws: &mut Draws) -> Option<String> {
    let number = quantity.number.to_text()?;
    let (system, unit) = (escaped(&quantity.system), escaped(&quantity.unit));
    let (text, tail) = match draws.below(4) {
        0 => (number, String::new()),
        _ if unit.is_empty() => (number, String::new()),
        1 => (number, format!("||{unit}")),
        2 => match CONVERTIBLE.iter().find(|(from, _, _)| *from == quantity.unit) {
            Some((_, to, shift)) => (comparison::shifted(&number, *shift)?, format!("|{system}|{to}")),
            None => (number, format!("|{system}|{unit}")),
        },
        _ => (number, format!("|{system}|{unit}")),
    };
    Some(format!("{}{tail}", comparison::number(&text, draws)))
}

/// Units, others for the same, and the powers of ten from one to the other.
const CONVERTIBLE: [(&str, &str, i32); 5] =
    [("kg", "g", 3), ("g", "mg", 3), ("cm", "m", -2), ("mmol/L", "mol/L", -3), ("mg/dL", "g/L", -2)];

fn uri(only: &str, uri: &str, draws: &mut Draws) -> String {
    let slashes: Vec<usize> = uri.match_indices('/').map(|(at, _)| at).filter(|at| *at > 8).collect();
    match only {
        "below" => match draws.pick(&slashes) {
            Some(slash) => uri[..slash + draws.below(3).min(uri.len() - slash)].to_owned(),
            None => uri.to_owned(),
        },
        "above" => format!("{uri}{}", ["", "/x", "/x/y", "x"][draws.below(4)]),
        _ => uri.to_owned(),
    }
}

/// A prefix, mostly none.
pub(super) fn prefix(draws: &mut Draws) -> &'static str {
    use Prefix::{Ap, Eb, Eq, Ge, Gt, Le, Lt, Ne, Sa};
    let all = [Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap];
    let at = draws.below(all.len() + 4);
    all.get(at.wrapping_sub(4)).map_or("", |prefix| prefix.letters())
}
