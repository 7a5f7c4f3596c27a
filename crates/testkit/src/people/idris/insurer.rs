//! His insurer's papers: a policy and a bill for each visit, among them one for a disease he does not have.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::icd10cm;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::{HARBOR, INSURER};
use crate::people::insurance::Bill;
use crate::people::member::IDRIS;
use crate::people::provider::organization;

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &INSURER, IDRIS.index, Numbering::From(884_001));
    let patient = chart.patient(&IDRIS, "LM-220871", "LM-220871");
    chart.add(patient);
    chart.add(organization(&INSURER));
    let practice = chart.add(organization(&HARBOR));
    let coverage = chart.add(chart.coverage("220871-01", Day::new(2015, 1, 1)));
    for year in 2016..=2026 {
        let day = Day::new(year, 5, 4 + year % 9).working();
        let diagnosis = icd10cm("Z00.00", "Encounter for general adult medical examination without abnormal findings");
        let bill = Bill {
            day,
            service: "Preventive visit, established patient",
            diagnosis,
            cents: 18_450 + (year - 2016) * 615,
        };
        chart.add(chart.settled(&bill, &coverage, &practice));
    }
    let diagnosis = icd10cm("I48.91", "Unspecified atrial fibrillation");
    let wrong =
        Bill { day: Day::new(2022, 5, 17), service: "Electrocardiogram with interpretation", diagnosis, cents: 9_600 };
    chart.add(chart.settled(&wrong, &coverage, &practice));
    let content = Content::Bundle(chart.take_bundle("collection", true));
    let story = "the insurer's bills, one of them for an atrial fibrillation he never had";
    SourceFile::of(&chart, OriginKind::Organization, "idris-lighthouse-claims.json", content, story)
}
