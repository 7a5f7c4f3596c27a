//! Rules of definitions: value sets, operations, capabilities and the like.

use super::Test::{Holds, NeededWhen, NotBoth, NotWhen, OneOf, OnlyWhen, SomeOf, With};
use super::values::{are_distinct, text};
use super::{Rule, rule};
use crate::json::Element;

pub(super) const RULES: &[Rule] = &[
    rule("CapabilityStatement", "cpb-1", SomeOf(&["rest", "messaging", "document"])),
    rule("CapabilityStatement", "cpb-2", SomeOf(&["description", "software", "implementation"])),
    rule("CapabilityStatement", "cpb-14", NeededWhen(&["implementation"], "kind", &["instance"])),
    rule("CapabilityStatement", "cpb-15", NotWhen(&["implementation"], "kind", &["capability"])),
    rule("CapabilityStatement", "cpb-15", NeededWhen(&["software"], "kind", &["capability"])),
    rule("CapabilityStatement", "cpb-16", NotWhen(&["implementation", "software"], "kind", &["requirements"])),
    rule("CodeSystem", "csd-1", Holds(|system| are_distinct(system, "concept", "code"), "a code is there once")),
    rule("ConceptMap.group.element.target", "cmd-1", NeededWhen(&["comment"], "equivalence", &["narrower", "inexact"])),
    rule("ConceptMap.group.unmapped", "cmd-2", NeededWhen(&["code"], "mode", &["fixed"])),
    rule("ConceptMap.group.unmapped", "cmd-3", NeededWhen(&["url"], "mode", &["other-map"])),
    rule("MeasureReport", "mrp-1", NotWhen(&["group"], "type", &["data-collection"])),
    rule("OperationDefinition.parameter", "opd-1", SomeOf(&["type", "part"])),
    rule("OperationDefinition.parameter", "opd-2", OnlyWhen(&["searchType"], "type", &["string"])),
    rule(
        "OperationDefinition.parameter",
        "opd-3",
        Holds(target_is_referred_to, "only a Reference or canonical has a targetProfile"),
    ),
    rule("SearchParameter", "spd-1", With("xpath", "xpathUsage")),
    rule("SearchParameter", "spd-2", OnlyWhen(&["chain"], "type", &["reference"])),
    rule("StructureDefinition", "sdf-6", SomeOf(&["snapshot", "differential"])),
    rule("StructureDefinition.mapping", "sdf-2", SomeOf(&["name", "uri"])),
    rule("StructureMap.group.rule.target", "smp-1", With("element", "context")),
    rule("StructureMap.group.rule.target", "smp-2", With("context", "contextType")),
    rule("TestReport.test.action", "inv-2", OneOf(&["operation", "assert"])),
    rule("TestScript.setup.action", "tst-1", OneOf(&["operation", "assert"])),
    rule("TestScript.test.action", "tst-2", OneOf(&["operation", "assert"])),
    rule("TerminologyCapabilities", "tcp-2", SomeOf(&["description", "software", "implementation"])),
    rule("ValueSet.compose.include", "vsd-1", SomeOf(&["valueSet", "system"])),
    rule("ValueSet.compose.include", "vsd-2", With("concept", "system")),
    rule("ValueSet.compose.include", "vsd-2", With("filter", "system")),
    rule("ValueSet.compose.include", "vsd-3", NotBoth(&["concept", "filter"])),
    rule("ValueSet.expansion.contains", "vsd-6", SomeOf(&["code", "display"])),
    rule("ValueSet.expansion.contains", "vsd-9", Holds(is_code_or_abstract, "needs a code unless it is abstract")),
    rule("ValueSet.expansion.contains", "vsd-10", With("code", "system")),
];

fn target_is_referred_to(parameter: Element<'_>) -> bool {
    let of = text(parameter, "type");
    parameter.get("targetProfile").is_none() || of.is_some_and(|of| of == "Reference" || of == "canonical")
}

fn is_code_or_abstract(contains: Element<'_>) -> bool {
    contains.get("code").is_some() || contains.get("abstract").and_then(Element::as_bool) == Some(true)
}
