//! The JSON text kept exactly: parsing, elements, edits and the writer.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use mecum_fhir::json::{Edits, Element, Json, JsonErrorKind, Kind, Limits, Writer, quote};

fn parse(text: &str) -> Json {
    Json::parse(text.as_bytes(), &Limits::default()).unwrap()
}

fn refused(input: &[u8]) -> (JsonErrorKind, usize) {
    let error = Json::parse(input, &Limits::default()).unwrap_err();
    (error.kind, error.offset)
}

#[test]
fn whitespace_goes_and_every_token_stays_as_written() {
    let cases = [
        (" { } ", "{}"),
        ("\r\n[ 1 ,\t2 ]\n", "[1,2]"),
        (r#"{ "b" : 1.50 , "a" : -0.0e+07 }"#, r#"{"b":1.50,"a":-0.0e+07}"#),
        (r#" "a b\u00e9\/" "#, r#""a b\u00e9\/""#),
        ("100000000000000000000000000000000000000.000", "100000000000000000000000000000000000000.000"),
        (r#"[[],{},"",null,true,false]"#, r#"[[],{},"",null,true,false]"#),
    ];
    for (input, minified) in cases {
        assert_eq!(parse(input).text(), minified);
        assert_eq!(parse(input).into_text(), minified);
    }
}

#[test]
fn spans_and_raw_texts_are_places_in_the_minified_text() {
    let json = parse(" { \"name\" : [ { \"given\" : [ \"Ann\\u0065\" , \"B\" ] } ] , \"n\" : 1.00 } ");
    let given = json.root().get("name").unwrap().items().next().unwrap().get("given").unwrap();
    assert_eq!(given.raw(), r#"["Ann\u0065","B"]"#);
    assert_eq!(&json.text()[given.span()], given.raw());
    let names: Vec<_> = given.items().map(|item| item.as_str().unwrap()).collect();
    assert_eq!(names, ["Anne", "B"]);
    assert_eq!(json.root().get("n").unwrap().as_number(), Some("1.00"));
    let keys: Vec<_> = json.root().members().map(|m| json.text()[m.key_span].to_owned()).collect();
    assert_eq!(keys, [r#""name""#, r#""n""#]);
}

#[test]
fn strings_are_borrowed_unless_they_have_escapes() {
    let json = parse(r#"["plain é","\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00x"]"#);
    let values: Vec<_> = json.root().items().map(|item| item.as_str().unwrap()).collect();
    assert!(matches!(values[0], std::borrow::Cow::Borrowed("plain é")));
    assert_eq!(values[1], "\"\\/\u{8}\u{c}\n\r\té😀x");
}

#[test]
fn accessors_answer_none_or_nothing_for_other_kinds() {
    let json = parse(r#"[null,true,1,"s",[1,2],{"a":1,"b":2}]"#);
    let kinds: Vec<_> = json.root().items().map(Element::kind).collect();
    assert_eq!(kinds, [Kind::Null, Kind::Bool, Kind::Number, Kind::String, Kind::Array, Kind::Object]);
    let [null, boolean, number, string, array, object] = json.root().items().collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!((null.as_str(), null.as_number(), null.as_bool()), (None, None, None));
    assert_eq!((boolean.as_bool(), string.as_bool()), (Some(true), None));
    assert_eq!((number.get("a").is_none(), array.get("a").is_none()), (true, true));
    assert_eq!((array.len(), object.len(), string.len(), null.is_empty()), (2, 2, 0, true));
    assert_eq!((array.members().count(), object.items().count()), (0, 0));
}

#[test]
fn get_finds_escaped_names_and_the_first_of_repeated_ones() {
    let json = parse(r#"{"\u0061b":1,"c":{"d":2},"c":{"d":3}}"#);
    assert_eq!(json.root().get("ab").unwrap().raw(), "1");
    assert_eq!(json.root().at(&["c", "d"]).unwrap().raw(), "2");
    assert!(json.root().at(&["c", "x"]).is_none());
    assert_eq!(json.root().at(&[]).unwrap().raw(), json.text());
}

#[test]
fn descend_visits_values_in_order_and_no_names() {
    let json = parse(r#"{"a":[1,{"b":2}],"c":3}"#);
    let visited: Vec<_> = json.root().descend().map(Element::raw).collect();
    assert_eq!(visited, [json.text(), r#"[1,{"b":2}]"#, "1", r#"{"b":2}"#, "2", "3"]);
    let below: Vec<_> = json.root().get("a").unwrap().descend().skip(1).map(Element::raw).collect();
    assert_eq!(below, ["1", r#"{"b":2}"#, "2"]);
}

#[test]
fn repeated_keys_are_listed_with_their_place() {
    let json = parse(r#"{"a":1,"b":{"x":1,"x":2,"\u0078":3},"a":4,"aa":5}"#);
    let repeated: Vec<_> = json.duplicate_keys().iter().map(|span| &json.text()[span.clone()]).collect();
    assert_eq!(repeated, [r#""x""#, r#""\u0078""#, r#""a""#]);
    assert!(parse(r#"[{"a":1},{"a":1,"b":{"a":1}}]"#).duplicate_keys().is_empty());
}

#[test]
fn a_repeated_key_among_many_is_found_once() {
    let members: Vec<_> = (0..500).map(|n| format!("\"k{n}\":{n}")).collect();
    assert!(parse(&format!("{{{}}}", members.join(","))).duplicate_keys().is_empty());
    let json = parse(&format!("{{{},\"k77\":0}}", members.join(",")));
    assert_eq!(json.duplicate_keys().len(), 1);
    assert_eq!(&json.text()[json.duplicate_keys()[0].clone()], "\"k77\"");
}

#[test]
fn refusals_name_the_fault_and_its_byte() {
    use JsonErrorKind::*;
    let cases: [(&str, JsonErrorKind, usize); 32] = [
        ("", UnexpectedEnd, 0),
        ("  ", UnexpectedEnd, 2),
        ("\u{feff}{}", ExpectedValue, 0),
        ("{} {}", ExpectedEnd, 3),
        ("nul", UnexpectedEnd, 3),
        ("nulL", ExpectedValue, 0),
        ("[1,]", ExpectedValue, 3),
        ("[1 2]", ExpectedCommaOrBracket, 3),
        ("[1}", ExpectedCommaOrBracket, 2),
        ("[", UnexpectedEnd, 1),
        ("[1", UnexpectedEnd, 2),
        ("{a:1}", ExpectedKey, 1),
        (r#"{"a" 1}"#, ExpectedColon, 5),
        (r#"{"a":1,}"#, ExpectedKey, 7),
        (r#"{"a":1]"#, ExpectedCommaOrBrace, 6),
        (r#"{"a""#, UnexpectedEnd, 4),
        (r#"{"a":"#, UnexpectedEnd, 5),
        ("\"a\nb\"", ControlCharacter, 2),
        (r#""abcdefghij"#, UnexpectedEnd, 11),
        (r#""\x""#, InvalidEscape, 1),
        (r#""\u12g4""#, InvalidEscape, 5),
        (r#""\u12"#, UnexpectedEnd, 5),
        (r#""\"#, UnexpectedEnd, 2),
        (r#""\ud83d""#, LoneSurrogate, 1),
        (r#""\ud83d\u0041""#, LoneSurrogate, 1),
        (r#""\ude00""#, LoneSurrogate, 1),
        ("01", InvalidNumber, 1),
        ("-", UnexpectedEnd, 1),
        ("-a", InvalidNumber, 1),
        ("1.e", InvalidNumber, 2),
        ("1e+", UnexpectedEnd, 3),
        ("+1", ExpectedValue, 0),
    ];
    for (input, kind, offset) in cases {
        assert_eq!(refused(input.as_bytes()), (kind, offset), "{input}");
    }
    assert_eq!(refused(b"\"a\xff\""), (InvalidUtf8, 2));
    assert_eq!(refused(b"\"\xed\xa0\x80\""), (InvalidUtf8, 1));
}

#[test]
fn a_refusal_reads_as_a_sentence_and_quotes_nothing() {
    let error = Json::parse(b"{\"secret\": x}", &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "expected a value at byte 11");
    let shown = format!("{:?} {:?}", parse(r#"{"name":"Ann"}"#), parse(r#"{"name":"Ann"}"#).root());
    assert!(!shown.contains("Ann") && !shown.contains("name"), "{shown}");
}

#[test]
fn limits_hold_exactly() {
    let parse_within =
        |text: &str, limits: Limits| Json::parse(text.as_bytes(), &limits).map_err(|e| (e.kind, e.offset));
    let bytes = |max_bytes| Limits { max_bytes, ..Limits::default() };
    assert!(parse_within("[1]", bytes(3)).is_ok());
    assert_eq!(parse_within("[1] ", bytes(3)).unwrap_err(), (JsonErrorKind::TooLarge, 3));
    let depth = |max_depth| Limits { max_depth, ..Limits::default() };
    assert!(parse_within(r#"[{"a":[]}]"#, depth(3)).is_ok());
    assert_eq!(parse_within(r#"[{"a":[]}]"#, depth(2)).unwrap_err(), (JsonErrorKind::TooDeep, 6));
    let nodes = |max_nodes| Limits { max_nodes, ..Limits::default() };
    assert!(parse_within(r#"{"a":[1]}"#, nodes(4)).is_ok());
    assert_eq!(parse_within(r#"{"a":[1]}"#, nodes(3)).unwrap_err(), (JsonErrorKind::TooManyNodes, 6));
    let deep = "[".repeat(100_000);
    assert_eq!(parse_within(&deep, Limits::default()).unwrap_err(), (JsonErrorKind::TooDeep, 128));
    assert!(JsonErrorKind::TooDeep.is_limit() && !JsonErrorKind::ExpectedValue.is_limit());
    let unbounded = Limits { max_bytes: usize::MAX, max_depth: usize::MAX, max_nodes: usize::MAX };
    assert_eq!(parse_within(&deep, unbounded).unwrap_err(), (JsonErrorKind::UnexpectedEnd, 100_000));
}

#[test]
fn edits_touch_nothing_else() {
    let json = parse(r#"{"a": 1.0, "b": [2, 3], "c": {"d": 4}}"#);
    let root = json.root();
    let mut edits = Edits::new();
    assert!(edits.is_empty());
    edits.replace(root.at(&["c", "d"]).unwrap().span(), "40");
    edits.replace(root.get("a").unwrap().span(), String::from("10.0"));
    edits.insert(1, r#""z":0,"#);
    assert_eq!(edits.apply(json.text()), r#"{"z":0,"a":10.0,"b":[2,3],"c":{"d":40}}"#);
}

#[test]
fn an_edit_inside_a_wider_one_gives_way() {
    let mut edits = Edits::new();
    edits.replace(2..3, "x");
    edits.insert(4, "y");
    edits.remove(1..5);
    edits.insert(1, "<");
    edits.insert(5, ">");
    edits.insert(5, "!");
    assert_eq!(edits.apply("0123456"), "0<>!56");
}

#[test]
fn members_and_items_go_with_their_comma() {
    let json = parse(r#"{"a":1,"b":[1,2,3,4],"c":3}"#);
    let keeping = |keep: &str| {
        let mut edits = Edits::new();
        edits.retain_members(json.root(), |member| keep.contains(member.key.as_ref()));
        edits.apply(json.text())
    };
    assert_eq!(keeping("abc"), json.text());
    assert_eq!(keeping("b"), r#"{"b":[1,2,3,4]}"#);
    assert_eq!(keeping("ac"), r#"{"a":1,"c":3}"#);
    assert_eq!(keeping("c"), r#"{"c":3}"#);
    assert_eq!(keeping("a"), r#"{"a":1}"#);
    assert_eq!(keeping(""), "{}");
    let mut edits = Edits::new();
    edits.retain_items(json.root().get("b").unwrap(), |item| matches!(item.raw(), "2" | "3"));
    edits.set_member(json.root(), "c", "4");
    edits.set_member(json.root(), "d", "5");
    assert_eq!(edits.apply(json.text()), r#"{"a":1,"b":[2,3],"c":4,"d":5}"#);
}

#[test]
fn several_changes_to_the_members_of_one_object_agree_on_its_commas() {
    let json = parse(r#"{"a":1,"b":{},"c":[],"d":2}"#);
    let root = json.root();
    let mut edits = Edits::new();
    edits.retain_members(root, |member| member.key != "a");
    edits.retain_members(root, |member| member.key != "d");
    assert!(!edits.is_empty());
    edits.set_member(root, "x", "1");
    for value in ["2", "3"] {
        edits.set_member(root.get("b").unwrap(), value, value);
        edits.push_item(root.get("c").unwrap(), value);
    }
    assert_eq!(edits.clone().apply(json.text()), r#"{"b":{"2":2,"3":3},"c":[2,3],"x":1}"#);
    edits.retain_members(root, |_| false);
    assert_eq!(edits.apply(json.text()), r#"{"x":1}"#);
    let mut nothing = Edits::new();
    nothing.retain_members(root, |_| true);
    assert!(nothing.is_empty());
}

#[test]
fn the_writer_keeps_order_and_leaves_empty_values_out_on_request() {
    let text = Writer::object(|o| {
        o.str("s", "a\"b\\c\u{1}\u{1f}\n").num("n", "1.50").int("i", -3).bool("t", true).raw("r", "[null]");
        o.str_some("none", None).str_some("empty", "").str_some("some", "x").raw_some("no", None).raw_some("yes", "{}");
        o.obj_some("object", |_| {}).arr_some("array", |_| {}).obj("o", |_| {}).arr("a", |_| {});
        o.obj_some("kept", |o| {
            o.raw("k", "{}");
        });
        o.arr_some("list", |a| {
            a.str("x").num("2").arr(|a| {
                a.raw("true");
            });
            a.obj(|_| {});
        });
    });
    let expected = concat!(
        r#"{"s":"a\"b\\c\u0001\u001f\n","n":1.50,"i":-3,"t":true,"r":[null],"some":"x","yes":{},"#,
        r#""o":{},"a":[],"kept":{"k":{}},"list":["x",2,[true],{}]}"#
    );
    assert_eq!(text, expected);
    assert_eq!(parse(&text).text(), expected);
    assert_eq!(
        Writer::array(|a| {
            a.str("x").str("y");
        }),
        r#"["x","y"]"#
    );
    assert_eq!(
        Writer::object(|o| {
            o.obj_some("a", |_| {}).str("b", "");
        }),
        r#"{"b":""}"#
    );
    assert_eq!(quote("é\t/"), "\"é\\t/\"");
}
