//! How an entry stands: whether it holds, held once, is planned, was refuted or entered in error.

use crate::resource::Resource;

use super::datatype::{concept, string};

/// How an entry stands. What was refuted, stopped or entered in error must never look like what holds (R4 lifecycle codes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It holds, or it is a finished fact.
    Holds,
    /// It is thought to hold, and not confirmed.
    Uncertain,
    /// It is planned, proposed, or not final yet.
    Planned,
    /// It held once: resolved, stopped, ended.
    Over,
    /// It was said not to be so, or not done.
    Refuted,
    /// It should never have been entered.
    InError,
}

/// How a resource stands, and the word its source used for it; empty if the source says nothing.
pub fn standing(resource: &Resource) -> (Standing, String) {
    let root = resource.root();
    let code = |name: &str| {
        let element = root.get(name)?;
        let code =
            element.get("coding").into_iter().flat_map(crate::json::Element::items).map(|of| string(of.get("code")));
        code.chain([string(Some(element))]).find(|code| !code.is_empty()).map(|code| (code, element))
    };
    // The gravest word decides; of equal ones the first.
    let words = ["verificationStatus", "status", "lifecycleStatus", "clinicalStatus"];
    let found = words.iter().filter_map(|name| {
        let (code, element) = code(name)?;
        let text = concept(element);
        Some((of_code(resource, &code), if text.is_empty() { code } else { text }))
    });
    let gravest = found.reduce(|one, other| if other.0 > one.0 { other } else { one });
    let denied = root.get("doNotPerform").is_some_and(|value| value.raw() == "true");
    match gravest {
        Some((standing, text)) if !denied || standing == Standing::InError => (standing, text),
        Some(_) | None if denied => (Standing::Refuted, "do not perform".to_owned()),
        Some(found) => found,
        None => (Standing::Holds, String::new()),
    }
}

fn of_code(resource: &Resource, code: &str) -> Standing {
    match code {
        // What was prescribed or taken is over when it is completed; a vaccine given or an operation done is a fact.
        "completed" if resource.resource_type().name().starts_with("Medication") => Standing::Over,
        "entered-in-error" => Standing::InError,
        "refuted" | "not-done" | "rejected" | "cancelled" | "noshow" | "abandoned" | "nullified" => Standing::Refuted,
        "inactive" | "resolved" | "remission" | "stopped" | "ended" | "revoked" | "superseded" | "retired"
        | "suspended" | "on-hold" | "expired" | "closed" | "off" => Standing::Over,
        "unconfirmed" | "provisional" | "differential" => Standing::Uncertain,
        "planned" | "proposed" | "draft" | "requested" | "registered" | "preliminary" | "booked" | "pending"
        | "waitlist" | "intended" | "preparation" => Standing::Planned,
        _ => Standing::Holds,
    }
}
