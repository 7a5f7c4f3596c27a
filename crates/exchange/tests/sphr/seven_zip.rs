//! 7-Zip's opinion of our sealed archives, and ours of its (PHR-31 d): "any archive program opens it".

use crate::samples::{CT, LINES, PASSPHRASE, aes, content, paths, write_sample};
use mecum_exchange::seal::{Passphrase, SealError};
use mecum_exchange::sphr::{Archive, Limits, OpenError, Protection};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Debian calls the program `7zz` or `7z`, depending on its release.
fn program() -> Option<&'static str> {
    let found = ["7z", "7zz"].into_iter().find(|name| Command::new(name).output().is_ok());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "7-Zip is missing");
        println!("passed over: 7-Zip is not installed");
    }
    found
}

/// A folder of its own for each test, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("mecum-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn run(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(program).current_dir(folder).args(arguments).output().unwrap()
}

#[test]
fn phr_31_seven_zip_opens_our_sealed_archive_with_the_passphrase_and_not_without() {
    let Some(program) = program() else { return };
    let folder = Folder::new("opens-ours");
    fs::write(folder.0.join("record.sphr"), write_sample(&aes())).unwrap();

    let listed = run(program, &folder.0, &["l", "-slt", "record.sphr"]);
    let listed = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.contains("AES-256 Deflate"), "{listed}");
    assert!(!listed.contains("Sim") && !listed.contains("letter"), "{listed}");

    let wrong = run(program, &folder.0, &["t", "-pwrong", "record.sphr"]);
    assert!(!wrong.status.success());

    let right = run(program, &folder.0, &["x", &format!("-p{PASSPHRASE}"), "record.sphr"]);
    assert!(right.status.success(), "{}", String::from_utf8_lossy(&right.stderr));
    assert_eq!(fs::read_to_string(folder.0.join("record.phr")).unwrap(), format!("{}\n{}\n", LINES[0], LINES[1]));
    assert_eq!(fs::read(folder.0.join("media/0001.jpg")).unwrap(), CT);
    assert!(folder.0.join("manifest.json").exists() && folder.0.join("README.txt").exists());
}

#[test]
fn phr_32_an_aes_archive_of_seven_zip_opens_as_foreign() {
    let Some(program) = program() else { return };
    let folder = Folder::new("aes-theirs");
    fs::create_dir_all(folder.0.join("x")).unwrap();
    fs::write(folder.0.join("x/a.phr"), "{}\n".repeat(100)).unwrap();
    fs::write(folder.0.join("x/empty.txt"), "").unwrap();
    fs::write(folder.0.join("x/ct.jpg"), CT).unwrap();
    for (mode, expected) in [
        ("-mem=AES256", Protection::AesContent),
        ("-mem=AES128", Protection::AesContent),
        ("-mem=ZipCrypto", Protection::ZipCrypto),
    ] {
        let made = run(program, &folder.0, &["a", "-tzip", mode, "-psome words", "theirs.zip", "x"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let bytes = fs::read(folder.0.join("theirs.zip")).unwrap();
        fs::remove_file(folder.0.join("theirs.zip")).unwrap();
        let open =
            |typed| Archive::open_foreign(Cursor::new(&bytes), &Passphrase::new(typed).unwrap(), &Limits::default());

        let strict =
            Archive::open_sealed(Cursor::new(&bytes), &Passphrase::new("some words").unwrap(), &Limits::default());
        assert!(matches!(strict, Err(OpenError::NoManifest)), "{mode}");
        assert!(matches!(open("other words"), Err(OpenError::Seal(SealError::WrongKey))), "{mode}");
        let mut archive = open("some words").unwrap();
        assert_eq!(archive.protection(), expected);
        assert_eq!(paths(&archive), ["x/a.phr", "x/ct.jpg"]);
        let ct = archive.members()[1].id();
        assert_eq!(content(&mut archive, ct), CT);
    }
}

#[test]
fn phr_20_a_plain_archive_of_seven_zip_opens() {
    let Some(program) = program() else { return };
    let folder = Folder::new("plain-theirs");
    fs::write(folder.0.join("a.phr"), "{}\n").unwrap();
    assert!(run(program, &folder.0, &["a", "-tzip", "theirs.zip", "a.phr"]).status.success());
    let bytes = fs::read(folder.0.join("theirs.zip")).unwrap();
    assert_eq!(paths(&crate::samples::open_plain(&bytes).unwrap()), ["a.phr"]);
}
