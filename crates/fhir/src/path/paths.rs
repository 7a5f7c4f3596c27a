//! Expressions over one type, merged into a tree of steps.

use super::condition::Condition;
use super::expression::{Expression, PathError};
use crate::definitions::{ElementDefinition, Type};
use crate::json::Element;

/// Where in a type an expression ends: the same for all expressions that lead there by the same steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(pub(super) u16);

/// What an expression selects.
pub enum Selected {
    /// The elements at these places.
    Places(Vec<Place>),
    /// Whether a condition holds of the whole.
    Truth(Condition),
}

/// Expressions over one type.
pub struct Paths {
    pub(super) nodes: Vec<Node>,
}

/// A place with the steps that lead on from it.
pub(super) struct Node {
    pub(super) of: &'static Type,
    pub(super) element: Option<&'static ElementDefinition>,
    /// The place it was reached from; the root's is itself.
    pub(super) parent: Place,
    /// Whether there can be several on the way here.
    pub(super) is_many: bool,
    /// Whether elements here are reported.
    pub(super) is_result: bool,
    /// By length of the name, then by name.
    pub(super) members: Vec<(&'static str, Place)>,
    pub(super) filters: Vec<Filter>,
}

/// A step that stays at the element, if it may.
pub(super) struct Filter {
    /// What was written: equal filters are one.
    pub(super) written: Expression,
    pub(super) test: Test,
    pub(super) into: Place,
}

/// Whether an element goes on.
pub(super) enum Test {
    /// A condition holds of it.
    Holds(Condition),
    /// It is the one of that number among its siblings.
    IsAt(usize),
}

/// The most places of one type.
const MAX_PLACES: usize = 2048;

impl Paths {
    /// No expressions yet, over elements of a type.
    pub fn new(of: &'static Type) -> Self {
        let root = Node {
            of,
            element: None,
            parent: Place(0),
            is_many: false,
            is_result: false,
            members: Vec::new(),
            filters: Vec::new(),
        };
        Self { nodes: vec![root] }
    }

    /// The place where all expressions begin.
    pub fn root(&self) -> Place {
        Place(0)
    }

    /// Adds an expression; what it selects is reported from now on.
    pub fn add(&mut self, expression: &str) -> Result<Selected, PathError> {
        let expression = Expression::parse(expression)?;
        if let Some(condition) = Condition::of_whole(&expression, self.nodes[0].of)? {
            return Ok(Selected::Truth(condition));
        }
        let places = self.select(&expression, self.root())?;
        self.report(&places);
        Ok(Selected::Places(places))
    }

    /// Reports the elements at these places from now on.
    pub(crate) fn report(&mut self, places: &[Place]) {
        places.iter().for_each(|place| self.node_mut(*place).is_result = true);
    }

    /// The type of the elements at a place; abstract where several types may stand.
    pub fn type_at(&self, place: Place) -> &'static Type {
        self.node(place).of
    }

    /// The definition of the element at a place; none for the root.
    pub fn element_at(&self, place: Place) -> Option<&'static ElementDefinition> {
        self.node(place).element
    }

    /// The places on the way to a place, the last one first, without the root.
    pub(crate) fn way_to(&self, place: Place) -> impl Iterator<Item = Place> {
        std::iter::successors(Some(place), |at| Some(self.node(*at).parent)).take_while(|at| *at != self.root())
    }

    /// The way to a place by the names of JSON, `…` where not all elements go on: `telecom.….value`.
    pub fn show(&self, place: Place) -> String {
        let mut steps: Vec<&str> =
            self.way_to(place).collect::<Vec<_>>().into_iter().map(|at| self.step_to(at)).collect();
        steps.reverse();
        steps.join(".")
    }

    fn step_to(&self, place: Place) -> &'static str {
        let parent = self.node(self.node(place).parent);
        parent.members.iter().find(|(_, into)| *into == place).map_or("…", |(name, _)| name)
    }

    pub(super) fn node(&self, place: Place) -> &Node {
        &self.nodes[usize::from(place.0)]
    }

    pub(super) fn node_mut(&mut self, place: Place) -> &mut Node {
        &mut self.nodes[usize::from(place.0)]
    }

    /// The place of a member, new if nobody has gone there yet.
    pub(super) fn member(
        &mut self,
        from: Place,
        key: &'static str,
        of: &'static Type,
        element: &'static ElementDefinition,
    ) -> Result<Place, PathError> {
        let order = |name: &str| (name.len(), name.to_owned());
        let at = match self.node(from).members.binary_search_by_key(&order(key), |(name, _)| order(name)) {
            Ok(at) => return Ok(self.node(from).members[at].1),
            Err(at) => at,
        };
        let is_many = self.node(from).is_many || element.is_many();
        let into = self.push(Node { of, element: Some(element), is_many, ..self.beneath(from) })?;
        self.node_mut(from).members.insert(at, (key, into));
        Ok(into)
    }

    /// The place behind a filter, new if nobody has filtered so yet.
    pub(super) fn filtered(&mut self, from: Place, written: Expression, test: Test) -> Result<Place, PathError> {
        if let Some(known) = self.node(from).filters.iter().find(|filter| filter.written == written) {
            return Ok(known.into);
        }
        let is_many = self.node(from).is_many && !matches!(test, Test::IsAt(_));
        let into = self.push(Node { is_many, ..self.beneath(from) })?;
        self.node_mut(from).filters.push(Filter { written, test, into });
        Ok(into)
    }

    fn beneath(&self, from: Place) -> Node {
        let Node { of, element, is_many, .. } = *self.node(from);
        Node { of, element, parent: from, is_many, is_result: false, members: Vec::new(), filters: Vec::new() }
    }

    fn push(&mut self, node: Node) -> Result<Place, PathError> {
        let place = u16::try_from(self.nodes.len()).ok().filter(|_| self.nodes.len() < MAX_PLACES);
        self.nodes.push(node);
        place.map(Place).ok_or(PathError::TooLong)
    }
}

/// A single expression over a type.
pub struct Path {
    paths: Paths,
    selected: Selected,
}

impl Path {
    /// Compiles an expression over elements of a type.
    pub fn compile(of: &'static Type, expression: &str) -> Result<Self, PathError> {
        let mut paths = Paths::new(of);
        let selected = paths.add(expression)?;
        Ok(Self { paths, selected })
    }

    /// What it selects of a resource, in order of text; nothing if it is a condition.
    pub fn evaluate<'a>(&self, resource: Element<'a>) -> Vec<Element<'a>> {
        let mut found = Vec::new();
        self.paths.walk(resource, &mut |_, element| found.push(element));
        found
    }

    /// Whether it holds of a resource; none if it is no condition, or one that is neither true nor false.
    pub fn holds(&self, resource: Element<'_>) -> Option<bool> {
        match &self.selected {
            Selected::Truth(condition) => condition.holds(resource),
            Selected::Places(_) => None,
        }
    }
}
