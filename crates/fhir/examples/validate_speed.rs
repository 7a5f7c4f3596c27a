//! How long validation takes: `cargo run --release -p mecum-fhir --example validate_speed [FILE.json …]`. Without
//! files, three made-up resources. The entries of a Bundle count as resources.

use std::time::{Duration, Instant};

use mecum_fhir::definitions::definitions;
use mecum_fhir::json::{Json, Limits};
use mecum_fhir::validate::validate;

const ROUND: Duration = Duration::from_millis(500);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let n_types = definitions().resource_types().count();
    println!("definitions of {n_types} resource types read in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);

    let mut texts: Vec<Vec<u8>> = Vec::new();
    for file in std::env::args().skip(1) {
        texts.push(std::fs::read(file)?);
    }
    if texts.is_empty() {
        texts.extend(MADE_UP.map(Vec::from));
    }
    let parsed: Vec<Json> = texts.iter().map(|text| Json::parse(text, &Limits::default())).collect::<Result<_, _>>()?;
    let n_resources: usize =
        parsed.iter().map(|json| json.root().get("entry").map_or(1, |entries| entries.len())).sum();
    let n_bytes: usize = parsed.iter().map(|json| json.text().len()).sum();
    let n_issues: usize = parsed.iter().map(|json| validate(json).len()).sum();
    println!("{n_resources} resources, {} bytes each on average, {n_issues} issues", n_bytes / n_resources);

    let parse =
        per_resource(n_resources, || texts.iter().filter(|text| Json::parse(text, &Limits::default()).is_ok()).count());
    let check = per_resource(n_resources, || parsed.iter().map(|json| validate(json).len()).sum());
    println!("parse {parse:.2} µs, validate {check:.2} µs a resource");
    Ok(())
}

/// The best of three rounds, in microseconds a resource.
fn per_resource(n_resources: usize, work: impl Fn() -> usize) -> f64 {
    let round = || {
        let (start, mut n_runs) = (Instant::now(), 0.0);
        while start.elapsed() < ROUND {
            std::hint::black_box(work());
            n_runs += 1.0;
        }
        start.elapsed().as_secs_f64() * 1e6 / n_runs / n_resources as f64
    };
    (0..3).map(|_| round()).fold(f64::INFINITY, f64::min)
}

const MADE_UP: [&str; 3] = [
    r##"{"resourceType":"Observation","id":"bp-2031","meta":{"versionId":"3",
        "lastUpdated":"2031-04-02T09:12:44.120+02:00","profile":["http://hl7.org/fhir/StructureDefinition/bp"]},
        "text":{"status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>Blood pressure</b>: 127/81 mm[Hg]</p></div>"},
        "identifier":[{"use":"official","system":"urn:oid:2.16.840.1.113883.3.99.1","value":"bp-2031"}],
        "status":"final","category":[{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs",
        "display":"Vital Signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9",
        "display":"Blood pressure panel"}],"text":"Blood pressure"},"subject":{"reference":"Patient/made-up-1"},
        "encounter":{"reference":"Encounter/made-up-9"},"effectiveDateTime":"2031-04-02T09:10:00+02:00",
        "performer":[{"reference":"Practitioner/made-up-4","display":"A. Nurse"}],"bodySite":{"coding":[{
        "system":"http://snomed.info/sct","code":"368208006"}],"text":"Left arm"},"component":[{"code":{
        "coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic"}]},"valueQuantity":{
        "value":127,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"},"referenceRange":[{
        "high":{"value":130,"unit":"mmHg"}}]},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4",
        "display":"Diastolic"}]},"valueQuantity":{"value":81,"unit":"mmHg","system":"http://unitsofmeasure.org",
        "code":"mm[Hg]"}}]}"##,
    r##"{"resourceType":"MedicationRequest","id":"rx-77","contained":[{"resourceType":"Medication","id":"m1",
        "code":{"text":"Metformin 500 mg tablets"},"ingredient":[{"itemCodeableConcept":{"text":"metformin"},
        "strength":{"numerator":{"value":500,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},
        "denominator":{"value":1,"unit":"tablet"}}}]}],"identifier":[{"system":"https://clinic.example/rx",
        "value":"77"}],"status":"active","intent":"order","category":[{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/medicationrequest-category","code":"outpatient"}]}],
        "medicationReference":{"reference":"#m1"},"subject":{"reference":"Patient/made-up-1"},
        "authoredOn":"2031-03-28","requester":{"reference":"Practitioner/made-up-2","display":"Dr. B. Example"},
        "reasonCode":[{"text":"Type 2 diabetes"}],"note":[{"authorString":"Dr. B. Example",
        "time":"2031-03-28T11:00:00Z","text":"With meals; check kidney function in three months."}],
        "dosageInstruction":[{"sequence":1,"text":"one tablet twice a day with meals","timing":{"repeat":{
        "boundsPeriod":{"start":"2031-03-28","end":"2031-09-28"},"frequency":2,"period":1,"periodUnit":"d",
        "when":["CM","CV"]}},"route":{"text":"oral"},"doseAndRate":[{"doseQuantity":{"value":1,
        "unit":"tablet"}}]}],"dispenseRequest":{"validityPeriod":{"start":"2031-03-28","end":"2032-03-28"},
        "numberOfRepeatsAllowed":3,"quantity":{"value":60,"unit":"tablet"},"expectedSupplyDuration":{"value":30,
        "unit":"days","system":"http://unitsofmeasure.org","code":"d"}},"substitution":{"allowedBoolean":true}}"##,
    r##"{"resourceType":"Patient","id":"made-up-1","meta":{"lastUpdated":"2031-01-01T00:00:00Z"},"text":{
        "status":"generated",
        "div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul><li>Nora <b>Madeup</b></li></ul></div>"},
        "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{
        "city":"Nowhere","country":"XX"}}],"identifier":[{"use":"usual","type":{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},
        "system":"urn:oid:2.16.840.1.113883.3.99.2","value":"000123","period":{"start":"2001-05-06"},
        "assigner":{"display":"Example Clinic"}}],"active":true,"name":[{"use":"official","family":"Madeup",
        "given":["Nora","Jane"],"_family":{"extension":[{
        "url":"http://hl7.org/fhir/StructureDefinition/humanname-own-name","valueString":"Madeup"}]}},{
        "use":"maiden","family":"Other","period":{"end":"2010"}}],"telecom":[{"system":"phone",
        "value":"+1 555 0100","use":"mobile","rank":1},{"system":"email","value":"nora@example.org"}],
        "gender":"female","birthDate":"1985-06","deceasedBoolean":false,"address":[{"use":"home","line":[
        "1 Example Street"],"city":"Nowhere","postalCode":"00000","country":"XX"}],"maritalStatus":{"coding":[{
        "system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]},"contact":[{
        "relationship":[{"text":"Partner"}],"name":{"text":"Max Madeup"},"telecom":[{"system":"phone",
        "value":"+1 555 0101"}]}],"communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47",
        "code":"en"}]},"preferred":true}],"generalPractitioner":[{"reference":"Practitioner/made-up-2"}]}"##,
];
