//! Laboratory results: Observation with its reference range and judgement, Specimen, ServiceRequest and the
//! DiagnosticReport that gathers them.

use super::chart::{Chart, Visit};
use super::codes::laboratory::{Panel, Test};
use super::codes::{hl7, snomed};
use super::datatype::{Code, concept, fixed, quantity, reference};
use super::json::{Json, list, object, text};
use super::resource::Resource;

/// The reference range of a test, as R4 wants it; nothing if it is open at both ends.
fn reference_range(test: &Test) -> Json {
    let limit = |value: i64| quantity(&fixed(value, test.places), test.unit);
    let (low, high) = test.range;
    object().maybe("low", low.map(limit)).maybe("high", high.map(limit))
}

fn judged(test: &Test, value: i64) -> Code {
    match test.range {
        (Some(low), _) if value < low => hl7::LOW,
        (_, Some(high)) if value > high => hl7::HIGH,
        _ => hl7::WITHIN,
    }
}

impl Chart {
    /// A result of a test at a visit, its value in the last digit that the laboratory reports.
    pub(crate) fn lab(&self, visit: &Visit, test: &Test, value: i64) -> Resource {
        self.lab_without_value(visit, test)
            .measured(&fixed(value, test.places), test.unit)
            .with("interpretation", [judged(test, value).bare()])
            .with("referenceRange", [reference_range(test)])
    }

    /// A result of a test that is known only to be below a limit.
    pub(crate) fn lab_below(&self, visit: &Visit, test: &Test, limit: i64) -> Resource {
        self.lab_without_value(visit, test)
            .bounded("<", &fixed(limit, test.places), test.unit)
            .with("referenceRange", [reference_range(test)])
    }

    /// A test of which there is no result yet; say why.
    pub(crate) fn lab_without_value(&self, visit: &Visit, test: &Test) -> Resource {
        self.observe(visit, hl7::LABORATORY, concept(test.codes, test.name))
            .with("issued", text(&visit.time))
            .with("performer", [reference(&self.organization())])
    }

    /// Adds results of all tests of a panel around their usual values, and a report of them.
    pub(crate) fn add_panel(&mut self, visit: &Visit, panel: &'static Panel) -> String {
        let mut results = Vec::new();
        for (test, usual, spread) in panel.members {
            let value = self.around(*usual, *spread);
            let result = self.lab(visit, test, value);
            results.push(self.add(result));
        }
        let report = self.report(visit, panel.code, &results);
        self.add(report)
    }

    /// A report of the laboratory.
    pub(crate) fn report(&self, visit: &Visit, code: Code, results: &[String]) -> Resource {
        self.about("DiagnosticReport")
            .with("status", "final")
            .with("category", [hl7::service_section("LAB", "Laboratory").bare()])
            .with("code", code.concept())
            .points("encounter", &visit.encounter)
            .with("effectiveDateTime", text(&visit.time))
            .with("issued", text(&visit.time))
            .with("performer", [reference(&self.organization())])
            .with("result", list(results.iter().map(|result| reference(result))))
    }

    /// What was taken from the patient for the laboratory.
    pub(crate) fn specimen(&self, visit: &Visit, kind: Code) -> Resource {
        self.about("Specimen")
            .with("status", "available")
            .with("type", kind.concept())
            .with("receivedTime", text(&visit.time))
            .with("collection", object().with("collectedDateTime", text(&visit.time)))
    }

    /// An order for something to be done.
    pub(crate) fn order(&self, visit: &Visit, code: Json) -> Resource {
        self.about("ServiceRequest")
            .with("status", "completed")
            .with("intent", "order")
            .with("code", code)
            .points("encounter", &visit.encounter)
            .with("authoredOn", text(&visit.time))
            .points("requester", &visit.doctor)
    }

    /// Adds an order, the blood it took, one result that names both, and the report.
    pub(crate) fn add_ordered_lab(&mut self, visit: &Visit, test: &Test, value: i64) -> String {
        let order = self.add(self.order(visit, concept(test.codes, test.name)));
        let blood = self.add(self.specimen(visit, snomed::BLOOD));
        let result =
            self.lab(visit, test, value).points("specimen", &blood).points_at("basedOn", std::slice::from_ref(&order));
        let result = self.add(result);
        let report = self.report(visit, test.codes[0], std::slice::from_ref(&result)).points_at("basedOn", &[order]);
        self.add(report);
        result
    }
}
