//! The codec: what is packed comes back, within the length allowed, and nothing else does.

use mecum_store::codec::{CodecError, pack, pack_into, train, unpack};
use mecum_store::seal::{Aad, RecordKey};
use proptest::prelude::*;

fn observation(n: usize) -> Vec<u8> {
    format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},"subject":{{"reference":"Patient/p{n}"}},"effectiveDateTime":"2021-03-{:02}T10:00:00Z","valueQuantity":{{"value":{},"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}}}"#,
        n % 28 + 1,
        50 + n % 40,
    )
    .into_bytes()
}

#[test]
fn a_resource_is_packed_smaller_and_noise_is_kept_as_it_is() {
    let resource = observation(1).repeat(4);
    assert!(pack(&resource).len() < resource.len() / 3);
    let noise = RecordKey::new(&[1; 32]).seal(&Aad::new("noise"), &resource);
    assert_eq!(pack(&noise), [&[0], &noise[..]].concat());
    assert_eq!(pack(b""), [0]);
}

#[test]
fn a_short_resource_is_packed_with_the_dictionary_and_a_long_payload_without() {
    let packed = pack(&observation(1));
    assert_eq!(packed[0], 2);
    assert!(packed.len() < observation(1).len() / 3, "{} bytes", packed.len());
    let long = observation(1).repeat(1000);
    assert_eq!(pack(&long)[0], 1);
    assert_eq!(unpack(&pack(&long), long.len()).unwrap(), long);
}

#[test]
fn dictionary_1_is_the_one_that_bodies_were_packed_with() {
    let dictionary = include_bytes!("../data/dictionary-1");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, dictionary);
    let hex: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "f0ff25c61b150db2325d28f5c0dfbf1702602f1cb24a6e4ab29c9258ae457c87");
}

#[test]
fn what_each_codec_packed_when_it_was_new_is_unpacked_for_ever() {
    let payload = br#"{"resourceType":"Patient","id":"1","gender":"female","birthDate":"1949-05-21"}"#.repeat(2);
    let raw: String = [0].iter().chain(&payload).map(|byte| format!("{byte:02x}")).collect();
    let of_2026 = [
        raw.as_str(),
        "0128b52ffd209c850200a2041118706573d26759b419083e068ca7ebef2af5cc0a7856fd5f42012f41118162035beb0a6615224ebf71ce1537eb5ffce2f472f3834e6f3c5c67b8f9d0743c51e989ae060402001b054c4e570505",
        "0228b52ffd209c9d000010312204fc4708c89f3c8078bc64c7d7fefa06",
    ];
    for (codec, hex) in of_2026.into_iter().enumerate() {
        let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        let packed: Vec<u8> = (0..hex.len()).step_by(2).map(digit).collect();
        assert_eq!(usize::from(packed[0]), codec);
        assert_eq!(unpack(&packed, payload.len()).unwrap(), payload, "codec {codec}");
    }
}

#[test]
fn nothing_longer_than_allowed_is_unpacked_however_small_it_came() {
    let bomb = pack(&vec![b' '; 10_000_000]);
    assert!(bomb.len() < 2_000);
    assert!(matches!(unpack(&bomb, 9_999_999), Err(CodecError::TooLarge { max_len: 9_999_999 })));
    assert_eq!(unpack(&bomb, 10_000_000).unwrap().len(), 10_000_000);
    assert!(matches!(unpack(&pack(b"ab"), 1), Err(CodecError::TooLarge { max_len: 1 })));
}

#[test]
fn an_unknown_codec_an_empty_payload_and_a_cut_frame_are_refused() {
    assert!(matches!(unpack(b"", 10), Err(CodecError::Empty)));
    assert!(matches!(unpack(&[200, 1, 2], 10), Err(CodecError::UnknownCodec(200))));
    let packed = pack(&observation(1).repeat(3));
    for len in 1..packed.len() {
        assert!(unpack(&packed[..len], 1 << 20).is_err());
    }
}

#[test]
fn a_dictionary_is_trained_within_its_length_and_not_out_of_nothing() {
    let samples: Vec<Vec<u8>> = (0..400).map(observation).collect();
    let dictionary = train(&samples, 8 << 10).unwrap();
    assert!(!dictionary.is_empty() && dictionary.len() <= 8 << 10);
    assert!(matches!(train(&[], 8 << 10), Err(CodecError::Training(_))));
}

proptest! {
    #[test]
    fn whatever_is_packed_comes_back(payload in proptest::collection::vec(any::<u8>(), 0..2000), n in 1usize..20) {
        let payload = payload.repeat(n);
        let packed = pack(&payload);
        prop_assert!(packed.len() <= payload.len() + 1);
        prop_assert_eq!(unpack(&packed, payload.len()).unwrap(), payload.clone());
        let mut after = b"head".to_vec();
        pack_into(&payload, &mut after);
        prop_assert_eq!(&after[4..], &packed[..]);
    }

    #[test]
    fn no_bytes_make_unpacking_panic_or_exceed_its_limit(bytes in proptest::collection::vec(any::<u8>(), 0..200), codec in 0u8..4) {
        let bytes = [&[codec], &bytes[..]].concat();
        prop_assert!(unpack(&bytes, 1000).map_or(true, |payload| payload.len() <= 1000));
    }

    #[test]
    fn altered_frames_never_panic(at in 0usize..1000, flip in 1u8..) {
        let mut packed = pack(&observation(3).repeat(5));
        let at = at % packed.len();
        packed[at] ^= flip;
        prop_assert!(unpack(&packed, 1 << 16).map_or(true, |payload| payload.len() <= 1 << 16));
    }
}
