//! What needs the inside: few rounds of PBKDF2, a fixed header, the KDF alone.

use super::concat_kdf::{Party, derive, shared_key};
use super::{ECDH_ES, Prepared, open};
use crate::seal::jwk::PrivateJwk;
use crate::seal::{Key, Passphrase, Random, SealError};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

const PLAINTEXT: &[u8] = b"PK\x03\x04 the archive";

fn words() -> Passphrase {
    Passphrase::new("words of my own").unwrap()
}

fn sevens() -> impl FnMut(&mut [u8]) {
    |bytes: &mut [u8]| bytes.fill(7)
}

fn token(rounds: u32, random: &mut Random<'_>) -> String {
    Prepared::with_rounds(&words(), rounds, random).unwrap().seal(PLAINTEXT.to_vec()).unwrap()
}

fn open_words(token: &[u8]) -> Result<Vec<u8>, SealError> {
    open(token, &Key::Passphrase(words())).map(|plain| plain.to_vec())
}

/// The token with its header changed and nothing else.
fn with_header(token: &str, change: &dyn Fn(&str) -> String) -> String {
    let (header, rest) = token.split_once('.').unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(change(&header)))
}

#[test]
fn phr_32_a_passphrase_token_with_any_byte_altered_releases_nothing() {
    let token = token(1_000, &mut sevens());
    assert_eq!(open_words(token.as_bytes()).unwrap(), PLAINTEXT);
    for at in 0..token.len() {
        for change in [0x01, 0x02, 0x20] {
            let mut altered = token.clone().into_bytes();
            altered[at] ^= change;
            assert!(open_words(&altered).is_err(), "byte {at} ^ {change}");
        }
    }
}

#[test]
fn phr_32_a_token_cut_anywhere_releases_nothing() {
    let token = token(1_000, &mut sevens());
    for end in 0..token.len() {
        assert!(open_words(&token.as_bytes()[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn phr_31_the_header_names_the_algorithms_of_the_specification() {
    let token = Prepared::for_passphrase(&words(), &mut sevens()).unwrap().seal(PLAINTEXT.to_vec()).unwrap();
    with_header(&token, &|header| {
        assert_eq!(
            header,
            r#"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"application/zip","p2s":"BwcHBwcHBwcHBwcHBwcHBw","p2c":600000}"#
        );
        header.to_owned()
    });
    assert_eq!(open_words(token.as_bytes()).unwrap(), PLAINTEXT);
}

#[test]
fn rounds_outside_a_thousand_to_ten_million_are_refused_before_they_are_run() {
    let token = token(1_000, &mut sevens());
    for rounds in ["0", "1", "999", "10000001", "4294967295"] {
        let hostile = with_header(&token, &|header| header.replace(":1000}", &format!(":{rounds}}}")));
        assert!(matches!(open_words(hostile.as_bytes()), Err(SealError::Unsupported(_))), "{rounds}");
    }
    for nonsense in ["-1000", "1e3", "4294967296", "\"1000\"", "null"] {
        let hostile = with_header(&token, &|header| header.replace(":1000}", &format!(":{nonsense}}}")));
        assert!(open_words(hostile.as_bytes()).is_err(), "{nonsense}");
    }
}

#[test]
fn variants_that_are_not_read_are_named_as_unsupported() {
    let token = token(1_000, &mut sevens());
    for (from, to) in [
        ("A256GCM", "A256CBC-HS512"),
        ("PBES2-HS512+A256KW", "dir"),
        ("PBES2-HS512+A256KW", "RSA1_5"),
        ("PBES2-HS512+A256KW", "none"),
        ("{", r#"{"zip":"DEF","#),
        ("{", r#"{"crit":["x"],"#),
    ] {
        let other = with_header(&token, &|header| header.replacen(from, to, 1));
        assert!(matches!(open_words(other.as_bytes()), Err(SealError::Unsupported(_))), "{to}");
    }
}

#[test]
fn a_header_that_says_a_thing_twice_is_refused() {
    let token = token(1_000, &mut sevens());
    let twice = with_header(&token, &|header| header.replacen('{', r#"{"p2c":1000,"#, 1));
    assert!(matches!(open_words(twice.as_bytes()), Err(SealError::Altered)));
}

#[test]
fn the_same_token_in_json_opens_and_nothing_unauthenticated_may_stand_in_it() {
    let token = token(1_000, &mut sevens());
    let [protected, key, iv, ciphertext, tag] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let rest = format!(r#""protected":"{protected}","iv":"{iv}","ciphertext":"{ciphertext}","tag":"{tag}""#);
    let flattened = format!(r#"{{"encrypted_key":"{key}",{rest}}}"#);
    let general = format!(r#"{{"recipients":[{{"encrypted_key":"{key}"}}],{rest}}}"#);
    assert_eq!(open_words(flattened.as_bytes()).unwrap(), PLAINTEXT);
    assert_eq!(open_words(general.as_bytes()).unwrap(), PLAINTEXT);
    for extra in
        [r#""unprotected":{}"#, r#""header":{"kid":"x"}"#, r#""header":{"p2c":1000}"#, r#""aad":"eA""#, r#""x":1"#]
    {
        assert!(open_words(format!(r#"{{"encrypted_key":"{key}",{extra},{rest}}}"#).as_bytes()).is_err(), "{extra}");
    }
    let two = format!(r#"{{"recipients":[{{"encrypted_key":"{key}"}},{{"encrypted_key":"{key}"}}],{rest}}}"#);
    assert!(matches!(open_words(two.as_bytes()), Err(SealError::Unsupported(_))));
    for at in 0..flattened.len() {
        let mut altered = flattened.clone().into_bytes();
        altered[at] ^= 1;
        assert!(open_words(&altered).is_err(), "byte {at}");
    }
}

#[test]
fn key_parameters_beside_the_protected_header_are_read_and_cannot_be_altered_either() {
    // Made with jwcrypto 1.6.1 for the passphrase "a"; it writes the salt beside the protected header.
    let token = r#"{"ciphertext":"WA","encrypted_key":"E1j21anNg87iNFxWMrjDIyfaIMBZJfATx3ngHUJTuBSuV4uO987Yjw",
        "header":{"p2s":"vAQnVAjBpjXWCI7zKbkbgg"},"iv":"6Hr8W8UIYKqalZN6","tag":"7zSDsnYqslWHrKDZIdksPg",
        "protected":"eyJhbGciOiAiUEJFUzItSFM1MTIrQTI1NktXIiwgImVuYyI6ICJBMjU2R0NNIiwgInAyYyI6IDgxOTJ9"}"#;
    let key = Key::Passphrase(Passphrase::new("a").unwrap());
    assert_eq!(open(token.as_bytes(), &key).unwrap().as_slice(), b"x");
    let altered = token.replace("vAQn", "vBQn");
    assert!(matches!(open(altered.as_bytes(), &key), Err(SealError::WrongKey)));
}

#[test]
fn rfc_7518_appendix_c_derives_the_published_key() {
    let alice = PrivateJwk::parse(
        br#"{"kty":"EC","crv":"P-256","x":"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
        "y":"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps","d":"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo"}"#,
    )
    .unwrap();
    let bob = PrivateJwk::parse(
        br#"{"kty":"EC","crv":"P-256","x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck","d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"}"#,
    )
    .unwrap();
    let secret = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218, 128, 106,
        72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];
    let party = Party { algorithm: "A128GCM", apu: b"Alice", apv: b"Bob" };
    assert_eq!(URL_SAFE_NO_PAD.encode(&derive(&secret, &party, 128)[..16]), "VqqN6vgjbSBcIijNcacQGg");
    let agreed = derive(&secret, &party, 256);
    assert_eq!(shared_key(&alice, bob.public(), &party).unwrap(), agreed);
    assert_eq!(shared_key(&bob, alice.public(), &party).unwrap(), agreed);
    let other = Party { algorithm: ECDH_ES, ..party };
    assert_ne!(shared_key(&alice, bob.public(), &other).unwrap(), agreed);
}
