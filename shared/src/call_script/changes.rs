//! What differs between two versions of a script, for who reads one a second time.

use super::key::NodeKey;
use super::script::Script;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Title,
    /// The words by which agents find it.
    Words,
    /// Another node is where a call begins.
    Begins(NodeKey),
    Added(NodeKey),
    Removed(NodeKey),
    /// What is said there, or where it leads.
    Changed(NodeKey),
}

/// What was changed from one version to another, in the order of the later one. The order of nodes behind the first is no change: nobody
/// hears it.
pub fn changes(before: &Script, after: &Script) -> Vec<Change> {
    let mut changes = Vec::new();
    if before.title != after.title {
        changes.push(Change::Title);
    }
    if before.words != after.words {
        changes.push(Change::Words);
    }
    if let Some(first) = after.first().filter(|first| before.first().is_none_or(|begins| begins.key != first.key)) {
        changes.push(Change::Begins(first.key.clone()));
    }
    for node in &after.nodes {
        match before.node(&node.key) {
            None => changes.push(Change::Added(node.key.clone())),
            Some(other) if other != node => changes.push(Change::Changed(node.key.clone())),
            Some(_) => {}
        }
    }
    let removed = before.nodes.iter().filter(|node| after.node(&node.key).is_none());
    changes.extend(removed.map(|node| Change::Removed(node.key.clone())));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_script::{Node, ScriptKey, Step, Words};

    fn key(key: &str) -> NodeKey {
        NodeKey::parse(key).unwrap()
    }

    fn script(nodes: &[(&str, &str)]) -> Script {
        let node = |(name, text): &(&str, &str)| Node {
            key: key(name),
            name: (*name).to_owned(),
            step: Step::End { text: Words::new(text, text) },
        };
        Script {
            key: ScriptKey::parse("cards").unwrap(),
            title: Words::new("Cards", "Tarjetas"),
            words: Vec::new(),
            nodes: nodes.iter().map(node).collect(),
        }
    }

    #[test]
    fn what_was_added_changed_and_removed_is_named() {
        let before = script(&[("a", "One."), ("b", "Two."), ("c", "Three.")]);
        assert_eq!(changes(&before, &before), []);
        assert_eq!(changes(&before, &script(&[("a", "One."), ("c", "Three."), ("b", "Two.")])), [], "nobody hears the order");
        let after = script(&[("c", "Three!"), ("a", "One."), ("d", "Four.")]);
        assert_eq!(
            changes(&before, &after),
            [Change::Begins(key("c")), Change::Changed(key("c")), Change::Added(key("d")), Change::Removed(key("b"))]
        );
        let mut renamed = before.clone();
        renamed.title.es = "Mi tarjeta".into();
        renamed.words = vec!["green".into()];
        assert_eq!(changes(&before, &renamed), [Change::Title, Change::Words]);
        assert_eq!(changes(&script(&[]), &script(&[("a", "One.")])), [Change::Begins(key("a")), Change::Added(key("a"))]);
    }
}
