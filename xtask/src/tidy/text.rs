//! Plain text: white space, places of one machine, files of other people.

use super::Rule;
use super::tree::{File, Spot, Tree};

/// Folders of one machine.
const MACHINE: &[&str] = &["/root/", "/home/"];
/// Hosts that serve packages: which one is used is the business of the machine, not of the project.
const HOSTS: &[&str] = &[
    "index.crates.io",
    "static.crates.io",
    "registry.npmjs.org",
    "files.pythonhosted.org",
    "repo.maven.apache.org",
    "repo1.maven.org",
    "deb.debian.org",
    "proxy.golang.org",
];
/// Files of the kinds that third-party parts of a web page come in.
const WEB: &[&str] = &["js", "mjs", "css", "woff", "woff2", "ttf", "otf", "wasm", "map"];
/// Where our own scripts and styles are.
const OUR_ASSETS: &str = "crates/server/assets/";
/// Files that are text we write, and therefore tidy.
const OURS: &[&str] =
    &["rs", "toml", "md", "sh", "sql", "html", "js", "css", "ftl", "svg", "yml", "yaml", "gitignore", "run"];

/// The rules of this file.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "machine",
        why: "A path or a package host of one machine means nothing on another.",
        fix: "Take the place as an argument, a variable, or relative to the workspace.",
        check: machine,
    },
    Rule {
        name: "third-party",
        why: "Nothing third-party is committed, scripts, styles and fonts included: whoever reads a file here reads something of ours.",
        fix: "Write it ourselves under crates/server/assets, or depend on a crate that carries it.",
        check: third_party,
    },
    Rule {
        name: "whitespace",
        why: "White space at the end of a line or a missing line feed at the end of a file makes noise in every later change.",
        fix: "Strip it; end the file with one line feed.",
        check: whitespace,
    },
];

fn machine(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for (file, line, text) in tree.lines(|_| true) {
        let folders = MACHINE.iter().filter(|folder| starts_a_path(text, folder));
        let hosts = HOSTS.iter().filter(|host| text.contains(**host));
        spots.extend(folders.chain(hosts).map(|what| file.spot(line, format!("`{what}`"))));
    }
    spots
}

/// Whether a path in this line begins with the folder; the same letters inside an address do not count.
fn starts_a_path(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-~*})>$".contains(c)))
    })
}

fn third_party(tree: &Tree) -> Vec<Spot> {
    let foreign = tree.files.iter().filter(|file| {
        let is_web = WEB.contains(&file.extension())
            && !(file.path.starts_with(OUR_ASSETS) && ["js", "css"].contains(&file.extension()));
        let folders =
            file.path.split('/').any(|part| ["node_modules", "vendor", "third_party", "third-party"].contains(&part));
        is_web || folders || file.path.contains(".min.") || file.path.ends_with("package.json")
    });
    foreign.map(|file| file.spot(1, "a file of somebody else, or of a kind that is not ours")).collect()
}

fn whitespace(tree: &Tree) -> Vec<Spot> {
    let mut spots = Vec::new();
    for file in tree.files.iter().filter(|file| is_ours(file)) {
        let Some(text) = file.text.as_deref().filter(|text| !text.is_empty()) else { continue };
        for (at, line) in text.split('\n').enumerate() {
            if line.ends_with(char::is_whitespace) {
                spots.push(file.spot(at + 1, "white space at the end of the line"));
            }
        }
        let n_lines = text.lines().count();
        if !text.ends_with('\n') {
            spots.push(file.spot(n_lines, "no line feed at the end of the file"));
        } else if text.ends_with("\n\n") {
            spots.push(file.spot(n_lines, "an empty line at the end of the file"));
        }
    }
    spots
}

fn is_ours(file: &File) -> bool {
    // Golden and sample files keep the bytes that they are there for.
    OURS.contains(&file.extension()) || file.path == ".ci/run" || file.path == "LICENSE"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_one_machine_are_found_and_addresses_are_not() {
        let text = "cp /home/x y\nfile:///home/me\n'/root/.cargo'\nhttps://example.org/home/x\n$HOME/home/x\nhttps://index.crates.io/\n~/home/\n";
        let tree = Tree::of(&[("a.md", text)]);
        assert_eq!(machine(&tree).iter().map(|spot| spot.line).collect::<Vec<_>>(), [1, 2, 3, 6]);
    }

    #[test]
    fn scripts_and_fonts_that_are_not_ours_are_found() {
        let paths = [
            "crates/server/assets/chart.js",
            "crates/server/assets/x.min.js",
            "docs/a.js",
            "crates/server/assets/a.woff2",
            "vendor/x.rs",
        ];
        let files: Vec<_> = paths.iter().map(|path| (*path, "")).collect();
        assert_eq!(
            third_party(&Tree::of(&files)).iter().map(|spot| spot.path.as_str()).collect::<Vec<_>>(),
            paths[1..]
        );
    }

    #[test]
    fn white_space_is_found_where_it_does_not_belong() {
        let tree = Tree::of(&[
            ("a.rs", "a \nb\t\nc"),
            ("b.md", "a\n\n"),
            ("c.rs", "a\r\n"),
            ("d.hl7", "a \r"),
            ("e.rs", ""),
            ("f.rs", "a\n"),
        ]);
        let found: Vec<_> = whitespace(&tree).into_iter().map(|spot| (spot.path, spot.line)).collect();
        assert_eq!(
            found,
            [("a.rs".into(), 1), ("a.rs".into(), 2), ("a.rs".into(), 3), ("b.md".into(), 2), ("c.rs".into(), 1)]
        );
    }
}
