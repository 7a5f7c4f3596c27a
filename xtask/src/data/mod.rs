//! `cargo xtask data`: packs the standard's own R4 definitions into `crates/fhir/data`, from HL7's package of the same
//! version.
//!
//! The format is described in `crates/fhir/data/README.md`; its reader is `mecum_fhir::definitions`.

mod codes;
mod elements;
mod package;
mod search;

use std::path::{Path, PathBuf};

use package::Package;

/// What the file is called in `crates/fhir/data`.
const FILE: &str = "r4.zst";
/// The first line names the format, so that a reader refuses a file it was not written for.
const HEADER: &str = "mecum-definitions\t1";
/// A reviewer must be able to carry the file; past this something that nobody reads came along.
const MOST_BYTES: usize = 400 * 1024;

/// Fetches the package (or reads `--package FILE.tgz`), packs it and writes the file. `--check` compares with the file
/// instead of writing it.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let options = Options::parse(args)?;
    let scratch = tempfile::tempdir().map_err(|e| format!("no scratch folder: {e}"))?;
    let archive = match options.package {
        Some(file) => file,
        None => package::fetch(scratch.path())?,
    };
    let text = pack(&Package::open(&archive, scratch.path())?)?;
    let packed = zstd::bulk::compress(text.as_bytes(), 19).map_err(|e| format!("cannot compress: {e}"))?;
    println!("{} bytes of text, {} packed", text.len(), packed.len());
    if packed.len() > MOST_BYTES {
        return Err(format!("{} bytes are more than {MOST_BYTES}", packed.len()));
    }
    if options.check { compare(&text) } else { write(&packed) }
}

struct Options {
    package: Option<PathBuf>,
    check: bool,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self, String> {
        let mut options = Self { package: None, check: false };
        let mut rest = args.iter();
        while let Some(arg) = rest.next() {
            match arg.as_str() {
                "--check" => options.check = true,
                "--package" => options.package = Some(rest.next().ok_or("--package needs a file")?.into()),
                _ => {
                    return Err(format!(
                        "unknown argument {arg}; usage: cargo xtask data [--check] [--package FILE.tgz]"
                    ));
                }
            }
        }
        Ok(options)
    }
}

/// The whole text: header, code sets, types, search parameters, compartments.
fn pack(package: &Package) -> Result<String, String> {
    let structures = elements::structures(package)?;
    let mut codes = codes::CodeSets::new(package)?;
    let mut types = String::new();
    for structure in &structures {
        elements::write(structure, &mut codes, &mut types)?;
    }
    let mut text = format!("{HEADER}\t{}\n", package::SPEC);
    codes.write(&mut text);
    text.push_str(&types);
    search::write_parameters(package, &mut text)?;
    search::write_compartments(package, &mut text)?;
    Ok(text)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/fhir/data")
}

fn write(packed: &[u8]) -> Result<(), String> {
    let path = folder().join(FILE);
    std::fs::write(&path, packed).map_err(|e| format!("cannot write {}: {e}", path.display()))
}

/// The compressor may change its output between versions; the text it holds may not.
fn compare(text: &str) -> Result<(), String> {
    let path = folder().join(FILE);
    let packed = std::fs::read(&path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let there = zstd::bulk::decompress(&packed, 16 << 20).map_err(|e| format!("{}: {e}", path.display()))?;
    if there == text.as_bytes() { Ok(()) } else { Err(format!("{} is not what the package holds", path.display())) }
}
