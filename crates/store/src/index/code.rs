//! Short codes for long texts, where a table would repeat them in every row.

use aws_lc_rs::digest::{Context, SHA256};

use crate::seal::RecordKey;

/// How many bits a code has: what SQLite keeps in six bytes.
const BITS: u32 = 47;

/// The code of a system's URI, 0 for none: the first bits of its SHA-256, so that every record, on whatever server, has the same.
///
/// Two systems with one code would be taken for one. By chance that is one in a hundred million for a thousand systems. By design,
/// whoever can write a value under a system made to collide can as well write it under the system itself.
pub(crate) fn system_code(system: &str) -> i64 {
    if system.is_empty() { 0 } else { plain_code("system", &[system.as_bytes()]) }
}

/// The code of a text as it was written, beside its normalised form. Texts of one normalised form alone can be mistaken.
pub(crate) fn exact_code(text: &str) -> i64 {
    plain_code("text", &[text.as_bytes()])
}

/// The code of a value in the directory of values, where a wrong guess costs a question to one record more.
pub(crate) fn value_code(param: u16, kind: &str, parts: &[&[u8]]) -> i64 {
    let param = param.to_be_bytes();
    let parts: Vec<&[u8]> = [param.as_slice()].into_iter().chain(parts.iter().copied()).collect();
    plain_code(kind, &parts)
}

/// The code of a word, which tells nothing to whoever has not the record's key.
pub(crate) fn term_code(key: &RecordKey, word: &str) -> i64 {
    first_bits(&key.mac("search word", &[word.as_bytes()]))
}

/// The code of the beginning of a word.
pub(crate) fn prefix_code(key: &RecordKey, prefix: &str) -> i64 {
    first_bits(&key.mac("search prefix", &[prefix.as_bytes()]))
}

fn plain_code(kind: &str, parts: &[&[u8]]) -> i64 {
    let mut digest = Context::new(&SHA256);
    for part in [kind.as_bytes()].iter().chain(parts) {
        digest.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    first_bits(digest.finish().as_ref())
}

/// Never 0, which means none.
fn first_bits(digest: &[u8]) -> i64 {
    let first = digest.first_chunk::<8>().map_or(0, |first| u64::from_be_bytes(*first));
    (first >> (u64::BITS - BITS)).max(1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_47_bits_and_never_change() {
        assert_eq!(system_code(""), 0);
        let loinc = system_code("http://loinc.org");
        assert!(loinc > 0 && loinc < 1 << 47, "{loinc}");
        assert_ne!(loinc, exact_code("http://loinc.org"));
        assert_ne!(value_code(1, "token", &[b"ab", b"c"]), value_code(1, "token", &[b"a", b"bc"]));
        assert_eq!(first_bits(&[0; 32]), 1);
        assert_eq!(first_bits(&[0xff; 32]), (1 << 47) - 1);
    }
}
