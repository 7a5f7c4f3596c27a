//! Opening the installation, and making it when the first command finds none (design §5).

use std::path::PathBuf;

use mecum_phr::Phr;
use mecum_phr::installation::{Installation, KeyPlace, Passphrase, Workload};
use mecum_phr::record::RecordEntry;
use mecum_phr::words::Caller;

use crate::config::{Settings, config_folder, operator_name, secret_of};
use crate::console::{ask_secret, note};
use crate::stop::Stop;

/// The records, open, and who is at the command line.
pub(crate) struct Opened {
    pub(crate) phr: Phr,
    pub(crate) caller: Caller,
}

impl Opened {
    /// The record that a number or name means.
    pub(crate) fn record(&self, wanted: &str) -> Result<RecordEntry, Stop> {
        Ok(mecum_phr::record::find(&self.phr, wanted)?)
    }
}

/// Opens the records, does the work, and writes down who saw what whether or not the work succeeded.
pub(crate) fn with_records<T>(settings: &Settings, work: impl FnOnce(&Opened) -> Result<T, Stop>) -> Result<T, Stop> {
    let opened = open(settings, Workload::COMMAND)?;
    let done = work(&opened);
    let closed = opened.phr.close();
    let value = done?;
    closed?;
    Ok(value)
}

/// Opens the records; where nothing is yet, makes the installation first and says its recovery code once.
pub(crate) fn open(settings: &Settings, workload: Workload) -> Result<Opened, Stop> {
    let site = settings.site()?;
    let is_shared = site.database_url.is_some();
    let installation = match Installation::find(site.clone())? {
        Some(found) if found.has_store() || is_shared => found,
        Some(found) => make(found, settings)?,
        None => make(Installation::name_new(site)?, settings)?,
    };
    let phr = installation.open(key_place(&installation, settings)?, workload)?;
    Ok(Opened { phr, caller: operator() })
}

/// The installation that is there.
pub(crate) fn existing(settings: &Settings) -> Result<Installation, Stop> {
    let site = settings.site()?;
    let folder = site.data_folder.clone();
    Installation::find(site)?.ok_or_else(|| {
        Stop::NotFound(format!(
            "there is no installation in {}: run `mecum init`, or name another with --data",
            folder.display()
        ))
    })
}

/// Whoever is at the command line of the machine that holds the keys.
pub(crate) fn operator() -> Caller {
    Caller::Operator { name: operator_name() }
}

/// What opens the installation: the file that was named, else its passphrase if it has one, else its own key file.
pub(crate) fn key_place(installation: &Installation, settings: &Settings) -> Result<KeyPlace, Stop> {
    if settings.key_file.is_none() && installation.has_passphrase() {
        return Ok(KeyPlace::Typed(passphrase(settings, "Passphrase: ")?));
    }
    Ok(KeyPlace::File(key_file(installation, settings)?))
}

/// The key file of an installation.
pub(crate) fn key_file(installation: &Installation, settings: &Settings) -> Result<PathBuf, Stop> {
    match &settings.key_file {
        Some(file) => Ok(file.clone()),
        None => Ok(installation.default_key_file(&config_folder()?)),
    }
}

/// The installation's passphrase: of the file that was named, else asked for.
pub(crate) fn passphrase(settings: &Settings, prompt: &str) -> Result<Passphrase, Stop> {
    let text = match &settings.passphrase_file {
        Some(file) => secret_of(file)?,
        None => ask_secret(prompt, "name a file that holds it with MECUM_PASSPHRASE_FILE")?,
    };
    Ok(Passphrase::new(text))
}

/// Makes key and store and says the recovery code, on stderr: it is no command's answer here.
fn make(installation: Installation, settings: &Settings) -> Result<Installation, Stop> {
    let place = key_place(&installation, settings)?;
    let code = installation.create(place)?;
    note(&format!("Made a new installation in {}.", installation.data_folder().display()));
    note(&format!("Key file: {}", key_file(&installation, settings)?.display()));
    note(&format!("Recovery code, shown this once; write it down and keep it apart:\n\n  {}\n", code.as_str()));
    Ok(installation)
}
