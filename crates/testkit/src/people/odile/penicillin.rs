//! September 2023: the penicillin allergy is tested and refuted. A visit summary as a document Bundle in which the
//! allergy of 1998 comes in a new version.

use crate::people::allergy::reaction;
use crate::people::calendar::Day;
use crate::people::chart::Chart;
use crate::people::codes::hl7::{allergy_clinical, allergy_verification};
use crate::people::codes::{document, drug, hl7, snomed, unit};
use crate::people::datatype::{reference, spoken};
use crate::people::document::section;
use crate::people::encounter::CHECK_UP;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::json::{list, object, text};
use crate::people::medication::by_mouth;
use crate::people::member::ODILE;
use crate::people::observation::Vitals;
use crate::people::resource::Resource;

pub(super) fn file(chart: &mut Chart, allergy: &Resource) -> SourceFile {
    let day = Day::new(2023, 9, 26);
    let patient = chart.patient(&ODILE, "20417", "SB-0020417");
    chart.add(patient);
    chart.add_doctor("banerjee");
    let visit = chart.visit(day, 575, CHECK_UP, ("banerjee", "Penicillin allergy recorded since childhood"));
    let vitals = Vitals { pressure: Some((132, 76)), pulse: Some(70), oxygen: Some(98), ..Vitals::default() };
    let vitals = chart.add_vitals(&visit, vitals);
    let pricked = chart.procedure(&visit, snomed::PRICK_TEST.concept()).with("bodySite", [spoken("Left forearm")]);
    let pricked = chart.add(pricked);
    let negative = chart
        .observe(&visit, hl7::PROCEDURE, spoken("Skin test with penicillin reagents"))
        .found(snomed::NEGATIVE)
        .with("interpretation", [hl7::NEGATIVE.bare()])
        .points_at("partOf", std::slice::from_ref(&pricked));
    let negative = chart.add(negative);
    let challenge = chart
        .procedure(&visit, spoken("Oral challenge with amoxicillin 500 mg, two hours of observation"))
        .with("outcome", spoken("Tolerated without any reaction"))
        .with("usedCode", [drug::AMOXICILLIN.concept()]);
    let challenge = chart.add(challenge);
    let given = by_mouth("500 mg once, under observation", "500", unit::MG, 1);
    let given = chart.add(chart.course(&visit, &[drug::AMOXICILLIN], given, 1));
    let refuted = refuted(allergy, &chart.time(day, 740));
    let refuted = chart.add(refuted);
    let sections = [
        section("Allergies", document::ALLERGIES, &[refuted]),
        section("Tests", document::RESULTS, &[negative]),
        section("Procedures", document::PROCEDURES, &[pricked, challenge]),
        section("Vital signs", document::VITALS, &vitals),
        section("Medicines given", document::MEDICATIONS, &[given]),
    ];
    let composition = composition(chart, &visit.encounter, &chart.time(day, 760)).with("section", list(sections));
    chart.lead(composition);
    let bundle = chart.take_document("visit-2023-09-26", &chart.time(day, 760));
    let content = Content::Bundle(bundle.into_json().compact());
    let story = "the penicillin allergy of sixty years is tested and refuted; France still warns of it";
    SourceFile::of(chart, OriginKind::Organization, "odile-allergy-clinic-2023.json", content, story)
}

/// The allergy under the id it always had, no longer held to be one.
fn refuted(allergy: &Resource, recorded: &str) -> Resource {
    allergy
        .clone()
        .version("2", text(recorded))
        .with("clinicalStatus", allergy_clinical("inactive", "Inactive").bare())
        .with("verificationStatus", allergy_verification("refuted", "Refuted").bare())
        .with("criticality", "low")
        .points("recorder", "Practitioner/banerjee")
        .with(
            "reaction",
            [reaction(snomed::ERUPTION, "mild", "Rash in childhood; on questioning, with a viral fever.")],
        )
        .note("Skin test and oral challenge negative on 26 September 2023. She may take penicillins.")
}

fn composition(chart: &Chart, encounter: &str, written: &str) -> Resource {
    let attester = object()
        .with("mode", "professional")
        .with("time", text(written))
        .with("party", reference("Practitioner/banerjee"));
    chart
        .about("Composition")
        .with("status", "final")
        .with("type", document::EPISODE_SUMMARY.concept())
        .points("encounter", encounter)
        .with("date", text(written))
        .with("author", [reference("Practitioner/banerjee")])
        .with("title", "Visit summary: penicillin allergy testing")
        .with("attester", [attester])
        .points("custodian", &chart.organization())
        .narrative("<p>Tested for penicillin allergy: <b>none found</b>.</p>")
}
