//! Images drawn from nothing: a wrist, a chest and an ultrasound fan that look like their kind and show nobody.

mod canvas;
mod chest;
mod deflate;
mod lettering;
mod png;
mod ultrasound;
mod wrist;

pub(crate) use chest::chest;
pub(crate) use ultrasound::ultrasound;
pub(crate) use wrist::wrist;
