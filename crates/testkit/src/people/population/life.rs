//! A stranger's life in so many resources: who she is, who treats her, and visits from the oldest to the newest until
//! there are enough.

use super::SyntheticPerson;
use super::houses::HOUSES;
use super::names::{FAMILIES, MEN, STREETS, TOWNS, WOMEN};
use super::visits;
use crate::people::calendar::Day;
use crate::people::chart::{Chart, Numbering};
use crate::people::datatype::{human_name, telecom, typed_identifier};
use crate::people::json::{object, text};
use crate::people::member::TODAY;
use crate::people::patient::speaks;
use crate::people::prng::Prng;
use crate::people::resource::Resource;

/// What the visits need to know of a person.
pub(super) struct Life {
    /// Day of birth.
    pub(super) birth: Day,
    /// Whether pregnancies and the like can occur.
    pub(super) is_woman: bool,
    /// The day of the first visit.
    pub(super) first: Day,
    /// The ids of the staff of her house.
    pub(super) staff: [&'static str; 3],
}

/// Person `number` of a seed with `wanted` resources, at least ten.
pub(super) fn person(seed: u64, number: usize, wanted: usize) -> SyntheticPerson {
    let wanted = wanted.max(10);
    let mut prng = Prng::new(seed, number as u64 ^ 0x5EED);
    let house = prng.pick(&HOUSES);
    let is_woman = prng.chance(51);
    let given = *prng.pick(if is_woman { &WOMEN } else { &MEN });
    let family = *prng.pick(&FAMILIES);
    let birth = TODAY + -prng.between(400, 94 * 365);
    let years = ((TODAY - birth) / 365).min(22);
    let staff = [house.staff[0].id, house.staff[1].id, house.staff[2].id];
    let life = Life { birth, is_woman, first: TODAY + -(years * 365), staff };
    let mut chart = Chart::new(seed, house, number, Numbering::Uuid);
    let patient = patient(&mut chart, &mut prng, (given, family), &life);
    chart.patient = patient.path();
    let made = TODAY.at(480, house.zone);
    let id = prng.uuid();
    let cover = chart.cover("", &made, format!("Record of {given} {family}")).named(id);
    chart.add(cover);
    chart.add(patient);
    chart.add_house(&staff);
    let due = wanted.saturating_sub(chart.len()).div_ceil(visits::RESOURCES_A_VISIT).max(1) as i64;
    for visit in 0.. {
        if chart.len() >= wanted {
            break;
        }
        visits::add(&mut chart, &life, (visit, due));
    }
    let resources = chart.take().into_iter().take(wanted).map(Resource::line).collect();
    SyntheticPerson { number, name: format!("{given} {family}"), birth_date: birth.date(), resources }
}

fn patient(chart: &mut Chart, prng: &mut Prng, (given, family): (&'static str, &'static str), life: &Life) -> Resource {
    let (town, postal) = *prng.pick(&TOWNS);
    let street = format!("{} {}", prng.between(1, 240), prng.pick(&STREETS));
    let address = object()
        .with("use", "home")
        .with("line", [street])
        .with("city", town)
        .with("state", "MA")
        .with("postalCode", postal)
        .with("country", "US");
    let number = format!("P-{:07}", chart.person);
    let phone = format!("+1 555 {:04}", prng.below(10_000));
    Resource::new("Patient", prng.uuid())
        .with(
            "identifier",
            [typed_identifier("MR", "Medical record number", "https://directory.example/ids/patient", &number)],
        )
        .with("active", true)
        .with("name", [human_name(family, &[given])])
        .with("telecom", [telecom("phone", &phone, "mobile")])
        .with("gender", if life.is_woman { "female" } else { "male" })
        .with("birthDate", text(&life.birth.date()))
        .with("address", [address])
        .with("communication", [speaks("en", "English", true)])
        .points("managingOrganization", &chart.organization())
}
