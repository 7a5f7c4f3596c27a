//! A server that is killed while clients write: what it acknowledged is there, and no transaction is there in part.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::house::House;
use crate::tagged::write_until;
use crate::trials::{moment_within, trials};

#[test]
fn a_server_killed_at_any_moment_has_kept_what_it_acknowledged_on_sqlite() {
    check(&House::on_sqlite(), "writes on SQLite");
}

#[test]
fn a_server_killed_at_any_moment_has_kept_what_it_acknowledged_on_postgres() {
    let Some(house) = House::on_postgres() else { return };
    check(&house, "writes on PostgreSQL");
}

fn check(house: &House, kind: &str) {
    house.says(&["init"]);
    let mut names = (0..).map(|n| format!("trial {n}"));
    trials(kind, |random| {
        let record = names.next().unwrap();
        let token = house.record_with_token(&record);
        let mut serving = house.serve();
        let stop = AtomicBool::new(false);
        let sent = std::thread::scope(|scope| {
            let writing = scope.spawn(|| write_until(&stop, &serving.address, &token));
            std::thread::sleep(moment_within(Duration::from_millis(300), random));
            serving.child.kill().unwrap();
            stop.store(true, Ordering::Relaxed);
            writing.join().unwrap()
        });
        serving.child.wait().unwrap();
        assert!(sent.refusals.is_empty(), "{} {}", sent.refusals[0].status, sent.refusals[0].body);
        house.verify(&record);
        sent.check(house, &record);
        sent.n_open() > 0
    });
}
