//! Where a search goes on, sealed: a client carries it in a link, can neither read nor make one, and uses it for nothing else.

use mecum_record::access::Permit;

use crate::Store;
use crate::error::StoreError;
use crate::seal::Aad;

impl Store {
    /// Seals a place. It opens only under a permit over the same record, and for the words it is bound to.
    ///
    /// # Errors
    /// When the record has no key.
    pub fn seal_place(&self, permit: &Permit, bound_to: &[&str], place: &[u8]) -> Result<Vec<u8>, StoreError> {
        Ok(self.keys.record_key(permit.over())?.seal(&aad(permit, bound_to), place))
    }

    /// The place that was sealed; `None` for what was altered, made by nobody here, or bound to something else.
    ///
    /// # Errors
    /// When the record has no key.
    pub fn open_place(&self, permit: &Permit, bound_to: &[&str], sealed: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.keys.record_key(permit.over())?.open(&aad(permit, bound_to), sealed).ok())
    }
}

fn aad(permit: &Permit, bound_to: &[&str]) -> Aad {
    bound_to.iter().fold(Aad::new("place in a search").int(permit.over().0), |aad, word| aad.text(word))
}
