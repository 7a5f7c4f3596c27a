//! Quantities in units that all convertible ones have in common (REST-39; UCUM §18-26): 1 g and 1000 mg are the same.

use std::collections::HashMap;
use std::fmt::Write;
use std::sync::{OnceLock, PoisonError, RwLock};

use octofhir_ucum::{
    Case, Dimension, EvalResult, Number, SpecialKind, UnitExpr, evaluate, lookup_unit, parse_expression,
};

use crate::search::number::{Decimal, Implied};
use crate::search::value::NumberKey;

/// The system of UCUM's units.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// The longest unit looked at, in bytes.
const MAX_UNIT: usize = 64;

/// How many units are remembered.
const MAX_REMEMBERED: usize = 4096;

/// Significant digits of a converted number: factors have 28, of which the last ones are rounded.
const N_DIGITS: usize = 20;

/// What a unit is in base units: a number of it is `(scale × number + offset) × factor` of them.
#[derive(Clone)]
struct Canonical {
    spelling: String,
    scale: Number,
    offset: Number,
    factor: Number,
}

/// A number with a unit in UCUM's base units: (spelling of the unit, number), the number rounded to 20 significant
/// digits. None for what is no number or no unit of UCUM, and for units on a scale of logarithms, angles or roots, which
/// are compared as written. Amounts of substance keep a mark of what they count, so that mol, equivalents, osmoles and
/// mere numbers never equal each other; mass and substance have different units anyway.
pub fn canonical(unit: &str, number: &str) -> Option<(String, NumberKey)> {
    let number = Decimal::parse(number)?;
    let unit = remembered(unit)?;
    let key = unit.convert(&number)?;
    Some((unit.spelling, key))
}

/// A range with a unit in UCUM's base units, as [`canonical`] makes them.
pub fn canonical_range(unit: &str, range: &Implied) -> Option<(String, Implied)> {
    let unit = remembered(unit)?;
    let convert = |key: &NumberKey| unit.convert(&Decimal::of_key(key)?);
    let range = Implied { value: convert(&range.value)?, low: convert(&range.low)?, high: convert(&range.high)? };
    Some((unit.spelling, range))
}

impl Canonical {
    fn convert(&self, number: &Decimal) -> Option<NumberKey> {
        let number = Number::parse(&number.to_text())?;
        let base = self.scale.checked_mul(number)?.checked_add(self.offset)?.checked_mul(self.factor)?;
        Some(Decimal::parse(&format!("{base:e}"))?.rounded(N_DIGITS).key())
    }

    fn of(unit: &str) -> Option<Self> {
        if unit.len() > MAX_UNIT {
            return None;
        }
        let expression = parse_expression(unit).ok()?;
        let term = evaluate(&expression).ok()?;
        let (scale, offset) = match term.special {
            None => (Number::ONE, Number::ZERO),
            Some(special) => (special.scale, zero_point(special.unit.special)?),
        };
        let mut counted = Counted::default();
        counted.add(&expression, 1)?;
        Some(Self { spelling: spelling(&term, &counted), scale, offset, factor: term.factor })
    }
}

/// How far the zero of a scale of temperature lies above the absolute one, in its own degrees.
fn zero_point(kind: SpecialKind) -> Option<Number> {
    Number::parse(match kind {
        SpecialKind::Celsius => "273.15",
        SpecialKind::Fahrenheit => "459.67",
        SpecialKind::Reaumur => "218.52",
        _ => return None,
    })
}

/// The base units with their exponents, then what is not converted, then what is counted.
fn spelling(term: &EvalResult, counted: &Counted) -> String {
    let base = Dimension::BASE_UNITS.into_iter().zip(term.dim.0.into_iter().map(i32::from));
    let mut spelled = String::new();
    for (unit, exponent) in base.chain(term.arbitrary.iter().copied()).filter(|(_, exponent)| *exponent != 0) {
        spelled.push_str(if spelled.is_empty() { "" } else { "." });
        power(&mut spelled, unit, exponent);
    }
    if spelled.is_empty() {
        spelled.push('1');
    }
    for (what, exponent) in Counted::NAMES.into_iter().zip(counted.0).filter(|(_, exponent)| *exponent != 0) {
        spelled.push('{');
        power(&mut spelled, what, exponent);
        spelled.push('}');
    }
    spelled
}

fn power(spelled: &mut String, unit: &str, exponent: i32) {
    spelled.push_str(unit);
    if exponent != 1 {
        // Writing into a String cannot fail.
        let _ = write!(spelled, "{exponent}");
    }
}

/// Exponents of the units that UCUM takes for mere numbers although they say what is counted.
#[derive(Default)]
struct Counted([i32; 3]);

impl Counted {
    const NAMES: [&'static str; 3] = ["mol", "eq", "osm"];

    /// Counts what is in an expression that has been evaluated, which bounds its depth.
    fn add(&mut self, expression: &UnitExpr, exponent: i32) -> Option<()> {
        match expression {
            UnitExpr::Symbol(code) => {
                let (_, unit) = lookup_unit(code, Case::Sensitive)?;
                let name = if matches!(unit.code, "kat" | "U") { "mol" } else { unit.code };
                if let Some(place) = Self::NAMES.iter().position(|counted| *counted == name) {
                    self.0[place] = self.0[place].checked_add(exponent)?;
                }
            }
            UnitExpr::Numeric(_) | UnitExpr::Annotation(_) => {}
            UnitExpr::Annotated(inner, _) => self.add(inner, exponent)?,
            UnitExpr::Power(base, power) => self.add(base, exponent.checked_mul(*power)?)?,
            UnitExpr::Product(terms) => terms.iter().try_for_each(|term| self.add(term, exponent))?,
            UnitExpr::Quotient(above, below) => {
                self.add(above, exponent)?;
                self.add(below, exponent.checked_neg()?)?;
            }
            UnitExpr::Reciprocal(below) => self.add(below, exponent.checked_neg()?)?,
        }
        Some(())
    }
}

/// What the unit is, looked up among those met before; there are few in use.
fn remembered(unit: &str) -> Option<Canonical> {
    static MET: OnceLock<RwLock<HashMap<String, Option<Canonical>>>> = OnceLock::new();
    if unit.len() > MAX_UNIT {
        return None;
    }
    let met = MET.get_or_init(RwLock::default);
    if let Some(known) = met.read().unwrap_or_else(PoisonError::into_inner).get(unit) {
        return known.clone();
    }
    let found = Canonical::of(unit);
    let mut met = met.write().unwrap_or_else(PoisonError::into_inner);
    if met.len() < MAX_REMEMBERED {
        met.insert(unit.to_owned(), found.clone());
    }
    found
}
