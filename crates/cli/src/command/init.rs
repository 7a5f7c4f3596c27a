//! `mecum init`: makes the installation: its key, outside the data folder, and its encrypted store (design §5).

use clap::Args;
use mecum_phr::installation::{Installation, KeyPlace, Passphrase};
use serde_json::json;

use crate::config::Settings;
use crate::console::{answer, ask_secret};
use crate::opening::{key_file, passphrase};
use crate::stop::Stop;

/// Make a new installation and show its recovery code.
///
/// The key is written to a file in your configuration folder, never into the data folder. The first command does this by itself
/// where nothing is yet.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum init\n  mecum init --data ~/health\n  mecum init --data ~/health --passphrase"
)]
pub(crate) struct Init {
    /// Let a passphrase be the key instead of a file; it is asked for on every command, or read from MECUM_PASSPHRASE_FILE.
    #[arg(long, conflicts_with = "key_file")]
    passphrase: bool,
}

impl Init {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        let site = settings.site()?;
        let found = Installation::find(site.clone())?;
        if let Some(found) = &found {
            // In a shared database the store cannot be seen without the key, but a key that is there was made for it.
            let has_key = found.has_passphrase() || key_file(found, settings)?.exists();
            if found.has_store() || site.database_url.is_some() && has_key {
                let folder = found.data_folder().display();
                return Err(Stop::Refused(format!("{folder} holds an installation already; nothing was changed")));
            }
        }
        let typed = if self.passphrase { Some(new_passphrase(settings)?) } else { None };
        let installation = match found {
            Some(found) => found,
            None => Installation::name_new(site)?,
        };
        let file = key_file(&installation, settings)?;
        let place = typed.map_or_else(|| KeyPlace::File(file.clone()), KeyPlace::Typed);
        let code = installation.create(place)?;
        let folder = installation.data_folder().display().to_string();
        let key = if self.passphrase { "your passphrase".to_owned() } else { file.display().to_string() };
        let text = format!(
            "Made a new installation in {folder}.\nKey: {key}\n\nRecovery code; write it down and keep it apart from this machine:\n\n  {}\n\n\
             Whoever has the code and the data folder can read everything; without key and code, nobody can.\n\
             `mecum key show-recovery` shows it again.",
            code.as_str()
        );
        let json = json!({"dataFolder": folder, "installation": installation.id(), "keyFile": (!self.passphrase).then_some(key),
            "recoveryCode": code.as_str()});
        answer(settings.json, &json, &text)
    }
}

/// A new passphrase, typed twice where it is typed.
pub(crate) fn new_passphrase(settings: &Settings) -> Result<Passphrase, Stop> {
    if settings.passphrase_file.is_some() {
        return passphrase(settings, "");
    }
    let instead = "name a file that holds it with MECUM_PASSPHRASE_FILE";
    let first = ask_secret("New passphrase, at least 12 characters: ", instead)?;
    if ask_secret("The same again: ", instead)? != first {
        return Err(Stop::Refused("the two passphrases differ; nothing was changed".to_owned()));
    }
    Ok(Passphrase::new(first))
}
