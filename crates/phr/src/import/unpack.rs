//! From originals to streams of resources: what is packed is unpacked, what is sealed is opened, nothing is written to disk.

use std::io::{BufRead, BufReader, Read, SeekFrom};

use mecum_exchange::gzip;
use mecum_exchange::seal::{Key, Plain};
use mecum_exchange::sniff::{Format, PREFIX_BYTES, sniff};
use mecum_exchange::sphr::{self, Archive, Limits, Member, MemberId, MemberKind, OpenError};
use mecum_record::access::Permit;

use super::content::{Original, ReadSeek};
use crate::{Failure, Phr};

/// How much is read ahead of a stream of lines, bytes.
const BUFFER_BYTES: usize = 256 << 10;

/// An original, opened.
enum Opened {
    /// Lines or one JSON text.
    Bare(Box<dyn ReadSeek>),
    /// The same, gzipped.
    Gzip(Box<dyn ReadSeek>),
    /// A `.sphr` or another ZIP.
    Archive(Box<Archive<Plain<Box<dyn ReadSeek>>>>),
}

/// One stream of resources among the originals.
#[derive(Clone)]
pub(super) struct Unit {
    /// Which original.
    original: usize,
    /// Which member of it, if it is an archive.
    pub(super) member: Option<MemberId>,
    /// What people call it.
    pub(super) name: String,
}

/// A file that came along with the resources.
#[derive(Clone)]
pub(super) struct Ride {
    original: usize,
    pub(super) member: MemberId,
    /// Its path within the archive.
    pub(super) path: String,
}

/// All originals, opened, with what is in them.
pub(super) struct Unpacked {
    opened: Vec<Opened>,
    pub(super) units: Vec<Unit>,
    pub(super) rides: Vec<Ride>,
}

impl Unpacked {
    /// Opens the originals and looks what is in them.
    pub(super) fn open(
        phr: &Phr,
        permit: &Permit,
        originals: &[Original],
        key: Option<&Key>,
    ) -> Result<Unpacked, Failure> {
        let mut unpacked = Unpacked { opened: Vec::new(), units: Vec::new(), rides: Vec::new() };
        for (at, original) in originals.iter().enumerate() {
            let opened = open_one(original.open(phr, permit)?, &original.name, key)?;
            match &opened {
                Opened::Bare(_) | Opened::Gzip(_) => {
                    unpacked.units.push(Unit { original: at, member: None, name: original.name.clone() });
                }
                Opened::Archive(archive) => unpacked.list(at, archive),
            }
            unpacked.opened.push(opened);
        }
        if unpacked.units.is_empty() && unpacked.rides.is_empty() {
            return Err(Failure::invalid("value", "", "there is nothing in it that can be imported"));
        }
        Ok(unpacked)
    }

    fn list(&mut self, original: usize, archive: &Archive<Plain<Box<dyn ReadSeek>>>) {
        for member in archive.members() {
            match member.kind() {
                MemberKind::Record | MemberKind::Ndjson | MemberKind::Json | MemberKind::DocumentReferences => {
                    let name = member.path().to_owned();
                    self.units.push(Unit { original, member: Some(member.id()), name });
                }
                MemberKind::Media => {
                    self.rides.push(Ride { original, member: member.id(), path: member.path().to_owned() })
                }
                MemberKind::Packaging => {}
            }
        }
    }

    /// Hands the unit's stream, from its beginning, to `read`.
    pub(super) fn with_stream<T>(
        &mut self,
        unit: &Unit,
        read: impl FnOnce(&mut dyn BufRead) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match &mut self.opened[unit.original] {
            Opened::Bare(file) => {
                rewind(file)?;
                read(&mut BufReader::with_capacity(BUFFER_BYTES, file))
            }
            Opened::Gzip(file) => {
                rewind(file)?;
                let plain = gzip::Gunzip::new(file, gzip::Limits::default());
                read(&mut BufReader::with_capacity(BUFFER_BYTES, plain))
            }
            Opened::Archive(archive) => {
                let member = unit.member.ok_or_else(|| Failure::Broken("an archive's unit has no member".into()))?;
                let stream = archive.read(member).map_err(|refusal| refused(&refusal))?;
                read(&mut BufReader::with_capacity(BUFFER_BYTES, stream))
            }
        }
    }

    /// Hands a ride-along's bytes to `read`.
    pub(super) fn with_ride<T>(
        &mut self,
        ride: &Ride,
        read: impl FnOnce(&mut dyn Read) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let Opened::Archive(archive) = &mut self.opened[ride.original] else {
            return Err(Failure::Broken("a ride-along is in an archive".into()));
        };
        let mut stream = archive.read(ride.member).map_err(|refusal| refused(&refusal))?;
        read(&mut stream)
    }

    /// What the links of a unit's resources may mean.
    pub(super) fn links_of(&self, unit: &Unit) -> Links {
        match (&self.opened[unit.original], unit.member) {
            (Opened::Archive(archive), Some(member)) => {
                Links { members: archive.members().to_vec(), from: Some(member) }
            }
            _ => Links { members: Vec::new(), from: None },
        }
    }
}

/// The files beside a unit, by the links that lead to them.
pub(super) struct Links {
    members: Vec<Member>,
    from: Option<MemberId>,
}

impl Links {
    /// Whether there is anything a link could mean.
    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The path of the file that a link means.
    pub(super) fn path_of(&self, url: &str) -> Option<&str> {
        let found = sphr::resolve_link(&self.members, self.from?, url)?;
        let member = self.members.iter().find(|member| member.id() == found)?;
        (member.kind() == MemberKind::Media).then(|| member.path())
    }
}

fn open_one(mut file: Box<dyn ReadSeek>, name: &str, key: Option<&Key>) -> Result<Opened, Failure> {
    let mut prefix = Vec::with_capacity(PREFIX_BYTES);
    file.by_ref().take(PREFIX_BYTES as u64).read_to_end(&mut prefix).map_err(|error| unreadable(name, &error))?;
    rewind(&mut file)?;
    let refuse = |what: &str| Err(Failure::invalid("not-supported", name, what));
    match sniff(&prefix, Some(name)) {
        Format::Ndjson | Format::Json => Ok(Opened::Bare(file)),
        Format::Gzip => Ok(Opened::Gzip(file)),
        Format::Zip | Format::Jwe | Format::Age => match sphr::open(file, key, &Limits::default()) {
            Ok(archive) => Ok(Opened::Archive(Box::new(archive))),
            Err(OpenError::Refused(refusal)) => Err(refused(&refusal)),
            Err(error) => Err(Failure::invalid("security", name, error.to_string())),
        },
        Format::OpenPgp => refuse("it is an OpenPGP container, which is not supported: open it first"),
        Format::Empty => refuse("it is empty"),
        Format::Unknown => refuse("this kind of file is not known: FHIR JSON, NDJSON, .phr, .sphr, ZIP and gzip are"),
    }
}

fn rewind(file: &mut Box<dyn ReadSeek>) -> Result<(), Failure> {
    file.seek(SeekFrom::Start(0)).map_err(|error| Failure::Broken(format!("the original cannot be read: {error}")))?;
    Ok(())
}

fn unreadable(name: &str, error: &std::io::Error) -> Failure {
    Failure::Broken(format!("{name} cannot be read: {error}"))
}

fn refused(refusal: &sphr::Refusal) -> Failure {
    Failure::invalid("security", "", crate::failure::chain(refusal))
}
