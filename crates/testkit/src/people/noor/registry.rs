//! The state's register of her vaccines: mostly the practice's under other ids, one a day off, one missing, one the
//! practice does not know.

use super::practice::SCHEDULE;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering};
use crate::people::codes::vaccine;
use crate::people::datatype::spoken;
use crate::people::family::{Content, OriginKind, SourceFile};
use crate::people::house::REGISTRY;
use crate::people::member::NOOR;
use crate::people::provider::organization;

pub(super) fn file(seed: u64) -> SourceFile {
    let mut chart = Chart::new(seed, &REGISTRY, NOOR.index, Numbering::From(1));
    let patient = chart.patient(&NOOR, "7-0601-2017", "EIR-7733190");
    chart.add(patient);
    chart.add(organization(&REGISTRY));
    chart.add(chart.vaccine(NOOR.birth, vaccine::HEP_B).with("primarySource", false));
    for (index, (age, code, dose)) in SCHEDULE.into_iter().enumerate() {
        let day = (NOOR.birth + age).working();
        let (missing, a_day_late) = (index == 7, index == 11);
        if missing {
            continue;
        }
        let series = crate::people::json::object().with("doseNumberPositiveInt", dose);
        let reported = chart
            .vaccine(if a_day_late { day + 1 } else { day }, code)
            .with("primarySource", false)
            .with("reportOrigin", spoken("Reported by the provider"))
            .with("protocolApplied", [series]);
        chart.add(reported);
    }
    chart.add(chart.vaccine(Day::new(2024, 10, 19), vaccine::INFLUENZA).with("note", [given_at_school()]));
    let content = Content::Bundle(chart.take_bundle("collection", false));
    let story = "the state's register of her vaccines: one a day off, one missing, one given at school";
    SourceFile::of(&chart, OriginKind::Organization, "noor-immunization-registry.json", content, story)
}

fn given_at_school() -> crate::people::json::Json {
    crate::people::json::object().with("text", "Given at Quayside School.")
}
