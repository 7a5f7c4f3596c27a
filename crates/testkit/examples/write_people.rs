//! Writes synthetic people to a folder: `write_people family OUT`, `write_people population N OUT`, `write_people large
//! BYTES OUT`.

use mecum_testkit::people::{Content, directory_bundle, family, large_phr, population, transaction_bundle};
use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["family", out] => write_family(Path::new(out)),
        ["population", count, out] => write_population(count.parse()?, Path::new(out)),
        ["large", bytes, out] => write_large(bytes.parse()?, Path::new(out)),
        _ => Err("say: family OUT | population N OUT | large BYTES OUT".into()),
    }
}

fn write_family(out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    for file in family(SEED).files {
        println!("{:45} {}", file.file_name, file.story);
        let path = out.join(&file.file_name);
        match file.content {
            Content::Phr(text) | Content::Bundle(text) => fs::write(path, text)?,
            Content::Ndjson(files) => {
                fs::create_dir_all(&path)?;
                for (name, text) in files {
                    fs::write(path.join(name), text)?;
                }
            }
            Content::Container { phr, media } => {
                let mut zip = zip::ZipWriter::new(File::create(&path)?);
                let options = zip::write::SimpleFileOptions::default();
                zip.start_file(file.file_name.replace(".sphr", ".phr"), options)?;
                zip.write_all(phr.as_bytes())?;
                for one in media {
                    zip.start_file(one.name, options)?;
                    zip.write_all(&one.bytes)?;
                }
                zip.finish()?;
            }
        }
    }
    Ok(())
}

fn write_population(count: usize, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    fs::write(out.join("directory.json"), directory_bundle())?;
    for person in population(SEED, count) {
        let name = format!("person-{:06}", person.number);
        fs::write(out.join(format!("{name}.phr")), person.phr())?;
        fs::write(out.join(format!("{name}.transaction.json")), transaction_bundle(&person))?;
    }
    Ok(())
}

fn write_large(bytes: u64, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let mut file = std::io::BufWriter::new(File::create(out.join("large.phr"))?);
    std::io::copy(&mut large_phr(SEED, bytes).into_reader(), &mut file)?;
    file.flush()?;
    Ok(())
}
