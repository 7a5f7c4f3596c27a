//! Repairs of resources from outside, where only one reading is possible (PHR-13 to PHR-19); strict out, lenient in.
//!
//! - [`repair()`]: a resource with its repairs made; [`Repaired`] keeps the text it had.
//! - [`Repair`], [`RepairKind`]: what was done, and where.
//!
//! A repair is an edit by place, so what it does not touch stays byte for byte. What R4 does not define is left as it is: an
//! element of another release, of a typing error or of a vendor is kept with its content, and only dropped when it is void (null,
//! `""`, `{}` or `[]`). An object that repeats a name is left alone, and so is a Bundle that carries a signature. Repairing
//! twice is repairing once.
//!
//! The published samples hold these faults and no others that are a matter of shape: `_id` of a document database, `issued` as
//! epoch milliseconds, `clinicalStatus` as a bare code (as in STU3), `given` and `category` outside an array, empty references,
//! sections that are references. No other shape of STU3 or R5 occurs in them; a resource of those releases is kept as it is.
//! A missing `id` stays missing, a Coding without its system and a DocumentManifest without content are kept (PHR-19).

mod kind;
mod plan;
mod reading;
mod sections;
mod siblings;
mod walk;

use mecum_fhir::json::Limits;
use mecum_fhir::resource::Resource;

pub use kind::{Repair, RepairKind};

/// A resource whose repairs, if it needed any, are made.
#[derive(Clone)]
pub struct Repaired {
    /// The resource as it is to be stored.
    pub resource: Resource,
    /// What was done, what is inside before what is around it; at most 100,000 repairs.
    pub repairs: Vec<Repair>,
    source_text: Option<String>,
}

impl Repaired {
    /// The minified text before the repairs: equal input gives equal text, whatever the repairs of a later version (PHR-59).
    pub fn source_text(&self) -> &str {
        self.source_text.as_deref().unwrap_or_else(|| self.resource.text())
    }
}

impl std::fmt::Debug for Repaired {
    /// Sizes and repairs only: the texts are health data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repaired").field("resource", &self.resource).field("repairs", &self.repairs).finish()
    }
}

/// Makes the repairs that are beyond doubt. A resource that would need more than 100,000, or would break `limits` once repaired,
/// is left as it is.
pub fn repair(resource: Resource, limits: &Limits) -> Repaired {
    let mended = walk::plan(&resource).and_then(|(edits, repairs)| {
        let text = edits.apply(resource.text());
        Some((Resource::parse(text.as_bytes(), limits).ok()?, repairs))
    });
    match mended {
        None => Repaired { resource, repairs: Vec::new(), source_text: None },
        Some((mended, repairs)) => {
            Repaired { resource: mended, repairs, source_text: Some(resource.into_json().into_text()) }
        }
    }
}
