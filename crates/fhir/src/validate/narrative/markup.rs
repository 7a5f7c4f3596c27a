//! The elements and attributes a narrative may use (R4 narrative.html: HTML 4.0 chapters 7-11 and 15, without section 4
//! of chapter 9).

use super::entity;

/// In order of name.
const ELEMENTS: [&str; 53] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
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
    "tt",
    "ul",
    "var",
];

/// Attributes of any element, in order of name.
const ATTRIBUTES: [&str; 23] = [
    "abbr",
    "accesskey",
    "align",
    "axis",
    "char",
    "charoff",
    "class",
    "colspan",
    "dir",
    "headers",
    "id",
    "idref",
    "lang",
    "rowspan",
    "scope",
    "span",
    "style",
    "tabindex",
    "title",
    "valign",
    "width",
    "xml:lang",
    "xml:space",
];

/// Whether a narrative may have that element.
pub(super) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// Whether the element may have that attribute; the namespace is for the scanner.
pub(super) fn is_attribute(element: &str, name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok() || own_attributes(element).contains(&name)
}

fn own_attributes(element: &str) -> &'static [&'static str] {
    match element {
        "a" => &["charset", "coords", "href", "hreflang", "name", "rel", "rev", "shape", "type"],
        "area" => &["alt", "coords", "href", "nohref", "shape"],
        "blockquote" | "q" => &["cite"],
        "img" => &["alt", "border", "height", "ismap", "longdesc", "src", "usemap"],
        "map" => &["name"],
        "pre" => &["space"],
        "table" => &["border", "cellpadding", "cellspacing", "frame", "rules", "summary"],
        "td" | "th" => &["nowrap"],
        _ => &[],
    }
}

/// Whether an attribute's value does more than describe: runs a script, or loads a style from elsewhere.
pub(super) fn is_active(name: &str, value: &str) -> bool {
    match name {
        "href" | "src" | "cite" | "longdesc" | "usemap" => is_active_address(name, &entity::flattened(value)),
        "style" => is_active_style(&entity::flattened(value)),
        _ => false,
    }
}

fn is_active_address(name: &str, address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    match scheme {
        "javascript" | "vbscript" | "livescript" => true,
        "data" => name != "src" || !rest.starts_with("image/") || rest.starts_with("image/svg"),
        _ => false,
    }
}

fn is_active_style(style: &str) -> bool {
    ["javascript:", "vbscript:", "@import", "expression(", "behavior:", "-moz-binding", "\\", "/*"]
        .iter()
        .any(|part| style.contains(part))
}
