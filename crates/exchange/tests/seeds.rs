//! Replays the seeds of the fuzz targets, so that every reader of foreign bytes is tried on the stable compiler too.

#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene up has failed")]

#[expect(unreachable_pub, unused_imports, reason = "it is a library for the fuzz targets, and a module here")]
#[path = "../../../fuzz/src/lib.rs"]
mod targets;

use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use mecum_exchange::sphr::{Limits, open};

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn every_target_reads_its_seeds_and_all_beginnings_of_them_as_promised() {
    for (name, target) in targets::TARGETS {
        let seeds = seeds(name);
        assert!(seeds.len() >= 5, "{name} has {} seeds", seeds.len());
        for (path, bytes) in seeds {
            println!("{}", path.display());
            target(&bytes);
            let step = (bytes.len() / 40).max(1);
            (0..bytes.len()).step_by(step).for_each(|end| target(&bytes[..end]));
        }
    }
}

#[test]
fn every_target_reads_the_seeds_of_all_others_as_promised() {
    for (folder, _) in targets::TARGETS {
        for (path, bytes) in seeds(folder) {
            println!("{}", path.display());
            targets::TARGETS.iter().for_each(|(_, target)| target(&bytes));
        }
    }
}

#[test]
fn phr_27_every_hostile_archive_is_refused_and_every_other_one_opens() {
    let mut n_hostile = 0;
    for (path, bytes) in seeds("archive").into_iter().filter(|(path, _)| path.extension().is_some_and(|it| it != "gz"))
    {
        let is_hostile = path.file_name().unwrap().to_str().unwrap().starts_with("hostile-");
        assert_eq!(opens_whole(bytes), !is_hostile, "{}", path.display());
        n_hostile += usize::from(is_hostile);
    }
    assert!(n_hostile > 15);
}

/// Whether an archive opens, and every file in it can be read to its end, where some untruths are found.
fn opens_whole(bytes: Vec<u8>) -> bool {
    let Ok(mut archive) = open(Cursor::new(bytes), None, &Limits::default()) else { return false };
    let ids: Vec<_> = archive.members().iter().map(|member| member.id()).collect();
    ids.into_iter().all(|id| archive.read(id).is_ok_and(|mut file| io::copy(&mut file, &mut io::sink()).is_ok()))
}
