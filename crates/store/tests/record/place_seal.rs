//! Where a search goes on, as a client carries it.

use mecum_record::access::Act;

use crate::house::{new_record, on_both, permit};

#[test]
fn rest_31_a_place_opens_for_its_record_and_words_and_altered_not_at_all() {
    on_both(|_, store, record| {
        let own = permit(store, record, Act::SearchSystem);
        let sealed = store.seal_place(&own, &["app a", "Patient?name=x"], b"behind 7").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"behind"));
        let open = |permit, words: &[&str], sealed: &[u8]| store.open_place(permit, words, sealed).unwrap();
        assert_eq!(open(&own, &["app a", "Patient?name=x"], &sealed).as_deref(), Some(&b"behind 7"[..]));
        assert_eq!(open(&own, &["app a", "Patient?name=y"], &sealed), None);
        assert_eq!(open(&own, &["app aPatient?name=x"], &sealed), None);
        let other = permit(store, new_record(store), Act::SearchSystem);
        assert_eq!(open(&other, &["app a", "Patient?name=x"], &sealed), None);
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(open(&own, &["app a", "Patient?name=x"], &altered), None, "{at}");
            assert_eq!(open(&own, &["app a", "Patient?name=x"], &sealed[..at]), None, "{at}");
        }
    });
}
