//! Whose record it is, who may see what, and why (pure).
