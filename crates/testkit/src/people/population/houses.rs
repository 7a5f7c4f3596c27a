//! Where strangers are treated: a small fixed directory that all populations share.

use crate::people::calendar::Zone;
use crate::people::codes::snomed;
use crate::people::datatype::Code;
use crate::people::house::{Doctor, House};

const fn doctor(id: &'static str, given: &'static str, family: &'static str, specialty: Code) -> Doctor {
    Doctor { id, given, family, specialty, number: id }
}

const fn house(
    id: &'static str,
    name: &'static str,
    town: (&'static str, &'static str),
    staff: &'static [Doctor],
) -> House {
    House {
        id,
        name,
        base: "https://directory.example/fhir/",
        numbers: "https://directory.example/ids/person",
        zone: Zone::NewEngland,
        phone: "+1 555 0100",
        address: ["1 Main Street", town.0, "MA", town.1, "US"],
        staff,
    }
}

/// The organizations with three clinicians each.
pub(super) const HOUSES: [House; 6] = [
    house(
        "ellery-general",
        "Ellery General Hospital",
        ("Ellery", "02998"),
        &[
            doctor("d-1001", "Ayşe", "Korkutan", snomed::INTERNAL_MEDICINE),
            doctor("d-1002", "Paulo", "Serrãozinho", snomed::CARDIOLOGY),
            doctor("d-1003", "Ruth", "Ellerman", snomed::EMERGENCY_MEDICINE),
        ],
    ),
    house(
        "saltmarsh-clinic",
        "Saltmarsh Clinic",
        ("Saltmarsh", "02997"),
        &[
            doctor("d-2001", "Maren", "Tveitnes", snomed::GENERAL_PRACTICE),
            doctor("d-2002", "Obi", "Nwachuku", snomed::ENDOCRINOLOGY),
            doctor("d-2003", "Lena", "Wiśniarska", snomed::PEDIATRICS),
        ],
    ),
    house(
        "quarry-falls",
        "Quarry Falls Health Center",
        ("Quarry Falls", "02996"),
        &[
            doctor("d-3001", "Jonas", "Ekelöf", snomed::GENERAL_PRACTICE),
            doctor("d-3002", "Farida", "Rahmanova", snomed::OBSTETRICS),
            doctor("d-3003", "Sam", "Whitby-Cole", snomed::RADIOLOGY),
        ],
    ),
    house(
        "winterbourne",
        "Winterbourne Medical Group",
        ("Winterbourne", "02995"),
        &[
            doctor("d-4001", "Inés", "Larrañaga", snomed::INTERNAL_MEDICINE),
            doctor("d-4002", "Dmitri", "Halvorin", snomed::ALLERGY),
            doctor("d-4003", "Grace", "Adomako", snomed::PEDIATRICS),
        ],
    ),
    house(
        "new-harlow",
        "New Harlow Family Doctors",
        ("New Harlow", "02994"),
        &[
            doctor("d-5001", "Théo", "Marchadier", snomed::GENERAL_PRACTICE),
            doctor("d-5002", "Yuki", "Hoshinaga", snomed::GENERAL_PRACTICE),
            doctor("d-5003", "Clare", "O'Dunnigan", snomed::EMERGENCY_MEDICINE),
        ],
    ),
    house(
        "greyfield",
        "Greyfield University Hospital",
        ("Greyfield", "02992"),
        &[
            doctor("d-6001", "Levan", "Tskhovrebi", snomed::CARDIOLOGY),
            doctor("d-6002", "Ana", "Petrovičová", snomed::ENDOCRINOLOGY),
            doctor("d-6003", "Noah", "Fensterwald", snomed::RADIOLOGY),
        ],
    ),
];
