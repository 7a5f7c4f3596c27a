//! Synthetic people, and what tests need: both databases, sample files, clocks.
