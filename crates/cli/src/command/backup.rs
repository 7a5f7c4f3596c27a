//! `mecum backup`: a copy of the whole installation, proven and restored; it holds no installation key (design §5).

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use mecum_phr::backup::{self, BackupKey, BackupProgress, BackupVerified};
use serde_json::json;

use crate::config::{Settings, secret_of};
use crate::console::{answer, ask_secret, count_bar, time};
use crate::opening::{passphrase, with_records};
use crate::stop::Stop;

/// Make, prove and restore backups of everything; a server may go on meanwhile.
///
/// A backup holds no installation key: it opens with the key file, the passphrase or the recovery code of the installation it is of.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mecum backup create /mnt/disk\n  mecum backup verify /mnt/disk/mecum-backup-20260101T000000000Z\n  \
mecum backup restore /mnt/disk/mecum-backup-20260101T000000000Z --data restored --code-file code.txt"
)]
pub(crate) struct Backup {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Write a backup into a new folder below this one.
    Create {
        /// Where backups are kept.
        folder: PathBuf,
    },
    /// Prove a backup: every file, and every record in it.
    Verify {
        /// The backup's folder.
        backup: PathBuf,
        /// A file with the recovery code [default: the key file or passphrase that was named, else the code is asked for].
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
    /// Restore a backup to an empty data folder; then bring back the key with `mecum key restore`.
    Restore {
        /// The backup's folder.
        backup: PathBuf,
        /// A file with the recovery code [default: the key file or passphrase that was named, else the code is asked for].
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
}

impl Backup {
    pub(crate) fn run(self, settings: &Settings) -> Result<(), Stop> {
        match self.action {
            Action::Create { folder } => create(settings, &folder),
            Action::Verify { backup, code_file } => {
                let bar = count_bar(0, "verifying");
                let key = key(settings, code_file)?;
                let verified = backup::verify(&backup, key, &mut |now| show(&bar, now))?;
                bar.finish_and_clear();
                report(settings, &verified, "The backup is whole.")
            }
            Action::Restore { backup, code_file } => {
                let bar = count_bar(0, "restoring");
                let key = key(settings, code_file)?;
                let verified = backup::restore(&backup, &settings.site()?, key, &mut |now| show(&bar, now))?;
                bar.finish_and_clear();
                report(settings, &verified, "Restored and proven. If its key file is gone: mecum key restore.")
            }
        }
    }
}

fn create(settings: &Settings, to: &Path) -> Result<(), Stop> {
    with_records(settings, |opened| {
        let bar = count_bar(0, "copying");
        let site = settings.site()?;
        let folder = backup::create(&opened.phr, &opened.caller, &site, to, &mut |now| show(&bar, now))?;
        bar.finish_and_clear();
        let folder = folder.display().to_string();
        let text = format!(
            "{folder}\n\nIt holds no installation key: keep the recovery code (mecum key show-recovery) elsewhere."
        );
        answer(settings.json, &json!({"backup": folder}), &text)
    })
}

/// What opens the backup.
fn key(settings: &Settings, code_file: Option<PathBuf>) -> Result<BackupKey, Stop> {
    match (code_file, &settings.key_file, &settings.passphrase_file) {
        (None, Some(file), _) => Ok(BackupKey::File(file.clone())),
        (None, None, Some(_)) => Ok(BackupKey::Typed(passphrase(settings, "")?)),
        (Some(file), ..) => Ok(BackupKey::RecoveryCode(secret_of(&file)?.into())),
        (None, None, None) => {
            let instead = "name a file that holds it with --code-file, or the key file with --key-file";
            Ok(BackupKey::RecoveryCode(ask_secret("Recovery code: ", instead)?.into()))
        }
    }
}

fn show(bar: &ProgressBar, now: BackupProgress) {
    bar.set_message(now.part);
    bar.set_length(now.n_total);
    bar.set_position(now.n_done);
}

fn report(settings: &Settings, verified: &BackupVerified, whole: &str) -> Result<(), Stop> {
    let findings: Vec<String> =
        verified.findings.iter().map(|finding| format!("{}: {}", finding.part, finding.what)).collect();
    let json = json!({"createdAt": time(verified.created_at_us), "files": verified.n_files, "bytes": verified.n_bytes,
        "records": verified.n_records, "commits": verified.n_commits, "findings": findings});
    let verdict = if findings.is_empty() { whole.to_owned() } else { findings.join("\n") };
    let text = format!(
        "Made {}: {} files, {} records, {} commits.\n{verdict}",
        time(verified.created_at_us),
        verified.n_files,
        verified.n_records,
        verified.n_commits
    );
    answer(settings.json, &json, &text)?;
    match findings.len() {
        0 => Ok(()),
        n => Err(Stop::Damaged(format!("the backup has {n} findings: take an earlier one"))),
    }
}
