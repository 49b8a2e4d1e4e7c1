//! The way of one call through a script.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::key::NodeKey;
use super::node::{Node, Step};
use super::script::Script;

/// More steps than this is a circle, not a call.
const LONGEST: usize = 500;

/// What was done at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    Go,
    /// What must be read was read out in full.
    Read,
    /// The answer, counted from 0.
    Answer(u8),
    /// What is known about the case was said.
    Told,
    /// It may not be said, or there is nothing to say.
    NotTold,
}

/// A node that was left, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    pub node: NodeKey,
    #[serde(rename = "move")]
    pub made: Move,
}

/// The way of a call, from the first node. The text of each node stands in the version of the script that the call was begun with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Walk(Vec<Taken>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WalkError {
    #[error("this way does not lead through this script")]
    OtherScript,
    #[error("this is not what is done at this node")]
    NotHere,
    #[error("the call has gone in circles: begin the script again")]
    TooLong,
}

impl Walk {
    pub fn taken(&self) -> &[Taken] {
        &self.0
    }

    /// The node at which the call is.
    ///
    /// # Errors
    /// The way is not one through this script.
    pub fn here<'a>(&self, script: &'a Script) -> Result<&'a Node, WalkError> {
        let mut node = script.first().ok_or(WalkError::OtherScript)?;
        for taken in &self.0 {
            let next = next(node, taken.made).filter(|_| node.key == taken.node).ok_or(WalkError::OtherScript)?;
            node = script.node(next).ok_or(WalkError::OtherScript)?;
        }
        Ok(node)
    }

    /// Goes on from the node at hand.
    ///
    /// # Errors
    /// The move is none of this node's, and nothing has changed.
    pub fn go(&mut self, script: &Script, made: Move) -> Result<(), WalkError> {
        let node = self.here(script)?;
        if self.0.len() == LONGEST {
            return Err(WalkError::TooLong);
        }
        let to = next(node, made).ok_or(WalkError::NotHere)?;
        script.node(to).ok_or(WalkError::NotHere)?;
        self.0.push(Taken { node: node.key.clone(), made });
        Ok(())
    }

    /// Goes back to a node of the way, counted from 0. False if the call has not come so far.
    pub fn back_to(&mut self, at: usize) -> bool {
        let is_behind = at < self.0.len();
        self.0.truncate(at);
        is_behind
    }
}

/// Where a move leads from a node.
fn next(node: &Node, made: Move) -> Option<&NodeKey> {
    match (&node.step, made) {
        (Step::Say { what, then, .. }, Move::Read) if what.must_be_read() => Some(then),
        (Step::Say { what, then, .. }, Move::Go) if !what.must_be_read() => Some(then),
        (Step::Form { then, .. }, Move::Go) | (Step::Case { then, .. }, Move::Told) => Some(then),
        (Step::Case { otherwise, .. }, Move::NotTold) => Some(otherwise),
        (Step::Ask { answers, .. }, Move::Answer(at)) => answers.get(usize::from(at)).map(|answer| &answer.then),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::{Answer, Said, Words};
    use super::super::{CaseBlock, ScriptKey};
    use super::*;

    fn key(text: &str) -> NodeKey {
        NodeKey::parse(text).unwrap()
    }

    fn script() -> Script {
        let text = || Words::new("Words.", "Palabras.");
        let answer = |then| Answer { label: text(), then: key(then) };
        let node = |name: &str, step| Node { key: key(name), name: name.into(), step };
        let nodes = vec![
            node("hello", Step::Say { what: Said::Information, text: text(), then: key("disclaimer") }),
            node("disclaimer", Step::Say { what: Said::Disclaimer, text: text(), then: key("which") }),
            node("which", Step::Ask { question: text(), answers: vec![answer("status"), answer("hello")] }),
            node("status", Step::Case { block: CaseBlock::Status, text: text(), then: key("end"), otherwise: key("form") }),
            node("form", Step::Form { form: "I-90".into(), text: text(), then: key("end") }),
            node("end", Step::End { text: text() }),
        ];
        Script { key: ScriptKey::parse("x").unwrap(), title: text(), words: Vec::new(), nodes }
    }

    #[test]
    fn a_call_goes_from_node_to_node_and_back() {
        let (script, mut walk) = (script(), Walk::default());
        let moves = [Move::Go, Move::Read, Move::Answer(0), Move::NotTold, Move::Go];
        for (made, at) in moves.into_iter().zip(["disclaimer", "which", "status", "form", "end"]) {
            walk.go(&script, made).unwrap();
            assert_eq!(walk.here(&script).unwrap().key.as_str(), at);
        }
        for made in [Move::Go, Move::Read, Move::Answer(0), Move::Told, Move::NotTold] {
            assert_eq!(walk.go(&script, made), Err(WalkError::NotHere), "a call ends where it ends");
        }
        let json = serde_json::to_string(&walk).unwrap();
        assert!(
            json.starts_with(r#"[{"node":"hello","move":"go"},"#) && json.contains(r#"{"node":"which","move":{"answer":0}}"#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Walk>(&json).unwrap(), walk);
        assert!(walk.back_to(2) && !walk.back_to(2));
        assert_eq!(walk.here(&script).unwrap().key.as_str(), "which");
    }

    #[test]
    fn what_must_be_read_cannot_be_passed_over() {
        let (script, mut walk) = (script(), Walk::default());
        assert_eq!(walk.go(&script, Move::Read), Err(WalkError::NotHere));
        walk.go(&script, Move::Go).unwrap();
        assert_eq!(walk.go(&script, Move::Go), Err(WalkError::NotHere));
        walk.go(&script, Move::Read).unwrap();
        assert_eq!(walk.go(&script, Move::Answer(2)), Err(WalkError::NotHere));
        assert_eq!(walk.taken().len(), 2);
    }

    #[test]
    fn the_way_through_another_script_is_none_through_this_one() {
        let mut walk = Walk::default();
        walk.go(&script(), Move::Go).unwrap();
        let mut other = script();
        other.nodes.remove(0);
        assert_eq!(walk.here(&other), Err(WalkError::OtherScript));
        assert_eq!(walk.go(&other, Move::Read), Err(WalkError::OtherScript));
        other.nodes.clear();
        assert_eq!(Walk::default().here(&other), Err(WalkError::OtherScript));
    }

    #[test]
    fn a_call_in_circles_ends_somewhere() {
        let (script, mut walk) = (script(), Walk::default());
        let circle = [Move::Go, Move::Read, Move::Answer(1)];
        let ended = (0..).map(|at| walk.go(&script, circle[at % 3])).find_map(Result::err);
        assert_eq!((ended, walk.taken().len()), (Some(WalkError::TooLong), LONGEST));
    }
}
