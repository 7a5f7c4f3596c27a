//! Writes synthetic people to a folder: `write_people family OUT`, `write_people population N OUT`, `write_people large BYTES OUT`.

use mecum_testkit::people::{Content, family};
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
