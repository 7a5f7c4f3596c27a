//! The XHTML of a narrative (R4 narrative.html, rules txt-1 and txt-2; REST-64): well-formed, plain formatting, nothing
//! that acts.
//!
//! What an HTML parser would read in another way than an XML parser is refused too: CDATA, processing instructions, odd
//! comments.

mod entity;
mod markup;
mod scan;

/// Why a narrative is refused: a sentence for a person.
type Refusal = &'static str;

const NAMESPACE: &str = "http://www.w3.org/1999/xhtml";

/// Checks a `Narrative.div`.
pub(super) fn check(text: &str) -> Result<(), Refusal> {
    scan::scan(text)
}

#[cfg(test)]
mod tests {
    use super::{NAMESPACE, check};

    fn inside(content: &str) -> Result<(), super::Refusal> {
        check(&format!("<div xmlns=\"{NAMESPACE}\">{content}</div>"))
    }

    #[test]
    fn rest_64_plain_formatting_passes() {
        for content in [
            "x",
            "<p>x</p><br/><hr/>",
            "<p style=\"color: red\" class=\"a b\" id='c' xml:lang=\"en\" lang=\"en\" dir=\"ltr\">x</p>",
            "<a href=\"https://example.org/?a=1&amp;b=2#c\" name=\"d\">x</a>",
            "<a href=\"#e\">y</a> <a href=\"mailto:a@b.c\">z</a>",
            "<img src=\"a.png\" alt=\"b\"/>",
            "<p style=\"background: white url(https://a.b/c.png)\">x</p>",
            "<img src=\"data:image/png;base64,AAAA\" alt=\"b\" />",
            "<table border=\"1\"><caption>x</caption><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>",
            "<!-- a comment - with a hyphen -->x",
            "&lt;script&gt; &amp; &#160; &#xA0; &quot;&apos;",
            "a > b",
            "<ul ><li>x</li ></ul>",
        ] {
            assert_eq!(inside(content), Ok(()), "{content}");
        }
        assert_eq!(check(&format!("  <div xmlns='{NAMESPACE}' >x</div>\n")), Ok(()));
    }

    #[test]
    fn rest_64_what_acts_or_loads_or_hides_is_refused() {
        for content in [
            "<script>alert(1)</script>x",
            "<SCRIPT>alert(1)</SCRIPT>x",
            "<p onclick=\"a()\">x</p>",
            "<p ONCLICK=\"a()\">x</p>",
            "<iframe src=\"a\"/>x",
            "<object data=\"a\"/>x",
            "<embed src=\"a\"/>x",
            "<form><input/></form>x",
            "<link rel=\"stylesheet\" href=\"a\"/>x",
            "<style>p{}</style>x",
            "<meta name=\"a\"/>x",
            "<base href=\"a\"/>x",
            "<svg><g/></svg>x",
            "<video src=\"a\"/>x",
            "<font color=\"red\">x</font>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "<a href=\" java\tscript:alert(1)\">x</a>",
            "<a href=\"jav&#x61;script&#58;alert(1)\">x</a>",
            "<a href=\"JavaScript:alert(1)\">x</a>",
            "<a href=\"vbscript:a\">x</a>",
            "<a href=\"data:text/html,x\">x</a>",
            "<a target=\"_blank\" href=\"a\">x</a>",
            "<img src=\"javascript:a\"/>",
            "<img src=\"data:image/svg+xml,a\"/>",
            "<img src=\"data:text/html,a\"/>",
            "<p style=\"background: url(javascript:a)\">x</p>",
            "<p style=\"background: url(java&#115;cript:a)\">x</p>",
            "<p style=\"width: expression(alert(1))\">x</p>",
            "<p style=\"@import 'a'\">x</p>",
            "<p style=\"background: ur\\6c(a)\">x</p>",
            "<p xmlns=\"http://a.b\">x</p>",
            "<x:p xmlns:x=\"http://www.w3.org/1999/xhtml\">x</x:p>",
            "<![CDATA[<script>]]>x",
            "<?php x ?>x",
            "<!DOCTYPE a>x",
            "<!--> <b>x</b> -->x",
            "<!-- a -- b -->x",
            "<!-- a --->x",
            "<!-- a",
        ] {
            assert!(inside(content).is_err(), "{content}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for content in [
            "<p>x",
            "x</p>",
            "<b><i>x</b></i>",
            "a & b",
            "&nbsp;x",
            "&copy;x",
            "&#0;x",
            "&#xD800;x",
            "&#x110000;x",
            "&;x",
            "&#;x",
            "&amp x",
            "a < b",
            "<",
            "<p",
            "<p class",
            "<p class=",
            "<p class=a>x</p>",
            "<p class=\"a>x</p>",
            "<p class=\"a\" class=\"b\">x</p>",
            "<p class=\"a\"id=\"b\">x</p>",
            "<p class=\"<b>\">x</p>",
            "<p/ >x",
            "<p></p x>x",
            "< p>x</p>",
            "<p \"a\">x</p>",
        ] {
            assert!(inside(content).is_err(), "{content}");
        }
    }

    #[test]
    fn the_outside_is_one_div_with_content() {
        for text in [
            "x",
            "",
            "  ",
            "<div>x</div>",
            "<div xmlns=\"http://a.b\">x</div>",
            "<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>x",
            "x<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"> <p> </p>\n<br/></div>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">x",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
