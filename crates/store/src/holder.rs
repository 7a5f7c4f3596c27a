//! Who holds a staging place: the process, named so that another one on the same machine sees at once that it has died.
//!
//! A process is its number, when it started, and the machine since its last start; in containers also the space of its number.
//! Where the system does not tell (it is not Linux), or the holder is on another machine, its lease alone counts.

use std::fs;

/// The name of this process as a holder, behind what the holder does.
pub(crate) fn name_of_this_process(what: &str) -> String {
    let number = std::process::id();
    match (machine(), started(number)) {
        (Some(machine), Some(started)) => format!("{what} @ {machine}/{number}/{started}"),
        _ => format!("{what} @ process {number}"),
    }
}

/// Whether the process of this name ran on this machine and is gone. What cannot be told is no.
pub(crate) fn is_dead(name: &str) -> bool {
    let Some((place, start)) = name.rsplit_once(" @ ").and_then(|(_, process)| process.rsplit_once('/')) else {
        return false;
    };
    let Some((its_machine, number)) = place.rsplit_once('/') else { return false };
    let Ok(number) = number.parse::<u32>() else { return false };
    // Where other users' processes are hidden, the first one is too: then a process that is not seen may well live.
    let sees_all = || fs::metadata("/proc/1/stat").is_ok();
    machine().is_some_and(|ours| ours == its_machine) && started(number).as_deref() != Some(start) && sees_all()
}

/// This machine since its last start, and the space in which numbers of processes mean what they mean here.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let space = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), space.to_str()?))
}

/// When a process started, in ticks since the machine did; `None` if there is none of this number, or only its remains.
fn started(number: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The second field is the program's name in brackets, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let is_over = ["Z", "X", "x"].contains(fields.first()?);
    fields.get(19).filter(|_| !is_over).map(|start| (*start).to_owned())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// The name that another process of this machine would give itself.
    fn name_of(number: u32) -> String {
        format!("import @ {}/{number}/{}", machine().unwrap(), started(number).unwrap())
    }

    #[test]
    fn a_process_is_dead_when_it_was_killed_even_before_anybody_has_asked_for_its_end() {
        let mut child = Command::new("sleep").arg("60").stdout(Stdio::null()).spawn().unwrap();
        let name = name_of(child.id());
        assert!(!is_dead(&name));
        child.kill().unwrap();
        while started(child.id()).is_some() {
            std::thread::yield_now();
        }
        assert!(is_dead(&name), "its remains are taken for a process");
        child.wait().unwrap();
        assert!(is_dead(&name));
    }

    #[test]
    fn a_number_that_another_process_has_now_is_not_the_process_that_had_it() {
        let mine = name_of_this_process("import");
        assert!(!is_dead(&mine));
        let (place, start) = mine.rsplit_once('/').unwrap();
        let earlier = start.parse::<u64>().unwrap() - 1;
        assert!(is_dead(&format!("{place}/{earlier}")));
    }

    #[test]
    fn a_holder_on_another_machine_or_of_an_unknown_form_is_not_called_dead() {
        let mine = name_of_this_process("import");
        let (place, start) = mine.rsplit_once('/').unwrap();
        let gone = format!("{place}/{}", start.parse::<u64>().unwrap() - 1);
        assert!(!is_dead(&gone.replacen(" @ ", " @ other-boot-", 1)));
        assert!(!is_dead(&gone.replacen("pid:[", "pid:[1", 1)), "a number of another container");
        for other in ["", "test", "import 77", "import @ process 77", "import @ /77/88", " @ a/b/c", " @ //"] {
            assert!(!is_dead(other), "{other}");
        }
    }
}
