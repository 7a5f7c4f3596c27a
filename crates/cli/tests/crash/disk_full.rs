//! A disk without room: a clear error, nothing acknowledged is lost, and with room again the work goes on.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{House, one_line};
use crate::http::fhir;
use crate::tagged::resource;

/// A small file system of its own, which only root can have; unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`, with a word about it, where none may be mounted.
    fn mount(at: PathBuf, size: &str) -> Option<SmallDisk> {
        std::fs::create_dir_all(&at).unwrap();
        let options = format!("size={size},mode=700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "mecum-crash"]).arg(&at).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(SmallDisk(at));
        }
        println!("passing over a really full disk: only root may mount one, and not everywhere");
        None
    }

    /// Leaves no more room than this, in KiB; the file that takes the rest.
    fn fill_up(&self, left_kib: u64) -> PathBuf {
        let ballast = self.0.join("ballast");
        let output = Command::new("df").args(["--output=avail", "-k"]).arg(&self.0).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let free_kib: u64 = text.lines().last().unwrap().trim().parse().unwrap();
        let content = vec![1; usize::try_from((free_kib - left_kib) << 10).unwrap()];
        std::fs::write(&ballast, content).unwrap();
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(&self.0).status().unwrap();
    }
}

/// An installation on a small disk, with a record in which something is.
fn small_house(size: &str) -> Option<(House, SmallDisk)> {
    let house = House::on_sqlite();
    let disk = SmallDisk::mount(house.path("disk"), size)?;
    let data = house.path("disk/data");
    let house = house.with_data(data);
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", &house.write_phr("small.phr", 6, 20), "--record", "Ada"]);
    Some((house, disk))
}

#[test]
fn an_import_that_finds_no_room_says_so_and_changes_nothing() {
    let Some((house, disk)) = small_house("24m") else { return };
    let large = house.write_phr("large.phr", 5, 1_500);
    let arguments = ["import", &large, "--record", "Ada", "--other-people"];
    let n_before = house.visible("Ada").len();
    // No room for the original; then room for it and not for its resources.
    for left_kib in [200, 2_500] {
        let ballast = disk.fill_up(left_kib);
        let (code, said) = house.fails(&arguments);
        let is_clear = ["disk", "full", "space"].iter().any(|word| said.contains(word));
        assert!(code == 1 && is_clear, "with {left_kib} KiB left: {code}: {said}");
        std::fs::remove_file(ballast).unwrap();
        assert_eq!(house.visible("Ada").len(), n_before);
        house.verify("Ada");
    }
    house.says(&arguments);
    house.verify("Ada");
    assert!(house.visible("Ada").len() > n_before + 1_000);
}

#[test]
fn a_post_that_finds_no_room_is_507_and_what_was_acknowledged_is_there() {
    let Some((house, disk)) = small_house("24m") else { return };
    let token = house.record_with_token("Grace");
    let serving = house.serve();
    let text = "x".repeat(20_000);
    let write = |n: usize| fhir(&serving.address, "POST /fhir/Basic", &token, &incompressible(n, &text)).unwrap();
    let ballast = disk.fill_up(1_000);
    let mut n_acknowledged = 0;
    let refusal = loop {
        let reply = write(n_acknowledged);
        if reply.status != 201 {
            break reply;
        }
        n_acknowledged += 1;
        assert!(n_acknowledged < 1_000, "the disk is never full");
    };
    assert_eq!((refusal.status, refusal.issue().as_str()), (507, "no-store"), "{}", refusal.body);
    assert!(n_acknowledged > 0);
    // Reading goes on as far as it can be accounted for; with room again, so does writing.
    std::fs::remove_file(ballast).unwrap();
    assert_eq!(write(n_acknowledged).status, 201);
    drop(serving);
    house.verify("Grace");
    assert_eq!(house.visible("Grace").len(), n_acknowledged + 1);
}

/// A resource that takes the room it seems to take.
fn incompressible(n: usize, text: &str) -> String {
    let mut random = mecum_testkit::harness::Random::seeded(n as u64);
    let text: String = text.chars().map(|_| char::from(b'a' + u8::try_from(random.below(26)).unwrap())).collect();
    resource(&text)
}

#[test]
fn an_import_whose_files_may_not_grow_fails_with_one_line_and_changes_nothing() {
    let house = House::on_sqlite();
    house.says(&["record", "new", "Ada"]);
    house.says(&["import", &house.write_phr("small.phr", 6, 20), "--record", "Ada"]);
    let large = house.write_phr("large.phr", 5, 1_500);
    let n_before = house.visible("Ada").len();
    let limit_blocks = file_blocks(house.data()) + 1_000;
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {limit_blocks}; exec \"$0\" \"$@\"")]);
    let arguments = ["import", large.as_str(), "--record", "Ada", "--other-people"];
    let output = house.command_under(shell, &arguments).output().unwrap();
    let (code, said) = one_line(&output);
    assert!(code == 1, "{code}: {said}");
    assert_eq!(house.visible("Ada").len(), n_before);
    house.verify("Ada");
    house.says(&arguments);
    house.verify("Ada");
}

/// The largest file of a folder in blocks of 512 bytes, as `ulimit -f` counts.
fn file_blocks(folder: &Path) -> u64 {
    let sizes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len());
    sizes.max().unwrap_or(0) / 512
}
