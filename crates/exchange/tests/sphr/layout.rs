//! Archives of any layout: junk, kinds of members, links to ride-along files, our manifest (PHR-20 to PHR-26, PHR-29).

use crate::raw_zip::{build, build_ordered, deflated, parse, stored};
use crate::samples::{CT, content, open_plain, paths, sample_file, write_sample};
use mecum_exchange::seal::Sealing;
use mecum_exchange::sphr::{Difference, MemberKind, Protection, Refusal};

#[test]
fn phr_29_the_published_sphr_opens_cleanly() {
    let Some(bytes) = sample_file("phr-format/WilliamSim.sphr") else { return };
    let mut archive = open_plain(&bytes).unwrap();
    assert_eq!(paths(&archive), ["WilliamSim/ct-chest.jpg", "WilliamSim/xr-chest.jpg", "WilliamSim/WilliamSim.phr"]);
    assert_eq!(archive.protection(), Protection::Open);
    let record = archive.members_of(MemberKind::Record).next().unwrap().id();
    let lines = String::from_utf8(content(&mut archive, record)).unwrap();
    assert_eq!(lines.lines().count(), 14);
    let ct = archive.resolve(record, "./ct-chest.jpg").unwrap();
    assert!(content(&mut archive, ct).starts_with(b"\xff\xd8\xff"));
    assert_eq!(archive.differences().unwrap(), []);
}

#[test]
fn phr_30_a_zipped_phr_is_an_archive_with_one_record() {
    let Some(bytes) = sample_file("phr-format/WilliamSim.phr.zip") else { return };
    let mut archive = open_plain(&bytes).unwrap();
    assert_eq!(paths(&archive), ["WilliamSim.phr"]);
    let record = archive.members()[0].id();
    assert_eq!(content(&mut archive, record).len(), 4266);
}

#[test]
fn phr_26_junk_empty_files_and_folders_are_left_out() {
    let bytes = build(&[
        stored("x/", b"").with_mode(0o040_755),
        stored("x/.DS_Store", b"junk"),
        stored("__MACOSX/x/._a.phr", b"junk"),
        stored("x/Thumbs.db", b"junk"),
        stored("x/empty.jpg", b""),
        deflated("x/a.phr", b"{}\n"),
    ]);
    assert_eq!(paths(&open_plain(&bytes).unwrap()), ["x/a.phr"]);
}

#[test]
fn phr_25_members_are_told_apart_by_name_in_any_layout() {
    let bytes = build(&[
        stored("flat.phr", b"{}"),
        stored("deep/er/OTHER.PHR", b"{}"),
        stored("o.ndjson", b"{}"),
        stored("ehi/document_reference.ndjson", b"{}"),
        stored("b.json", b"{}"),
        stored("b.fhir", b"{}"),
        stored("manifest.json", br#"{"format":"somebody else's"}"#),
        stored("README.txt", b"theirs"),
        stored("inner.zip", b"PK"),
    ]);
    let archive = open_plain(&bytes).unwrap();
    let kinds: Vec<_> = archive.members().iter().map(|member| member.kind()).collect();
    use MemberKind::{DocumentReferences, Json, Media, Ndjson, Record};
    assert_eq!(kinds, [Record, Record, Ndjson, DocumentReferences, Json, Json, Json, Media, Media]);
    assert!(archive.manifest().is_none());
}

#[test]
fn phr_23_links_resolve_beside_the_record_then_from_the_root_and_never_outside() {
    let bytes = build(&[
        stored("x/a.phr", b"{}"),
        stored("x/media/ct chest.jpg", b"1"),
        stored("x/M\u{fc}ller.pdf", b"2"),
        stored("root.pdf", b"3"),
        stored("x/root.pdf", b"4"),
        stored("y/only-here.pdf", b"5"),
        stored("x/100%25.pdf", b"6"),
    ]);
    let mut archive = open_plain(&bytes).unwrap();
    let record = archive.members()[0].id();
    let mut found = |url: &str| archive.resolve(record, url).map(|id| content(&mut archive, id));
    assert_eq!(found("media/ct chest.jpg").unwrap(), b"1");
    assert_eq!(found("./media/ct%20chest.jpg").unwrap(), b"1");
    assert_eq!(found("media/CT%20Chest.JPG#page=2").unwrap(), b"1");
    assert_eq!(found("Mu\u{308}ller.pdf").unwrap(), b"2");
    assert_eq!(found("M%C3%BCller.pdf").unwrap(), b"2");
    assert_eq!(found("root.pdf").unwrap(), b"4");
    assert_eq!(found("../root.pdf").unwrap(), b"3");
    assert_eq!(found("y/only-here.pdf").unwrap(), b"5");
    assert_eq!(found("100%25.pdf").unwrap(), b"6");
    for url in ["", "/root.pdf", "../../root.pdf", "https://example.org/root.pdf", "file:root.pdf", "missing.pdf", "#x"]
    {
        assert_eq!(found(url), None, "{url}");
    }
}

#[test]
fn phr_25_the_manifest_of_an_untouched_archive_agrees_with_it() {
    let bytes = write_sample(&Sealing::None);
    let mut archive = open_plain(&bytes).unwrap();
    assert_eq!(archive.manifest().unwrap().files.len(), 4);
    assert_eq!(archive.differences().unwrap(), []);
}

#[test]
fn phr_25_a_renamed_folder_and_a_repacked_archive_still_agree() {
    let mut entries = parse(&write_sample(&Sealing::None));
    for entry in &mut entries {
        entry.name = [b"other/".to_vec(), entry.name.clone()].concat();
    }
    let bytes = build(&entries);
    assert_eq!(open_plain(&bytes).unwrap().differences().unwrap(), []);
}

#[test]
fn phr_25_every_difference_from_the_manifest_is_named() {
    let whole = parse(&write_sample(&Sealing::None));
    let differences = |bytes: &[u8]| open_plain(bytes).unwrap().differences().unwrap();

    let mut missing = whole.clone();
    missing.remove(2);
    assert_eq!(differences(&build(&missing)), [Difference::Missing(2)]);

    let mut altered = whole.clone();
    altered[1] = deflated("SimWilliam/media/ct chest.jpg", &CT.to_ascii_uppercase());
    assert_eq!(differences(&build(&altered)), [Difference::Altered(1)]);

    let mut damaged = whole.clone();
    damaged[1].crc ^= 1;
    assert_eq!(differences(&build(&damaged)), [Difference::Altered(1)]);

    let swapped = build_ordered(&whole, &[0, 2, 1, 3, 4]);
    assert_eq!(differences(&swapped), [Difference::OutOfOrder(2)]);

    let mut added = whole.clone();
    added.push(stored("SimWilliam/media/new.txt", b"x"));
    added.push(stored("outside.txt", b"x"));
    let bytes = build(&added);
    let archive = open_plain(&bytes).unwrap();
    let ids: Vec<_> = archive.members()[5..].iter().map(|member| Difference::Added(member.id())).collect();
    assert_eq!(differences(&bytes), ids);
}

#[test]
fn a_member_of_another_archive_is_not_read() {
    let (large, small) = (write_sample(&Sealing::None), build(&[stored("a.phr", b"{}")]));
    let foreign = open_plain(&large).unwrap().members().last().unwrap().id();
    assert!(matches!(open_plain(&small).unwrap().read(foreign).map(drop), Err(Refusal::Damaged)));
}

#[test]
fn names_do_not_show_in_debug_output() {
    let bytes = write_sample(&Sealing::None);
    let archive = open_plain(&bytes).unwrap();
    let shown = format!("{archive:?} {:?} {:?}", archive.members(), archive.manifest());
    assert!(!shown.contains("Sim") && !shown.contains("letter"), "{shown}");
}
