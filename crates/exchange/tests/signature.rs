//! Detached signatures beside a file (PHR-35).
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mecum_exchange::seal::jwk::PrivateJwk;
use mecum_exchange::signature::{SignatureError, file_digest, sign, signer, verify};

fn key(byte: u8) -> PrivateJwk {
    PrivateJwk::generate(&mut |bytes: &mut [u8]| bytes.fill(byte)).unwrap()
}

fn digest() -> [u8; 32] {
    file_digest(&mut &b"the file"[..]).unwrap()
}

fn with_header(jws: &str, header: &str) -> String {
    let (_, signature) = jws.split_once("..").unwrap();
    format!("{}..{signature}", URL_SAFE_NO_PAD.encode(header))
}

#[test]
fn phr_35_a_signature_has_no_payload_and_names_its_key_by_thumbprint() {
    let key = key(1);
    let jws = sign(&digest(), &key).unwrap();
    let parts: Vec<_> = jws.split('.').collect();
    assert_eq!((parts.len(), parts[1]), (3, ""));
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    assert_eq!(header, format!(r#"{{"alg":"ES256","kid":"{}"}}"#, key.public().thumbprint()));
    assert_eq!(URL_SAFE_NO_PAD.decode(parts[2]).unwrap().len(), 64);
    assert_eq!(signer(jws.as_bytes()).unwrap().kid, Some(key.public().thumbprint()));
}

#[test]
fn phr_35_a_signature_verifies_for_its_file_and_key_only() {
    let jws = sign(&digest(), &key(1)).unwrap();
    assert_eq!(verify(jws.as_bytes(), &digest(), key(1).public()), Ok(()));
    assert_eq!(verify(format!("{jws}\n").as_bytes(), &digest(), key(1).public()), Ok(()));
    let other_file = file_digest(&mut &b"the fi1e"[..]).unwrap();
    assert_eq!(verify(jws.as_bytes(), &other_file, key(1).public()), Err(SignatureError::Invalid));
    assert_eq!(verify(jws.as_bytes(), &digest(), key(2).public()), Err(SignatureError::OtherKey));
}

#[test]
fn phr_35_a_signature_with_any_byte_altered_does_not_verify() {
    let (key, digest) = (key(1), digest());
    let jws = sign(&digest, &key).unwrap();
    for at in 0..jws.len() {
        for change in [0x01, 0x02, 0x20] {
            let mut altered = jws.clone().into_bytes();
            altered[at] ^= change;
            assert!(verify(&altered, &digest, key.public()).is_err(), "byte {at} ^ {change}");
        }
        assert!(verify(&jws.as_bytes()[..at], &digest, key.public()).is_err(), "cut at {at}");
    }
}

#[test]
fn other_algorithms_and_extensions_are_refused_whatever_the_signature() {
    let jws = sign(&digest(), &key(1)).unwrap();
    for header in [
        r#"{"alg":"none"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"ES384"}"#,
        r#"{"alg":"ES256","crit":["b64"],"b64":false}"#,
        r#"{"alg":"ES256","b64":true}"#,
    ] {
        let other = with_header(&jws, header);
        assert_eq!(verify(other.as_bytes(), &digest(), key(1).public()), Err(SignatureError::Unsupported), "{header}");
    }
}

#[test]
fn what_is_no_detached_signature_is_malformed() {
    let attached = sign(&digest(), &key(1)).unwrap().replace("..", ".AAAA.");
    for other in ["", "..", "a..b", "....", "e30..AA", &attached, &"x".repeat(70_000), &format!("{attached}..")] {
        assert_eq!(verify(other.as_bytes(), &digest(), key(1).public()), Err(SignatureError::Malformed), "{other}");
    }
    assert_eq!(signer(b"\xff..").unwrap_err(), SignatureError::Malformed);
}

#[test]
fn phr_36_certificates_in_the_header_are_handed_on_unverified() {
    let jws = sign(&digest(), &key(1)).unwrap();
    let signer = signer(with_header(&jws, r#"{"alg":"ES256","x5c":["MIIB","MIIC"]}"#).as_bytes()).unwrap();
    assert_eq!((signer.kid, signer.x5c), (None, vec!["MIIB".to_owned(), "MIIC".to_owned()]));
}

#[test]
fn the_digest_is_sha_256_of_the_whole_file() {
    let hex: String = file_digest(&mut &b"abc"[..]).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
