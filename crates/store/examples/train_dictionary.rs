//! Trains the compression dictionary: `train_dictionary OUT MAX_BYTES PEOPLE.ndjson...`, one resource a line.
//!
//! The people must be synthetic: a trained dictionary remembers what it saw. `data/README.md` says how the one in use was made.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};

use mecum_store::codec;
use serde_json::Value;

/// A year of heart rates must not crowd out the rest, so no type gives more samples than this.
const MOST_OF_A_TYPE: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, max_bytes, people @ ..] = arguments.as_slice() else {
        return Err("say: OUT MAX_BYTES PEOPLE.ndjson...".into());
    };
    let mut lines_by_type: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for path in people {
        for line in BufReader::new(File::open(path)?).lines() {
            let line = line?;
            let resource: Value = serde_json::from_str(&line)?;
            let resource_type = resource["resourceType"].as_str().ok_or("a line is not a resource")?;
            lines_by_type.entry(resource_type.to_owned()).or_default().push(line.into_bytes());
        }
    }
    let samples: Vec<Vec<u8>> = lines_by_type.into_values().flat_map(spread).collect();
    let dictionary = codec::train(&samples, max_bytes.parse()?)?;
    fs::write(out, &dictionary)?;
    println!("{} bytes of dictionary out of {} samples", dictionary.len(), samples.len());
    Ok(())
}

/// At most [`MOST_OF_A_TYPE`] lines, from all over the files.
fn spread(lines: Vec<Vec<u8>>) -> impl Iterator<Item = Vec<u8>> {
    let step = lines.len().div_ceil(MOST_OF_A_TYPE);
    lines.into_iter().step_by(step.max(1))
}
