//! `mecum key`: the installation key, shown, changed and brought back (design §5).

use std::path::PathBuf;

use clap::{Args, Subcommand};
use mecum_phr::installation::KeyPlace;
use serde_json::json;

use super::init::new_passphrase;
use crate::config::{Settings, secret_of};
use crate::console::{answer, ask_secret};
use crate::opening::{existing, key_file, key_place};
use crate::stop::Stop;

/// Show, change or restore the installation key.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum key show-recovery\n  mecum key rotate\n  mecum key restore --code-file code.txt"
)]
pub(crate) struct KeyCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show the recovery code: the key itself, as one writes it down.
    ShowRecovery,
    /// Make a new key and wrap every record's key with it; stop the server first. Older backups still need the old key.
    Rotate {
        /// A file with the new passphrase, where a passphrase is the key [default: asked].
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
    },
    /// Write the key file anew from the recovery code, which is asked for.
    Restore {
        /// A file that holds the recovery code.
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
}

impl KeyCommand {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        match self.action {
            Action::ShowRecovery => show(settings),
            Action::Rotate { new_passphrase_file } => rotate(settings, new_passphrase_file),
            Action::Restore { code_file } => restore(settings, code_file),
        }
    }
}

fn show(settings: &Settings) -> Result<(), Stop> {
    let installation = existing(settings)?;
    let code = installation.recovery_code(key_place(&installation, settings)?)?;
    answer(settings.json, &json!({"recoveryCode": code.as_str()}), &code)
}

fn rotate(settings: &Settings, new_file: Option<PathBuf>) -> Result<(), Stop> {
    let installation = existing(settings)?;
    let current = key_place(&installation, settings)?;
    let next = match &current {
        KeyPlace::File(file) => KeyPlace::File(file.clone()),
        KeyPlace::Typed(_) => {
            KeyPlace::Typed(new_passphrase(&Settings { passphrase_file: new_file, ..settings.clone() })?)
        }
    };
    let code = installation.rotate(current, next)?;
    let text =
        format!("The installation has a new key. Its recovery code, in place of the old one:\n\n  {}", code.as_str());
    answer(settings.json, &json!({"recoveryCode": code.as_str()}), &text)
}

fn restore(settings: &Settings, code_file: Option<PathBuf>) -> Result<(), Stop> {
    let installation = existing(settings)?;
    if installation.has_passphrase() && settings.key_file.is_none() {
        return Err(Stop::Usage(
            "this installation's key is a passphrase: name a key file for the code's key with --key-file, and with every command"
                .to_owned(),
        ));
    }
    let code = match code_file {
        Some(file) => secret_of(&file)?,
        None => ask_secret("Recovery code: ", "name a file that holds it with --code-file")?,
    };
    let file = key_file(&installation, settings)?;
    installation.restore_key(&code, &file)?;
    let text = format!("The key is in {} again.", file.display());
    answer(settings.json, &json!({"keyFile": file.display().to_string()}), &text)
}
