//! Works out from the standard's definitions how a type is read: which places its parameters select, and which values are
//! parts of a composite.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::plan::{Group, Plan, Stop, Take};
use super::readers::reader;
use crate::definitions::Type;
use crate::path::{Condition, Expression, PathError, Paths, Place, Selected};
use crate::search_param::{SearchParam, SearchParamKind, search_params_for};

/// What is found out about a type.
pub(super) struct Builder {
    pub(super) of: &'static Type,
    pub(super) paths: Paths,
    /// The places of each parameter, by its number.
    pub(super) places: BTreeMap<u16, Vec<Place>>,
    /// Elements that composites select.
    pub(super) groups: BTreeSet<Place>,
    /// Parameter and place, and the elements of composites that they are parts of.
    pub(super) parts: BTreeMap<(u16, Place), BTreeSet<Place>>,
    /// Parameter and place that hold in groups elsewhere.
    pub(super) elsewhere: BTreeMap<(u16, Place), BTreeSet<Place>>,
    /// Parameters that composites have as a part.
    pub(super) composed: BTreeSet<u16>,
    pub(super) truths: Vec<(usize, u16, Condition)>,
    pub(super) gaps: Vec<(&'static SearchParam, PathError)>,
}

impl Builder {
    pub(super) fn new(of: &'static Type) -> Self {
        let mut builder = Self {
            of,
            paths: Paths::new(of),
            places: BTreeMap::new(),
            groups: BTreeSet::new(),
            parts: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            composed: BTreeSet::new(),
            truths: Vec::new(),
            gaps: Vec::new(),
        };
        for (at, param) in builder.params().enumerate() {
            match builder.paths.add(param.expression()) {
                Ok(Selected::Places(places)) => drop(builder.places.insert(param.number(), places)),
                Ok(Selected::Truth(condition)) => builder.truths.push((at, param.number(), condition)),
                Err(error) => builder.gaps.push((param, error)),
            }
        }
        for composite in search_params_for(of.name()).filter(|param| param.kind() == SearchParamKind::Composite) {
            if let Err(error) = builder.composite(composite) {
                builder.gaps.push((composite, error));
            }
        }
        builder
    }

    fn params(&self) -> impl Iterator<Item = &'static SearchParam> + use<> {
        search_params_for(self.of.name()).filter(|param| is_extracted(param))
    }

    /// Finds out which values are parts of a composite, and in which elements.
    fn composite(&mut self, composite: &'static SearchParam) -> Result<(), PathError> {
        let elements = self.paths.select(&Expression::parse(composite.expression())?, self.paths.root())?;
        self.groups.extend(&elements);
        for component in composite.components() {
            let Some(param) = component.param(self.of.name()) else { continue };
            self.composed.insert(param.number());
            for &element in &elements {
                self.part(param.number(), &Expression::parse(component.expression())?, element)?;
            }
        }
        Ok(())
    }

    /// Of a parameter's places, those that a part's expression selects within an element. Where it selects none of them,
    /// all that are within the element: the standard has the expressions of DocumentReference's `relationship` swapped.
    fn part(&mut self, param: u16, expression: &Expression, element: Place) -> Result<(), PathError> {
        let own = self.places.get(&param).cloned().unwrap_or_default();
        let mut n_found = 0;
        for part in expression.parts() {
            let is_elsewhere = part.starts_at_resource() && element != self.paths.root();
            let from = if is_elsewhere { self.paths.root() } else { element };
            let of = if is_elsewhere { &mut self.elsewhere } else { &mut self.parts };
            for place in self.paths.select(part, from)?.into_iter().filter(|place| own.contains(place)) {
                of.entry((param, place)).or_default().insert(element);
                n_found += 1;
            }
        }
        if n_found == 0 {
            for place in own.into_iter().filter(|place| self.paths.way_to(*place).any(|at| at == element)) {
                self.parts.entry((param, place)).or_default().insert(element);
            }
        }
        Ok(())
    }

    fn group(&self, param: u16, place: Place) -> Group {
        let root = self.paths.root();
        match self.parts.get(&(param, place)) {
            Some(elements) if elements.iter().any(|element| *element != root) => Group::Around,
            None if self.composed.contains(&param) => Group::None,
            _ => Group::Resource,
        }
    }

    pub(super) fn plan(mut self) -> Plan {
        let mut at_place: HashMap<Place, Stop> = HashMap::new();
        for (at, param) in self.params().enumerate() {
            for &place in self.places.get(&param.number()).into_iter().flatten() {
                let Some(reader) = reader(param.kind(), self.paths.type_at(place)) else { continue };
                let also_in = self.elsewhere.get(&(param.number(), place)).into_iter().flatten().copied().collect();
                let codes = self.paths.element_at(place).and_then(|element| element.codes());
                let group = self.group(param.number(), place);
                let take = Take { at, param: param.number(), reader, codes, group, also_in };
                at_place.entry(place).or_default().takes.push(take);
            }
        }
        let groups: Vec<Place> = self.groups.iter().copied().filter(|place| *place != self.paths.root()).collect();
        self.paths.report(&groups);
        for place in groups {
            at_place.entry(place).or_default().is_group = true;
        }
        Plan { n_params: self.params().count(), paths: self.paths, at_place, truths: self.truths }
    }
}

/// Whether the parameter has values that [`extract`](super::extract) gives.
pub(super) fn is_extracted(param: &SearchParam) -> bool {
    let is_kept_elsewhere = matches!(param.code(), "_id" | "_lastUpdated") || param.expression().is_empty();
    !is_kept_elsewhere && !matches!(param.kind(), SearchParamKind::Composite | SearchParamKind::Special)
}
