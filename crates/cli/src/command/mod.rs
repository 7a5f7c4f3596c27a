//! One command, one file; here only which is which.

pub(crate) mod access_log;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod find;
pub(crate) mod get;
pub(crate) mod history;
pub(crate) mod import;
mod imports;
pub(crate) mod init;
pub(crate) mod key;
mod lines;
mod load;
pub(crate) mod migrate;
pub(crate) mod record;
pub(crate) mod reindex;
pub(crate) mod serve;
pub(crate) mod sign_in;
pub(crate) mod token;
pub(crate) mod verify;

use crate::arguments::{Arguments, Command};
use crate::stop::Stop;

/// Does what was typed.
pub(crate) fn run(arguments: Arguments) -> Result<(), Stop> {
    let settings = arguments.settings;
    match arguments.command {
        Command::Init(init) => init.run(&settings),
        Command::Record(record) => record.run(&settings),
        Command::Import(import) => import.run(&settings),
        Command::Find(find) => find.run(&settings),
        Command::Get(get) => get.run(&settings),
        Command::Log(log) => log.run(&settings),
        Command::AccessLog(access_log) => access_log.run(&settings),
        Command::Diff(diff) => diff.run(&settings),
        Command::Revert(revert) => revert.run(&settings),
        Command::Verify(verify) => verify.run(&settings),
        Command::Reindex(reindex) => reindex.run(&settings),
        Command::Export(export) => export.run(&settings),
        Command::Serve(serve) => serve.run(&settings),
        Command::SignIn(sign_in) => sign_in.run(&settings),
        Command::Demo(demo) => demo.run(&settings),
        Command::Backup(backup) => backup.run(&settings),
        Command::Token(token) => token.run(&settings),
        Command::Key(key) => key.run(&settings),
        Command::Migrate(migrate) => migrate.run(&settings),
        Command::Check(check) => check.run(&settings),
    }
}
