//! The organizations that keep records of the family, and the people who work there. All invented.

use super::calendar::Zone;
use super::codes::snomed;
use super::datatype::Code;

/// An organization that keeps records.
pub(crate) struct House {
    /// Its id, and the ids of its Location and staff by extension.
    pub(crate) id: &'static str,
    /// Its name.
    pub(crate) name: &'static str,
    /// Where its FHIR server would be; full URLs of its Bundles begin so.
    pub(crate) base: &'static str,
    /// The system of its record numbers.
    pub(crate) numbers: &'static str,
    /// Where its clocks hang.
    pub(crate) zone: Zone,
    /// Telephone.
    pub(crate) phone: &'static str,
    /// Street, town, state (may be empty), postal code and country.
    pub(crate) address: [&'static str; 5],
    /// Who works there.
    pub(crate) staff: &'static [Doctor],
}

/// A clinician.
pub(crate) struct Doctor {
    /// The id of the Practitioner.
    pub(crate) id: &'static str,
    /// First name.
    pub(crate) given: &'static str,
    /// Family name.
    pub(crate) family: &'static str,
    /// What she or he does.
    pub(crate) specialty: Code,
    /// A number at the organization.
    pub(crate) number: &'static str,
}

const fn doctor(id: &'static str, name: (&'static str, &'static str), specialty: Code, number: &'static str) -> Doctor {
    Doctor { id, given: name.0, family: name.1, specialty, number }
}

/// A hospital in New England: conventional units, LOINC, RxNorm, ICD-10-CM.
pub(crate) const ST_BRIGID: House = House {
    id: "st-brigid",
    name: "St. Brigid Hospital",
    base: "https://fhir.st-brigid.example/r4/",
    numbers: "https://st-brigid.example/ids/mrn",
    zone: Zone::NewEngland,
    phone: "+1 555 0142",
    address: ["400 Beacon Hill Road", "Port Ellery", "MA", "02999", "US"],
    staff: &[
        doctor("okonjo", ("Ngozi", "Okonjo"), snomed::INTERNAL_MEDICINE, "SB-1101"),
        doctor("halloran", ("Maeve", "Halloran"), snomed::EMERGENCY_MEDICINE, "SB-1207"),
        doctor("lindqvist", ("Karin", "Lindqvist"), snomed::RADIOLOGY, "SB-1312"),
        doctor("banerjee", ("Anand", "Banerjee"), snomed::ALLERGY, "SB-1419"),
        doctor("ferrante", ("Lucia", "Ferrante"), snomed::OBSTETRICS, "SB-1523"),
        doctor("tanaka", ("Haruki", "Tanaka"), snomed::CARDIOLOGY, "SB-1630"),
    ],
};

/// A clinic in France: SI units, its own laboratory codes beside LOINC, ATC, the world's ICD-10.
pub(crate) const VAL_DORE: House = House {
    id: "val-dore",
    name: "Clinique du Val-Doré",
    base: "https://fhir.val-dore.example/",
    numbers: "https://val-dore.example/ids/ipp",
    zone: Zone::France,
    phone: "+33 5 55 01 42 00",
    address: ["12 allée des Tilleuls", "Val-Doré", "", "87999", "FR"],
    staff: &[
        doctor("vasseur", ("Benoît", "Vasseur"), snomed::GENERAL_PRACTICE, "VD-07"),
        doctor("delacourt", ("Élise", "Delacourt"), snomed::RADIOLOGY, "VD-12"),
        doctor("nguyen", ("Minh", "Nguyên"), snomed::ENDOCRINOLOGY, "VD-21"),
    ],
};

/// The family's practice by the harbour.
pub(crate) const HARBOR: House = House {
    id: "harbor",
    name: "Harbor Family Practice",
    base: "https://ehr.harbor-practice.example/fhir/",
    numbers: "urn:oid:2.16.840.1.113883.19.5.4",
    zone: Zone::NewEngland,
    phone: "+1 555 0177",
    address: ["8 Quay Street", "Port Ellery", "MA", "02999", "US"],
    staff: &[
        doctor("whitlock", ("Joan", "Whitlock"), snomed::GENERAL_PRACTICE, "HFP-1"),
        doctor("adeyemi", ("Tunde", "Adeyemi"), snomed::PEDIATRICS, "HFP-2"),
    ],
};

/// The state's register of immunizations.
pub(crate) const REGISTRY: House = House {
    id: "registry",
    name: "Ellery State Immunization Registry",
    base: "https://iis.ellery-state.example/fhir/",
    numbers: "https://iis.ellery-state.example/ids/person",
    zone: Zone::NewEngland,
    phone: "+1 555 0109",
    address: ["1 Commonwealth Square", "Ellery", "MA", "02998", "US"],
    staff: &[],
};

/// The father's health insurer.
pub(crate) const INSURER: House = House {
    id: "lighthouse",
    name: "Lighthouse Mutual Health Plan",
    base: "https://claims.lighthouse-mutual.example/fhir/",
    numbers: "https://lighthouse-mutual.example/ids/member",
    zone: Zone::NewEngland,
    phone: "+1 555 0188",
    address: ["77 Signal Street", "Ellery", "MA", "02998", "US"],
    staff: &[],
};

impl Doctor {
    /// `Practitioner/id`.
    pub(crate) fn path(&self) -> String {
        format!("Practitioner/{}", self.id)
    }
}
