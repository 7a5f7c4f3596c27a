//! The files that the rules read.

use super::source::Source;
use crate::workspace;
use std::path::Path;

/// All files of the workspace.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// One file.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the workspace, with `/`.
    pub(crate) path: String,
    /// Its text; `None` for bytes that are none.
    pub(crate) text: Option<String>,
    /// The Rust in it.
    pub(crate) source: Option<Source>,
}

/// A place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl Tree {
    /// Reads every file that is or could be committed.
    ///
    /// # Errors
    /// A file or the list of them could not be read.
    pub(crate) fn read(root: &Path) -> Result<Tree, String> {
        let mut files = Vec::new();
        for path in workspace::files(root)? {
            let bytes = std::fs::read(root.join(&path)).map_err(|error| format!("cannot read {path}: {error}"))?;
            files.push(File::new(path, String::from_utf8(bytes).ok()));
        }
        Ok(Tree { files })
    }

    /// A tree of these texts, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Tree {
        Tree { files: files.iter().map(|(path, text)| File::new((*path).into(), Some((*text).into()))).collect() }
    }

    /// Whether a file has this path, or a folder that holds one.
    pub(crate) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let is_under =
            |file: &File| file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        path.is_empty() || self.files.iter().any(is_under)
    }

    /// Every Rust file.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files.iter().filter_map(|file| Some((file, file.source.as_ref()?)))
    }

    /// Every line of every text file whose path is wanted, as (file, line number, line).
    pub(crate) fn lines(&self, wanted: impl Fn(&File) -> bool) -> impl Iterator<Item = (&File, usize, &str)> {
        let files = self.files.iter().filter(move |file| wanted(file));
        files.flat_map(|file| {
            file.text.iter().flat_map(|text| text.lines()).enumerate().map(move |(at, line)| (file, at + 1, line))
        })
    }

    /// Every line of code of every Rust file whose path is wanted, as (file, line number, code, whether it is a test).
    pub(crate) fn code(&self, wanted: impl Fn(&File) -> bool) -> impl Iterator<Item = (&File, usize, &str, bool)> {
        let files = self.rust().filter(move |(file, _)| wanted(file));
        files.flat_map(|(file, source)| {
            let all_tests = file.is_test();
            let lines = source.code.iter().zip(&source.is_test).enumerate();
            lines.map(move |(at, (code, is_test))| (file, at + 1, code.as_str(), all_tests || *is_test))
        })
    }
}

impl File {
    fn new(path: String, text: Option<String>) -> File {
        let source = text.as_deref().filter(|_| path.ends_with(".rs")).map(Source::parse);
        File { path, text, source }
    }

    /// The room (folder under `crates`) it is in.
    pub(crate) fn room(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// What comes after the last dot of its name.
    pub(crate) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Whether the whole file is for tests or for developers, and no part of what is installed.
    pub(crate) fn is_test(&self) -> bool {
        let folders = ["/tests/", "/benches/"];
        folders.iter().any(|folder| self.path.contains(folder))
            || self.path.starts_with("xtask/")
            || self.path.ends_with("/tests.rs")
            || self.path.ends_with("/build.rs")
    }

    /// A finding in this file.
    pub(crate) fn spot(&self, line: usize, what: impl Into<String>) -> Spot {
        Spot { path: self.path.clone(), line, what: what.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_found_by_their_paths() {
        let tree = Tree::of(&[("docs/decisions/0001-a.md", "")]);
        assert!(
            tree.has("docs/decisions") && tree.has("docs/") && tree.has("docs/decisions/0001-a.md") && tree.has("")
        );
        assert!(!tree.has("docs/dec") && !tree.has("doc"));
    }

    #[test]
    fn rooms_extensions_and_tests_are_told_from_the_path() {
        let tree = Tree::of(&[("crates/store/tests/story.rs", ""), ("README.md", ""), ("crates/fhir/src/a.rs", "")]);
        assert_eq!(tree.files[0].room(), Some("store"));
        assert!(tree.files[0].is_test() && !tree.files[2].is_test());
        assert_eq!((tree.files[1].room(), tree.files[1].extension()), (None, "md"));
    }
}
