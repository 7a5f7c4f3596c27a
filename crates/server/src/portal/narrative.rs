//! A resource's own narrative, cut down to markup that does nothing (R4 narrative.html, REST-64).

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use ammonia::Builder;

/// A longer narrative is not shown; the facts are complete without it, bytes.
const MAX_BYTES: usize = 256 << 10;

/// The narrative as safe HTML; `None` for one that is too long or says nothing.
pub(super) fn narrative(div: &str) -> Option<String> {
    if div.len() > MAX_BYTES {
        return None;
    }
    let clean = cleaner().clean(div).to_string();
    let says_something = clean.split('<').any(|part| !part.rsplit('>').next().unwrap_or_default().trim().is_empty());
    says_something.then_some(clean)
}

/// Structure and emphasis only: no address, no style, no image, no id, nothing that loads or runs.
fn cleaner() -> &'static Builder<'static> {
    static CLEANER: OnceLock<Builder<'static>> = OnceLock::new();
    CLEANER.get_or_init(|| {
        let tags = [
            "b",
            "blockquote",
            "br",
            "caption",
            "cite",
            "code",
            "col",
            "colgroup",
            "dd",
            "dfn",
            "dl",
            "dt",
            "em",
            "h4",
            "h5",
            "h6",
            "hr",
            "i",
            "li",
            "ol",
            "p",
            "pre",
            "q",
            "samp",
            "small",
            "span",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "tfoot",
            "th",
            "thead",
            "tr",
            "ul",
            "div",
            "bdi",
        ];
        let cells: HashSet<&str> = HashSet::from(["colspan", "rowspan"]);
        let mut builder = Builder::new();
        builder
            .tags(HashSet::from(tags))
            .tag_attributes(HashMap::from([("td", cells.clone()), ("th", cells)]))
            .generic_attributes(HashSet::from(["lang", "dir"]))
            .url_schemes(HashSet::new())
            .link_rel(None)
            .strip_comments(true);
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::narrative;

    #[test]
    fn rest_64_nothing_of_a_narrative_runs_loads_or_leads_anywhere() {
        for hostile in [
            "<div><script>alert(1)</script>x</div>",
            "<div onclick='a()' style='position:fixed' id='main' class='top'>x</div>",
            "<div><img src='http://elsewhere.example/x.png' onerror='a()'/>x</div>",
            "<div><a href='javascript:a()'>x</a><a href='http://elsewhere.example'>x</a></div>",
            "<div><svg><style>@import url(x)</style></svg>x<iframe src='y'></iframe></div>",
            "<div><form action='/sign-out'><button>x</button></form></div>",
        ] {
            let clean = narrative(hostile).unwrap();
            for bad in
                ["script", "onclick", "onerror", "style", "href", "src", "<a", "<img", "<form", "<svg", "id=", "class="]
            {
                assert!(!clean.contains(bad), "{bad} in {clean}");
            }
            assert!(clean.contains('x'), "{clean}");
        }
    }

    #[test]
    fn tables_and_emphasis_stay_and_an_empty_narrative_is_none() {
        let text = "<div><table><tr><td colspan=\"2\"><b>5.40</b></td></tr></table></div>";
        assert!(narrative(text).unwrap().contains("<td colspan=\"2\"><b>5.40</b></td>"));
        assert_eq!(narrative("<div><p> </p></div>"), None);
    }
}
