//! What things of calls are called.

use domain::call_script::{Ending, Identified};
use shared::call_script::{CaseBlock, Move, Said, Step, Verified};

pub const fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Answered => "The caller has an answer.",
        Ending::Request(_) => "A service request was taken.",
        Ending::Transferred => "The call was handed to Tier 2.",
        Ending::BrokenOff => "The call was broken off.",
    }
}

/// What the agent may say now, and how it is known.
pub const fn verified(verified: Verified) -> &'static str {
    match verified {
        Verified::Nothing => "Not verified. Say nothing about a case.",
        Verified::Receipt => "The receipt number is right. Say what the public page says: where the case stands, and its mail.",
        Verified::Person => {
            "Receipt number, date of birth and ZIP code are right. You may also say when to ask, and what was asked."
        }
        Verified::Representative => "The representative on file. You may say what you may say to the person.",
    }
}

/// What came of asking who calls, for the agent.
pub const fn identified(identified: &Identified) -> &'static str {
    match identified {
        Identified::As(found) => verified(*found),
        Identified::NothingToSay => {
            "There is nothing that may be said about this number. Read it back, digit by digit; if it is the same, say that you cannot \
             find anything, and nothing else."
        }
        Identified::Disagrees => {
            "The number is right, and something else does not agree. Do not say what. Ask again once, or go on with what the number alone \
             allows."
        }
        Identified::TooMany => {
            "Too many tries about this number today. Say that you cannot verify it, and hand the call to Tier 2."
        }
        Identified::Over => "The call is over.",
    }
}

/// Why a text is read.
pub const fn said(what: Said) -> &'static str {
    match what {
        Said::Information => "To inform",
        Said::Disclaimer => "Disclaimer: word for word",
        Said::PrivacyAct => "Privacy Act statement: word for word",
    }
}

/// How far the caller has to be verified for it.
pub const fn needs(block: CaseBlock) -> &'static str {
    match block.needs() {
        Verified::Nothing => "to anybody",
        Verified::Receipt => "with the receipt number",
        Verified::Person | Verified::Representative => "with receipt number, date of birth and ZIP code",
    }
}

/// What was done at a node, where it says more than that the call went on.
pub fn made(step: &Step, made: Move) -> Option<String> {
    match (step, made) {
        (Step::Ask { answers, .. }, Move::Answer(at)) => answers.get(usize::from(at)).map(|answer| answer.label.en.clone()),
        (_, Move::Told) => Some("said".into()),
        (_, Move::NotTold) => Some("not said".into()),
        (_, Move::Read) => Some("read out".into()),
        _ => None,
    }
}
