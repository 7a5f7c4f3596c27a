//! One pass over a resource that takes all steps of all expressions.

use super::condition::Scope;
use super::paths::{Node, Paths, Place, Test};
use crate::json::{Element, Kind};

/// What is told of every element found, in order of text.
type Report<'f, 'a> = dyn FnMut(Place, Element<'a>) + 'f;

impl Paths {
    /// Reports every element that an expression selects, with its place; an element at several places once for each.
    /// Members are known by their names: content of another kind than the standard's is reported as it is, for whoever
    /// takes it to judge. Where one element stands in the place of an array, it is the array's only one.
    pub fn walk<'a>(&self, resource: Element<'a>, report: &mut Report<'_, 'a>) {
        self.walk_within(resource, &Scope::new(resource), report);
    }

    pub(super) fn walk_within<'a>(&self, element: Element<'a>, scope: &Scope<'a>, report: &mut Report<'_, 'a>) {
        Walk { paths: self, scope }.visit(self.root(), element, 0, report);
    }
}

struct Walk<'w, 'a> {
    paths: &'w Paths,
    scope: &'w Scope<'a>,
}

impl<'a> Walk<'_, 'a> {
    /// As deep as the longest expression.
    fn visit(&self, place: Place, element: Element<'a>, index: usize, report: &mut Report<'_, 'a>) {
        let node = self.paths.node(place);
        if node.is_result {
            report(place, element);
        }
        for filter in &node.filters {
            let goes_on = match &filter.test {
                Test::IsAt(wanted) => *wanted == index,
                Test::Holds(condition) => condition.holds_within(element, self.scope) == Some(true),
            };
            if goes_on {
                self.visit(filter.into, element, index, report);
            }
        }
        if !node.members.is_empty() {
            self.members(node, element, report);
        }
    }

    fn members(&self, node: &Node, element: Element<'a>, report: &mut Report<'_, 'a>) {
        for member in element.members() {
            let key = &*member.key;
            let found =
                node.members.binary_search_by(|(name, _)| name.len().cmp(&key.len()).then_with(|| (*name).cmp(key)));
            let Ok(at) = found else { continue };
            let into = node.members[at].1;
            match member.value.kind() {
                Kind::Null => {}
                Kind::Array => {
                    for (index, item) in member.value.items().enumerate() {
                        if !matches!(item.kind(), Kind::Null | Kind::Array) {
                            self.visit(into, item, index, report);
                        }
                    }
                }
                _ => self.visit(into, member.value, 0, report),
            }
        }
    }
}
