//! A resource in one line.

use crate::resource::Resource;

use super::standing::{Standing, standing};
use super::title::title;
use super::value::value_text;
use super::when::When;

/// A resource in one line. No `Debug`: it is someone's health data.
#[derive(Clone, PartialEq, Eq)]
pub struct Headline {
    /// What it is about.
    pub title: String,
    /// What was found; empty where nothing is measured.
    pub value: String,
    /// When, as written; none where it has no time.
    pub when: Option<When>,
    /// How it stands.
    pub standing: Standing,
    /// The word its source uses for that; may be empty.
    pub standing_text: String,
}

/// A resource in one line: what it is about, what was found, when, how it stands.
pub fn headline(resource: &Resource) -> Headline {
    let (standing, standing_text) = standing(resource);
    Headline { title: title(resource), value: value_text(resource), when: When::of(resource), standing, standing_text }
}
