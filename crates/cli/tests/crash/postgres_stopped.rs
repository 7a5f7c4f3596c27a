//! A PostgreSQL that stops at once under load: what was acknowledged is there, and the same server of ours goes on with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::house::House;
use crate::http::fhir;
use crate::tagged::{resource, write_until};
use crate::trials::{moment_within, trials};

/// How soon after its database is back a server has to work again.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn what_was_acknowledged_before_postgres_stopped_immediately_is_there_and_the_server_goes_on() {
    let Some(mut cluster) = Cluster::start() else { return };
    let house = House::on(Some(cluster.url()));
    house.says(&["init"]);
    let serving = house.serve();
    let mut names = (0..).map(|n| format!("trial {n}"));
    trials("stops of PostgreSQL", |random| {
        let record = names.next().unwrap();
        let token = house.record_with_token(&record);
        let stop = AtomicBool::new(false);
        let sent = std::thread::scope(|scope| {
            let writing = scope.spawn(|| write_until(&stop, &serving.address, &token));
            std::thread::sleep(Duration::from_millis(30) + moment_within(Duration::from_millis(200), random));
            cluster.stop_immediately(|| std::thread::sleep(Duration::from_millis(50)));
            // Clients go on while it comes back.
            std::thread::sleep(Duration::from_millis(100));
            stop.store(true, Ordering::Relaxed);
            writing.join().unwrap()
        });
        for refusal in &sent.refusals {
            assert!([500, 503].contains(&refusal.status), "{} {}", refusal.status, refusal.body);
            refusal.issue();
        }
        sent.check(&house, &record);
        house.verify(&record);
        writes_soon(&serving.address, &token);
        sent.n_acknowledged() > 0 && sent.n_open() > 0
    });
}

/// Writes, at the latest after [`SOON`].
fn writes_soon(address: &str, token: &str) {
    let began = Instant::now();
    loop {
        let reply = fhir(address, "POST /fhir/Basic", token, &resource("after")).unwrap();
        if reply.status == 201 {
            return;
        }
        assert!(began.elapsed() < SOON, "the server does not come back: {} {}", reply.status, reply.body);
        std::thread::sleep(Duration::from_millis(20));
    }
}
