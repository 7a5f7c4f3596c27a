//! Search over HTTP: one file for each part of R4's search.html.

mod subset;
