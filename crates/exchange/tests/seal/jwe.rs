//! JWE for a passphrase and for a recipient key (PHR-31, PHR-32).

use crate::repeatable;
use mecum_exchange::seal::jwe::{Header, MAX_PLAINTEXT_BYTES, Prepared, header, open};
use mecum_exchange::seal::jwk::PrivateJwk;
use mecum_exchange::seal::{Key, Passphrase, SealError};

const PLAINTEXT: &[u8] = b"PK\x03\x04 the archive";

fn pair() -> (PrivateJwk, String) {
    let mut random = repeatable();
    let jwk = PrivateJwk::generate(&mut random).unwrap();
    let token = Prepared::for_recipient(jwk.public(), &mut random).unwrap().seal(PLAINTEXT.to_vec()).unwrap();
    (jwk, token)
}

#[test]
fn phr_31_a_token_for_a_recipient_opens_with_the_private_key_only() {
    let (jwk, token) = pair();
    assert_eq!(header(token.as_bytes()).unwrap(), Header::Recipient { kid: Some(jwk.public().thumbprint()) });
    let other = PrivateJwk::generate(&mut |bytes: &mut [u8]| bytes.fill(9)).unwrap();
    assert_eq!(open(token.as_bytes(), &Key::Jwk(jwk)).unwrap().as_slice(), PLAINTEXT);
    assert!(matches!(open(token.as_bytes(), &Key::Jwk(other)), Err(SealError::WrongKey)));
    let words = Key::Passphrase(Passphrase::new("words").unwrap());
    assert!(matches!(open(token.as_bytes(), &words), Err(SealError::WrongKey)));
}

#[test]
fn phr_32_a_recipient_token_with_any_byte_altered_releases_nothing() {
    let (jwk, token) = pair();
    let key = Key::Jwk(jwk);
    for at in 0..token.len() {
        for change in [0x01, 0x04, 0x20] {
            let mut altered = token.clone().into_bytes();
            altered[at] ^= change;
            assert!(open(&altered, &key).is_err(), "byte {at} ^ {change}");
        }
    }
    for extra in ["A", ".", ".A"] {
        assert!(open(format!("{token}{extra}").as_bytes(), &key).is_err());
    }
}

#[test]
fn phr_32_an_altered_ciphertext_is_told_from_a_wrong_key() {
    let (jwk, token) = pair();
    let mut altered = token.into_bytes();
    let last = altered.len() - 1;
    altered[last] = if altered[last] == b'A' { b'Q' } else { b'A' };
    assert!(matches!(open(&altered, &Key::Jwk(jwk)), Err(SealError::Altered)));
}

#[test]
fn phr_31_a_token_for_a_passphrase_opens_with_it_in_any_spelling_of_a_generated_one() {
    let passphrase = Passphrase::new("k70d-3mp1-9t2a-h1q8").unwrap();
    let token = Prepared::for_passphrase(&passphrase, &mut repeatable()).unwrap().seal(PLAINTEXT.to_vec()).unwrap();
    assert_eq!(header(token.as_bytes()).unwrap(), Header::Passphrase);
    let typed = Key::Passphrase(Passphrase::new("K7OD 3MPI 9T2A HLQ8").unwrap());
    assert_eq!(open(token.as_bytes(), &typed).unwrap().as_slice(), PLAINTEXT);
    let wrong = Key::Passphrase(Passphrase::new("k70d-3mp1-9t2a-h1q9").unwrap());
    assert!(matches!(open(token.as_bytes(), &wrong), Err(SealError::WrongKey)));
}

#[test]
fn two_tokens_of_the_same_content_share_nothing_but_their_form() {
    let mut random = repeatable();
    let jwk = PrivateJwk::generate(&mut random).unwrap();
    let mut token = || Prepared::for_recipient(jwk.public(), &mut random).unwrap().seal(PLAINTEXT.to_vec()).unwrap();
    let (a, b) = (token(), token());
    assert!(a.split('.').zip(b.split('.')).all(|(a, b)| a != b));
}

#[test]
fn a_line_break_behind_a_token_does_no_harm() {
    let (jwk, token) = pair();
    assert!(open(format!("{token}\n").as_bytes(), &Key::Jwk(jwk)).is_ok());
}

#[test]
fn more_than_a_jwe_can_hold_in_memory_is_too_large() {
    let (jwk, _) = pair();
    let prepared = Prepared::for_recipient(jwk.public(), &mut repeatable()).unwrap();
    let sealed = prepared.seal(vec![0; MAX_PLAINTEXT_BYTES + 1]);
    assert!(matches!(sealed, Err(SealError::TooLarge { .. })));
    let huge = vec![b'e'; MAX_PLAINTEXT_BYTES / 3 * 4 + (1 << 20)];
    assert!(matches!(open(&huge, &Key::Jwk(jwk)), Err(SealError::TooLarge { .. })));
}

#[test]
fn what_is_no_token_is_not_sealed_or_altered_and_never_a_panic() {
    let (jwk, token) = pair();
    let key = Key::Jwk(jwk);
    for other in [&b""[..], b"PK\x03\x04", b"x.y.z", b"\xff"] {
        assert!(matches!(open(other, &key), Err(SealError::NotSealed)));
    }
    for other in ["e", "....", "e....", "{}", "{\"protected\":", "eyJ9....", "{\"protected\":\"\u{e4}\"}"] {
        assert!(open(other.as_bytes(), &key).is_err(), "{other}");
    }
    let (_, rest) = token.split_once('.').unwrap();
    assert!(open(format!("{}.{rest}", "e".repeat(20_000)).as_bytes(), &key).is_err());
}
