//! What can be typed: the commands and the settings that all of them take.

use clap::{Parser, Subcommand};

use crate::command::{
    access_log, backup, check, demo, export, find, get, history, import, init, key, migrate, record, reindex, serve,
    sign_in, token, verify,
};
use crate::config::Settings;
use crate::stop::EXIT_CODES;

/// Your personal health record, in your own hands.
#[derive(Parser)]
#[command(name = "mecum", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands, in the order in which one meets them.
#[derive(Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Record(record::Record),
    Import(import::Import),
    Export(export::Export),
    Find(find::Find),
    Get(get::Get),
    Log(history::Log),
    Diff(history::Diff),
    Revert(history::Revert),
    Verify(verify::Verify),
    Reindex(reindex::Reindex),
    AccessLog(access_log::AccessLog),
    Token(token::Token),
    Serve(serve::Serve),
    SignIn(sign_in::SignIn),
    Demo(demo::Demo),
    Backup(backup::Backup),
    Key(key::KeyCommand),
    Migrate(migrate::Migrate),
    Check(check::Check),
}
