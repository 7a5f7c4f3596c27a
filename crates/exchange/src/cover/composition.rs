//! The cover page: a Composition that says whose record it is and what is in it, by kind (PHR-70, PHR-71, PHR-94).

use std::collections::BTreeMap;
use std::fmt::Write;

use mecum_fhir::json::{ObjectWriter, Writer};
use mecum_fhir::reference::ResourceType;

use super::export::{DEVICE, Export};
use super::mark::Generated;
use super::section::SectionKind;

/// The cover page of a `.phr`, its first line: how many resources of each type there are, counted by the caller before the
/// first line goes out. Types that occur twice are added up; those with none are left out.
pub fn cover(export: &Export<'_>, counts: &[(ResourceType, u64)]) -> String {
    let mut sections: BTreeMap<SectionKind, BTreeMap<&str, u64>> = BTreeMap::new();
    for (resource_type, count) in counts.iter().filter(|(_, count)| *count > 0) {
        *sections.entry(SectionKind::of(*resource_type)).or_default().entry(resource_type.name()).or_default() += count;
    }
    write(export, sections, |section, counts| {
        section.obj("text", |text| {
            text.str("status", "generated").str("div", &list_of(&counts));
        });
    })
}

/// The Composition of a document, which must refer to everything in it (PHR-54).
pub(super) fn table_of_contents<'e>(
    export: &Export<'_>,
    entries: impl IntoIterator<Item = (ResourceType, &'e str)>,
) -> String {
    let mut sections: BTreeMap<SectionKind, Vec<String>> = BTreeMap::new();
    for (resource_type, id) in entries {
        sections.entry(SectionKind::of(resource_type)).or_default().push(format!("{}/{id}", resource_type.name()));
    }
    write(export, sections, |section, references| {
        section.arr("entry", |entries| {
            for reference in &references {
                entries.obj(|entry| {
                    entry.str("reference", reference);
                });
            }
        });
    })
}

fn write<C>(
    export: &Export<'_>,
    sections: BTreeMap<SectionKind, C>,
    mut write_content: impl FnMut(&mut ObjectWriter<'_>, C),
) -> String {
    Writer::object(|composition| {
        Generated::Cover.write_head(composition, export);
        export.write_device(composition);
        composition.str("status", "final").obj("type", |concept| {
            write_loinc(concept, "11503-0");
            concept.str("text", "Personal health record");
        });
        write_reference(composition, "subject", export.patient);
        composition.str("date", &export.made_at()).arr("author", |authors| {
            authors.obj(|author| {
                author.str("reference", DEVICE);
            });
        });
        composition.str("title", "Personal health record");
        composition.str_some("confidentiality", export.confidentiality.map(|label| label.code()));
        composition.arr_some("section", |list| {
            for (kind, content) in sections {
                list.obj(|section| {
                    section.str("title", kind.title());
                    section.obj_some("code", |concept| {
                        if let Some(code) = kind.loinc() {
                            write_loinc(concept, code);
                        }
                    });
                    write_content(section, content);
                });
            }
        });
    })
}

/// Writes a Reference with nothing but its text.
pub(super) fn write_reference(object: &mut ObjectWriter<'_>, key: &str, reference: &str) {
    object.obj(key, |element| {
        element.str("reference", reference);
    });
}

fn write_loinc(concept: &mut ObjectWriter<'_>, code: &str) {
    concept.arr("coding", |codings| {
        codings.obj(|coding| {
            coding.str("system", "http://loinc.org").str("code", code);
        });
    });
}

fn list_of(counts: &BTreeMap<&str, u64>) -> String {
    let mut div = String::from(r#"<div xmlns="http://www.w3.org/1999/xhtml"><ul>"#);
    for (name, count) in counts {
        // Writing into a String cannot fail.
        let _ = write!(div, "<li>{name}: {count}</li>");
    }
    div.push_str("</ul></div>");
    div
}
