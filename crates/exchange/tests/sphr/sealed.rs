//! Every sealing around a whole archive: made by the writer, opened by one call (PHR-31, PHR-32, PHR-33).

use crate::samples::{CT, PASSPHRASE, aes, content, repeatable, sample_file, write_sample};
use mecum_exchange::seal::age_file::AgeIdentity;
use mecum_exchange::seal::jwk::PrivateJwk;
use mecum_exchange::seal::{Key, Passphrase, SealError, Sealing, WantedKey, wanted_key};
use mecum_exchange::sphr::{Limits, MemberKind, OpenError, Refusal, open};
use std::io::Cursor;

struct Case {
    what: &'static str,
    sealing: Sealing,
    key: Key,
    wanted: WantedKey,
}

fn typed(text: &str) -> Key {
    Key::Passphrase(Passphrase::new(text).unwrap())
}

fn cases() -> Vec<Case> {
    let jwk = PrivateJwk::generate(&mut repeatable()).unwrap();
    let age = AgeIdentity::generate();
    let words = Passphrase::new("words of my own").unwrap();
    let kid = Some(jwk.public().thumbprint());
    vec![
        Case { what: "aes", sealing: aes(), key: typed(PASSPHRASE), wanted: WantedKey::Nothing },
        Case {
            what: "passphrase jwe",
            sealing: Sealing::PassphraseJwe(words.clone()),
            key: Key::Passphrase(words),
            wanted: WantedKey::Passphrase,
        },
        Case {
            what: "recipient jwe",
            sealing: Sealing::RecipientJwe(jwk.public().clone()),
            key: Key::Jwk(jwk),
            wanted: WantedKey::Jwk { kid },
        },
        Case {
            what: "recipient age",
            sealing: Sealing::AgeRecipient(age.recipient()),
            key: Key::Age(age),
            wanted: WantedKey::Age,
        },
    ]
}

fn opened_ct(bytes: &[u8], key: Option<&Key>) -> Result<Vec<u8>, OpenError> {
    let mut archive = open(Cursor::new(bytes), key, &Limits::default())?;
    let record = archive.members_of(MemberKind::Record).next().unwrap().id();
    let ct = archive.resolve(record, "media/ct chest.jpg").unwrap();
    Ok(content(&mut archive, ct))
}

#[test]
fn phr_32_every_sealing_opens_with_its_key_and_gives_one_error_with_any_other() {
    let cases = cases();
    for case in &cases {
        let bytes = write_sample(&case.sealing);
        assert_eq!(wanted_key(&mut Cursor::new(&bytes)).unwrap(), case.wanted, "{}", case.what);
        assert_eq!(opened_ct(&bytes, Some(&case.key)).unwrap(), CT, "{}", case.what);
        let wrong = [typed("some other words"), Key::Age(AgeIdentity::generate())];
        for wrong in wrong.iter().chain(cases.iter().map(|other| &other.key)).filter(|key| !same(key, &case.key)) {
            let error = opened_ct(&bytes, Some(wrong)).unwrap_err();
            let is_clear =
                matches!(error, OpenError::Seal(SealError::WrongKey) | OpenError::Refused(Refusal::Encrypted));
            assert!(is_clear, "{}: {error:?}", case.what);
        }
        let error = opened_ct(&bytes, None).unwrap_err();
        let is_clear = matches!(error, OpenError::Seal(SealError::WrongKey) | OpenError::Refused(Refusal::Encrypted));
        assert!(is_clear, "{}: {error:?}", case.what);
    }
}

fn same(a: &Key, b: &Key) -> bool {
    match (a, b) {
        (Key::Passphrase(a), Key::Passphrase(b)) => a.expose() == b.expose(),
        (Key::Jwk(a), Key::Jwk(b)) => a.public() == b.public(),
        (Key::Age(a), Key::Age(b)) => a.recipient() == b.recipient(),
        _ => false,
    }
}

#[test]
fn a_passphrase_at_hand_does_no_harm_to_a_plain_archive() {
    let bytes = write_sample(&Sealing::None);
    assert_eq!(opened_ct(&bytes, Some(&typed("words"))).unwrap(), CT);
    assert_eq!(opened_ct(&bytes, None).unwrap(), CT);
    assert_eq!(wanted_key(&mut Cursor::new(&bytes)).unwrap(), WantedKey::Nothing);
}

#[test]
fn phr_32_openpgp_is_recognised_and_what_is_no_container_is_damaged() {
    let pgp = b"-----BEGIN PGP MESSAGE-----\n\nhQEM";
    assert!(matches!(opened_ct(pgp, None), Err(OpenError::Seal(SealError::Unsupported(_)))));
    assert!(matches!(wanted_key(&mut Cursor::new(pgp)), Err(SealError::Unsupported(_))));
    for other in [&b"{\"resourceType\":\"Patient\"}\n"[..], b"", b"GIF89a"] {
        assert!(matches!(opened_ct(other, None), Err(OpenError::Refused(Refusal::Damaged))));
    }
}

#[test]
fn phr_29_the_published_sphr_opens_by_the_same_call() {
    let Some(bytes) = sample_file("phr-format/WilliamSim.sphr") else { return };
    let archive = open(Cursor::new(&bytes), None, &Limits::default()).unwrap();
    assert_eq!(archive.members().len(), 3);
}

#[test]
fn phr_33_what_is_inside_an_envelope_is_checked_like_any_archive() {
    use mecum_exchange::seal::jwe::Prepared;
    let words = Passphrase::new("words").unwrap();
    for inner in [b"not a zip".to_vec(), write_sample(&aes())] {
        let token = Prepared::for_passphrase(&words, &mut repeatable()).unwrap().seal(inner).unwrap();
        let result = opened_ct(token.as_bytes(), Some(&Key::Passphrase(words.clone())));
        assert!(matches!(result, Err(OpenError::Refused(Refusal::Damaged | Refusal::Encrypted))), "{result:?}");
    }
}
