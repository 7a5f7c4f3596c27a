//! Foreign formats: bytes to resources and back (pure).
