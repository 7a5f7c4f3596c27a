//! Names inside an archive: which are safe (PHR-27), which are junk (PHR-26), which collide, and the neutral ones we give.

use std::collections::HashMap;

/// Deepest folder nesting accepted.
const MAX_DEPTH: usize = 32;

/// Returns `raw` in one form (parts joined by `/`, no empty or `.` parts, no trailing `/`), or `None` where it is not a
/// plain relative path within `limit_bytes`.
pub(crate) fn safe_path(raw: &str, limit_bytes: usize) -> Option<String> {
    let is_plain = raw.len() <= limit_bytes && !raw.starts_with('/');
    if !is_plain || raw.chars().any(|c| c == '\\' || c.is_control() || is_direction_mark(c)) {
        return None;
    }
    let parts: Vec<&str> = raw.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let is_path = !parts.is_empty() && parts.len() <= MAX_DEPTH && !parts.contains(&"..");
    // Looked at in the end, since `./c:/x` only then begins with a drive.
    is_path.then(|| parts.join("/")).filter(|path| !has_drive(path))
}

fn has_drive(path: &str) -> bool {
    path.as_bytes().get(1) == Some(&b':') && path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

/// Characters that make a name read as another one.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns true for what operating systems leave behind (PHR-26).
pub(crate) fn is_junk(path: &str) -> bool {
    let file = file_name(path);
    let in_macosx = path.split('/').next() == Some("__MACOSX");
    in_macosx || file == ".DS_Store" || file.eq_ignore_ascii_case("thumbs.db")
}

/// Returns the part after the last `/`.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, file)| file)
}

/// Returns the folder a path lies in, with its trailing `/`, or the empty string at the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|slash| path.get(..=slash)).unwrap_or("")
}

/// Returns the extension in lower case, without its dot.
pub(crate) fn extension(path: &str) -> String {
    file_name(path).rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default()
}

/// Returns the name to compare by where upper and lower case do not count.
pub(crate) fn fold(path: &str) -> String {
    path.chars().flat_map(char::to_lowercase).collect()
}

/// Returns the folded name with every accented letter, however it is encoded, replaced by one placeholder: equal for the
/// composed and the decomposed spelling of a name. Different names can share it too, so it only ever raises a suspicion.
pub(crate) fn outline(path: &str) -> String {
    let mut outline = String::with_capacity(path.len());
    for c in fold(path).chars() {
        if is_combining(c) {
            outline.pop();
            outline.push('\u{fffd}');
        } else {
            outline.push(if c.is_ascii() { c } else { '\u{fffd}' });
        }
    }
    outline
}

fn has_combining(path: &str) -> bool {
    path.chars().any(is_combining)
}

/// Marks that attach to the letter before them, Hangul vowels and finals and Japanese voicing included.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1160}'..='\u{11ff}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// The names of one archive, to find two that would land on the same file on some system.
#[derive(Default)]
pub(crate) struct Names {
    files: HashMap<String, usize>,
    folders: HashMap<String, usize>,
    /// Outline → entries, apart by whether the name is written with combining marks.
    composed: HashMap<String, usize>,
    decomposed: HashMap<String, usize>,
}

impl Names {
    /// Adds the path of an entry; returns the earlier entry it collides with.
    pub(crate) fn insert(&mut self, entry: usize, path: &str, is_folder: bool) -> Result<(), usize> {
        let folded = fold(path);
        self.insert_parents(entry, &folded)?;
        let outline = outline(path);
        let (own, other) = match has_combining(path) {
            true => (&mut self.decomposed, &self.composed),
            false => (&mut self.composed, &self.decomposed),
        };
        if let Some(&earlier) = other.get(&outline) {
            return Err(earlier);
        }
        own.entry(outline).or_insert(entry);
        if is_folder {
            // The folder may be known already, from a file inside it.
            self.folders.entry(folded.clone()).or_insert(entry);
        } else if let Some(&earlier) = self.folders.get(&folded) {
            return Err(earlier);
        }
        match self.files.insert(folded, entry) {
            Some(earlier) => Err(earlier),
            None => Ok(()),
        }
    }

    fn insert_parents(&mut self, entry: usize, folded: &str) -> Result<(), usize> {
        for (at, _) in folded.match_indices('/') {
            let parent = &folded[..at];
            match self.files.get(parent) {
                Some(&earlier) if !self.folders.contains_key(parent) => return Err(earlier),
                _ => self.folders.entry(parent.to_owned()).or_insert(entry),
            };
        }
        Ok(())
    }
}

/// Returns the neutral name, relative to the `.phr` file, of the `ordinal`-th ride-along file (from 1) of a content type,
/// such as `media/0001.jpg`. An exporter that uses it as `attachment.url` has links that also work after the archive was
/// unpacked by hand.
pub fn neutral_media_name(ordinal: usize, content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let extension = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(essence)).map_or("bin", |(_, e)| e);
    format!("media/{ordinal:04}.{extension}")
}

/// Extensions by which desktop systems open the ride-along types of PHR-21.
const EXTENSIONS: &[(&str, &str)] = &[
    ("application/dicom", "dcm"),
    ("application/fhir+json", "json"),
    ("application/json", "json"),
    ("application/msword", "doc"),
    ("application/pdf", "pdf"),
    ("application/rtf", "rtf"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/wav", "wav"),
    ("image/gif", "gif"),
    ("image/heic", "heic"),
    ("image/jpeg", "jpg"),
    ("image/png", "png"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tif"),
    ("image/webp", "webp"),
    ("model/gltf-binary", "glb"),
    ("model/stl", "stl"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/plain", "txt"),
    ("text/xml", "xml"),
    ("video/mp4", "mp4"),
    ("video/quicktime", "mov"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phr_27_only_plain_relative_paths_are_safe() {
        for raw in ["/a", "../a", "a/../b", "a/..", "C:\\a", "c:a", "C:/a", "a\\b", "a\0b", "a\nb", "", "/", ".", "./"]
        {
            assert_eq!(safe_path(raw, 1024), None, "{raw:?}");
        }
        assert_eq!(safe_path("\u{202e}gpj.exe", 1024), None);
        assert_eq!(safe_path(&"a/".repeat(33), 1024), None);
        assert_eq!(safe_path("abcde", 4), None);
        assert_eq!(safe_path("./a//b/", 1024).as_deref(), Some("a/b"));
        assert_eq!(safe_path("..a/b..", 1024).as_deref(), Some("..a/b.."));
        assert_eq!(safe_path("12:30.jpg", 1024).as_deref(), Some("12:30.jpg"));
    }

    #[test]
    fn phr_26_junk_is_known_by_its_name_anywhere() {
        for path in ["__MACOSX/a/._b", ".DS_Store", "a/.DS_Store", "a/Thumbs.db", "thumbs.db"] {
            assert!(is_junk(path), "{path}");
        }
        for path in ["a/__MACOSX/b", "DS_Store", "a.thumbs.db.jpg"] {
            assert!(!is_junk(path), "{path}");
        }
    }

    fn collide(paths: &[(&str, bool)]) -> Option<(usize, usize)> {
        let mut names = Names::default();
        paths
            .iter()
            .enumerate()
            .find_map(|(at, (path, is_folder))| names.insert(at, path, *is_folder).err().map(|earlier| (earlier, at)))
    }

    #[test]
    fn phr_27_names_collide_by_case_by_accent_spelling_and_by_being_file_and_folder() {
        assert_eq!(collide(&[("a", false), ("b", false), ("A", false)]), Some((0, 2)));
        assert_eq!(collide(&[("M\u{fc}ller", false), ("Mu\u{308}ller", false)]), Some((0, 1)));
        assert_eq!(collide(&[("\u{d55c}", false), ("\u{1112}\u{1161}\u{11ab}", false)]), Some((0, 1)));
        assert_eq!(collide(&[("a", false), ("a/b", false)]), Some((0, 1)));
        assert_eq!(collide(&[("a/b", false), ("a", false)]), Some((0, 1)));
        assert_eq!(collide(&[("a", true), ("a", true)]), Some((0, 1)));
        assert_eq!(collide(&[("a/b", false), ("a", true), ("a/c", false)]), None);
        assert_eq!(collide(&[("M\u{fc}ller", false), ("M\u{f6}ller", false), ("mu", false)]), None);
    }

    #[test]
    fn neutral_names_carry_an_extension_and_nothing_else() {
        assert_eq!(neutral_media_name(1, "image/jpeg"), "media/0001.jpg");
        assert_eq!(neutral_media_name(12345, "Application/PDF; x=y"), "media/12345.pdf");
        assert_eq!(neutral_media_name(2, "../../evil"), "media/0002.bin");
    }
}
