//! What is said to the person: answers on stdout, notes and progress on stderr, secrets asked without echo.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;

use crate::stop::Stop;

/// Prints an answer: as JSON if that was asked for, else as text.
pub(crate) fn answer(as_json: bool, json: &Value, text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    let written = if as_json { writeln!(out, "{json:#}") } else { writeln!(out, "{}", text.trim_end()) };
    match written.and_then(|()| out.flush()) {
        // A reader that closed the pipe has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Stop::Failed(format!("the answer cannot be written: {error}"))),
    }
}

/// Says something beside the answer.
pub(crate) fn note(text: &str) {
    // Whoever closed stderr does not want to hear it.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks for a secret without showing it, on the terminal only.
pub(crate) fn ask_secret(prompt: &str, instead: &str) -> Result<String, Stop> {
    if !io::stdin().is_terminal() {
        return Err(Stop::Usage(format!("there is no terminal to ask for it: {instead}")));
    }
    rpassword::prompt_password(prompt).map_err(|error| Stop::Failed(format!("the terminal cannot be read: {error}")))
}

/// Whether somebody is there to answer.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal()
}

/// A bar for bytes, shown on a terminal only.
pub(crate) fn byte_bar(total_bytes: u64, what: &str) -> ProgressBar {
    bar(total_bytes, what, "{msg:24!} {bar:30} {bytes}/{total_bytes} {eta}")
}

/// A bar for things counted, shown on a terminal only.
pub(crate) fn count_bar(total: u64, what: &str) -> ProgressBar {
    bar(total, what, "{msg:24!} {bar:30} {human_pos}/{human_len} {eta}")
}

fn bar(total: u64, what: &str, template: &str) -> ProgressBar {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what.to_owned());
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// A time in microseconds as UTC, to the second.
pub(crate) fn time(at_us: i64) -> String {
    mecum_phr::words::format_instant(at_us)
        .get(..19)
        .map_or_else(String::new, |text| format!("{}Z", text.replace('T', " ")))
}
