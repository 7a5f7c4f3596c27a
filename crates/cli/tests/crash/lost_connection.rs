//! A server whose connections to PostgreSQL are ended: whoever is hit is told clearly, and the next request works.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::cluster::Cluster;
use crate::house::House;
use crate::http::fhir;
use crate::tagged::{resource, write_until};

#[test]
fn a_request_whose_connection_is_ended_is_told_so_and_the_next_one_works() {
    let Some(cluster) = Cluster::start() else { return };
    let house = House::on(Some(cluster.url()));
    house.says(&["init"]);
    let token = house.record_with_token("Ada");
    let serving = house.serve();
    let write = || fhir(&serving.address, "POST /fhir/Basic", &token, &resource("alone")).unwrap();
    assert_eq!(write().status, 201);
    // While nothing goes on: whoever finds the dead connection is served by a new one, or told to come again.
    assert!(cluster.end_connections() > 0);
    let met = write();
    if met.status != 201 {
        assert_eq!((met.status, met.issue().as_str(), met.header("retry-after")), (503, "transient", Some("2")));
    }
    assert_eq!(write().status, 201);
    // In the middle of requests.
    let token = house.record_with_token("Grace");
    let stop = AtomicBool::new(false);
    let sent = std::thread::scope(|scope| {
        let writing = scope.spawn(|| write_until(&stop, &serving.address, &token));
        for _ in 0..10 {
            std::thread::sleep(Duration::from_millis(40));
            cluster.end_connections();
        }
        stop.store(true, Ordering::Relaxed);
        writing.join().unwrap()
    });
    assert!(sent.n_acknowledged() > 0 && !sent.refusals.is_empty(), "nobody was hit");
    for refusal in &sent.refusals {
        // 500 only where it is not known whether the commit was made.
        let code = refusal.issue();
        let is_clear = (refusal.status, code.as_str()) == (503, "transient")
            || (refusal.status, code.as_str()) == (500, "exception");
        assert!(is_clear, "{} {}", refusal.status, refusal.body);
    }
    let n_told = sent.refusals.iter().filter(|refusal| refusal.status == 503).count();
    println!(
        "{} acknowledged, {} told to come again, {} not known",
        sent.n_acknowledged(),
        n_told,
        sent.refusals.len() - n_told
    );
    assert!(n_told > 0);
    sent.check(&house, "Grace");
    house.verify("Grace");
    assert_eq!(fhir(&serving.address, "POST /fhir/Basic", &token, &resource("after")).unwrap().status, 201);
}
