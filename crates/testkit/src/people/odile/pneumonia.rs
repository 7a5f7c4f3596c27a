//! February 2019: three days in the clinic with a pneumonia, a chest X-ray and doxycycline because of the word on
//! penicillin. A container with the image and the letter.

use crate::people::calendar::Day;
use crate::people::chart::{Chart, Visit};
use crate::people::codes::{document, drug, hl7, icd10, laboratory, snomed, unit};
use crate::people::datatype::concept;
use crate::people::encounter::STAY;
use crate::people::family::{Content, Media, OriginKind, SourceFile};
use crate::people::imaging::Study;
use crate::people::medication::by_mouth;
use crate::people::member::ODILE;
use crate::people::observation::Vitals;
use crate::people::prng::Prng;
use crate::people::{pdf, picture};

pub(super) fn file(chart: &mut Chart, seed: u64) -> SourceFile {
    let day = Day::new(2019, 2, 12);
    let image = Media::new("media/thorax-face.png", "image/png", picture::chest(&mut Prng::new(seed, 71), true));
    let letter = Media::new("media/compte-rendu-hospitalisation.pdf", "application/pdf", letter());
    add_patient(chart);
    let visit = chart.visit(day, 1130, STAY, ("vasseur", "Fièvre et toux depuis quatre jours"));
    let codes = [snomed::PNEUMONIA, icd10("J18.9", "Pneumopathie, sans précision")];
    let diagnosis = chart.diagnosis(&visit, &codes, 21);
    let pneumonia = chart.add(diagnosis);
    add_course(chart, &visit, &pneumonia);
    add_image(chart, &visit, &image);
    let summary = chart
        .document(document::DISCHARGE_SUMMARY, &chart.time(day + 3, 690), letter.attachment())
        .with("description", "Compte rendu d'hospitalisation, pneumopathie, février 2019");
    chart.add(summary);
    let made = chart.time(day + 20, 600);
    let cover = chart.cover("couverture-2019", &made, "Séjour de février 2019, Odile Maravel".to_owned());
    chart.lead(cover);
    let content = Content::Container { phr: chart.take_phr(), media: vec![image, letter] };
    let story = "a pneumonia in 2019 with the chest X-ray, treated without penicillin because of what she had been \
        told as a child";
    SourceFile::of(chart, OriginKind::Organization, "odile-pneumonie-2019.sphr", content, story)
}

fn add_patient(chart: &mut Chart) {
    let patient = chart.patient(&ODILE, "1", "2009-000731");
    chart.add(patient);
    chart.add_house(&["vasseur", "delacourt"]);
}

fn add_course(chart: &mut Chart, visit: &Visit, pneumonia: &str) {
    let first = Vitals {
        pressure: Some((148, 84)),
        pulse: Some(104),
        breaths: Some(24),
        temperature: Some(389),
        oxygen: Some(91),
        ..Vitals::default()
    };
    chart.add_vitals(visit, first);
    for (hours, value) in [(1, 164), (26, 121), (50, 58)] {
        let taken = chart.time(visit.day, 1130 + hours * 60);
        let later = Visit { time: taken, ..visit.clone() };
        chart.add(chart.lab(&later, &laboratory::CRP, value));
    }
    let last = Visit { time: chart.time(visit.day + 20, 560), ..visit.clone() };
    chart.add(chart.lab_below(&last, &laboratory::CRP, 5));
    let culture = chart
        .lab_without_value(visit, &laboratory::CRP)
        .with("code", crate::people::codes::loinc("600-7", "Bacteria identified in Blood by Culture").concept())
        .without_value("not-performed", "Not Performed")
        .note("Hémoculture non prélevée.");
    chart.add(culture);
    let twice = by_mouth("une gélule matin et soir pendant sept jours", "1", unit::CAPSULE, 2);
    let treated = chart
        .course(visit, &[drug::DOXYCYCLINE_ATC], twice, 7)
        .points_at("reasonReference", &[pneumonia.to_owned()])
        .note("Pas de pénicilline : allergie rapportée.");
    chart.add(treated);
    let fever = by_mouth("un comprimé si fièvre, au plus trois par jour", "1", unit::TABLET, 3);
    chart.add(chart.as_needed(visit, &[drug::PARACETAMOL_ATC], fever).with("status", "completed"));
}

fn add_image(chart: &mut Chart, visit: &Visit, image: &Media) {
    let words = "Radiographie du thorax de face";
    let study =
        Study { modality: hl7::modality("DX", "Digital Radiography"), site: snomed::CHEST, words, number: 19_212 };
    let order = chart.add(chart.order(visit, snomed::CHEST_X_RAY.concept()));
    let study = chart.add(chart.study(visit, &study).points_at("basedOn", std::slice::from_ref(&order)));
    let picture = chart.add(chart.picture(visit, image, snomed::CHEST, (460, 480)));
    let conclusion = "Opacité alvéolaire de la base droite, en faveur d'une pneumopathie. Pas d'épanchement.";
    let link = crate::people::json::object().with("link", crate::people::datatype::reference(&picture));
    let reading = chart
        .reading(visit, concept(&[document::CHEST_PA_LATERAL], words), "delacourt", conclusion)
        .points_at("basedOn", &[order])
        .points_at("imagingStudy", &[study])
        .with("media", [link]);
    chart.add(reading);
    let reference = chart.document(document::IMAGING_STUDY, &visit.time, image.attachment()).with("description", words);
    chart.add(reference);
}

fn letter() -> Vec<u8> {
    pdf::letter(
        "Clinique du Val-Doré - Compte rendu d'hospitalisation",
        &[
            "Patiente : Odile MARAVEL, née Bérenguier le 21 mai 1949. Séjour du 12 au 15 février 2019. Document \
            synthétique.",
            "Motif : fièvre à 38,9 °C, toux grasse et fatigue depuis quatre jours. Saturation 91 % en air ambiant, \
            fréquence respiratoire 24/min.",
            "Examens : CRP 164 mg/L à l'entrée, 58 mg/L à la sortie. Radiographie du thorax : opacité alvéolaire de \
            la base droite, sans épanchement.",
            "Traitement : doxycycline 100 mg matin et soir pendant sept jours. La pénicilline n'a pas été utilisée, \
            la patiente rapportant une allergie \
             dans l'enfance ; un bilan allergologique est conseillé.",
            "Évolution favorable, apyrexie au deuxième jour. Contrôle de la CRP trois semaines plus tard : inférieure \
            à 5 mg/L.",
            "Dr Benoît Vasseur",
        ],
    )
}
