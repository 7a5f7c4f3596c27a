//! Pictures and letters are real files, and what leads to them says the truth about them.

use crate::reading::{demo, lines, texts_under};
use flate2::read::ZlibDecoder;
use mecum_testkit::people::{Content, Media};
use serde_json::Value;
use std::io::Read;

fn containers() -> Vec<(&'static str, &'static str, &'static [Media])> {
    let opened = demo().files.iter().filter_map(|file| match &file.content {
        Content::Container { phr, media } => Some((file.file_name.as_str(), phr.as_str(), media.as_slice())),
        _ => None,
    });
    opened.collect()
}

fn be(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

#[test]
fn pictures_are_png_files_whose_checksums_and_pixels_are_right() {
    let mut seen = 0;
    for (name, _, media) in containers() {
        for picture in media.iter().filter(|one| one.content_type == "image/png") {
            assert!(picture.bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
            assert!(picture.bytes.len() <= 150_000, "{} bytes in {}", picture.bytes.len(), picture.name);
            let (mut at, mut kinds, mut size, mut packed) = (8, Vec::new(), (0, 0), Vec::new());
            while at < picture.bytes.len() {
                let length = be(&picture.bytes[at..at + 4]);
                let chunk = &picture.bytes[at + 4..at + 8 + length];
                let mut crc = flate2::Crc::new();
                crc.update(chunk);
                assert_eq!(crc.sum() as usize, be(&picture.bytes[at + 8 + length..at + 12 + length]));
                kinds.push(String::from_utf8_lossy(&chunk[..4]).into_owned());
                match &chunk[..4] {
                    b"IHDR" => size = (be(&chunk[4..8]), be(&chunk[8..12])),
                    b"IDAT" => packed.extend_from_slice(&chunk[4..]),
                    _ => {}
                }
                at += 12 + length;
            }
            assert_eq!(kinds, ["IHDR", "IDAT", "IEND"]);
            let mut rows = Vec::new();
            ZlibDecoder::new(&packed[..]).read_to_end(&mut rows).unwrap();
            assert_eq!(rows.len(), (size.0 + 1) * size.1);
            assert!(rows.chunks_exact(size.0 + 1).all(|row| row[0] <= 4), "an unknown row filter in {}", picture.name);
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn letters_are_pdf_files_with_their_words_and_a_right_cross_reference_table() {
    let mut seen = 0;
    for (_, _, media) in containers() {
        for letter in media.iter().filter(|one| one.content_type == "application/pdf") {
            let text = String::from_utf8_lossy(&letter.bytes);
            assert!(text.starts_with("%PDF-1.4"));
            let start: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
            let table = String::from_utf8(letter.bytes[start..].to_vec()).unwrap();
            let entries: Vec<&str> = table.lines().skip(3).take_while(|line| line.ends_with("n ")).collect();
            for (index, entry) in entries.iter().enumerate() {
                let place: usize = entry[..10].parse().unwrap();
                assert!(letter.bytes[place..].starts_with(format!("{} 0 obj", index + 1).as_bytes()));
            }
            assert!(entries.len() >= 7 && text.contains("ynth"), "no word that it is synthetic");
            seen += 1;
        }
    }
    assert_eq!(seen, 4);
}

#[test]
fn phr_23_every_file_of_a_container_has_a_document_reference_with_its_type_size_and_hash() {
    for (name, phr, media) in containers() {
        let documents: Vec<Value> =
            lines(phr).into_iter().filter(|resource| resource["resourceType"] == "DocumentReference").collect();
        for one in media {
            let attachment = |document: &Value| document["content"][0]["attachment"].clone();
            let found = documents.iter().map(attachment).find(|attachment| attachment["url"] == one.name.as_str());
            let attachment = found.unwrap_or_else(|| panic!("{name}: nothing leads to {}", one.name));
            assert_eq!(attachment["contentType"], one.content_type);
            assert_eq!(attachment["size"].to_string(), one.bytes.len().to_string());
            assert_eq!(attachment["hash"].as_str().unwrap().len(), 28);
        }
        let mut urls = Vec::new();
        lines(phr).iter().for_each(|resource| texts_under("url", resource, &mut urls));
        let relative = urls.iter().filter(|url| url.starts_with("media/"));
        assert!(relative.clone().count() > 0);
        assert!(relative.clone().all(|url| media.iter().any(|one| one.name == *url)));
    }
}
