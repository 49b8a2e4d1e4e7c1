//! A node of a script as it was typed.

use shared::call_script::{Answer, CaseBlock, MOST_ANSWERS, Node, NodeKey, Said, Step, StepKind, Words};
use shared::service_request::RequestKind;

use super::write::{NodeFields, TypedAnswer};

const NAME: &str = "A name has 1 to 40 small letters, digits and dashes, and begins with a letter.";

pub fn of(node: &Node) -> NodeFields {
    let mut fields = NodeFields {
        key: node.key.as_str().to_owned(),
        name: node.name.clone(),
        step: node.step.kind().key().to_owned(),
        ..NodeFields::default()
    };
    if let Some(first) = node.step.words().first() {
        (fields.en, fields.es) = (first.en.clone(), first.es.clone());
    }
    let to = |key: &NodeKey| key.as_str().to_owned();
    match &node.step {
        Step::Say { what, then, .. } => (fields.what, fields.then) = (what.key().to_owned(), to(then)),
        Step::Ask { answers, .. } => {
            let typed =
                |answer: &Answer| TypedAnswer { en: answer.label.en.clone(), es: answer.label.es.clone(), then: to(&answer.then) };
            fields.answers = answers.iter().map(typed).collect();
        }
        Step::Case { block, then, otherwise, .. } => {
            (fields.block, fields.then, fields.otherwise) = (block.key().to_owned(), to(then), to(otherwise));
        }
        Step::Form { form, then, .. } => (fields.form, fields.then) = (form.clone(), to(then)),
        Step::TakeRequest { kind, .. } => kind.key().clone_into(&mut fields.kind),
        Step::Transfer { .. } | Step::End { .. } => {}
    }
    fields
}

/// The node, or all that is wrong with it. Texts may be missing in a draft; names may not, since the way stands in them.
pub fn node(typed: &NodeFields) -> Result<Node, Vec<String>> {
    let mut wrong = Vec::new();
    let key = name(&typed.key, "The node’s name", &mut wrong);
    let step = step(typed, &mut wrong);
    match (key, step) {
        (Some(key), Some(step)) if wrong.is_empty() => Ok(Node { key, name: typed.name.trim().to_owned(), step }),
        _ => Err(wrong),
    }
}

fn name(text: &str, what: &str, wrong: &mut Vec<String>) -> Option<NodeKey> {
    let key = NodeKey::parse(text.trim()).ok();
    if key.is_none() {
        wrong.push(format!("{what}: {NAME}"));
    }
    key
}

fn step(typed: &NodeFields, wrong: &mut Vec<String>) -> Option<Step> {
    let text = Words::new(&typed.en, &typed.es);
    let then = |wrong: &mut Vec<String>| name(&typed.then, "Where it leads", wrong);
    let Some(kind) = StepKind::from_key(&typed.step) else {
        wrong.push("Choose what is done there.".into());
        return None;
    };
    Some(match kind {
        StepKind::Say => Step::Say { what: Said::from_key(&typed.what).unwrap_or(Said::Information), text, then: then(wrong)? },
        StepKind::Ask => Step::Ask { question: text, answers: answers(&typed.answers, wrong)? },
        StepKind::Case => {
            let block = CaseBlock::from_key(&typed.block).unwrap_or(CaseBlock::Status);
            let (then, otherwise) = (then(wrong), name(&typed.otherwise, "Where it leads otherwise", wrong));
            Step::Case { block, text, then: then?, otherwise: otherwise? }
        }
        StepKind::Form => Step::Form { form: typed.form.trim().to_uppercase(), text, then: then(wrong)? },
        StepKind::TakeRequest => {
            let Some(kind) = RequestKind::from_key(&typed.kind) else {
                wrong.push("Choose what the request is about.".into());
                return None;
            };
            Step::TakeRequest { kind, text }
        }
        StepKind::Transfer => Step::Transfer { text },
        StepKind::End => Step::End { text },
    })
}

/// The answers in which something stands. None if one leads nowhere.
fn answers(typed: &[TypedAnswer], wrong: &mut Vec<String>) -> Option<Vec<Answer>> {
    let typed = typed.iter().filter(|answer| [&answer.en, &answer.es, &answer.then].iter().any(|text| !text.trim().is_empty()));
    let mut answers = Vec::new();
    let mut is_whole = true;
    for (at, answer) in typed.enumerate().take(MOST_ANSWERS + 1) {
        match name(&answer.then, &format!("Where answer {} leads", at + 1), wrong) {
            Some(then) => answers.push(Answer { label: Words::new(&answer.en, &answer.es), then }),
            None => is_whole = false,
        }
    }
    is_whole.then_some(answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(step: StepKind) -> NodeFields {
        NodeFields {
            key: "here".into(),
            name: "Here".into(),
            step: step.key().into(),
            what: "disclaimer".into(),
            block: "delivery".into(),
            form: "i-90".into(),
            kind: RequestKind::CaseStatus.key().into(),
            en: "Words.".into(),
            es: "Palabras.".into(),
            then: "there".into(),
            otherwise: "tier-2".into(),
            answers: vec![
                TypedAnswer { en: "Yes".into(), es: "Sí".into(), then: "there".into() },
                TypedAnswer::default(),
                TypedAnswer { en: "No".into(), es: String::new(), then: "here".into() },
            ],
        }
    }

    #[test]
    fn what_is_typed_is_read_and_shown_again_as_it_was() {
        for kind in StepKind::ALL {
            let read = node(&fields(kind)).unwrap();
            assert_eq!(read.step.kind(), kind);
            assert_eq!(node(&of(&read)).unwrap(), read, "{kind:?}");
        }
        let Step::Ask { answers, .. } = node(&fields(StepKind::Ask)).unwrap().step else { panic!() };
        assert_eq!(answers.len(), 2, "an empty line is none");
        let Step::Form { form, .. } = node(&fields(StepKind::Form)).unwrap().step else { panic!() };
        assert_eq!(form, "I-90");
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let typed = NodeFields { key: "Here!".into(), then: String::new(), otherwise: "1".into(), ..fields(StepKind::Case) };
        assert_eq!(node(&typed).unwrap_err().len(), 3);
        let typed = NodeFields { kind: "nothing".into(), ..fields(StepKind::TakeRequest) };
        assert_eq!(node(&typed).unwrap_err(), ["Choose what the request is about."]);
        let mut typed = fields(StepKind::Ask);
        typed.answers[0].then.clear();
        assert_eq!(node(&typed).unwrap_err().len(), 1);
        assert_eq!(node(&NodeFields { step: "jump".into(), ..fields(StepKind::End) }).unwrap_err(), ["Choose what is done there."]);
    }
}
