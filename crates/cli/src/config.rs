//! The settings that every command takes, and what is read of the environment: all of it here.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Args;
use mecum_phr::installation::Site;

use crate::stop::Stop;

/// A passphrase or an address longer than this is none.
const MAX_SECRET_BYTES: u64 = 64 << 10;

/// Where the records are and what opens them.
#[derive(Args, Clone, Default)]
pub(crate) struct Settings {
    /// The data folder [default: mecum in the user's data folder].
    #[arg(long, global = true, value_name = "DIR", env = "MECUM_DATA", hide_env_values = true)]
    pub(crate) data: Option<PathBuf>,
    /// The PostgreSQL database, for many people; without it, encrypted files in the data folder.
    #[arg(long, global = true, value_name = "URL", env = "MECUM_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// A file that holds the address of the PostgreSQL database.
    #[arg(long, global = true, value_name = "FILE", env = "MECUM_DATABASE_FILE", hide_env_values = true)]
    pub(crate) database_file: Option<PathBuf>,
    /// The key file [default: mecum/INSTALLATION.key in the user's configuration folder].
    #[arg(long, global = true, value_name = "FILE", env = "MECUM_KEY_FILE", hide_env_values = true)]
    pub(crate) key_file: Option<PathBuf>,
    /// A file with the installation's passphrase, where that is its key [default: asked on the terminal].
    #[arg(long, global = true, value_name = "FILE", env = "MECUM_PASSPHRASE_FILE", hide_env_values = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Answer in JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Settings {
    /// The data folder.
    pub(crate) fn data_folder(&self) -> Result<PathBuf, Stop> {
        match &self.data {
            Some(folder) => Ok(folder.clone()),
            None => Ok(user_folder("XDG_DATA_HOME", ".local/share", "LOCALAPPDATA")?.join("mecum")),
        }
    }

    /// Where the records are.
    pub(crate) fn site(&self) -> Result<Site, Stop> {
        let database_url = match (&self.database, &self.database_file) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(file)) => Some(secret_of(file)?),
            (None, None) => None,
        };
        Ok(Site { data_folder: self.data_folder()?, database_url })
    }
}

/// The user's configuration folder, in which keys are.
pub(crate) fn config_folder() -> Result<PathBuf, Stop> {
    user_folder("XDG_CONFIG_HOME", ".config", "APPDATA")
}

/// What the operating system calls the person at the command line; this is what the access log says.
pub(crate) fn operator_name() -> String {
    let name = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| env::var(name).ok());
    name.filter(|name| !name.is_empty() && name.len() <= 100).unwrap_or_else(|| "operator".to_owned())
}

/// The first line of a file that holds a secret.
pub(crate) fn secret_of(file: &Path) -> Result<String, Stop> {
    let size_bytes = fs::metadata(file).map_err(|error| Stop::file(file, &error))?.len();
    if size_bytes > MAX_SECRET_BYTES {
        return Err(Stop::Refused(format!("{} is too large for a secret", file.display())));
    }
    let text = fs::read_to_string(file).map_err(|error| Stop::file(file, &error))?;
    match text.lines().next().filter(|line| !line.is_empty()) {
        Some(line) => Ok(line.to_owned()),
        None => Err(Stop::Refused(format!("the first line of {} is empty", file.display()))),
    }
}

fn user_folder(variable: &str, below_home: &str, elsewhere: &str) -> Result<PathBuf, Stop> {
    let set = |name: &str| -> Option<OsString> { env::var_os(name).filter(|value| !value.is_empty()) };
    set(variable)
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(below_home)))
        .or_else(|| set(elsewhere).map(PathBuf::from))
        .ok_or_else(|| Stop::Usage("there is no home folder: name the places with --data and --key-file".to_owned()))
}
