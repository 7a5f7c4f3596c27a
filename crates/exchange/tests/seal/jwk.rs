//! P-256 keys as JWK.

use crate::repeatable;
use mecum_exchange::seal::jwk::{JwkError, PrivateJwk, PublicJwk};

/// The example key of RFC 7517 appendix A.2.
const EXAMPLE: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
    "use":"enc","kid":"1"}"#;

fn without(json: &str, member: &str) -> String {
    let mut object: serde_json::Map<_, serde_json::Value> = serde_json::from_str(json).unwrap();
    object.remove(member);
    serde_json::to_string(&object).unwrap()
}

#[test]
fn the_example_of_rfc_7517_is_read_and_its_parts_belong_together() {
    let key = PrivateJwk::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(&PublicJwk::parse(without(EXAMPLE, "d").as_bytes()).unwrap(), key.public());
}

#[test]
fn the_issuer_keys_of_smart_health_cards_have_their_published_thumbprints() {
    let folder = std::env::var_os("MECUM_SAMPLES").map(std::path::PathBuf::from);
    let folder =
        folder.unwrap_or_else(|| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let folder = folder.join("shc-shl-spec");
    if !folder.exists() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the sample files are missing");
        println!("passed over: {} is not there", folder.display());
        return;
    }
    let set = std::fs::read(folder.join("issuer/issuer_.well-known_jwks.json")).unwrap();
    let set: serde_json::Value = serde_json::from_slice(&set).unwrap();
    let keys = set["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        let parsed = PublicJwk::parse(key.to_string().as_bytes()).unwrap();
        assert_eq!(parsed.thumbprint(), key["kid"].as_str().unwrap());
    }
}

#[test]
fn a_generated_key_goes_out_and_comes_back() {
    let key = PrivateJwk::generate(&mut repeatable()).unwrap();
    let again = PrivateJwk::parse(key.to_json().as_bytes()).unwrap();
    assert_eq!(again.public(), key.public());
    assert_eq!(&PublicJwk::parse(key.public().to_json().as_bytes()).unwrap(), key.public());
    assert!(key.public().to_json().contains(&key.public().thumbprint()));
    assert!(!key.public().to_json().contains(r#""d""#));
}

#[test]
fn a_broken_source_of_random_bytes_is_an_error() {
    for byte in [0, 0xff] {
        assert!(PrivateJwk::generate(&mut |bytes: &mut [u8]| bytes.fill(byte)).is_err());
    }
}

#[test]
fn the_wrong_half_of_a_key_is_named() {
    assert_eq!(PublicJwk::parse(EXAMPLE.as_bytes()).unwrap_err(), JwkError::Private);
    assert_eq!(PrivateJwk::parse(without(EXAMPLE, "d").as_bytes()).unwrap_err(), JwkError::Public);
}

#[test]
fn other_keys_and_points_off_the_curve_are_refused() {
    for (from, to) in [("\"EC\"", "\"RSA\""), ("\"EC\"", "\"OKP\""), ("P-256", "P-384")] {
        let other = EXAMPLE.replace(from, to);
        assert_eq!(PrivateJwk::parse(other.as_bytes()).unwrap_err(), JwkError::Unsupported);
    }
    let public = without(EXAMPLE, "d");
    for (from, to) in
        [("\"MKBC", "\"NKBC"), ("\"4Etl", "\"5Etl"), ("v7D4\"", "v7D5\""), ("IFyM\"", "IFyMA\""), ("IFyM\"", "IFy\"")]
    {
        let off = public.replace(from, to);
        assert_ne!(off, public);
        assert_eq!(PublicJwk::parse(off.as_bytes()).unwrap_err(), JwkError::Invalid, "{from} {to}");
    }
    let mismatched = EXAMPLE.replace("\"870M", "\"970M");
    assert_eq!(PrivateJwk::parse(mismatched.as_bytes()).unwrap_err(), JwkError::Invalid);
    for nonsense in ["", "{}", "[]", "{\"kty\":1}", "\u{0}"] {
        assert_eq!(PublicJwk::parse(nonsense.as_bytes()).unwrap_err(), JwkError::Invalid);
    }
    let huge = public.replace('{', &format!("{{\"x5c\":\"{}\",", "A".repeat(17_000)));
    assert_eq!(PublicJwk::parse(huge.as_bytes()).unwrap_err(), JwkError::Invalid);
}

#[test]
fn keys_do_not_show_in_debug_output() {
    let key = PrivateJwk::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(format!("{key:?} {:?}", key.public()), "PrivateJwk(..) PublicJwk(..)");
}
