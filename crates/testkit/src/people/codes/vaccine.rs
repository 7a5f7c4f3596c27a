//! Vaccines (CVX).

use crate::people::datatype::Code;

const fn cvx(code: &'static str, display: &'static str) -> Code {
    Code::new("http://hl7.org/fhir/sid/cvx", code, display)
}

pub(crate) const TDAP: Code = cvx("115", "Tdap");
pub(crate) const TD: Code = cvx("113", "Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed");
pub(crate) const DTAP: Code = cvx("20", "DTaP");
pub(crate) const DTAP_HEPB_IPV: Code = cvx("110", "DTaP-Hep B-IPV");
pub(crate) const DTAP_IPV: Code = cvx("130", "DTaP-IPV");
pub(crate) const HEP_B: Code = cvx("08", "Hep B, adolescent or pediatric");
pub(crate) const HEP_A: Code = cvx("83", "Hep A, ped/adol, 2 dose");
pub(crate) const HIB: Code = cvx("48", "Hib (PRP-T)");
pub(crate) const PCV13: Code = cvx("133", "Pneumococcal conjugate PCV 13");
pub(crate) const PPV23: Code = cvx("33", "Pneumococcal polysaccharide PPV23");
pub(crate) const ROTAVIRUS: Code = cvx("119", "rotavirus, monovalent");
pub(crate) const MMR: Code = cvx("03", "MMR");
pub(crate) const VARICELLA: Code = cvx("21", "varicella");
pub(crate) const INFLUENZA: Code = cvx("150", "Influenza, split virus, quadrivalent, PF");
pub(crate) const ZOSTER: Code = cvx("187", "zoster recombinant");
pub(crate) const COVID_PFIZER: Code = cvx("208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose");
