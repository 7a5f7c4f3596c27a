//! Several processes on one file: by turns, and with what was acknowledged still there after one of them dies.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mecum_store::db::DbError;
use mecum_testkit::harness;

use crate::place::{TABLES, add, file, ids, open_file, sqlite, while_writing};

const FILE: &str = "MECUM_CHILD_FILE";
const FIRST: &str = "MECUM_CHILD_FIRST";
const COUNT: &str = "MECUM_CHILD_COUNT";

/// Writes rows from several threads and prints each number once it is acknowledged; run by the other tests, in a process of its own.
#[test]
#[ignore = "is run by other tests, as a second process"]
fn child_writes_and_says_so() {
    let variable = |name| std::env::var(name).unwrap();
    let db = open_file(Path::new(&variable(FILE))).unwrap();
    let (first, count): (i64, i64) = (variable(FIRST).parse().unwrap(), variable(COUNT).parse().unwrap());
    let body = vec![3_u8; 4_000];
    let put = |id: i64| {
        let sql = "INSERT INTO thing (id, body) VALUES ($1, $2)";
        db.write(|tx| tx.execute(sql, &[id.into(), (&body).into()]))
    };
    std::thread::scope(|scope| {
        for thread in 0..4_i64 {
            let put = &put;
            scope.spawn(move || {
                for id in (first..first + count).filter(|id| id % 4 == thread) {
                    let said = match put(id) {
                        Ok(_) => format!("\nacknowledged {id}\n"),
                        Err(error) => format!("\nrefused {error}\n"),
                    };
                    std::io::stdout().write_all(said.as_bytes()).unwrap();
                }
            });
        }
    });
}

fn child(mut command: Command, path: &Path, first: i64, count: i64) -> Child {
    command
        .args(["--exact", "processes::child_writes_and_says_so", "--ignored", "--nocapture"])
        .env(FILE, path)
        .env(FIRST, first.to_string())
        .env(COUNT, count.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

/// The numbers the child printed as acknowledged, and how many it printed as refused.
fn heard(lines: impl Iterator<Item = String>) -> (BTreeSet<i64>, usize) {
    let (mut acknowledged, mut n_refused) = (BTreeSet::new(), 0);
    for line in lines {
        if let Some(id) = line.strip_prefix("acknowledged ") {
            acknowledged.insert(id.parse().unwrap());
        }
        n_refused += usize::from(line.starts_with("refused "));
    }
    (acknowledged, n_refused)
}

fn lines(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok)
}

#[test]
fn two_processes_write_to_one_file_and_neither_starves() {
    let (database, db) = sqlite();
    let mut other = child(this_program(), &file(&database), 0, 400);
    let mut slowest = Duration::ZERO;
    let (mut mine, mut finished) = (1_000_000, None);
    let listener = std::thread::spawn({
        let lines = lines(&mut other);
        move || heard(lines)
    });
    while finished.is_none() {
        let began = Instant::now();
        db.write(|tx| add(tx, mine)).unwrap();
        slowest = slowest.max(began.elapsed());
        mine += 1;
        finished = other.try_wait().unwrap();
    }
    let (acknowledged, n_refused) = listener.join().unwrap();
    assert_eq!((acknowledged.len(), n_refused), (400, 0));
    let all = ids(&db);
    assert_eq!(all.iter().filter(|id| **id < 1_000_000).count(), 400);
    assert_eq!(all.iter().filter(|id| **id >= 1_000_000).count() as i64, mine - 1_000_000);
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

#[test]
fn what_a_process_acknowledged_before_it_was_killed_is_there() {
    let (database, db) = sqlite();
    drop(db);
    let mut other = child(this_program(), &file(&database), 0, 100_000);
    let mut printed = lines(&mut other);
    let mut before: Vec<String> = Vec::new();
    while before.iter().filter(|line| line.starts_with("acknowledged")).count() < 300 {
        before.push(printed.next().expect("the child writes on"));
    }
    other.kill().unwrap();
    other.wait().unwrap();
    let (acknowledged, n_refused) = heard(before.into_iter().chain(printed));
    assert!(acknowledged.len() >= 300 && n_refused == 0);
    let db = open_file(&file(&database)).unwrap();
    let kept: BTreeSet<i64> = ids(&db).into_iter().collect();
    assert!(acknowledged.is_subset(&kept), "{:?} were lost", acknowledged.difference(&kept).collect::<Vec<_>>());
    assert_eq!(db.check().unwrap(), Vec::<String>::new());
    db.write(|tx| add(tx, -1)).unwrap();
}

/// A limit on the size of files makes writing to the log fail in the middle of commits, as a failing or full disk does.
#[cfg(unix)]
#[test]
fn commits_that_fail_on_the_disk_are_refused_to_their_whole_group_and_harm_nothing_before() {
    let (database, db) = sqlite();
    drop(db);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap());
    let mut other = child(command, &file(&database), 0, 600);
    let (acknowledged, n_refused) = heard(lines(&mut other));
    assert!(other.wait().unwrap().success());
    assert!(n_refused > 0 && !acknowledged.is_empty(), "{n_refused} refused, {} acknowledged", acknowledged.len());
    let db = open_file(&file(&database)).unwrap();
    assert_eq!(ids(&db).into_iter().collect::<BTreeSet<_>>(), acknowledged);
    assert_eq!(db.check().unwrap(), Vec::<String>::new());
}

#[test]
fn one_handle_that_never_rests_does_not_shut_another_out() {
    let (database, busy) = sqlite();
    let other = open_file(&file(&database)).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    let hammer = |first: i64| {
        let mut id = first;
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            // Groups of several milliseconds, with hardly a gap between them.
            busy.write(|tx| {
                std::thread::sleep(Duration::from_millis(2));
                add(tx, id)
            })
            .unwrap();
            id += 1;
        }
    };
    let slowest = std::thread::scope(|scope| {
        for n in 1..=8 {
            let hammer = &hammer;
            scope.spawn(move || hammer(n * 1_000_000));
        }
        std::thread::sleep(Duration::from_millis(50));
        let times = (0..50).map(|id| {
            let began = Instant::now();
            let result: Result<(), DbError> = other.write(|tx| add(tx, id));
            (result, began.elapsed())
        });
        let times: Vec<_> = times.collect();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(times.iter().all(|(result, _)| result.is_ok()));
        times.into_iter().map(|(_, time)| time).max().unwrap()
    });
    println!("slowest of 50 writes beside 8 busy threads: {slowest:?}");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

#[test]
fn whoever_waits_for_the_write_lock_holds_the_turnstile_and_so_is_next() {
    let (database, first) = sqlite();
    let second = open_file(&file(&database)).unwrap();
    let turn = std::fs::File::open(file(&database).with_file_name("mecum.db-turn")).unwrap();
    let is_taken = || {
        // Not so often that looking itself keeps the turnstile shut.
        std::thread::sleep(Duration::from_millis(3));
        turn.try_lock().map(|()| turn.unlock().unwrap()).is_err()
    };
    let mut waiting = None;
    while_writing(
        &first,
        |tx| add(tx, 1),
        || {
            assert!(!is_taken(), "nobody waits yet");
            waiting = Some(std::thread::spawn(move || second.write(|tx| add(tx, 2))));
            let deadline = Instant::now() + Duration::from_secs(10);
            while !is_taken() {
                assert!(Instant::now() < deadline, "the second writer never took the turnstile");
            }
            for _ in 0..10 {
                assert!(is_taken(), "the second writer let the turnstile go before it had the write lock");
            }
        },
    );
    waiting.unwrap().join().unwrap().unwrap();
    assert_eq!(ids(&first), [1, 2]);
}

#[test]
fn whoever_opens_a_fresh_file_while_others_do_gets_in() {
    for round in 0..20 {
        let database = harness::sqlite();
        let path = file(&database);
        let start = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    let opened = open_file(path).and_then(|db| {
                        db.migrate(TABLES)?;
                        db.write(|tx| add(tx, thread))
                    });
                    opened.unwrap_or_else(|error| panic!("round {round}, thread {thread}: {error}"));
                });
            }
        });
        assert_eq!(ids(&open_file(&path).unwrap()), (0..8).collect::<Vec<_>>());
    }
}
