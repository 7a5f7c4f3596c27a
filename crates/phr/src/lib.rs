//! What a person can do with a record; rules meet storage only here.
