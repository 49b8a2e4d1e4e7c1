//! What was typed into the forms, as it comes from the browser.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::answer::{Command, CommandKind, Draft, Form, Issue, Placeholder, Stage, Template, TemplateError, TemplateUse};
use shared::locale::Locale;
use shared::service_request::RequestKind;

use super::server::AnswerFields;

/// The answer as it was typed. What is in no list is as usual.
pub fn draft(fields: &AnswerFields) -> Draft {
    let mut draft = Draft::new(Locale::from_tag(&fields.locale));
    draft.form = Form::from_key(&fields.form).unwrap_or(Form::Letter);
    draft.stage = Stage::from_key(&fields.stage).unwrap_or(Stage::Final);
    draft.text = with_lines(&fields.text);
    for (key, typed) in &fields.typed {
        if let Some(placeholder) = Placeholder::from_key(key).filter(|_| !typed.trim().is_empty()) {
            draft.typed.insert(placeholder, typed.trim().to_owned());
        }
    }
    for (key, part) in &fields.addressed {
        if let (Ok(issue), Ok(part)) = (Issue::try_from(key.clone()), part.trim().parse()) {
            draft.addressed.insert(issue, part);
        }
    }
    draft
}

/// Browsers send two characters for a line's end.
fn with_lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// Puts a text at the end of another one, as parts of its own.
pub fn put_in(draft: &mut Draft, text: &str) {
    if !draft.text.is_empty() {
        draft.text.push_str("\n\n");
    }
    draft.text.push_str(text);
}

/// What the case system is to do, as it was typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TypedCommand {
    pub kind: String,
    pub field: String,
    pub from: String,
    pub to: String,
    pub notice: String,
}

impl TypedCommand {
    /// None without a kind of the list.
    pub fn command(&self) -> Option<Command> {
        let line = |text: &str| text.trim().to_owned();
        Some(match CommandKind::from_key(&self.kind)? {
            CommandKind::CorrectData => {
                Command::CorrectData { field: line(&self.field), from: line(&self.from), to: line(&self.to) }
            }
            CommandKind::ReissueNotice => Command::ReissueNotice { notice: line(&self.notice) },
            CommandKind::RemailCard => Command::RemailCard,
        })
    }
}

/// A template as it was typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TypedTemplate {
    pub key: String,
    pub used: String,
    pub kinds: BTreeSet<String>,
    pub title: String,
    pub en: String,
    pub es: String,
}

impl TypedTemplate {
    pub fn of(template: &Template) -> Self {
        Self {
            key: template.key().as_str().to_owned(),
            used: template.used().key().to_owned(),
            kinds: template.kinds().iter().map(|kind| kind.key().to_owned()).collect(),
            title: template.title().to_owned(),
            en: template.source(Locale::En).to_owned(),
            es: template.source(Locale::Es).to_owned(),
        }
    }

    pub fn template(&self) -> Result<Template, Vec<TemplateError>> {
        let used = TemplateUse::from_key(&self.used).unwrap_or(TemplateUse::Answer);
        let kinds = self.kinds.iter().filter_map(|kind| RequestKind::from_key(kind));
        Template::new(&self.key, used, kinds, &self.title, &with_lines(&self.en), &with_lines(&self.es))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_was_typed_and_nonsense_is_left_out() {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let fields = AnswerFields {
            form: "email".into(),
            stage: "interim".into(),
            locale: "es".into(),
            text: "Uno.\r\n\r\nDos.\r\n".into(),
            typed: map(&[("done_by", " 2031-01-02 "), ("place", " "), ("nobody", "x")]),
            addressed: map(&[("matter", "1"), ("not_helped-2", "2"), ("explanation", "x"), ("other", "1")]),
        };
        let read = draft(&fields);
        assert_eq!(
            (read.form, read.stage.key(), read.locale, read.text.as_str()),
            (Form::Email, "interim", Locale::Es, "Uno.\n\nDos.")
        );
        assert_eq!(read.typed.into_iter().collect::<Vec<_>>(), [(Placeholder::DoneBy, "2031-01-02".to_owned())]);
        assert_eq!(read.addressed.into_iter().collect::<Vec<_>>(), [(Issue::Matter, 1), (Issue::NotHelped(2), 2)]);
    }

    #[test]
    fn what_is_put_in_takes_nothing_away() {
        let mut draft = Draft::new(Locale::En);
        put_in(&mut draft, "First.");
        put_in(&mut draft, "Second.");
        assert_eq!(draft.text, "First.\n\nSecond.");
    }

    #[test]
    fn a_command_has_what_its_kind_needs() {
        let typed = TypedCommand { kind: "correct_data".into(), field: " name ".into(), to: "Ana".into(), ..Default::default() };
        let correct = Command::CorrectData { field: "name".into(), from: String::new(), to: "Ana".into() };
        assert!(typed.command() == Some(correct));
        assert!(TypedCommand::default().command().is_none());
    }
}
