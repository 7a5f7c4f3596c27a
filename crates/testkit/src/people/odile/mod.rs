//! Odile, the grandmother: diabetes whose HbA1c falls after a drug is changed, high blood pressure, a broken wrist, a
//! pneumonia, a penicillin allergy refuted after sixty years, and two hospitals in two countries that measure the same
//! things in different units.

mod clinic;
mod clinic_care;
mod correction;
mod home;
mod penicillin;
mod pneumonia;
mod val_dore;
mod wrist;

use super::family::SourceFile;

/// All files about her, the oldest source first.
pub(crate) fn files(seed: u64) -> Vec<SourceFile> {
    let (mut st_brigid, clinic) = clinic::begin(seed);
    let mut files = vec![clinic.file];
    let (mut val_dore, summers) = val_dore::begin(seed);
    files.push(summers);
    files.push(pneumonia::file(&mut val_dore, seed));
    files.push(wrist::file(&mut st_brigid, seed));
    files.push(penicillin::file(&mut st_brigid, &clinic.penicillin));
    files.push(correction::file(&mut st_brigid, &clinic.potassium));
    files.push(home::file(seed));
    files
}
