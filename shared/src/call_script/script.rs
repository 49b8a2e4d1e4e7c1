//! A script as a document.

use serde::{Deserialize, Serialize};

use super::key::{NodeKey, ScriptKey};
use super::node::{Node, Words};
use crate::accents::plain_capitals;
use crate::locale::Locale;

/// The most nodes of a script. The longest printed script book has some three hundred.
pub const MOST_NODES: usize = 400;
/// The most answers to a question: more cannot be read to somebody who listens.
pub const MOST_ANSWERS: usize = 12;
/// The longest text of a node, in characters.
pub const LONGEST_TEXT: usize = 3000;

/// What is read to callers about one matter. A draft may be wrong in any way that [`super::check`] finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub key: ScriptKey,
    /// What the caller wants, as the caller says it: `I have not received my card`.
    pub title: Words,
    /// Words by which agents find it besides those of its title.
    #[serde(default)]
    pub words: Vec<String>,
    /// In the order in which they are edited; a call begins at the first.
    pub nodes: Vec<Node>,
}

impl Script {
    pub fn first(&self) -> Option<&Node> {
        self.nodes.first()
    }

    pub fn node(&self, key: &NodeKey) -> Option<&Node> {
        self.nodes.iter().find(|node| node.key == *key)
    }

    /// How well a script is what an agent looks for: the number of the words that begin a word of its title, of its own words, or of
    /// its texts, those of the title counting most. None if one of them is nowhere.
    pub fn rank(&self, looked_for: &str) -> Option<u32> {
        let titles = words_of(&[&self.title.en, &self.title.es, &self.words.join(" ")]);
        let texts: Vec<&str> = self
            .nodes
            .iter()
            .flat_map(|node| node.step.words())
            .flat_map(|words| Locale::ALL.map(|locale| words.get(locale)))
            .collect();
        let texts = words_of(&texts);
        let begins = |words: &[String], word: &str| words.iter().any(|found| found.starts_with(word));
        words_of(&[looked_for]).iter().try_fold(0, |rank, word| {
            if begins(&titles, word) {
                Some(rank + 10)
            } else if begins(&texts, word) {
                Some(rank + 1)
            } else {
                None
            }
        })
    }
}

/// In capitals, without accents.
fn words_of(texts: &[&str]) -> Vec<String> {
    let words = |text: &&str| plain_capitals(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    texts.iter().flat_map(words).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::node::Step;
    use super::*;

    #[test]
    fn agents_find_a_script_by_the_beginnings_of_words_in_either_language() {
        let end = Step::End { text: Words::new("The post office scans each envelope.", "El correo escanea cada sobre.") };
        let script = Script {
            key: ScriptKey::parse("card-not-received").unwrap(),
            title: Words::new("I have not received my card", "No he recibido mi tarjeta"),
            words: vec!["Envío".into()],
            nodes: vec![Node { key: NodeKey::parse("end").unwrap(), name: "End".into(), step: end }],
        };
        for (looked_for, rank) in [
            ("card", Some(10)),
            ("CARD recei", Some(20)),
            ("envio", Some(10)),
            ("tarjeta correo", Some(11)),
            ("post", Some(1)),
            ("", Some(0)),
            ("card passport", None),
            ("ard", None),
        ] {
            assert_eq!(script.rank(looked_for), rank, "{looked_for}");
        }
    }
}
