//! Names that come with a file: what it is called, and what its source is called unless somebody says so.

/// A file's name is cut to so many characters.
const MAX_NAME_CHARS: usize = 150;

/// The longest name of a source, bytes.
pub(super) const MAX_SOURCE_BYTES: usize = 200;

/// The last part of a path, without what a name does not hold.
pub(super) fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|character| !character.is_control()).take(MAX_NAME_CHARS).collect::<String>().trim().to_owned()
}

/// The name that is proposed for the source: the file's, without its endings.
pub(super) fn source_of(file: &str) -> String {
    let stem = file.split('.').find(|part| !part.is_empty()).unwrap_or(file);
    let mut end = stem.len().min(MAX_SOURCE_BYTES);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    stem[..end].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{MAX_SOURCE_BYTES, file_name, source_of};

    #[test]
    fn a_name_is_a_name_and_no_path() {
        assert_eq!(file_name("..\\..\\etc/passwd"), "passwd");
        assert_eq!(file_name("a\u{0}\r\nb.phr"), "ab.phr");
        assert_eq!(file_name(&"x".repeat(9999)).len(), 150);
        assert_eq!(source_of("watch.ndjson.gz"), "watch");
        assert_eq!(source_of(".hidden"), "hidden");
        assert_eq!(source_of("..."), "...");
        assert!(source_of(&"ä".repeat(150)).len() <= MAX_SOURCE_BYTES);
    }
}
