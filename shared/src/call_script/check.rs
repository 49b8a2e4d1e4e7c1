//! What keeps a script from being published.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::key::NodeKey;
use super::node::{Node, Said, Step};
use super::script::{LONGEST_TEXT, MOST_ANSWERS, MOST_NODES, Script};
use crate::case_status::FormNumber;
use crate::locale::Locale;

/// Something that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    #[error("there is no node: add the first one, where a call begins")]
    Empty,
    #[error("there are more than {MOST_NODES} nodes: make two scripts of it")]
    TooMany,
    #[error("the title is missing in {}", language(*.0))]
    NoTitle(Locale),
    #[error("two nodes are called {}: rename one", .0.as_str())]
    Twice(NodeKey),
    #[error("{} has no name for the way through the script", .0.as_str())]
    NoName(NodeKey),
    #[error("the text of {} is missing in {}", .node.as_str(), language(*.locale))]
    Untranslated { node: NodeKey, locale: Locale },
    #[error("the {} text of {} is longer than {LONGEST_TEXT} characters: nobody listens for so long", language(*.locale), .node.as_str())]
    TooLong { node: NodeKey, locale: Locale },
    #[error("{} asks, and has fewer than two answers", .0.as_str())]
    FewAnswers(NodeKey),
    #[error("{} has more than {MOST_ANSWERS} answers: ask in two steps", .0.as_str())]
    ManyAnswers(NodeKey),
    #[error("{} names a form that is no form number, as I-90", .0.as_str())]
    NotAForm(NodeKey),
    #[error("{} leads to {}, which is not there", .node.as_str(), .to.as_str())]
    DeadEnd { node: NodeKey, to: NodeKey },
    #[error("no way leads to {}", .0.as_str())]
    Unreachable(NodeKey),
    #[error("from {} no way leads to an end", .0.as_str())]
    NoExit(NodeKey),
    #[error("a call can come to {} without the disclaimer", .0.as_str())]
    NoDisclaimer(NodeKey),
    #[error("a call can come to {} without the Privacy Act statement", .0.as_str())]
    NoPrivacyAct(NodeKey),
}

const fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Es => "Spanish",
    }
}

impl Finding {
    /// The node at which it is to be mended.
    pub const fn node(&self) -> Option<&NodeKey> {
        match self {
            Self::Empty | Self::TooMany | Self::NoTitle(_) => None,
            Self::Untranslated { node, .. }
            | Self::TooLong { node, .. }
            | Self::DeadEnd { node, .. }
            | Self::Twice(node)
            | Self::NoName(node)
            | Self::FewAnswers(node)
            | Self::ManyAnswers(node)
            | Self::NotAForm(node)
            | Self::Unreachable(node)
            | Self::NoExit(node)
            | Self::NoDisclaimer(node)
            | Self::NoPrivacyAct(node) => Some(node),
        }
    }
}

/// All that is wrong with a script. What its ways lead to is looked at once every one leads somewhere.
pub fn check(script: &Script) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        Locale::ALL.into_iter().filter(|locale| script.title.get(*locale).trim().is_empty()).map(Finding::NoTitle).collect();
    if script.nodes.is_empty() {
        findings.push(Finding::Empty);
    }
    if script.nodes.len() > MOST_NODES {
        findings.push(Finding::TooMany);
    }
    let mut seen = BTreeSet::new();
    for node in &script.nodes {
        if !seen.insert(&node.key) {
            findings.push(Finding::Twice(node.key.clone()));
        }
        findings.extend(of_node(node));
    }
    let before = findings.len();
    for node in &script.nodes {
        let missing = node.step.next().into_iter().filter(|to| !seen.contains(to)).collect::<BTreeSet<_>>();
        findings.extend(missing.into_iter().map(|to| Finding::DeadEnd { node: node.key.clone(), to: to.clone() }));
    }
    let leads_somewhere = findings.len() == before && seen.len() == script.nodes.len();
    if leads_somewhere {
        findings.extend(of_ways(script));
    }
    findings
}

/// What is wrong with a node by itself.
fn of_node(node: &Node) -> Vec<Finding> {
    let key = || node.key.clone();
    let mut findings = Vec::new();
    if node.name.trim().is_empty() {
        findings.push(Finding::NoName(key()));
    }
    for locale in Locale::ALL {
        let texts: Vec<&str> = node.step.words().into_iter().map(|words| words.get(locale)).collect();
        if texts.iter().any(|text| text.trim().is_empty()) {
            findings.push(Finding::Untranslated { node: key(), locale });
        }
        if texts.iter().any(|text| text.chars().count() > LONGEST_TEXT) {
            findings.push(Finding::TooLong { node: key(), locale });
        }
    }
    match &node.step {
        Step::Ask { answers, .. } if answers.len() < 2 => findings.push(Finding::FewAnswers(key())),
        Step::Ask { answers, .. } if answers.len() > MOST_ANSWERS => findings.push(Finding::ManyAnswers(key())),
        Step::Form { form, .. } if FormNumber::parse(form).is_err() => findings.push(Finding::NotAForm(key())),
        _ => {}
    }
    findings
}

type Ways<'a> = BTreeMap<&'a NodeKey, Vec<&'a NodeKey>>;

/// What is wrong with the ways through a script of which each leads somewhere.
fn of_ways(script: &Script) -> Vec<Finding> {
    let Some(first) = script.first() else { return Vec::new() };
    let ways: Ways = script.nodes.iter().map(|node| (&node.key, node.step.next())).collect();
    let mut back: Ways = BTreeMap::new();
    for (from, to) in ways.iter().flat_map(|(from, next)| next.iter().map(move |to| (*from, *to))) {
        back.entry(to).or_default().push(from);
    }
    let ends = script.nodes.iter().filter(|node| node.step.is_end()).map(|node| &node.key);
    let (reached, leaving) = (reach([&first.key], &ways, |_| true), reach(ends, &back, |_| true));
    let without = |said: Said| {
        let is_said = |key: &NodeKey| script.node(key).is_some_and(|node| says(node, said));
        reach([&first.key], &ways, |key| !is_said(key))
    };
    let (no_disclaimer, no_privacy_act) = (without(Said::Disclaimer), without(Said::PrivacyAct));
    let mut findings = Vec::new();
    for node in &script.nodes {
        let key = || node.key.clone();
        if !reached.contains(&node.key) {
            findings.push(Finding::Unreachable(key()));
        } else if !leaving.contains(&node.key) {
            findings.push(Finding::NoExit(key()));
        }
        // Whoever is handed to Tier 2 has not come to an end yet.
        let ends = matches!(node.step, Step::End { .. } | Step::TakeRequest { .. });
        if ends && no_disclaimer.contains(&node.key) {
            findings.push(Finding::NoDisclaimer(key()));
        }
        if matches!(node.step, Step::TakeRequest { .. }) && no_privacy_act.contains(&node.key) {
            findings.push(Finding::NoPrivacyAct(key()));
        }
    }
    findings
}

fn says(node: &Node, said: Said) -> bool {
    matches!(&node.step, Step::Say { what, .. } if *what == said)
}

/// All that can be come to from some nodes, without going on from where `may_pass` says no.
fn reach<'a>(
    from: impl IntoIterator<Item = &'a NodeKey>,
    ways: &Ways<'a>,
    may_pass: impl Fn(&NodeKey) -> bool,
) -> BTreeSet<&'a NodeKey> {
    let (mut reached, mut open): (BTreeSet<_>, Vec<_>) = (BTreeSet::new(), from.into_iter().collect());
    while let Some(key) = open.pop() {
        if reached.insert(key) && may_pass(key) {
            open.extend(ways.get(key).into_iter().flatten());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::node::{Answer, Words};
    use super::super::verified::CaseBlock;
    use super::super::walk::{Move, Walk};
    use super::*;
    use crate::call_script::ScriptKey;
    use crate::service_request::RequestKind;
    use proptest::prelude::*;

    fn key(text: &str) -> NodeKey {
        NodeKey::parse(text).unwrap()
    }

    fn both() -> Words {
        Words::new("Words.", "Palabras.")
    }

    fn say(what: Said, then: &str) -> Step {
        Step::Say { what, text: both(), then: key(then) }
    }

    fn ask(then: &[&str]) -> Step {
        let answers = then.iter().map(|then| Answer { label: both(), then: key(then) }).collect();
        Step::Ask { question: both(), answers }
    }

    fn take() -> Step {
        Step::TakeRequest { kind: RequestKind::CardNotReceived, text: both() }
    }

    fn end() -> Step {
        Step::End { text: both() }
    }

    fn script(nodes: &[(&str, Step)]) -> Script {
        let nodes = nodes.iter().map(|(name, step)| Node { key: key(name), name: (*name).into(), step: step.clone() }).collect();
        Script { key: ScriptKey::parse("card").unwrap(), title: both(), words: Vec::new(), nodes }
    }

    fn whole() -> Script {
        script(&[
            ("disclaimer", say(Said::Disclaimer, "which")),
            ("which", ask(&["where", "privacy", "tier-2"])),
            ("where", Step::Case { block: CaseBlock::Delivery, text: both(), then: key("end"), otherwise: key("tier-2") }),
            ("privacy", say(Said::PrivacyAct, "take")),
            ("take", take()),
            ("tier-2", Step::Transfer { text: both() }),
            ("end", end()),
        ])
    }

    #[test]
    fn a_whole_script_has_no_findings() {
        assert_eq!(check(&whole()), []);
    }

    #[test]
    fn each_thing_that_is_wrong_is_found() {
        let disclaimer = || ("d", say(Said::Disclaimer, "e"));
        let found = |nodes: &[(&str, Step)]| check(&script(nodes));
        assert_eq!(found(&[]), [Finding::Empty]);
        assert_eq!(found(&[disclaimer()]), [Finding::DeadEnd { node: key("d"), to: key("e") }]);
        assert_eq!(found(&[disclaimer(), ("e", end()), ("e", end())]), [Finding::Twice(key("e"))]);
        assert_eq!(found(&[disclaimer(), ("e", end()), ("lost", end())])[0], Finding::Unreachable(key("lost")));
        assert_eq!(
            found(&[("d", say(Said::Disclaimer, "e")), ("e", ask(&["d", "e"]))]),
            [Finding::NoExit(key("d")), Finding::NoExit(key("e"))]
        );
        assert_eq!(found(&[disclaimer(), ("e", ask(&["f"])), ("f", end())]), [Finding::FewAnswers(key("e"))]);
        let many = vec!["f"; MOST_ANSWERS + 1];
        assert_eq!(found(&[disclaimer(), ("e", ask(&many)), ("f", end())]), [Finding::ManyAnswers(key("e"))]);
        let form = Step::Form { form: "card".into(), text: both(), then: key("f") };
        assert_eq!(found(&[disclaimer(), ("e", form), ("f", end())]), [Finding::NotAForm(key("e"))]);
        assert_eq!(found(&[("i", say(Said::Information, "e")), ("e", end())]), [Finding::NoDisclaimer(key("e"))]);
        assert_eq!(found(&[disclaimer(), ("e", take())]), [Finding::NoPrivacyAct(key("e"))]);
        // Tier 2 reads its own.
        assert_eq!(found(&[("i", say(Said::Information, "e")), ("e", Step::Transfer { text: both() })]), []);
    }

    #[test]
    fn a_way_around_what_must_be_read_is_found() {
        let around = script(&[("which", ask(&["d", "e"])), ("d", say(Said::Disclaimer, "e")), ("e", end())]);
        assert_eq!(check(&around), [Finding::NoDisclaimer(key("e"))]);
    }

    #[test]
    fn what_is_said_is_said_in_both_languages() {
        let mut half = whole();
        half.title.es.clear();
        half.nodes[0].name = " ".into();
        half.nodes[1].step = match half.nodes[1].step.clone() {
            Step::Ask { question, mut answers } => {
                answers[2].label.es = String::new();
                Step::Ask { question, answers }
            }
            other => other,
        };
        half.nodes[6].step = Step::End { text: Words::new("", &"x".repeat(LONGEST_TEXT + 1)) };
        assert_eq!(
            check(&half),
            [
                Finding::NoTitle(Locale::Es),
                Finding::NoName(key("disclaimer")),
                Finding::Untranslated { node: key("which"), locale: Locale::Es },
                Finding::Untranslated { node: key("end"), locale: Locale::En },
                Finding::TooLong { node: key("end"), locale: Locale::Es },
            ]
        );
        assert_eq!(
            Finding::Untranslated { node: key("which"), locale: Locale::Es }.to_string(),
            "the text of which is missing in Spanish"
        );
    }

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    /// Scripts of a few nodes that lead anywhere among themselves.
    fn any() -> impl Strategy<Value = Script> {
        let to = || (0..NAMES.len()).prop_map(|at| NAMES[at]);
        let case = |then: &str, otherwise: &str| Step::Case {
            block: CaseBlock::Status,
            text: both(),
            then: key(then),
            otherwise: key(otherwise),
        };
        let step = prop_oneof![
            (to(), 0..Said::ALL.len()).prop_map(|(to, said)| say(Said::ALL[said], to)),
            (to(), to()).prop_map(|(one, two)| ask(&[one, two])),
            (to(), to()).prop_map(move |(one, two)| case(one, two)),
            Just(take()),
            Just(end()),
            Just(Step::Transfer { text: both() }),
        ];
        proptest::collection::vec(step, NAMES.len()).prop_map(|steps| script(&NAMES.into_iter().zip(steps).collect::<Vec<_>>()))
    }

    /// Every way from a node that comes to none twice, each with all its nodes.
    fn ways<'a>(script: &'a Script, way: &[&'a Node]) -> Vec<Vec<&'a Node>> {
        let last = way[way.len() - 1];
        let next = last.step.next().into_iter().filter_map(|to| script.node(to));
        let on = next.filter(|next| !way.iter().any(|node| node.key == next.key));
        let longer = on.flat_map(|next| ways(script, &[way, &[next]].concat()));
        std::iter::once(way.to_vec()).chain(longer).collect()
    }

    proptest! {
        #[test]
        fn the_findings_are_those_of_who_tries_every_way(script in any()) {
            let all = ways(&script, &[&script.nodes[0]]);
            let mut expected = Vec::new();
            for node in &script.nodes {
                let here: Vec<_> = all.iter().filter(|way| way.last().is_some_and(|last| last.key == node.key)).collect();
                let misses = |said| here.iter().any(|way| !way.iter().any(|node| says(node, said)));
                let leaves = ways(&script, &[node]).iter().any(|way| way.last().is_some_and(|last| last.step.is_end()));
                let (takes, ends) = (matches!(node.step, Step::TakeRequest { .. }), matches!(node.step, Step::End { .. }));
                expected.extend(here.is_empty().then(|| Finding::Unreachable(node.key.clone())));
                expected.extend((!here.is_empty() && !leaves).then(|| Finding::NoExit(node.key.clone())));
                expected.extend(((takes || ends) && misses(Said::Disclaimer)).then(|| Finding::NoDisclaimer(node.key.clone())));
                expected.extend((takes && misses(Said::PrivacyAct)).then(|| Finding::NoPrivacyAct(node.key.clone())));
            }
            prop_assert_eq!(check(&script), expected);
        }

        #[test]
        fn a_call_can_only_go_where_a_way_leads(script in any(), moves in proptest::collection::vec(0_usize..6, 30)) {
            const MOVES: [Move; 6] = [Move::Go, Move::Read, Move::Answer(0), Move::Answer(1), Move::Told, Move::NotTold];
            let mut walk = Walk::default();
            for made in moves.into_iter().map(|at| MOVES[at]) {
                let from = walk.here(&script).unwrap().clone();
                let is_one_of_its_moves = walk.go(&script, made).is_ok();
                let to = &walk.here(&script).unwrap().key;
                let is_right = if is_one_of_its_moves { from.step.next().contains(&to) } else { *to == from.key };
                prop_assert!(is_right);
                prop_assert!(!(is_one_of_its_moves && from.step.is_end()));
            }
        }
    }
}
