//! A folder of NDJSON as Bulk Data has it, one file for each type (PHR-11, EHI-9): in which order to read, and how to write.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io::{self, Write};

use mecum_fhir::reference::ResourceType;

/// Endings of names that hold resources, with `.gz` behind or not.
const ENDINGS: [&str; 4] = [".ndjson", ".phr", ".json", ".fhir"];

/// The files of a folder that hold resources, by their index in `names`, in the order to read them: by name, numbers by their
/// value, so that of several files of a type the later one is read later. Names may be paths.
pub fn reading_order(names: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).filter(|&index| stem(names[index]).is_some()).collect();
    order.sort_by(|&left, &right| {
        let stems = (stem(names[left]).unwrap_or_default(), stem(names[right]).unwrap_or_default());
        by_number(stems.0, stems.1).then_with(|| names[left].cmp(names[right]))
    });
    order
}

/// The name of a type's file; a large type has several, with `part` from 1.
pub fn file_name(resource_type: ResourceType, part: u32) -> String {
    match part {
        0 | 1 => format!("{}.ndjson", resource_type.name()),
        _ => format!("{}.{part}.ndjson", resource_type.name()),
    }
}

/// Writes each resource to the file of its type, which `create` opens when the first one comes.
pub struct TypeFiles<W, F> {
    create: F,
    files: BTreeMap<&'static str, TypeFile<W>>,
}

/// One type's file, written.
pub struct TypeFile<W> {
    /// The type.
    pub resource_type: ResourceType,
    /// How many resources it holds.
    pub n_lines: u64,
    /// Where it went.
    pub out: W,
}

impl<W: Write, F: FnMut(ResourceType) -> io::Result<W>> TypeFiles<W, F> {
    /// No files yet.
    pub fn new(create: F) -> Self {
        Self { create, files: BTreeMap::new() }
    }

    /// Writes a resource, given as minified text, with its line feed (PHR-3, PHR-6).
    pub fn line(&mut self, resource_type: ResourceType, text: &str) -> io::Result<()> {
        let file = match self.files.entry(resource_type.name()) {
            std::collections::btree_map::Entry::Occupied(file) => file.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(TypeFile { resource_type, n_lines: 0, out: (self.create)(resource_type)? })
            }
        };
        file.out.write_all(text.as_bytes())?;
        file.out.write_all(b"\n")?;
        file.n_lines += 1;
        Ok(())
    }

    /// Flushes all files and gives them back, by type's name.
    pub fn finish(self) -> io::Result<Vec<TypeFile<W>>> {
        let mut files: Vec<_> = self.files.into_values().collect();
        files.iter_mut().try_for_each(|file| file.out.flush())?;
        Ok(files)
    }
}

/// A path without the ending that tells of resources. None for a file that has none, is hidden or only describes others.
fn stem(path: &str) -> Option<&str> {
    let unpacked = strip_ending(path, ".gz").unwrap_or(path);
    let stem = ENDINGS.iter().find_map(|ending| strip_ending(unpacked, ending))?;
    let name = stem.rsplit(['/', '\\']).next()?;
    let is_other = name.is_empty() || name.starts_with('.') || path.split('/').any(|part| part == "__MACOSX");
    let is_index = name.eq_ignore_ascii_case("manifest") && strip_ending(unpacked, ".json").is_some();
    (!is_other && !is_index).then_some(stem)
}

fn strip_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let (stem, end) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
    end.eq_ignore_ascii_case(ending).then_some(stem)
}

/// Runs of digits by their value, everything else by lower-case letters.
fn by_number(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    loop {
        let ((digits, left_rest), (other, right_rest)) = (take_number(left), take_number(right));
        if !digits.is_empty() && !other.is_empty() {
            let order = digits.len().cmp(&other.len()).then_with(|| digits.cmp(other));
            if order.is_ne() {
                return order;
            }
            (left, right) = (left_rest, right_rest);
            continue;
        }
        let ((Some(a), left_rest), (Some(b), right_rest)) = (split_first(left), split_first(right)) else {
            return left.len().cmp(&right.len());
        };
        if a != b {
            return a.cmp(&b);
        }
        (left, right) = (left_rest, right_rest);
    }
}

/// The digits that a text begins with, without zeros in front but one, and what follows.
fn take_number(text: &[u8]) -> (&[u8], &[u8]) {
    let (digits, rest) = text.split_at(text.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let n_zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    (&digits[n_zeros.min(digits.len().saturating_sub(1))..], rest)
}

fn split_first(text: &[u8]) -> (Option<u8>, &[u8]) {
    match text.split_first() {
        Some((first, rest)) => (Some(first.to_ascii_lowercase()), rest),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order<'n>(names: &[&'n str]) -> Vec<&'n str> {
        reading_order(names).into_iter().map(|index| names[index]).collect()
    }

    #[test]
    fn later_files_of_a_type_are_read_later() {
        assert_eq!(
            order(&[
                "Observation.10.ndjson",
                "patient.ndjson",
                "Observation.ndjson",
                "Observation.2.ndjson.gz",
                "Observation.002.ndjson",
                "Condition.000.ndjson",
            ]),
            [
                "Condition.000.ndjson",
                "Observation.ndjson",
                "Observation.002.ndjson",
                "Observation.2.ndjson.gz",
                "Observation.10.ndjson",
                "patient.ndjson",
            ]
        );
    }

    #[test]
    fn phr_11_what_holds_no_resources_is_left_out() {
        assert_eq!(
            order(&[
                "manifest.json",
                "out/Manifest.json",
                ".DS_Store",
                "out/._Patient.ndjson",
                "__MACOSX/Patient.ndjson",
                "Patient.csv",
                ".ndjson",
                "README",
                "ndjson",
                "é.gz",
                "out/Patient.FHIR",
                "document_reference.ndjson",
                "manifest.ndjson",
                "a.PHR",
            ]),
            ["a.PHR", "document_reference.ndjson", "manifest.ndjson", "out/Patient.FHIR"]
        );
    }

    #[test]
    fn the_order_is_total_whatever_the_names() {
        let names =
            ["1", "01", "001", "10", "a1b", "a01b", "A1b", "a1", "a", "", "a10b", "99999999999999999999999", "ä2"];
        for left in names {
            for right in names {
                assert_eq!(by_number(left, right), by_number(right, left).reverse(), "{left} {right}");
            }
        }
    }

    #[test]
    fn the_names_written_are_read_in_the_order_of_their_parts() {
        let names: Vec<_> = (1..=12).map(|part| file_name(ResourceType::OBSERVATION, part)).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_eq!(names[..2], ["Observation.ndjson", "Observation.2.ndjson"]);
        assert_eq!(order(&names), names);
    }

    #[test]
    fn each_type_has_one_file_that_is_created_when_it_is_needed() {
        let mut created = Vec::new();
        let mut files = TypeFiles::new(|resource_type| {
            created.push(resource_type);
            Ok(Vec::new())
        });
        for (resource_type, text) in
            [(ResourceType::PATIENT, "{1}"), (ResourceType::OBSERVATION, "{2}"), (ResourceType::PATIENT, "{3}")]
        {
            files.line(resource_type, text).expect("memory takes it");
        }
        let files = files.finish().expect("memory takes it");
        let written: Vec<_> =
            files.iter().map(|file| (file.resource_type, file.n_lines, file.out.as_slice())).collect();
        assert_eq!(
            written,
            [(ResourceType::OBSERVATION, 1, b"{2}\n".as_slice()), (ResourceType::PATIENT, 2, b"{1}\n{3}\n".as_slice())]
        );
        assert_eq!(created, [ResourceType::PATIENT, ResourceType::OBSERVATION]);
    }
}
