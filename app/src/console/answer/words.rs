//! What is said of answers in the console.

use domain::answer::AnswerState;
use shared::answer::{
    Channel, Command, CommandKind, CommandState, Delivery, Form, Next, Placeholder, Recipient, Rule, Stage, TemplateUse, ValueKind,
};
use shared::locale::Locale;

pub const fn form(form: Form) -> &'static str {
    match form {
        Form::Letter => "Letter",
        Form::Email => "E-mail",
        Form::Telephone => "Telephone: what was said",
    }
}

pub const fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Final => "Final",
        Stage::Interim(Next::WeGoOn) => "Interim: we go on, the clock runs",
        Stage::Interim(Next::PersonReplies) => "Interim: the person has to reply, the clock waits",
    }
}

pub const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Es => "Spanish",
    }
}

pub const fn recipient(recipient: Recipient) -> &'static str {
    match recipient {
        Recipient::Person => "The person",
        Recipient::Representative => "The representative on file",
    }
}

/// By what means somebody gets it. A mail says that there is an answer, and no more.
pub const fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Letter => "letter",
        Channel::Email => "e-mail that tells of it",
        Channel::Telephone => "telephone",
    }
}

pub const fn delivery(state: Delivery, channel: Channel) -> &'static str {
    match (state, channel) {
        (Delivery::Prepared, Channel::Letter) => "Waits for the printer",
        (Delivery::Prepared, _) => "Waits to be sent",
        (Delivery::Sent, Channel::Letter) => "In a batch for the printer",
        (Delivery::Sent, _) => "Sent",
        (Delivery::Acknowledged, Channel::Telephone) => "Said",
        (Delivery::Acknowledged, _) => "Mailed",
        (Delivery::Returned, _) => "Came back",
    }
}

pub const fn answer_state(state: AnswerState) -> &'static str {
    match state {
        AnswerState::Draft => "Being written",
        AnswerState::AwaitingReview => "Waits for a second reader",
        AnswerState::Released => "Released",
        AnswerState::Discarded => "Thrown away",
    }
}

pub const fn placeholder(placeholder: Placeholder) -> &'static str {
    match placeholder {
        Placeholder::RequestNumber => "Number of the request",
        Placeholder::ReceiptNumber => "Receipt number",
        Placeholder::Form => "Form",
        Placeholder::AskedOn => "Day of the request",
        Placeholder::DueOn => "Day by which an answer was promised",
        Placeholder::Today => "Day of the letter",
        Placeholder::Office => "Office",
        Placeholder::FiledOn => "Day of filing",
        Placeholder::MailedOn => "Day of mailing",
        Placeholder::TrackingNumber => "Tracking number",
        Placeholder::AppointmentOn => "Day of the appointment",
        Placeholder::ReplyBy => "Last day for the person to do it",
        Placeholder::DoneBy => "Day by which we will have done it",
        Placeholder::Document => "What was mailed, made or corrected",
        Placeholder::Place => "Where to go",
        Placeholder::NumberOfDays => "Number of days",
    }
}

/// Said at a field whose value is of another type.
pub const fn wanted(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Day => "Type a day, such as 2026-03-10.",
        ValueKind::Line => "Type one line of up to 100 characters.",
        ValueKind::Count => "Type a whole number.",
        ValueKind::TrackingNumber => "Type a tracking number of the post office, such as 9205 5999 9999 9999 0000 0121.",
    }
}

pub const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Written => "Nothing to send",
        Rule::FilledIn => "Left open",
        Rule::Issues => "Not answered",
        Rule::Repetition => "Says the same again",
        Rule::RepeatedSentence => "A sentence of an earlier answer",
        Rule::OtherPeople => "Somebody else's data",
        Rule::NextStep => "No next step",
        Rule::ReadingGrade => "Hard to read",
        Rule::Language => "Another language",
    }
}

pub const fn command(kind: CommandKind) -> &'static str {
    match kind {
        CommandKind::CorrectData => "Correct data",
        CommandKind::ReissueNotice => "Re-issue a notice",
        CommandKind::RemailCard => "Re-mail the card",
    }
}

/// What exactly is to be done.
pub fn command_detail(command: &Command) -> String {
    match command {
        Command::CorrectData { field, from, to } if from.is_empty() => format!("{field}: to “{to}”"),
        Command::CorrectData { field, from, to } => format!("{field}: from “{from}” to “{to}”"),
        Command::ReissueNotice { notice } => notice.clone(),
        Command::RemailCard => String::new(),
    }
}

pub const fn command_state(state: CommandState) -> &'static str {
    match state {
        CommandState::Requested => "Asked; not fetched yet",
        CommandState::Sent => "Fetched by the case system",
        CommandState::Confirmed => "Done",
        CommandState::Refused => "Refused",
    }
}

pub const fn used(used: TemplateUse) -> &'static str {
    match used {
        TemplateUse::Answer => "Whole answer",
        TemplateUse::Insert => "Put in while writing",
    }
}
