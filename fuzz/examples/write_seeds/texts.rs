//! Seeds that are texts: JSON, resources, lines, Bundles, dates, queries.

use mecum_testkit::people::population;

use crate::Seed;

const JSON: [(&str, &str); 8] = [
    ("scalars", r#"[null,true,false,0,-0,1.50,1e400,-2.5E-3,"",{}]"#),
    ("escapes", r#"{"a\/b":"\"\\\b\f\n\r\t\u00e9\ud83d\ude00","\u0000":1}"#),
    ("white-space", " {\t\"a\" :\r\n [ 1 , 2 ] } \n"),
    ("twice", r#"{"a":1,"a":{"b":2,"b":3}}"#),
    ("half-a-pair", r#""\ud83d""#),
    ("cut-off", r#"{"a":[1,{"b":"c"#),
    ("digits", "123456789012345678901234567890.000000000000000000000001"),
    ("not-json", "{'a':1,}"),
];

const BUNDLES: [(&str, &str); 6] = [
    (
        "transaction.json",
        r#"{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"p"},"request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=1"}},{"request":{"method":"DELETE","url":"Patient/1"}}]}"#,
    ),
    (
        "history.json",
        r#"{"resourceType":"Bundle","type":"history","entry":[{"resource":{"resourceType":"Basic","id":"b","meta":{"versionId":"2"}},"response":{"status":"200","etag":"W/\"2\""}},{"resource":{"resourceType":"Basic","id":"b"}}]}"#,
    ),
    ("array.json", r#"[{"resourceType":"Basic"},{"resourceType":"OperationOutcome"},1,null]"#),
    ("in-a-string.json", r#""{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{}]}""#),
    ("one-entry.json", r#"{"resourceType":"Bundle","entry":{"resource":{"resourceType":"Basic"}}}"#),
    ("mark.json", "\u{feff}{\"resourceType\":\"Bundle\",\"signature\":{},\"entry\":[null,7]}"),
];

const DATES: [&str; 14] = [
    "2024",
    "2024-02",
    "2024-02-29",
    "2023-02-29",
    "2024-05-01T10:00",
    "2024-05-01T10:00:00Z",
    "2024-05-01T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "2024-05-01T10:00:00.123456789+14:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999-12:00",
    "2024-13",
    "10:30:00",
    "20240501",
];

const QUERIES: [&str; 12] = [
    "Observation?code=http://loinc.org|8480-6,|x&date=ge2020-05&_sort=-date,_id&_count=20",
    "Observation?value-quantity=ap5.40|http://unitsofmeasure.org|mg/dL&component-code-value-quantity=8480-6$gt120",
    "Patient?name:contains=a\\,b&birthdate=lt1990&_summary=true&_elements=id,name",
    "Patient?_has:Observation:patient:code=1234-5&_total=accurate",
    "Encounter?subject:Patient.name=x&_include=Encounter:subject:Patient&_revinclude:iterate=*",
    "MedicationRequest?medication:missing=true&status:not=active&identifier=urn:a|1",
    "?_type=Patient,Observation&_lastUpdated=sa2024-01-01T00:00:00Z&_content=heart",
    "Observation?subject=http://h/fhir/Patient/1&patient:identifier=urn:b|2&_id=a,b",
    "ValueSet?url:below=http://a/b&url:above=http://a&_text=c",
    "Observation?code:nonsense=1",
    "?unknown=1&&=&_cursor=abc",
    "RiskAssessment?probability=gt0.8&probability=ne1e-400",
];

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = Vec::new();
    seeds.extend(JSON.map(|(name, text)| ("json", format!("{name}.json"), text.as_bytes().to_vec())));
    seeds.push(("json", "deep.json".to_owned(), format!("{}{}", "[".repeat(140), "]".repeat(140)).into_bytes()));
    seeds.extend(BUNDLES.map(|(name, text)| ("bundle", name.to_owned(), text.as_bytes().to_vec())));
    seeds.extend(numbered("date", &DATES));
    seeds.extend(numbered("query", &QUERIES));
    let person = population(1, 1).with_resources(12).next().into_iter().flat_map(|person| person.resources);
    let resources: Vec<String> = person.collect();
    let short = |resource: &&String| resource.len() < 3_000;
    let kept = resources.iter().filter(short).enumerate();
    seeds.extend(kept.map(|(n, resource)| ("resource", format!("person-{n:02}.json"), resource.clone().into_bytes())));
    let odd = r##"{"resourceType":"Observation","_id":"x","id":"","meta":{"versionId":"1","lastUpdated":"2020","versionId":"2"},"issued":1588327200000,"subject":{},"category":{"coding":[]},"contained":[{"resourceType":"Patient","id":"p"}],"text":{"div":"<a href=\"#p\" src='x'>é</a>"},"valueAttachment":{"url":"a\/b"}}"##;
    seeds.push(("resource", "odd.json".to_owned(), odd.as_bytes().to_vec()));
    seeds.extend(lines(&resources));
    seeds
}

fn numbered(target: &'static str, texts: &[&str]) -> impl Iterator<Item = Seed> {
    texts.iter().enumerate().map(move |(n, text)| (target, format!("{n:02}.txt"), text.as_bytes().to_vec()))
}

fn lines(resources: &[String]) -> Vec<Seed> {
    let outcome = r#"{"resourceType":"OperationOutcome","issue":[{"severity":"fatal","code":"exception"}]}"#;
    let small: Vec<&str> = resources.iter().map(String::as_str).filter(|line| line.len() < 1_500).take(3).collect();
    let whole = small.join("\n");
    let cut = &whole[..whole.len() - 20];
    [
        ("good.phr", format!("{whole}\n").into_bytes()),
        ("cut-off.phr", cut.as_bytes().to_vec()),
        ("sender-failed.phr", format!("{}\n{outcome}\n", small[0]).into_bytes()),
        ("windows.phr", format!("\u{feff}{}\r\n\r\nnot a resource\r\n{}", small[0], small[1]).into_bytes()),
        ("not-text.phr", [b"{\"resourceType\":\"Basic\"}\n\xff\xfe\x00\n".as_slice(), outcome.as_bytes()].concat()),
        (
            "long-line.phr",
            format!("{}\n{{\"resourceType\":\"Basic\",\"x\":\"{}\"}}\n", small[0], "y".repeat(5_000)).into_bytes(),
        ),
        ("printed.json", b"{\n  \"resourceType\" : \"Basic\",\n  \"id\" : \"b\"\n}\n".to_vec()),
    ]
    .map(|(name, bytes)| ("lines", name.to_owned(), bytes))
    .into()
}
