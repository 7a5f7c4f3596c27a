//! What is to be read of a type, worked out once: the places its parameters select, and who reads what stands there.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::build::Builder;
use super::readers::Reader;
use super::sink::Sink;
use crate::definitions::{CodeSet, definitions};
use crate::json::Element;
use crate::path::{Condition, Paths, Place};
use crate::reference::ResourceType;
use crate::search::value::NO_GROUP;

/// How one type is read.
pub(super) struct Plan {
    pub(super) paths: Paths,
    pub(super) n_params: usize,
    pub(super) at_place: HashMap<Place, Stop>,
    pub(super) truths: Vec<(usize, u16, Condition)>,
}

/// What happens at a place.
#[derive(Default)]
pub(super) struct Stop {
    /// Whether each element here is a group of its own.
    pub(super) is_group: bool,
    pub(super) takes: Vec<Take>,
}

/// One parameter's interest in a place.
pub(super) struct Take {
    /// The parameter's place in the plan.
    pub(super) at: usize,
    pub(super) param: u16,
    pub(super) reader: Reader,
    pub(super) codes: Option<&'static CodeSet>,
    pub(super) group: Group,
    /// The places in whose groups the values hold too, wherever in the resource they are.
    pub(super) also_in: Vec<Place>,
}

/// To which element a value belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// The resource.
    Resource,
    /// The one around it that a composite selects.
    Around,
    /// None of those: the parameter is part of a composite, but not with what stands here.
    None,
}

/// How the type is read; made at the first call.
pub(super) fn plan(of: ResourceType) -> &'static Plan {
    static PLANS: [OnceLock<Plan>; 160] = [const { OnceLock::new() }; 160];
    PLANS[usize::from(of.code())].get_or_init(|| {
        let of = definitions().resource_type(of.name()).expect("a test finds the definition of every resource type");
        Builder::new(of).plan()
    })
}

impl Plan {
    /// Gathers the values of a resource.
    pub(super) fn read(&self, resource: Element<'_>, sink: &mut Sink<'_>) {
        let mut group = 0;
        let mut opened: Vec<(Place, u16)> = Vec::new();
        let mut to_repeat = Vec::new();
        self.paths.walk(resource, &mut |place, element| {
            let Some(stop) = self.at_place.get(&place) else { return };
            if stop.is_group {
                group = u16::min(group + 1, NO_GROUP - 1);
                opened.push((place, group));
            }
            for take in &stop.takes {
                let own = match take.group {
                    Group::Resource => 0,
                    Group::Around => group,
                    Group::None => NO_GROUP,
                };
                sink.begin(take.at, take.param, own);
                let start = sink.len();
                (take.reader)(element, take.codes, sink);
                if !take.also_in.is_empty() {
                    to_repeat.push((take, start..sink.len()));
                }
            }
        });
        for (take, values) in to_repeat {
            sink.begin(take.at, take.param, NO_GROUP);
            let mut groups = opened.iter().filter(|(place, _)| take.also_in.contains(place)).map(|(_, group)| *group);
            while groups.next().is_some_and(|group| sink.repeat(values.clone(), group)) {}
        }
        for (at, param, condition) in &self.truths {
            if let Some(holds) = condition.holds(resource) {
                sink.begin(*at, *param, 0);
                sink.token("", if holds { "true" } else { "false" });
            }
        }
    }
}
