//! The values that a resource is indexed by: what every search parameter of its type selects, in the form in which its
//! kind is compared (R4 search.html#ptypes).

mod build;
#[cfg(test)]
mod coverage;
mod plan;
mod quantity;
mod readers;
mod reference;
mod sink;
mod text;
mod token;

use sink::Sink;

use crate::resource::Resource;
use crate::search::value::Indexed;
use plan::plan;

/// The most values of one parameter in a resource; those behind are not found by it.
pub const MAX_PER_PARAM: usize = 500;

/// The most values of a resource; of the parameters that have most, those behind are left out first.
pub const MAX_VALUES: usize = 2000;

/// The longest text that is indexed, in characters; a longer one is cut.
pub const MAX_TEXT: usize = 1000;

/// The longest code, system or address, in bytes; a longer one is left out.
pub const MAX_CODE: usize = 2000;

/// Every value of every parameter that the resource's type has, sorted, each once. What lies at `local_base` is this server's
/// own. `zone_offset_minutes`, east positive, holds for dates without a zone.
///
/// There are none of `_id` and `_lastUpdated`, which are kept with the resource; of `_text` and `_content`, see
/// [`words_of`](crate::search::words_of); of composites, whose parts are told apart by [`Indexed::group`]; nor of Location's
/// `near`, for which there is no kind of value. Bounds are [`MAX_PER_PARAM`], [`MAX_VALUES`], [`MAX_TEXT`] and
/// [`MAX_CODE`].
pub fn extract(resource: &Resource, local_base: &str, zone_offset_minutes: i32) -> Vec<Indexed> {
    let plan = plan(resource.resource_type());
    let mut sink = Sink::new(plan.n_params, local_base, zone_offset_minutes);
    plan.read(resource.root(), &mut sink);
    let mut values = sink.done();
    values.sort_unstable();
    values.dedup();
    cut(&mut values);
    values
}

/// Leaves [`MAX_VALUES`] of sorted values: as many of each parameter as all can have.
fn cut(values: &mut Vec<Indexed>) {
    if values.len() <= MAX_VALUES {
        return;
    }
    let n_of_each: Vec<usize> = values.chunk_by(|left, right| left.param == right.param).map(<[_]>::len).collect();
    let fits = |most: &usize| n_of_each.iter().map(|n| n.min(most)).sum::<usize>() <= MAX_VALUES;
    let most = (1..=MAX_PER_PARAM).rev().find(fits).unwrap_or(0);
    let (mut param, mut n_kept) = (None, 0);
    values.retain(|value| {
        n_kept = if param == Some(value.param) { n_kept + 1 } else { 1 };
        param = Some(value.param);
        n_kept <= most
    });
}
