//! The questions of the story, with the answers that the standard gives.

use mecum_testkit::search::story::{QUESTIONS, RESOURCES};

use super::{all_pages, asked, commit_at, searcher};
use crate::house::{assert_whole, on_both};
use crate::resource::put;

#[test]
fn rest_34_to_44_the_questions_of_the_story_have_their_answers() {
    on_both(|house, store, record| {
        for (place, text) in (1..).zip(RESOURCES) {
            commit_at(store, record, place, &[put(text)]);
        }
        let permit = searcher(store, record);
        let mut wrong = Vec::new();
        for (address, expected) in QUESTIONS {
            for limit in [100, 1, 2] {
                let found = all_pages(store, &permit, &asked(address), limit).join(" ");
                if found != *expected {
                    wrong.push(format!("{address} by {limit}\n  expected {expected}\n  got      {found}"));
                }
            }
        }
        assert!(wrong.is_empty(), "on {}: {}", house.name(), wrong.join("\n"));
        assert_whole(store);
    });
}
