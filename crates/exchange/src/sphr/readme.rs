//! The note inside every archive for whoever unpacks it by hand (PHR-25).

/// Its name, at the side of the manifest.
pub(crate) const FILE_NAME: &str = "README.txt";

/// The same in every archive: it names nobody.
pub(crate) const TEXT: &str = "\
This archive holds a personal health record.

The file ending in .phr has one FHIR R4 resource on each line, as JSON (newline-delimited JSON,
HL7 Personal Health Record Format). Files under media/ belong to it: documents, images, recordings.
manifest.json lists every file with its size and SHA-256.

Any health record application that reads .phr or .sphr files imports it. Mecum does so with
  mecum import FILE
or by dropping the whole archive, not unpacked, onto its page.

Whoever can read this can read the record. Keep it as you would keep the papers themselves.
";
