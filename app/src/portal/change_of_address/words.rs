//! What is said of mistakes, of cases and of days.

use shared::address::{AddressField, AddressProblem};
use shared::change_of_address::{CaseState, ChangeState, Field, Hindrance, Problem, ProblemKind, Proof, Refusal, Step, TenDayRule};
use shared::locale::Locale;

use crate::text::text;

/// The name of a step.
pub fn step_name(step: Step, locale: Locale) -> &'static str {
    match step {
        Step::Person => text!(locale, change.step_person),
        Step::Move => text!(locale, change.step_move),
        Step::NewAddress => text!(locale, change.step_new),
        Step::OldAddress => text!(locale, change.step_old),
        Step::MailingAddress => text!(locale, change.step_mailing),
        Step::Cases => text!(locale, change.step_cases),
        Step::Contact => text!(locale, change.step_contact),
        Step::Check | Step::Signature => text!(locale, change.step_check),
    }
}

/// What has to be done about a mistake.
pub fn problem(problem: Problem, locale: Locale) -> &'static str {
    match (problem.field, problem.kind) {
        (_, ProblemKind::Address(of_address)) => address_problem(of_address, locale),
        (_, ProblemKind::TooLong) => text!(locale, change.too_long),
        (_, ProblemKind::Unreadable) => text!(locale, change.unreadable),
        (_, ProblemKind::SameAddress) => text!(locale, change.same_address),
        (Field::Filer, ProblemKind::TooYoung) => text!(locale, change.filer_too_young),
        (Field::Filer, _) => text!(locale, change.filer_missing),
        (Field::FamilyName, _) => text!(locale, change.family_missing),
        (Field::GivenName | Field::MiddleName, _) => text!(locale, change.given_missing),
        (Field::BirthDate, ProblemKind::InTheFuture) => text!(locale, change.birth_future),
        (Field::BirthDate, _) => text!(locale, change.birth_missing),
        (Field::Citizenship, _) => text!(locale, change.citizenship_wrong),
        (Field::Status, _) => text!(locale, change.status_wrong),
        (Field::StatusOther, _) => text!(locale, change.status_other_missing),
        (Field::ANumber, _) => text!(locale, change.a_number_wrong),
        (Field::MovedOn, ProblemKind::InTheFuture) => text!(locale, change.moved_future),
        (Field::MovedOn, ProblemKind::BeforeBirth) => text!(locale, change.moved_before_birth),
        (Field::MovedOn, _) => text!(locale, change.moved_missing),
        (Field::ReceiptNumber(_), ProblemKind::Empty) => text!(locale, change.number_empty),
        (Field::ReceiptNumber(_), ProblemKind::NumberTwice) => text!(locale, change.number_twice),
        (Field::ReceiptNumber(_), ProblemKind::TooMany) => text!(locale, change.number_too_many),
        (Field::ReceiptNumber(_), _) => text!(locale, follow.number_malformed),
        (Field::CaseZip(_), _) => text!(locale, change.case_zip_wrong),
        (Field::Email, _) => text!(locale, change.email_wrong),
        (Field::Telephone, _) => text!(locale, change.telephone_wrong),
        (Field::Signature, ProblemKind::NotTheName) => text!(locale, change.signature_other),
        (Field::Signature, _) => text!(locale, change.signature_missing),
        (Field::Certified | Field::OldAddressUnsafe, _) => text!(locale, change.certified_missing),
        (Field::New(_) | Field::Old(_) | Field::Mailing(_), _) => text!(locale, change.unreadable),
    }
}

/// What the client says of a field as soon as somebody leaves it.
pub fn slips(field: Field, locale: Locale) -> Option<String> {
    let line = |kind: ProblemKind| Some(format!("{} {}", kind.slip()?, problem(Problem { field, kind }, locale)));
    let lines: Vec<String> = field.slips().into_iter().filter_map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn address_problem(problem: AddressProblem, locale: Locale) -> &'static str {
    match problem {
        AddressProblem::Empty(AddressField::City) => text!(locale, change.city_missing),
        AddressProblem::Empty(AddressField::State) => text!(locale, change.state_missing),
        AddressProblem::Empty(AddressField::Zip) => text!(locale, change.zip_missing),
        AddressProblem::Empty(_) => text!(locale, change.street_missing),
        AddressProblem::TooLong(_) => text!(locale, change.too_long),
        AddressProblem::Unreadable(_) => text!(locale, change.unreadable),
        AddressProblem::PoBox(_) => text!(locale, change.po_box),
        AddressProblem::Unknown(AddressField::Country) => text!(locale, change.country_unknown),
        AddressProblem::Unknown(_) => text!(locale, change.state_unknown),
        AddressProblem::ZipMalformed => text!(locale, change.zip_malformed),
        AddressProblem::ZipUnknown => text!(locale, change.zip_unknown),
        AddressProblem::ZipOfOtherState => text!(locale, change.zip_other_state),
    }
}

/// How the ten days stand.
pub fn ten_days(rule: TenDayRule, locale: Locale) -> String {
    match rule {
        TenDayRule::Due { by, days_left: 0 } => text!(locale, change.rule_today, day = locale.long_date(by)),
        TenDayRule::Due { by, days_left: 1 } => text!(locale, change.rule_one_left, day = locale.long_date(by)),
        TenDayRule::Due { by, days_left } => text!(locale, change.rule_left, day = locale.long_date(by), days = days_left),
        TenDayRule::Late { by, .. } => text!(locale, change.rule_late, day = locale.long_date(by)),
    }
}

/// How the ten days stood when the report came in.
pub fn kept_ten_days(rule: TenDayRule, locale: Locale) -> String {
    match rule {
        TenDayRule::Due { by, .. } => text!(locale, change.rule_kept, day = locale.long_date(by)),
        TenDayRule::Late { by, .. } => text!(locale, change.rule_missed, day = locale.long_date(by)),
    }
}

/// What became of a case.
pub fn case_state(state: CaseState, locale: Locale) -> &'static str {
    match state {
        CaseState::HeldForProof => text!(locale, change.case_held),
        CaseState::WillBeUpdated => text!(locale, change.case_will_be),
        CaseState::Updated { .. } => text!(locale, change.case_updated),
        CaseState::Acknowledged { .. } => text!(locale, change.case_acknowledged),
        CaseState::Replaced { .. } => text!(locale, change.case_replaced),
        CaseState::Reversed { .. } => text!(locale, change.case_reversed),
        CaseState::CouldNot { reason: Hindrance::NotRecognised } => text!(locale, change.case_not_recognised),
        CaseState::CouldNot { reason: Hindrance::ChangeNotProven } => text!(locale, change.case_not_proven),
        CaseState::CouldNot { reason: Hindrance::Closed } => text!(locale, change.case_closed),
        CaseState::CouldNot { reason: Hindrance::CaseSystem } => text!(locale, change.case_system),
    }
}

/// What a change as a whole is in: a heading, and what it means.
pub fn change_state(state: ChangeState, locale: Locale) -> (&'static str, &'static str) {
    match state {
        ChangeState::Pending { awaits: Proof::CodeToContact, .. } => {
            (text!(locale, change.pending_code_title), text!(locale, change.pending_code_text))
        }
        ChangeState::Pending { awaits: Proof::PinToOldAddress, .. } => {
            (text!(locale, change.pending_pin_title), text!(locale, change.pending_pin_text))
        }
        ChangeState::Pending { awaits: Proof::AgentsCheck, .. } => {
            (text!(locale, change.pending_agent_title), text!(locale, change.pending_agent_text))
        }
        ChangeState::Recorded { .. } => (text!(locale, change.recorded_title), text!(locale, change.recorded_text)),
        ChangeState::Confirmed { .. } => (text!(locale, change.confirmed_title), text!(locale, change.confirmed_text)),
        ChangeState::Reversed { .. } => (text!(locale, change.reversed_title), text!(locale, change.reversed_text)),
        ChangeState::Expired { .. } => (text!(locale, change.expired_title), text!(locale, change.expired_text)),
        ChangeState::Refused { reason: Refusal::NotTheirs, .. } => {
            (text!(locale, change.refused_title), text!(locale, change.refused_not_theirs))
        }
        ChangeState::Refused { reason: Refusal::NotProven, .. } => {
            (text!(locale, change.refused_title), text!(locale, change.refused_not_proven))
        }
        ChangeState::Refused { reason: Refusal::Withdrawn, .. } => {
            (text!(locale, change.withdrawn_title), text!(locale, change.withdrawn_text))
        }
    }
}
