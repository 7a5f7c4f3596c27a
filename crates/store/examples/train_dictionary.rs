//! Trains the compression dictionary: `train_dictionary <out> <max bytes> <people.ndjson>...`, one resource a line.
//!
//! The people must be synthetic: a trained dictionary remembers what it saw. `data/README.md` says how the one in use was made.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};

use mecum_store::codec;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, max_bytes, people @ ..] = arguments.as_slice() else {
        return Err("give the file to write, its greatest number of bytes, and files of one resource a line".into());
    };
    let mut samples = Vec::new();
    for path in people {
        for line in BufReader::new(File::open(path)?).lines() {
            samples.push(line?.into_bytes());
        }
    }
    let dictionary = codec::train(&samples, max_bytes.parse()?)?;
    fs::write(out, &dictionary)?;
    let n_bytes: usize = samples.iter().map(Vec::len).sum();
    println!("{} bytes of dictionary out of {} resources, {n_bytes} bytes", dictionary.len(), samples.len());
    Ok(())
}
