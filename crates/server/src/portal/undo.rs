//! The pages around taking something back: the question before, the account after. Commits and imports share them.

use askama::Template;
use mecum_fhir::reading::label;
use mecum_phr::commits::RevertReport;

use super::shell::Shell;

/// Resources named at most, of those that were kept.
const MAX_KEPT: usize = 200;

#[derive(Template)]
#[template(path = "undo.html")]
pub(super) struct UndoPage {
    shell: Shell,
    what: String,
    message: String,
    /// The page one came from; the form goes to `undo` under it.
    back: String,
    undone_by: Option<i64>,
}

impl UndoPage {
    pub(super) fn new(
        shell: Shell,
        (what, message): (String, String),
        back: String,
        undone_by: Option<i64>,
    ) -> UndoPage {
        UndoPage { shell, what, message, back, undone_by }
    }
}

#[derive(Template)]
#[template(path = "undone.html")]
pub(super) struct UndonePage {
    commit: Option<i64>,
    counts: Vec<String>,
    /// Address and name of what was changed since and stays.
    kept: Vec<(String, String)>,
    n_more: usize,
    shell: Shell,
}

impl UndonePage {
    pub(super) fn new(shell: Shell, report: &RevertReport) -> UndonePage {
        let count = |id: &str, n: u64| (n > 0).then(|| shell.words.say1(id, "n", n));
        let counts = [
            count("undone-restored", report.n_restored),
            count("undone-deleted", report.n_deleted),
            count("undone-kept", report.kept.len() as u64),
        ];
        let kept = report.kept.iter().take(MAX_KEPT).map(|key| {
            let name = key.resource_type.name();
            (shell.at(&format!("e/{name}/{}", key.id)), format!("{} {}", label(name), key.id))
        });
        UndonePage {
            commit: report.commit.map(|commit| commit.0),
            counts: counts.into_iter().flatten().collect(),
            kept: kept.collect(),
            n_more: report.kept.len().saturating_sub(MAX_KEPT),
            shell,
        }
    }
}
