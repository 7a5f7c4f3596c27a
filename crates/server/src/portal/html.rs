//! Text that is safe on a page: every text that came from outside goes through here or through a template's own escaping.

use std::fmt::Write;

/// A growing piece of HTML. Tags are ours, texts are escaped and kept apart from the page's direction.
#[derive(Default)]
pub(super) struct Html(String);

impl Html {
    /// A tag of ours, as it stands: `<dl class="facts">`.
    pub(super) fn tag(&mut self, tag: &'static str) {
        self.0.push_str(tag);
    }

    /// A text from outside. `<bdi>` keeps marks that turn the direction of writing inside it.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push_str("<bdi>");
        self.escaped(text);
        self.0.push_str("</bdi>");
    }

    /// A text of ours.
    pub(super) fn word(&mut self, text: &str) {
        self.escaped(text);
    }

    /// A link to an address of ours with a text from outside.
    pub(super) fn link(&mut self, address: &str, text: &str) {
        self.0.push_str("<a href=\"");
        self.escaped(address);
        self.0.push_str("\">");
        self.text(text);
        self.0.push_str("</a>");
    }

    /// An element of ours with an id.
    pub(super) fn anchor(&mut self, id: &str) {
        self.0.push_str("<span id=\"");
        self.escaped(id);
        self.0.push_str("\"></span>");
    }

    /// The whole, for a template that takes it as it is.
    pub(super) fn done(self) -> String {
        self.0
    }

    /// How long it is, bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // Shown as what it is rather than obeyed or swallowed.
                other if other.is_control() && !matches!(other, '\n' | '\t') => {
                    // Writing into a String cannot fail.
                    let _ = write!(self.0, "\u{fffd}");
                }
                other => self.0.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn a_text_from_outside_stays_a_text() {
        let mut html = Html::default();
        html.text("<script>\"&'\u{0}\u{202e}");
        assert_eq!(html.done(), "<bdi>&lt;script&gt;&quot;&amp;&#39;\u{fffd}\u{202e}</bdi>");
        let mut html = Html::default();
        html.link("/r/1?\"><script>", "x");
        assert_eq!(html.done(), "<a href=\"/r/1?&quot;&gt;&lt;script&gt;\"><bdi>x</bdi></a>");
    }
}
