//! Files of resources (PHR-2 to PHR-19, PHR-57): lines, whole values, and what they offer to an import.

#[path = "phr/ending.rs"]
mod ending;
#[path = "phr/hostile.rs"]
mod hostile;
#[path = "phr/lines.rs"]
mod lines;
#[path = "phr/open.rs"]
mod open;
#[path = "phr/reading.rs"]
mod reading;
#[path = "phr/sample_repairs.rs"]
mod sample_repairs;
