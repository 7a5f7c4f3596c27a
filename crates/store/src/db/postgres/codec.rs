//! Values on PostgreSQL's wire: what a parameter becomes by the type the server asks for, and what a column comes back as.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::db::{DbError, Row, Value};

/// A value that does not fit the type the server asks for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("a parameter of type {wanted} was given {given}")]
pub(super) struct Misfit {
    wanted: String,
    given: &'static str,
}

impl From<Misfit> for DbError {
    fn from(misfit: Misfit) -> DbError {
        let place = format!("a parameter of type {}", misfit.wanted);
        DbError::Type { place, wanted: "a value that fits it", found: misfit.given.to_owned() }
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let misfit = || Misfit { wanted: ty.name().to_owned(), given: self.kind() };
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => match *ty {
                Type::INT8 => value.to_sql(ty, out),
                Type::INT4 => i32::try_from(*value).map_err(|_| misfit())?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*value).map_err(|_| misfit())?.to_sql(ty, out),
                Type::BOOL => (*value != 0).to_sql(ty, out),
                _ => Err(misfit().into()),
            },
            Self::Text(text) if is_text(ty) => text.as_ref().to_sql(ty, out),
            Self::Bytes(bytes) if *ty == Type::BYTEA => bytes.as_ref().to_sql(ty, out),
            Self::Text(_) | Self::Bytes(_) => Err(misfit().into()),
        }
    }

    // Every type is looked at above, where the value is known.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN].contains(ty)
}

/// Puts a row of the server into ours.
pub(super) fn fill(row: &mut Row, found: &tokio_postgres::Row) -> Result<(), tokio_postgres::Error> {
    row.clear();
    for (n, column) in found.columns().iter().enumerate() {
        let ty = column.type_();
        if found.try_get::<_, Any<'_>>(n)?.0.is_none() {
            row.push_null();
            continue;
        }
        match *ty {
            Type::INT8 => row.push_int(found.try_get(n)?),
            Type::INT4 => row.push_int(found.try_get::<_, i32>(n)?.into()),
            Type::INT2 => row.push_int(found.try_get::<_, i16>(n)?.into()),
            Type::BOOL => row.push_int(found.try_get::<_, bool>(n)?.into()),
            Type::NUMERIC => match found.try_get::<_, Whole>(n)?.0 {
                Some(value) => row.push_int(value),
                None => row.push_foreign("a number that is not whole or too large"),
            },
            Type::BYTEA => row.push_bytes(found.try_get(n)?),
            Type::VOID => row.push_null(),
            _ if is_text(ty) => row.push_text(found.try_get::<_, &str>(n)?.as_bytes()),
            _ => row.push_foreign("of a type that is not used here"),
        }
    }
    Ok(())
}

/// A cell as it came, to see whether it is NULL.
struct Any<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Any<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Any(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Any(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A `NUMERIC`, which is what `SUM` over a `BIGINT` gives, if it is whole and fits 64 bits.
struct Whole(Option<i64>);

impl<'a> FromSql<'a> for Whole {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Whole(whole(raw)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::NUMERIC
    }
}

/// Wire form: number of digits, weight of the first, sign, scale, then digits of base 10,000; all 16 bits.
fn whole(raw: &[u8]) -> Option<i64> {
    const NEGATIVE: u16 = 0x4000;
    let part = |n: usize| raw.get(2 * n..2 * n + 2).map(|two| u16::from_be_bytes([two[0], two[1]]));
    let (n_digits, sign) = (part(0)?, part(2)?);
    let weight = i16::from_be_bytes(part(1)?.to_be_bytes());
    if sign != 0 && sign != NEGATIVE {
        return None;
    }
    let mut value = 0_i128;
    for n in 0..n_digits.max(u16::try_from(weight + 1).unwrap_or(0)).min(16) {
        let digit = if n < n_digits { part(4 + usize::from(n))? } else { 0 };
        if i32::from(n) <= i32::from(weight) {
            value = value.checked_mul(10_000)?.checked_add(digit.into())?;
        } else if digit != 0 {
            return None;
        }
    }
    i64::try_from(if sign == NEGATIVE { -value } else { value }).ok()
}

#[cfg(test)]
mod tests {
    use super::whole;

    fn numeric(weight: i16, sign: u16, digits: &[u16]) -> Vec<u8> {
        let n_digits = u16::try_from(digits.len()).unwrap();
        let head = [n_digits, u16::from_be_bytes(weight.to_be_bytes()), sign, 0];
        head.iter().chain(digits).flat_map(|part| part.to_be_bytes()).collect()
    }

    #[test]
    fn whole_numerics_are_integers_and_others_are_not() {
        let check = |raw: Vec<u8>, expect| assert_eq!(whole(&raw), expect);
        check(numeric(0, 0, &[]), Some(0));
        check(numeric(0, 0, &[42]), Some(42));
        check(numeric(1, 0x4000, &[1]), Some(-10_000));
        check(numeric(4, 0, &[922, 3372, 368, 5477, 5807]), Some(i64::MAX));
        check(numeric(4, 0x4000, &[922, 3372, 368, 5477, 5808]), Some(i64::MIN));
        check(numeric(4, 0, &[922, 3372, 368, 5477, 5808]), None);
        check(numeric(300, 0, &[1]), None);
        check(numeric(0, 0, &[1, 5000]), None);
        check(numeric(-1, 0, &[5000]), None);
        check(numeric(0, 0xC000, &[]), None);
        check(vec![0, 3, 0], None);
    }
}
