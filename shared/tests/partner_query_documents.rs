//! What `docs/partner-messages.md` says of states is what the code does.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;

use shared::agreement::{Referred, Step, Withheld};
use shared::partner_query::template::{Template, starter};
use shared::partner_query::{
    Failure, InboundEvent, InboundState, OutboundEvent, OutboundState, ReleaseEvent, ReleaseState, ReplyResult, TemplateKey,
    TransactionNumber, Verdict,
};
use shared::service_request::OfficerId;

fn document() -> String {
    std::fs::read_to_string(format!("{}/../docs/partner-messages.md", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A line of a table: where a state leads, and what leads there. What changes nothing is left out.
fn line(state: &str, ways: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let mut by_target: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (event, to) in ways.filter(|(_, to)| *to != state) {
        by_target.entry(to).or_default().push(event);
    }
    let targets: Vec<String> = by_target.into_iter().map(|(to, events)| format!("{} → `{to}`", events.join(", "))).collect();
    format!("| `{state}` | {} |", targets.join("; "))
}

fn compare(lines: Vec<String>) {
    let document = document();
    let missing: Vec<_> = lines.iter().filter(|line| !document.contains(*line)).collect();
    assert!(missing.is_empty(), "docs/partner-messages.md needs these lines:\n{}", lines.join("\n"));
}

#[test]
fn the_table_of_our_queries_is_the_code() {
    use OutboundEvent as E;
    let (by, number) = (OfficerId(1), TransactionNumber::new([1; 16]));
    let sent = |step| E::Sent { step, number: number.clone() };
    let answered = |step, result| E::Answered { step, number: number.clone(), result };
    let failed = |step| E::Failed { step, why: Failure::NoAnswer };
    let events = [
        ("submitted", E::Submitted { by }),
        ("held", E::Held { because: Referred::Protection }),
        ("cleared", E::Cleared { by }),
        ("refused", E::Refused { because: Withheld::Protected }),
        ("cancelled", E::Cancelled { by }),
        ("first sent", sent(Step::First)),
        ("asked back", sent(Step::Reverse)),
        ("match", answered(Step::First, ReplyResult::Match)),
        ("no match", answered(Step::First, ReplyResult::NoMatch)),
        ("refused by the partner", answered(Step::First, ReplyResult::Refused)),
        ("first failed", failed(Step::First)),
        ("second sent", sent(Step::Second)),
        ("second answered", answered(Step::Second, ReplyResult::Match)),
        ("second failed", failed(Step::Second)),
        ("third requested", E::ThirdRequested { by }),
        ("third approved", E::ThirdApproved { by }),
        ("third sent", sent(Step::Third)),
        ("third answered", answered(Step::Third, ReplyResult::Match)),
        ("third failed", failed(Step::Third)),
        ("retried", E::Retried { by }),
        ("corrected", E::Corrected { step: Step::First, number: number.clone() }),
        ("reviewed", E::Reviewed { by }),
        ("closed", E::Closed { by }),
    ];
    let of = |state: OutboundState| {
        let ways = events.iter().filter_map(|(name, event)| Some((*name, state.next(event).ok()?.key())));
        line(state.key(), ways)
    };
    compare(OutboundState::ALL.into_iter().map(of).collect());
}

#[test]
fn the_table_of_partners_requests_is_the_code() {
    use InboundEvent as E;
    let (by, number) = (OfficerId(1), TransactionNumber::new([1; 16]));
    let events = [
        ("validated", E::Validated),
        ("invalid", E::Invalid),
        ("check begun", E::CheckBegun),
        ("proceed", E::Checked { verdict: Verdict::Proceed }),
        ("refer", E::Checked { verdict: Verdict::Refer }),
        ("silence", E::Checked { verdict: Verdict::Silence }),
        ("counsel: proceed", E::Decided { by, verdict: Verdict::Proceed }),
        ("counsel: silence", E::Decided { by, verdict: Verdict::Silence }),
        ("opened", E::Opened { by }),
        ("sent to review", E::SentToReview { by }),
        ("returned", E::Returned { by }),
        ("approved", E::Approved { by }),
        ("packaged", E::Packaged),
        ("handed", E::Handed),
        ("retrieved", E::Retrieved),
        ("transmitted", E::Transmitted { number: number.clone() }),
        ("silence sent", E::SilenceSent { number: number.clone() }),
        ("transmission failed", E::TransmissionFailed),
        ("retried", E::Retried { by }),
        ("cancelled", E::Cancelled),
        ("closed", E::Closed { by }),
        ("corrected", E::Corrected { number }),
    ];
    let of = |state: InboundState| {
        let ways = events.iter().filter_map(|(name, event)| Some((*name, state.next(event).ok()?.key())));
        line(state.key(), ways)
    };
    compare(InboundState::ALL.into_iter().map(of).collect());
}

#[test]
fn the_table_of_automatic_answers_is_the_code() {
    use ReleaseEvent as E;
    let by = OfficerId(1);
    let events = [
        ("validated", E::Validated),
        ("invalid", E::Invalid),
        ("check begun", E::CheckBegun),
        ("proceed", E::Checked { verdict: Verdict::Proceed }),
        ("refer", E::Checked { verdict: Verdict::Refer }),
        ("silence", E::Checked { verdict: Verdict::Silence }),
        ("counsel: proceed", E::Decided { by, verdict: Verdict::Proceed }),
        ("counsel: silence", E::Decided { by, verdict: Verdict::Silence }),
        ("sent", E::Sent { number: TransactionNumber::new([1; 16]) }),
        ("sending failed", E::SendingFailed),
        ("retried", E::Retried),
    ];
    let of = |state: ReleaseState| {
        let ways = events.iter().filter_map(|(name, event)| Some((*name, state.next(event).ok()?.key())));
        line(state.key(), ways)
    };
    compare(ReleaseState::ALL.into_iter().map(of).collect());
}

/// The example of the line form is read as far as it goes: it is too short for a message, and nothing in it is wrong.
#[test]
fn the_example_of_the_line_form_has_nothing_wrong_but_what_it_leaves_out() {
    let document = document();
    let example = document.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let canada = TemplateKey::from_key("CA").unwrap();
    let errors = Template::from_file(starter(canada).as_bytes()).unwrap().read(example).unwrap_err();
    let last = example.lines().count();
    assert!(errors.iter().all(|error| error.line == last && error.field.is_some()), "{errors:?}");
    let number = example.lines().nth(1).and_then(|line| line.strip_prefix("Transaction number: ")).unwrap();
    assert!(TransactionNumber::parse(number).is_ok_and(|number| number.is_ours()));
    assert!(document.contains(&format!("`{number}`: `USQ`")));
}
