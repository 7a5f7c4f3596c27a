//! Reading what the generator wrote: resources of a file, their references, and a plain hash for goldens.

use mecum_testkit::people::{Content, Family, SourceFile, family};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// The demo family of the seed that was validated, made once.
pub(crate) fn demo() -> &'static Family {
    static DEMO: OnceLock<Family> = OnceLock::new();
    DEMO.get_or_init(|| family(1))
}

/// All resources of a file, Bundles opened one level.
pub(crate) fn resources(file: &SourceFile) -> Vec<Value> {
    match &file.content {
        Content::Phr(text) | Content::Container { phr: text, .. } => lines(text),
        Content::Ndjson(files) => files.iter().flat_map(|(_, text)| lines(text)).collect(),
        Content::Bundle(text) => entries(&serde_json::from_str(text).unwrap()),
    }
}

/// The resources of NDJSON.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The resources of a Bundle.
pub(crate) fn entries(bundle: &Value) -> Vec<Value> {
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

/// `Type/id`.
pub(crate) fn path(resource: &Value) -> String {
    format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap_or_default())
}

/// Every text under a key of this name, anywhere within.
pub(crate) fn texts_under(key: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, inner) in members {
                match inner {
                    Value::String(text) if name == key => found.push(text.clone()),
                    _ => texts_under(key, inner, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts_under(key, item, found)),
        _ => {}
    }
}

/// References that no resource of the set answers; fragments are answered by `contained`.
pub(crate) fn dangling(resources: &[Value]) -> Vec<String> {
    let there: BTreeSet<String> = resources.iter().map(path).collect();
    let mut missing = Vec::new();
    for resource in resources {
        if resource["resourceType"] == "Bundle" {
            missing.extend(dangling(&entries(resource)));
            continue;
        }
        let mut references = Vec::new();
        texts_under("reference", resource, &mut references);
        for reference in references {
            let answered = match reference.strip_prefix('#') {
                Some(id) => {
                    resource["contained"].as_array().is_some_and(|inner| inner.iter().any(|one| one["id"] == id))
                }
                None => there.contains(&reference),
            };
            if !answered {
                missing.push(format!("{} -> {reference}", path(resource)));
            }
        }
    }
    missing
}

/// FNV-1a of 64 bits, for goldens.
pub(crate) fn hash(parts: impl IntoIterator<Item = impl AsRef<[u8]>>) -> u64 {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.as_ref() {
            sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    sum
}

/// A golden number of a whole family: names, texts and pictures.
pub(crate) fn family_hash(family: &Family) -> u64 {
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for file in &family.files {
        parts.push(file.file_name.clone().into_bytes());
        match &file.content {
            Content::Phr(text) | Content::Bundle(text) => parts.push(text.clone().into_bytes()),
            Content::Ndjson(files) => {
                parts.extend(files.iter().map(|(name, text)| format!("{name}{text}").into_bytes()))
            }
            Content::Container { phr, media } => {
                parts.push(phr.clone().into_bytes());
                parts.extend(media.iter().map(|one| one.bytes.clone()));
            }
        }
    }
    hash(parts)
}
