//! The texts of the pages, from message catalogues (Project Fluent): one file per language under `locales`.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The languages there are: tag, direction, catalogue. The first one is complete; what another lacks is said in it.
const CATALOGUES: [(&str, &str, &str); 1] = [("en", "ltr", include_str!("../../locales/en.ftl"))];

type Bundle = FluentBundle<FluentResource>;

/// The texts in one language.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    at: usize,
}

impl Words {
    /// The first of a browser's languages that there is, in the order of `Accept-Language`.
    pub(crate) fn for_languages(accepted: &str) -> Words {
        let tags = accepted.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        let known = |tag: &str| {
            let language = tag.split('-').next().unwrap_or_default();
            CATALOGUES.iter().position(|(name, ..)| name.eq_ignore_ascii_case(language))
        };
        Words { at: tags.filter_map(known).next().unwrap_or(0) }
    }

    /// The language's tag, for `<html lang>`.
    pub(crate) fn tag(self) -> &'static str {
        CATALOGUES.get(self.at).map_or("en", |(tag, ..)| tag)
    }

    /// `ltr` or `rtl`, for `<html dir>`.
    pub(crate) fn direction(self) -> &'static str {
        CATALOGUES.get(self.at).map_or("ltr", |(_, direction, _)| direction)
    }

    /// A text without values.
    pub(crate) fn say(self, id: &str) -> String {
        self.said(id, None)
    }

    /// A text with one value, `{ $name }` in the catalogue; numbers choose the plural.
    pub(crate) fn say1<'a>(self, id: &str, name: &'static str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.said(id, Some(&args))
    }

    /// A text with several values.
    pub(crate) fn say_all(self, id: &str, args: &FluentArgs<'_>) -> String {
        self.said(id, Some(args))
    }

    fn said(self, id: &str, args: Option<&FluentArgs<'_>>) -> String {
        let own = bundles().get(self.at).and_then(|bundle| formatted(bundle, id, args));
        let first = || bundles().first().and_then(|bundle| formatted(bundle, id, args));
        own.or_else(first).unwrap_or_else(|| id.to_owned())
    }
}

fn formatted(bundle: &Bundle, id: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
}

fn bundles() -> &'static [Bundle] {
    static BUNDLES: OnceLock<Vec<Bundle>> = OnceLock::new();
    BUNDLES.get_or_init(|| CATALOGUES.iter().map(|(tag, _, text)| bundle(tag, text)).collect())
}

/// A catalogue that does not parse gives what it can; a test refuses one.
fn bundle(tag: &str, text: &str) -> Bundle {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks are for texts of mixed direction; values here are marked up by the templates.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(partial, _)| partial);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_catalogue_parses_whole() {
        for (tag, _, text) in CATALOGUES {
            assert!(FluentResource::try_new(text.to_owned()).is_ok(), "{tag}");
        }
    }

    #[test]
    fn every_text_that_pages_ask_for_is_in_the_catalogue_and_no_other() {
        let mut asked = BTreeSet::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        collect(&root.join("templates"), &mut asked);
        collect(&root.join("src/portal"), &mut asked);
        let known: BTreeSet<String> = CATALOGUES[0]
            .2
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic()))
            .filter_map(|line| line.split_once(" =").map(|(id, _)| id.to_owned()))
            .collect();
        let missing: Vec<_> = asked.iter().filter(|id| !known.contains(*id)).collect();
        assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    }

    #[test]
    fn every_text_whose_name_is_put_together_is_in_the_catalogue() {
        use mecum_phr::commits::{ChangeKind, CommitAct, ImportState};

        let words = Words::for_languages("en");
        let kinds = [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Deleted];
        let names = crate::portal::shell::NAVIGATION.iter().map(|(_, name)| format!("nav-{name}"));
        let names = names
            .chain(CommitAct::ALL.iter().map(|act| format!("act-{}", act.word())))
            .chain(kinds.iter().map(|kind| format!("change-{}", kind.word())))
            .chain(ImportState::ALL.iter().map(|state| format!("import-state-{}", state.word())))
            .chain(["own", "out", "refused", "event"].map(|mark| format!("access-mark-{mark}")))
            .chain(["app", "holder", "job", "operator", "other", "system"].map(|kind| format!("who-{kind}")))
            .chain(["others", "later", "full", "broken", "refused"].map(|why| format!("import-{why}")))
            .chain(["no-file", "too-many", "too-large", "broke-off"].map(|why| format!("import-{why}")))
            .chain(mecum_phr::view::Concern::ALL.iter().map(|concern| format!("concern-{}", concern.word())))
            .chain(["bytes", "kib", "mib", "gib"].map(|unit| format!("size-{unit}")));
        for name in names {
            assert_ne!(words.say(&name), name);
        }
    }

    /// Texts between quotes behind `say(`, `say1(` and `say_all(`.
    fn collect(folder: &Path, asked: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                collect(&entry, asked);
                continue;
            }
            let text = fs::read_to_string(&entry).unwrap();
            for word in ["say(\"", "say1(\"", "say_all(\""] {
                let found = text.split(word).skip(1).filter_map(|rest| rest.split('"').next());
                asked.extend(found.map(str::to_owned));
            }
        }
    }

    #[test]
    fn a_browsers_first_known_language_is_spoken() {
        assert_eq!(Words::for_languages("xx, en-GB;q=0.8").tag(), "en");
        assert_eq!(Words::for_languages("").tag(), "en");
    }
}
