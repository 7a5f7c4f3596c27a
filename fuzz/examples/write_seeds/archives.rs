//! Seeds that are archives and envelopes. Those called `hostile-…` must be refused wherever they come in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use mecum_exchange::seal::Sealing;
use mecum_exchange::seal::jwe::Prepared;
use mecum_exchange::seal::jwk::PrivateJwk;
use mecum_exchange::sphr::{Imprint, Writer};
use mecum_fuzz::repeatable;

use crate::Seed;
use crate::raw_zip::{DESCRIPTOR, ENCRYPTED, RawEntry, build, deflated, stored};

const LINES: &[u8] = b"{\"resourceType\":\"Patient\",\"id\":\"p\"}\n{\"resourceType\":\"Basic\",\"id\":\"b\"}\n";
const IMPRINT: Imprint<'static> = Imprint { name: "Example", created: "2026-01-02T03:04:05Z", generator: "seeds" };

fn record() -> RawEntry {
    deflated("a.phr", LINES)
}

pub(crate) fn seeds() -> Vec<Seed> {
    let named = |name: &str| build(&[record(), stored(name, b"x")]);
    let bomb = deflated("b.phr", &vec![b' '; 4 << 20]);
    let hostile = [
        ("traversal", named("../../evil.phr")),
        ("absolute", named("/etc/evil.phr")),
        ("drive", named("C:/evil.phr")),
        ("hidden-drive", named("./C:/evil.phr")),
        ("back-slash", named("..\\evil.phr")),
        ("symlink", build(&[record(), stored("link.phr", b"/etc/passwd").with_mode(0o120_777)])),
        ("device", build(&[record(), stored("device.phr", b"x").with_mode(0o020_666)])),
        ("duplicate", build(&[record(), record()])),
        ("same-but-for-case", build(&[record(), stored("A.PHR", b"x")])),
        ("folder-and-file", build(&[record(), stored("a.phr/b.phr", b"x")])),
        ("bomb", build(&[bomb.clone()])),
        ("lying-bomb", build(&[RawEntry { size: 100, ..bomb }])),
        ("overlap", build(&[record(), RawEntry { offset: Some(0), ..stored("b.phr", LINES) }])),
        ("other-name-inside", build(&[RawEntry { local_name: Some(b"b.phr".to_vec()), ..record() }])),
        ("wrong-checksum", build(&[RawEntry { crc: 1, ..record() }])),
        ("half-encrypted", build(&[record(), RawEntry { flags: ENCRYPTED, ..stored("b.phr", &[7; 40]) }])),
        ("other-method", build(&[RawEntry { method: 99, ..record() }])),
        ("cut-off", named("b.phr")[..60].to_vec()),
    ];
    let mut seeds: Vec<Seed> =
        hostile.map(|(name, bytes)| ("archive", format!("hostile-{name}.zip"), bytes)).into_iter().collect();
    let good = [
        ("written.sphr", written()),
        ("described.zip", build(&[RawEntry { flags: DESCRIPTOR, ..record() }])),
        (
            "folders.zip",
            build(&[stored("d/", b"").with_mode(0o040_755), stored("d/a.ndjson", LINES), stored("M\u{fc}.pdf", b"x")]),
        ),
        ("junk.zip", build(&[record(), stored("__MACOSX/._a.phr", b"x"), stored(".DS_Store", b"x")])),
        ("lines.gz", gzip(LINES)),
        ("spaces.gz", gzip(&vec![b' '; 3 << 20])),
    ];
    seeds.extend(good.map(|(name, bytes)| ("archive", name.to_owned(), bytes)));
    seeds.extend(envelopes());
    seeds
}

fn written() -> Vec<u8> {
    let mut random = repeatable();
    let mut writer = Writer::create(Vec::new(), &IMPRINT, &Sealing::None, &mut random).expect("memory takes it");
    writer.start_record().expect("memory takes it");
    for line in LINES.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        writer.line(line).expect("memory takes it");
    }
    writer.media("a.jpg", "image/jpeg", &mut &b"\xff\xd8\xff\xe0 no picture"[..]).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

fn envelopes() -> Vec<Seed> {
    let mut random = repeatable();
    let key = PrivateJwk::generate(&mut random).expect("a scalar in range");
    let token = Prepared::for_recipient(key.public(), &mut random).and_then(|prepared| prepared.seal(LINES.to_vec()));
    let token = token.expect("a small plaintext is sealed");
    let parts: Vec<&str> = token.split('.').collect();
    let json = format!(
        r#"{{"protected":"{}","encrypted_key":"{}","iv":"{}","ciphertext":"{}","tag":"{}"}}"#,
        parts[0], parts[1], parts[2], parts[3], parts[4]
    );
    // {"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2s":"AAAAAAAAAAAAAAAAAAAAAA","p2c":1000}
    let passphrase = "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJlbmMiOiJBMjU2R0NNIiwicDJzIjoiQUFBQUFBQUFBQUFBQUFBQUFBQUFBQSIsInAyYyI6MTAwMH0.AAAA.AAAA.AAAA.AAAA";
    let age = "age-encryption.org/v1\n-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\nAAAA\n-> scrypt AAAA 18\nAAAA\n--- AAAA\n";
    [
        ("recipient.jwe", token.clone().into_bytes()),
        ("recipient.json", json.into_bytes()),
        ("passphrase.jwe", passphrase.as_bytes().to_vec()),
        ("cut-off.jwe", token.as_bytes()[..token.len() / 2].to_vec()),
        ("stanzas.age", age.as_bytes().to_vec()),
        ("openpgp.asc", b"-----BEGIN PGP MESSAGE-----\n\nhQEM".to_vec()),
    ]
    .map(|(name, bytes)| ("envelope", name.to_owned(), bytes))
    .into()
}
