//! The form that an export takes: lines, a document, an archive with files beside the lines.

use std::io::Read;

use mecum_exchange::cover::{self, Export};
use mecum_exchange::seal::{ArchivePassphrase, Sealing};
use mecum_exchange::sphr::{Imprint, MediaWritten, WriteError, Writer};
use mecum_fhir::bundle::BundleWriter;
use mecum_fhir::date::format_instant;
use mecum_fhir::reference::ResourceType;

use super::outlet::{CHUNK_BYTES, Outlet, Sender};
use super::session::Session;
use super::survey::Survey;
use super::{ExportFormat, ExportRequest};
use crate::Failure;
use crate::failure::chain;
use crate::moment::{fill_random, random_u64};

/// The address that entries of a Bundle are given. Their ids are those of their sources, so that no server has them all; a
/// name that leads nowhere says so (RFC 2606).
const BASE: &str = "https://mecum.invalid";

/// Where lines go.
pub(super) struct Target<'t, 'o> {
    outlet: &'t Outlet<'o>,
    form: Form<'t, 'o>,
    /// One line before it goes into a Bundle or an archive.
    scratch: String,
    /// Lines or entries so far.
    pub(super) n_lines: u64,
}

enum Form<'t, 'o> {
    Lines(String),
    /// With how many bytes wait in it.
    Bundle(BundleWriter, usize),
    Archive(Box<Writer<Sender<'t, 'o>>>),
}

impl<'t, 'o> Target<'t, 'o> {
    /// Opens the form that was asked for. A document begins with its Composition.
    pub(super) fn open(
        request: &ExportRequest,
        session: &Session<'_>,
        (export, survey): (&Export<'_>, &Survey),
        outlet: &'t Outlet<'o>,
    ) -> Result<Self, Failure> {
        let (form, n_lines) = match request.format {
            ExportFormat::Phr | ExportFormat::Ndjson => (Form::Lines(String::new()), 0),
            ExportFormat::Bundle if request.is_collection => {
                (Form::Bundle(cover::collection(export, &urn_uuid()), CHUNK_BYTES), 0)
            }
            ExportFormat::Bundle => {
                let entries = survey.entries.iter().map(|(resource_type, id)| (*resource_type, id.as_str()));
                (Form::Bundle(cover::document(export, BASE, &urn_uuid(), entries), CHUNK_BYTES), 1)
            }
            ExportFormat::Sphr => {
                let created = format_instant(session.begun_at_us);
                let generator = format!("Mecum {}", export.version);
                let imprint = Imprint { name: &request.name, created: &created, generator: &generator };
                let sealing = sealing(request, session)?;
                let archive = Writer::create(Sender::new(outlet), &imprint, &sealing, &mut fill_random);
                (Form::Archive(Box::new(archive.map_err(|error| failed(&error, outlet))?)), 0)
            }
        };
        Ok(Self { outlet, form, scratch: String::new(), n_lines })
    }

    /// Whether files ride along.
    pub(super) fn takes_media(&self) -> bool {
        matches!(self.form, Form::Archive(_))
    }

    /// Whether resources stand on lines, with a first and a last one that are ours.
    pub(super) fn has_lines(&self) -> bool {
        !matches!(self.form, Form::Bundle(..))
    }

    /// How large a content may be that stands within its resource. A line leaves as it is; elsewhere it is copied on the way.
    pub(super) fn max_inline_bytes(&self) -> u64 {
        match self.form {
            Form::Lines(_) => 32 << 20,
            Form::Bundle(..) | Form::Archive(_) => 8 << 20,
        }
    }

    /// Adds a file that rides along; the inner error is a name that cannot be used.
    pub(super) fn media(
        &mut self,
        name: &str,
        content_type: &str,
        content: &mut dyn Read,
    ) -> Result<Result<MediaWritten, WriteError>, Failure> {
        let Form::Archive(archive) = &mut self.form else {
            return Err(Failure::Broken("files ride along in archives only".to_owned()));
        };
        match archive.media(name, content_type, content) {
            Ok(written) => Ok(Ok(written)),
            Err(error @ WriteError::UnusableName) => Ok(Err(error)),
            Err(error) => Err(failed(&error, self.outlet)),
        }
    }

    /// Counts a version of a resource for the disclosure.
    pub(super) fn count_resource(&self) {
        self.outlet.count_resource();
    }

    /// Begins the lines of an archive.
    pub(super) fn start_record(&mut self) -> Result<(), Failure> {
        match &mut self.form {
            Form::Archive(archive) => archive.start_record().map_err(|error| failed(&error, self.outlet)),
            Form::Lines(_) | Form::Bundle(..) => Ok(()),
        }
    }

    /// Adds a resource that `write` appends to a text, minified.
    pub(super) fn put(
        &mut self,
        (resource_type, id): (ResourceType, &str),
        write: impl FnOnce(&mut String),
    ) -> Result<(), Failure> {
        self.n_lines += 1;
        self.scratch.clear();
        match &mut self.form {
            Form::Lines(lines) => {
                write(lines);
                lines.push('\n');
                if lines.len() < CHUNK_BYTES { Ok(()) } else { self.outlet.send(std::mem::take(lines).into_bytes()) }
            }
            Form::Bundle(bundle, n_waiting) => {
                write(&mut self.scratch);
                cover::add(bundle, BASE, (resource_type, id), &self.scratch);
                *n_waiting += self.scratch.len();
                if *n_waiting < CHUNK_BYTES {
                    return Ok(());
                }
                *n_waiting = 0;
                self.outlet.send(bundle.take().into_bytes())
            }
            Form::Archive(archive) => {
                write(&mut self.scratch);
                archive.line(self.scratch.as_bytes()).map_err(|error| failed(&error, self.outlet))
            }
        }
    }

    /// Adds a resource that may be large.
    pub(super) fn put_whole(&mut self, address: (ResourceType, &str), text: String) -> Result<(), Failure> {
        let Form::Lines(lines) = &mut self.form else {
            let put = self.put(address, |scratch| scratch.push_str(&text));
            self.scratch = String::new();
            return put;
        };
        self.n_lines += 1;
        self.outlet.send(std::mem::replace(lines, "\n".to_owned()).into_bytes())?;
        self.outlet.send(text.into_bytes())
    }

    /// Ends the form whole.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.form {
            Form::Lines(lines) => self.outlet.send(lines.into_bytes()),
            Form::Bundle(bundle, _) => self.outlet.send(bundle.finish().into_bytes()),
            Form::Archive(archive) => match archive.finish() {
                Ok(_) => Ok(()),
                Err(error) => Err(failed(&error, self.outlet)),
            },
        }
    }

    /// Ends lines with a last one that says why; what else was begun stays cut off (PHR-57).
    pub(super) fn end_with(self, last_line: &str) -> Result<(), Failure> {
        match self.form {
            Form::Lines(mut lines) => {
                lines.push_str(last_line);
                lines.push('\n');
                self.outlet.send(lines.into_bytes())
            }
            Form::Bundle(..) | Form::Archive(_) => Ok(()),
        }
    }
}

/// Whether the names of files in the archive are neutral ones, which links should match even after unpacking by hand.
pub(super) fn hides_names(request: &ExportRequest) -> bool {
    matches!(request.sealing, None | Some(Sealing::AesZip(_)))
}

fn sealing(request: &ExportRequest, session: &Session<'_>) -> Result<Sealing, Failure> {
    if let Some(sealing) = &request.sealing {
        return Ok(sealing.clone());
    }
    let passphrase = session.phr.store().record(session.record)?.profile.file_passphrase;
    let unusable = |_| Failure::Broken("the record's file passphrase cannot seal an archive".to_owned());
    Ok(Sealing::AesZip(ArchivePassphrase::new(&passphrase).map_err(unusable)?))
}

/// What the receiver said, or else why the archive could not be written.
fn failed(error: &WriteError, outlet: &Outlet<'_>) -> Failure {
    if let Some(failure) = outlet.take_failure() {
        return failure;
    }
    match error {
        WriteError::UnusableName => Failure::invalid("value", "name", error.to_string()),
        WriteError::TooLarge { .. } => Failure::TooLarge(error.to_string()),
        _ => Failure::Broken(chain(error)),
    }
}

/// A random UUID as a URN (RFC 4122 §4.4).
fn urn_uuid() -> String {
    let bits = (u128::from(random_u64()) << 64) | u128::from(random_u64());
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
