//! One entry in one line, as lists show it.

use mecum_fhir::reading::{Headline, Standing};
use mecum_phr::view::Line;

use super::shell::Shell;
use super::when::when_text;
use super::words::Words;

/// What a list shows of an entry.
pub(super) struct LineView {
    pub(super) address: String,
    pub(super) title: String,
    pub(super) value: String,
    pub(super) when: String,
    pub(super) kind: String,
    /// The word for how it stands; empty where it simply holds.
    pub(super) standing: String,
    /// The class of that word's mark.
    pub(super) mark: &'static str,
    pub(super) is_void: bool,
    pub(super) dated_us: Option<i64>,
}

/// Whether how it stands goes without saying: it is there, and final.
fn is_plain(headline: &Headline) -> bool {
    const PLAIN: [&str; 6] = ["final", "completed", "finished", "current", "available", "confirmed"];
    headline.standing == Standing::Holds && PLAIN.contains(&headline.standing_text.to_lowercase().as_str())
}

impl LineView {
    pub(super) fn of(line: &Line, shell: &Shell) -> LineView {
        let address = shell.at(&format!("e/{}/{}", line.key.resource_type.name(), line.key.id));
        LineView {
            kind: shell.words.say(&format!("kind-{}", line.kind.word())),
            dated_us: line.dated_us,
            ..LineView::of_headline(&line.headline, address, shell.words)
        }
    }

    /// A line without its kind and date as a number.
    pub(super) fn of_headline(headline: &Headline, address: String, words: Words) -> LineView {
        let mark = match headline.standing {
            Standing::Holds => "active",
            Standing::Planned | Standing::Over => "",
            Standing::Uncertain | Standing::Refuted => "caution",
            Standing::InError => "alarm",
        };
        LineView {
            address,
            title: headline.title.clone(),
            value: headline.value.clone(),
            when: headline.when.as_ref().map_or_else(String::new, |when| when_text(when, words)),
            kind: String::new(),
            standing: if is_plain(headline) { String::new() } else { headline.standing_text.clone() },
            mark,
            is_void: headline.standing == Standing::InError,
            dated_us: None,
        }
    }
}
