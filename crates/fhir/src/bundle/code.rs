//! The closed code sets of a Bundle (R4 valueset-bundle-type.html, valueset-http-verb.html, valueset-search-entry-mode.html).

/// Declares a closed set of codes with `code`, `parse` and `ALL`.
macro_rules! codes {
    ($(#[$about:meta])* $name:ident { $($(#[$of_variant:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$of_variant])* $variant,)*
        }

        impl $name {
            /// All of them, in the order of the standard.
            pub const ALL: &'static [$name] = &[$(Self::$variant),*];

            /// The code.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The one with that code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// What a Bundle is for.
    BundleType {
        /// A composed document.
        Document = "document",
        /// A message.
        Message = "message",
        /// Interactions to be done together or not at all.
        Transaction = "transaction",
        /// What came of a transaction.
        TransactionResponse = "transaction-response",
        /// Interactions to be done one by one.
        Batch = "batch",
        /// What came of a batch.
        BatchResponse = "batch-response",
        /// Versions, the newest first.
        History = "history",
        /// The result of a search.
        Searchset = "searchset",
        /// Resources, for no stated purpose.
        Collection = "collection",
    }
}

codes! {
    /// An HTTP method of an entry's request.
    Method {
        /// Read or search.
        Get = "GET",
        /// The same without the body.
        Head = "HEAD",
        /// Create or an operation.
        Post = "POST",
        /// Update.
        Put = "PUT",
        /// Delete.
        Delete = "DELETE",
        /// Patch.
        Patch = "PATCH",
    }
}

codes! {
    /// Why an entry is in a search's result.
    SearchMode {
        /// It was searched for.
        Match = "match",
        /// A match refers to it, or it to a match.
        Include = "include",
        /// It is an OperationOutcome about the search.
        Outcome = "outcome",
    }
}
