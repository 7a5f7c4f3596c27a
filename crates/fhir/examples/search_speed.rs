//! How long it takes to find what resources are indexed by: `cargo run --release -p mecum-fhir --example search_speed
//! FILE.json …`. The entries of a Bundle count as resources.

use std::time::{Duration, Instant};

use mecum_fhir::definitions::definitions;
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::path::Path;
use mecum_fhir::resource::Resource;
use mecum_fhir::search::{extract, words_of};
use mecum_fhir::search_param::search_params_for;

const ROUND: Duration = Duration::from_millis(500);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut resources = Vec::new();
    for file in std::env::args().skip(1) {
        let json = Json::parse(&std::fs::read(file)?, &Limits::default())?;
        let entries = json.root().get("entry").into_iter().flat_map(|entries| entries.items());
        let inner: Vec<_> = entries.filter_map(|entry| Resource::of_element(entry.get("resource")?).ok()).collect();
        if inner.is_empty() {
            resources.push(Resource::of_json(json)?);
        }
        resources.extend(inner);
    }
    let n = resources.len().max(1) as f64;
    let n_bytes: usize = resources.iter().map(|resource| resource.text().len()).sum();
    let values: usize = resources.iter().map(|resource| extract(resource, "", 0).len()).sum();
    let n_params: usize = resources.iter().map(n_params).sum();
    println!(
        "{n} resources of {:.0} bytes: {:.1} values of {:.1} parameters each",
        n_bytes as f64 / n,
        values as f64 / n,
        n_params as f64 / n
    );

    let whole = best(|| resources.iter().map(|resource| extract(resource, "", 0).len()).sum()) / n;
    let words = best(|| resources.iter().map(|resource| words_of(resource).all.len()).sum()) / n;
    println!(
        "extract {whole:.2} µs ({:.2} µs a parameter), words {words:.2} µs a resource",
        whole * n / n_params as f64
    );
    let single: Vec<(&Resource, Vec<Path>)> =
        resources.iter().take(200).map(|resource| (resource, paths(resource))).collect();
    let n_single: usize = single.iter().map(|(_, paths)| paths.len()).sum();
    let one_by_one = best(|| {
        let each = |(resource, paths): &(&Resource, Vec<Path>)| {
            paths.iter().map(|path| path.evaluate(resource.root()).len()).sum::<usize>()
        };
        single.iter().map(each).sum()
    });
    println!("one expression by itself {:.2} µs", one_by_one / n_single.max(1) as f64);
    Ok(())
}

fn n_params(resource: &Resource) -> usize {
    search_params_for(resource.resource_type().name()).filter(|param| !param.expression().is_empty()).count()
}

fn paths(resource: &Resource) -> Vec<Path> {
    let name = resource.resource_type().name();
    let Some(of) = definitions().resource_type(name) else { return Vec::new() };
    search_params_for(name).filter_map(|param| Path::compile(of, param.expression()).ok()).collect()
}

/// The best of three rounds, in microseconds.
fn best(work: impl Fn() -> usize) -> f64 {
    let round = || {
        let (start, mut n_runs) = (Instant::now(), 0.0);
        while start.elapsed() < ROUND {
            std::hint::black_box(work());
            n_runs += 1.0;
        }
        start.elapsed().as_secs_f64() * 1e6 / n_runs
    };
    (0..3).map(|_| round()).fold(f64::INFINITY, f64::min)
}
