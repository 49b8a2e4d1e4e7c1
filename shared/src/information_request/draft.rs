//! What is to be told, before somebody else has looked at it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::held_back::HeldBack;
use crate::agreement::Element;
use crate::partner_query::{LongLine, ReplyResult, ShortLine};

/// What is told of a person and what is held back, by who prepares it. Its JSON is what is hashed, with the documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// In words, or as a document that goes with the reply.
    pub told: BTreeSet<Element>,
    pub held_back: BTreeMap<Element, HeldBack>,
    /// On what condition it is told (SOR/2002-227 s. 315.25(4)).
    pub caveats: Option<LongLine>,
    /// With what the file was compared, so that nothing wrong is told (SOR/2002-227 s. 315.24).
    pub compared_with: ShortLine,
}

impl Draft {
    /// What the reply is as a whole.
    pub fn result(&self, asked: &BTreeSet<Element>) -> ReplyResult {
        result(&self.told, asked)
    }
}

fn result(told: &BTreeSet<Element>, asked: &BTreeSet<Element>) -> ReplyResult {
    if asked.is_subset(told) {
        return ReplyResult::Match;
    }
    if told.is_empty() { ReplyResult::Refused } else { ReplyResult::Partial }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;

    fn draft(told: BTreeSet<Element>) -> Draft {
        let compared_with = ShortLine::parse("A-File A900000001, paper").unwrap();
        Draft { told, held_back: BTreeMap::new(), caveats: None, compared_with }
    }

    #[test]
    fn a_reply_is_whole_partial_or_a_refusal() {
        let asked = BTreeSet::from([Element::FullName, Element::BirthDate]);
        assert_eq!(draft(asked.clone()).result(&asked), ReplyResult::Match);
        assert_eq!(draft(BTreeSet::from([Element::FullName])).result(&asked), ReplyResult::Partial);
        assert_eq!(draft(BTreeSet::new()).result(&asked), ReplyResult::Refused);
        assert_eq!(draft(BTreeSet::new()).result(&BTreeSet::new()), ReplyResult::Match, "a bare match is an answer too");
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_back(told in subsequence(Element::ALL.to_vec(), 0..=Element::ALL.len())) {
            let draft = draft(told.into_iter().collect());
            let written = serde_json::to_vec(&draft).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Draft>(&written).unwrap(), draft);
        }
    }
}
