//! What a file is, from its first bytes (PHR-30, PHR-32).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mecum_exchange::sniff::{Format, PREFIX_BYTES, sniff};
use proptest::prelude::*;
use std::path::PathBuf;

fn check(bytes: &[u8], expected: Format) {
    assert_eq!(sniff(bytes, None), expected, "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn phr_30_binary_formats_are_known_by_their_magic_whatever_the_name() {
    for name in [None, Some("a.phr"), Some("a.json"), Some("a.zip")] {
        assert_eq!(sniff(b"PK\x03\x04rest", name), Format::Zip);
        assert_eq!(sniff(b"PK\x05\x06rest", name), Format::Zip);
        assert_eq!(sniff(b"\x1f\x8b\x08rest", name), Format::Gzip);
        assert_eq!(sniff(b"age-encryption.org/v1\n-> X25519", name), Format::Age);
        assert_eq!(sniff(b"{}\n{}\n", name), Format::Ndjson);
        assert_eq!(sniff(b"\xff\xd8\xff\xe0", name), Format::Unknown);
    }
}

#[test]
fn phr_3_lines_of_json_are_ndjson_with_bom_crlf_blank_lines_and_without_a_last_line_break() {
    for text in [
        "{\"a\":1}\n{\"b\":2}",
        "{\"a\":1}\r\n{\"b\":2}\r\n",
        "\u{feff}\n\n{\"a\":1}\n\n{\"b\":2}\n",
        "{\"a\":\"}{\"}\n{\"a\":\"\\\"\"}\n",
    ] {
        check(text.as_bytes(), Format::Ndjson);
    }
}

#[test]
fn phr_8_bad_lines_at_the_start_or_anywhere_leave_it_ndjson() {
    let good = "{\"resourceType\":\"Patient\"}";
    check(format!("{{\"a\":1}}\nthis is not json\n{good}\n").as_bytes(), Format::Ndjson);
    check(format!("this is not json\n{good}\n").as_bytes(), Format::Ndjson);
    check(format!("{{\"broken\":\n{good}\n{good}\n").as_bytes(), Format::Ndjson);
    check(format!("{{\"resourceType\":\"Patient\",\"_id\": JjMN\"\n{good}\n").as_bytes(), Format::Ndjson);
}

#[test]
fn phr_11_one_value_over_several_lines_is_json() {
    check(b"{\n  \"resourceType\": \"Bundle\",\n  \"entry\": [\n    {\n", Format::Json);
    check(b"[{\"resourceType\":\"Patient\"}]", Format::Json);
    check(b"\"{\\n  \\\"resourceType\\\": \\\"Bundle\\\"}\"", Format::Json);
    check(b"{\n  \"contained\": [\n    {\"resourceType\": \"Patient\"}\n  ]\n}\n", Format::Json);
}

#[test]
fn a_single_line_is_decided_by_the_name_and_else_by_what_it_says() {
    let line = b"{\"resourceType\":\"Patient\"}\n";
    assert_eq!(sniff(line, Some("x.phr")), Format::Ndjson);
    assert_eq!(sniff(line, Some("X.NDJSON")), Format::Ndjson);
    assert_eq!(sniff(line, Some("x.json")), Format::Json);
    assert_eq!(sniff(line, None), Format::Json);
    let long = |start: &str| format!("{start}{}", "x".repeat(PREFIX_BYTES)).into_bytes();
    let (bundle, other) =
        (long("{\"resourceType\":\"Bundle\",\"a\":\""), long("{\"resourceType\":\"Composition\",\"a\":\""));
    assert_eq!(sniff(&bundle, None), Format::Json);
    assert_eq!(sniff(&bundle, Some("x.phr")), Format::Ndjson);
    assert_eq!(sniff(&other, None), Format::Ndjson);
    assert_eq!(sniff(&other, Some("x.fhir")), Format::Json);
}

#[test]
fn phr_32_a_jwe_is_known_in_both_serialisations_and_a_jws_is_none() {
    let compact = |header: &str| format!("{}.AAAA.AAAA.AAAA.AAAA", URL_SAFE_NO_PAD.encode(header)).into_bytes();
    check(&compact(r#"{"alg":"ECDH-ES+A256KW","enc":"A256GCM"}"#), Format::Jwe);
    check(&compact(r#"{"alg":"ES256"}"#), Format::Unknown);
    check(b"eyJ.no", Format::Unknown);
    check(br#"{"protected":"AA","recipients":[],"iv":"AA","ciphertext":"AA","tag":"AA"}"#, Format::Jwe);
    check(format!("{{\"ciphertext\":\"{}", "A".repeat(PREFIX_BYTES)).as_bytes(), Format::Jwe);
    check(br#"{"resourceType":"Basic","ciphertext":"AA"}"#, Format::Json);
    check(br#"{"a":{"ciphertext":"AA"}}"#, Format::Json);
}

#[test]
fn phr_32_openpgp_is_known_armoured_and_by_its_packets() {
    check(b"-----BEGIN PGP MESSAGE-----\n", Format::OpenPgp);
    for packet in [
        &b"\x85\x01\x0c\x03rest"[..],
        b"\x84\x5e\x03rest",
        b"\xc1\xc0\x4c\x03rest",
        b"\x8c\x0d\x04\x09rest",
        b"\xc3\x2e\x04\x09rest",
        b"\xd2\x40\x01rest",
        b"\xd2\xff\x00\x00\x10\x00\x02rest",
    ] {
        check(packet, Format::OpenPgp);
    }
    for other in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"\x85", b"\xc1", b"\xd0\xcf\x11\xe0", b"\x80\x00\x00"] {
        check(other, Format::Unknown);
    }
}

#[test]
fn nothing_and_white_space_are_empty_and_other_texts_unknown() {
    for empty in [&b""[..], b"\n\n  \r\n", b"\xef\xbb\xbf"] {
        check(empty, Format::Empty);
    }
    for other in ["MSH|^~\\&|A|B", "<ClinicalDocument xmlns=\"urn:hl7-org:v3\">", "a,b,c\n1,2,3\n", "shc:/5676", "e"] {
        check(other.as_bytes(), Format::Unknown);
    }
}

#[test]
fn every_published_sample_is_what_it_is() {
    let folder = std::env::var_os("MECUM_SAMPLES").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    let folder = folder.join("phr-format");
    if !folder.exists() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "the sample files are missing");
        println!("passed over: {} is not there", folder.display());
        return;
    }
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&file).unwrap();
        let expected = match name.rsplit('.').next().unwrap() {
            "phr" => Format::Ndjson,
            "json" => Format::Json,
            _ => Format::Zip,
        };
        assert_eq!(sniff(&bytes, None), expected, "{name} without its name");
        assert_eq!(sniff(&bytes, Some(&name)), expected, "{name}");
    }
}

proptest! {
    #[test]
    fn any_bytes_have_some_format(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in "\\PC{0,10}") {
        sniff(&bytes, Some(&name));
    }

    #[test]
    fn any_text_that_looks_like_json_has_some_format(text in "[\\[{\"\\\\:,\n a-e}\\]]{0,80}") {
        sniff(text.as_bytes(), None);
    }
}
