//! Sections of a Composition that are references, as in every published sample: their run becomes the entries of one section.

use std::ops::Range;

use mecum_fhir::definitions::{Found, definitions};
use mecum_fhir::json::{Element, Kind};

use super::kind::RepairKind;
use super::plan::Step;
use super::walk::{Fate, Walk};

/// The names a Reference has beyond those of every element; a section has none of them.
const REFERENCE_NAMES: [&str; 4] = ["reference", "type", "identifier", "display"];

/// Whether an element holds sections.
pub(super) fn are_sections(found: &Found) -> bool {
    found.of.name() == "Composition.section"
}

/// Whether an item among sections is a Reference and nothing else (PHR-14).
pub(super) fn is_bare_reference(item: Element<'_>) -> bool {
    let has_text = item.get("reference").is_some_and(|text| text.kind() == Kind::String);
    has_text && item.members().all(|member| REFERENCE_NAMES.contains(&member.key.as_ref()))
}

impl<'j> Walk<'j> {
    /// Walks a bare reference among sections: one that is not void extends `run`.
    pub(super) fn reference_in_place_of_section(
        &mut self,
        index: usize,
        item: Element<'j>,
        run: &mut Option<Run>,
    ) -> Fate {
        let Some(reference) = definitions().type_named("Reference") else { return Fate::Kept };
        let fate = self.object(item, reference);
        if fate == Fate::Kept {
            run.get_or_insert(Run { index, span: item.span() }).span.end = item.span().end;
        }
        fate
    }

    /// Makes one section of the run of references that ends here.
    pub(super) fn end_run(&mut self, run: Option<Run>) {
        let Some(run) = run else { return };
        self.plan.enter(Step::Item(run.index));
        self.plan.insert(run.span.start, r#"{"entry":["#);
        self.plan.insert(run.span.end, "]}");
        self.plan.note(RepairKind::ReferencesToSection);
        self.plan.leave();
    }
}

/// Bare references one after another.
pub(super) struct Run {
    /// The index of the first.
    index: usize,
    /// From the start of the first to the end of the last.
    span: Range<usize>,
}
