//! Sealing: what opens, what does not, and that no two lists of fields look alike to the cipher.

use mecum_store::seal::{Aad, HEADROOM, HeadKey, OVERHEAD, RecordKey, SealError};
use proptest::prelude::*;

fn key(byte: u8) -> RecordKey {
    RecordKey::new(&[byte; 32])
}

fn body(version: i64) -> Aad {
    Aad::new("body").int(17).text("Observation").text("a1").int(version)
}

#[test]
fn a_sealed_text_opens_with_the_same_key_and_place_only() {
    let sealed = key(1).seal(&body(2), b"pulse 62");
    assert_eq!(sealed.len(), b"pulse 62".len() + OVERHEAD);
    assert_eq!(key(1).open(&body(2), &sealed).unwrap(), b"pulse 62");
    assert_eq!(key(1).open(&body(3), &sealed), Err(SealError::Altered));
    assert_eq!(key(2).open(&body(2), &sealed), Err(SealError::Altered));
}

#[test]
fn the_same_text_sealed_twice_does_not_look_the_same() {
    assert_ne!(key(1).seal(&body(1), b"pulse 62"), key(1).seal(&body(1), b"pulse 62"));
}

#[test]
fn an_unknown_version_is_named_and_a_cut_envelope_is_too_short() {
    let mut sealed = key(1).seal(&body(1), b"");
    assert_eq!(key(1).open(&body(1), &sealed[..OVERHEAD - 1]), Err(SealError::TooShort));
    assert_eq!(key(1).open(&body(1), b""), Err(SealError::TooShort));
    sealed[0] = 9;
    assert_eq!(key(1).open(&body(1), &sealed), Err(SealError::UnknownVersion(9)));
}

#[test]
fn a_head_is_signed_over_its_parts_and_nothing_else() {
    let head = HeadKey::new(&[7; 32]);
    let signature = head.sign(&[b"17", b"hash", b"4"]);
    assert!(head.verify(&[b"17", b"hash", b"4"], &signature));
    assert!(!head.verify(&[b"17", b"has", b"h4"], &signature));
    assert!(!head.verify(&[b"17", b"hash"], &signature));
    assert!(!head.verify(&[b"17", b"hash", b"4"], &signature[..31]));
    assert!(!HeadKey::new(&[8; 32]).verify(&[b"17", b"hash", b"4"], &signature));
}

#[test]
fn the_keys_derived_for_different_uses_are_different() {
    let mut name = key(1).name_stream();
    name.update(&key_framing("x"));
    assert_ne!(name.finish(), key(1).mac("x", &[]));
    assert_ne!(key(1).mac("a", &[b"x"]), key(1).mac("b", &[b"x"]));
    assert_ne!(key(1).mac("a", &[b"x"]), key(2).mac("a", &[b"x"]));
    assert_ne!(HeadKey::new(&[1; 32]).sign(&[]), key(1).mac("chain head", &[]));
}

#[test]
fn a_part_that_looks_like_two_framed_parts_is_not_taken_for_them() {
    for count in [0, 1] {
        let between = [0, 0, 0, 0, 0, 0, 0, count];
        let one = [b"a", &between[..], b"b"].concat();
        assert_ne!(key(1).mac("t", &[&one]), key(1).mac("t", &[b"a", b"b"]));
        let one = [b"a", b"b", &between[..], b"b"].concat();
        let sealed = key(1).seal(&Aad::new("t").bytes(&one), b"");
        assert!(key(1).open(&Aad::new("t").bytes(b"a").bytes(b"b"), &sealed).is_err());
    }
    let sealed = key(1).seal(&Aad::new("t").int(1), b"");
    assert!(key(1).open(&Aad::new("t").bytes(&1i64.to_be_bytes()), &sealed).is_err());
    assert!(key(1).open(&Aad::new("t").text("1"), &sealed).is_err());
}

/// A domain as the HMAC sees it: its length, then itself.
fn key_framing(domain: &str) -> Vec<u8> {
    [&(domain.len() as u64).to_be_bytes()[..], domain.as_bytes()].concat()
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again_both_ways(text in proptest::collection::vec(any::<u8>(), 0..600)) {
        let sealed = key(1).seal(&body(1), &text);
        prop_assert_eq!(&key(1).open(&body(1), &sealed).unwrap(), &text);
        let mut in_place = [&[0; HEADROOM][..], &text].concat();
        key(1).seal_in_place(&body(1), &mut in_place);
        prop_assert_eq!(&key(1).open(&body(1), &in_place).unwrap(), &text);
        prop_assert_eq!(&*key(1).open_in_place(&body(1), &mut in_place).unwrap(), &text[..]);
    }

    #[test]
    fn every_single_altered_byte_is_seen(text in proptest::collection::vec(any::<u8>(), 0..40), flip in 1u8..) {
        let sealed = key(1).seal(&body(1), &text);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= flip;
            prop_assert!(key(1).open(&body(1), &altered).is_err());
            prop_assert!(key(1).open_in_place(&body(1), &mut altered).is_err());
        }
    }

    #[test]
    fn every_cut_and_every_tail_is_seen(text in proptest::collection::vec(any::<u8>(), 0..40), more in any::<u8>()) {
        let sealed = key(1).seal(&body(1), &text);
        for len in 0..sealed.len() {
            prop_assert!(key(1).open(&body(1), &sealed[..len]).is_err());
        }
        prop_assert!(key(1).open(&body(1), &[&sealed[..], &[more]].concat()).is_err());
    }

    #[test]
    fn two_lists_of_parts_have_one_hmac_only_if_they_are_equal(
        one in proptest::collection::vec("[ab]{0,3}", 0..4),
        other in proptest::collection::vec("[ab]{0,3}", 0..4),
    ) {
        let bytes = |list: &[String]| list.iter().map(|part| part.as_bytes().to_vec()).collect::<Vec<_>>();
        let mac = |list: &[String]| {
            let parts = bytes(list);
            key(1).mac("t", &parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        prop_assert_eq!(one == other, mac(&one) == mac(&other));
        let aad = |list: &[String]| list.iter().fold(Aad::new("t"), |aad, part| aad.text(part));
        let sealed = key(1).seal(&aad(&one), b"");
        prop_assert_eq!(one == other, key(1).open(&aad(&other), &sealed).is_ok());
    }

    #[test]
    fn parts_given_one_by_one_have_the_hmac_of_all_at_once(parts in proptest::collection::vec("[a-c]{0,5}", 0..5)) {
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        let mut stream = key(1).mac_stream("t");
        parts.iter().for_each(|part| stream.part(part));
        prop_assert_eq!(stream.finish(), key(1).mac("t", &parts));
        prop_assert!(key(1).is_mac("t", &parts, &key(1).mac("t", &parts)));
    }

    #[test]
    fn a_content_has_one_name_wherever_its_pieces_are_cut(content in proptest::collection::vec(any::<u8>(), 0..50), at in 0usize..50) {
        let mut whole = key(1).name_stream();
        whole.update(&content);
        let mut pieces = key(1).name_stream();
        let (head, tail) = content.split_at(at.min(content.len()));
        pieces.update(head);
        pieces.update(tail);
        prop_assert_eq!(whole.finish(), pieces.finish());
    }
}
