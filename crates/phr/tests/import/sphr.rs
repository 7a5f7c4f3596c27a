//! The one published `.sphr`: its images come back byte for byte in a sealed archive of ours (PHR-20, PHR-29).

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Seek};

use crate::house::{House, sample_files};
use mecum_exchange::seal::{Key, Passphrase};
use mecum_exchange::sphr::{Archive, Limits, MemberKind, open};
use mecum_phr::disclose::Asked;
use mecum_phr::export::{ExportFormat, ExportRequest, export};

/// The contents of the files that ride along.
fn media<R: Read + Seek>(archive: &mut Archive<R>) -> BTreeSet<Vec<u8>> {
    let ids: Vec<_> = archive.members_of(MemberKind::Media).map(mecum_exchange::sphr::Member::id).collect();
    let read = |id| {
        let mut content = Vec::new();
        archive.read(id).expect("a member").read_to_end(&mut content).expect("its content");
        content
    };
    ids.into_iter().map(read).collect()
}

#[test]
fn phr_29_the_images_of_the_published_sphr_come_back_byte_for_byte_in_a_sealed_one() {
    let Some(sample) = sample_files("phr-format").into_iter().find(|path| path.ends_with("WilliamSim.sphr")) else {
        return;
    };
    let house = House::on_sqlite();
    let record = house.record("William");
    let report = house.import_file(record, &sample).expect("an import");
    assert_eq!(report.n_media, 2);
    let request = ExportRequest {
        record,
        format: ExportFormat::Sphr,
        start: None,
        end: None,
        since_us: None,
        until_seq: None,
        is_collection: false,
        types: None,
        history: false,
        sealing: None,
        name: "William".to_owned(),
    };
    let mut bytes = Vec::new();
    export(&house.phr, &House::operator(), &request, &Asked::new("export sphr"), &mut |chunk| {
        bytes.extend_from_slice(&chunk.deliver());
        Ok(())
    })
    .expect("an export");
    let passphrase = mecum_phr::record::file_passphrase(&house.phr, &House::operator(), record).expect("a passphrase");
    let key = Key::Passphrase(Passphrase::new(&passphrase).expect("a passphrase"));
    let mut sealed = open(Cursor::new(&bytes), Some(&key), &Limits::default()).expect("our archive opens");
    let file = std::fs::File::open(&sample).expect("the sample");
    let mut published = open(file, None, &Limits::default()).expect("the sample opens");
    let images = media(&mut published);
    assert_eq!(images.len(), 2);
    assert!(media(&mut sealed) == images, "the images differ");
    let wrong = Key::Passphrase(Passphrase::new("0000-0000-0000-0000").expect("a passphrase"));
    assert!(open(Cursor::new(&bytes), Some(&wrong), &Limits::default()).is_err());
}
