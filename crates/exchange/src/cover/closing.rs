//! The closing Provenance, the last line of a complete export: without it a reader knows that something is missing (PHR-57).

use mecum_fhir::json::Writer;
use mecum_fhir::resource::Resource;

use super::composition::write_reference;
use super::export::{DEVICE, Export};
use super::mark::Generated;

/// The extension that holds how many lines the export has; it stands in files and never changes.
const LINE_COUNT: &str = "urn:mecum:line-count";

/// The closing Provenance of a `.phr`. `n_lines` counts every line of the export, the cover page and this one included, and
/// lines that report an error too.
pub fn closing(export: &Export<'_>, n_lines: u64) -> String {
    Writer::object(|provenance| {
        Generated::Closing.write_head(provenance, export);
        export.write_device(provenance);
        provenance.arr("extension", |extensions| {
            extensions.obj(|extension| {
                extension.str("url", LINE_COUNT).num("valueDecimal", &n_lines.to_string());
            });
        });
        provenance.arr("target", |targets| {
            targets.obj(|target| {
                target.str("reference", &Generated::Cover.reference(export));
            });
        });
        provenance.str("recorded", &export.made_at()).obj("activity", |activity| {
            activity.arr("coding", |codings| {
                codings.obj(|coding| {
                    coding.str("system", "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle");
                    coding.str("code", "extract");
                });
            });
        });
        provenance.arr("agent", |agents| {
            agents.obj(|agent| {
                agent.obj("type", |kind| {
                    kind.arr("coding", |codings| {
                        codings.obj(|coding| {
                            coding.str("system", "http://terminology.hl7.org/CodeSystem/provenance-participant-type");
                            coding.str("code", "assembler");
                        });
                    });
                });
                write_reference(agent, "who", DEVICE);
            });
        });
    })
}

/// How many lines a closing Provenance says that its export has. None if it does not say.
pub(crate) fn lines_of_closing(provenance: &Resource) -> Option<u64> {
    let mut extensions = provenance.root().get("extension")?.items();
    let line_count = extensions
        .find(|extension| extension.get("url").and_then(|url| url.as_str()).as_deref() == Some(LINE_COUNT))?;
    line_count.get("valueDecimal")?.as_number()?.parse().ok()
}
