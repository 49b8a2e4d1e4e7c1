//! The answer in words, in the language in which the person asked.

use chrono::NaiveDate;

use super::ways::WAYS;
use super::{Asked, Basis, Decision, Exemption, Outcome, RedressKind};
use crate::letter::{Block, Content, Fact};
use crate::locale::Locale;

/// What an answer is made of.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub locale: Locale,
    pub agency: &'a str,
    /// Under the agency's name: where appeals and statements go, too.
    pub letterhead: &'a [String],
    pub asked: &'a Asked,
    /// As people quote it.
    pub number: &'a str,
    pub kind: RedressKind,
    pub basis: Basis,
    pub received_on: NaiveDate,
    pub decision: &'a Decision,
    pub answered_on: NaiveDate,
}

/// Puts an answer into a letter.
pub fn content(answer: &Answer<'_>) -> Content {
    let mut blocks = vec![Block::Facts(about(answer)), Block::Paragraph(opening(answer))];
    blocks.extend(given(answer));
    blocks.extend(kept_back(answer));
    if answer.decision.outcome.is_adverse() {
        blocks.extend(appeal(answer));
    }
    if answer.kind == RedressKind::Amendment && answer.decision.outcome.is_adverse() {
        blocks.push(Block::Heading(words(answer, "If you still disagree", "Si sigue en desacuerdo")));
        blocks.push(Block::Paragraph(words(
            answer,
            "You can send us a statement of disagreement (5 USC 552a(d)(3)). It stays with your record, and whoever gets the \
             record gets it too.",
            "Puede enviarnos una declaración de desacuerdo (5 USC 552a(d)(3)). Queda con su archivo, y quien recibe el archivo \
             también la recibe.",
        )));
    }
    blocks.extend(partners(answer));
    Content {
        locale: answer.locale,
        agency: answer.agency.to_owned(),
        agency_lines: answer.letterhead.to_vec(),
        mail_to: std::iter::once(answer.asked.name.clone()).chain(answer.asked.address.iter().cloned()).collect(),
        title: words(answer, "Your request about your records", "Su petición sobre sus archivos"),
        date: answer.answered_on,
        blocks,
        footer: String::new(),
    }
}

fn words(answer: &Answer<'_>, en: &str, es: &str) -> String {
    answer.locale.pick(en, es).to_owned()
}

fn about(answer: &Answer<'_>) -> Vec<Fact> {
    let fact = |en: &str, es: &str, description: String| Fact { term: words(answer, en, es), description };
    let asked = match answer.kind {
        RedressKind::Access => words(answer, "To see your records", "Ver sus archivos"),
        RedressKind::Amendment => words(answer, "To have a record corrected", "Corregir un archivo"),
        RedressKind::Accounting => {
            words(answer, "To know to whom your records were disclosed", "Saber a quién se dieron sus archivos")
        }
    };
    vec![
        fact("Number of your request", "Número de su petición", answer.number.to_owned()),
        fact("What you asked", "Lo que pidió", asked),
        fact("Law", "Ley", format!("{}, {}", answer.basis.name(), answer.basis.citation())),
        fact("We received it on", "La recibimos el", answer.locale.long_date(answer.received_on)),
    ]
}

fn opening(answer: &Answer<'_>) -> String {
    match (answer.kind, answer.decision.outcome) {
        (RedressKind::Access, Outcome::Granted) => {
            words(answer, "We give you all that we found about you.", "Le damos todo lo que encontramos sobre usted.")
        }
        (RedressKind::Access, Outcome::GrantedInPart) => words(
            answer,
            "We give you a part of what we found about you. The law lets us keep back the rest.",
            "Le damos una parte de lo que encontramos sobre usted. La ley nos permite no dar el resto.",
        ),
        (RedressKind::Access, Outcome::Refused) => words(
            answer,
            "The law lets us keep back what you asked for. We do not give it to you.",
            "La ley nos permite no dar lo que pidió. No se lo damos.",
        ),
        (RedressKind::Amendment, Outcome::Granted) => {
            words(answer, "You were right. We corrected your record.", "Usted tenía razón. Corregimos su archivo.")
        }
        (RedressKind::Amendment, Outcome::GrantedInPart) => {
            words(answer, "We corrected a part of your record.", "Corregimos una parte de su archivo.")
        }
        (RedressKind::Amendment, Outcome::Refused) => words(answer, "We did not change your record.", "No cambiamos su archivo."),
        (RedressKind::Accounting, Outcome::Granted) => words(
            answer,
            "With this letter comes the list of those to whom your records were disclosed.",
            "Con esta carta va la lista de quienes recibieron sus archivos.",
        ),
        (RedressKind::Accounting, Outcome::GrantedInPart) => words(
            answer,
            "With this letter comes a part of the list of those to whom your records were disclosed.",
            "Con esta carta va una parte de la lista de quienes recibieron sus archivos.",
        ),
        (RedressKind::Accounting, Outcome::Refused) => words(
            answer,
            "The law lets us keep back to whom your records were disclosed.",
            "La ley nos permite no decir quién recibió sus archivos.",
        ),
        (RedressKind::Accounting, Outcome::NoRecords) => words(
            answer,
            "We keep an account of those to whom your records were disclosed. There is nobody in it.",
            "Llevamos una lista de quienes recibieron sus archivos. No hay nadie en ella.",
        ),
        (RedressKind::Access | RedressKind::Amendment, Outcome::NoRecords) => words(
            answer,
            "We searched our records, and found nothing about you by what you told us.",
            "Buscamos en nuestros archivos y no encontramos nada sobre usted con lo que nos dijo.",
        ),
    }
}

/// What comes with the letter.
fn given(answer: &Answer<'_>) -> Vec<Block> {
    let decision = answer.decision;
    if !decision.given.is_empty() {
        let parts = decision.given.iter().map(|part| format!("– {}", part.name(answer.locale))).collect::<Vec<_>>().join("\n");
        let with = words(answer, "With this letter you get:", "Con esta carta recibe:");
        return vec![Block::Paragraph(format!("{with}\n{parts}"))];
    }
    if decision.correction.is_some() {
        return vec![Block::Paragraph(words(
            answer,
            "Whoever got the record from us before is told of the correction (5 USC 552a(c)(4)).",
            "Avisamos de la corrección a quienes recibieron el archivo de nosotros (5 USC 552a(c)(4)).",
        ))];
    }
    Vec::new()
}

/// Why not all of it.
fn kept_back(answer: &Answer<'_>) -> Vec<Block> {
    let decision = answer.decision;
    let mut blocks = Vec::new();
    if decision.outcome.is_adverse() {
        blocks.push(Block::Heading(words(answer, "Why", "Por qué")));
        blocks.push(Block::Paragraph(decision.reason.clone()));
    }
    if !decision.exemptions.is_empty() {
        let ground = |exemption: &Exemption| Fact {
            term: exemption.citation().to_owned(),
            description: exemption.about(answer.locale).to_owned(),
        };
        blocks.push(Block::Facts(decision.exemptions.iter().map(ground).collect()));
    }
    blocks
}

/// 5 USC 552(a)(6)(A)(i)(III): not less than 90 days, and where help is.
fn appeal(answer: &Answer<'_>) -> Vec<Block> {
    vec![
        Block::Heading(words(answer, "You can appeal", "Puede apelar")),
        Block::Paragraph(words(
            answer,
            "Write to us within 90 days of the date of this letter. Use the address at its head, and write “Appeal” and the \
             number of your request on the letter and on the envelope. Say why you disagree. After the appeal you can go to a \
             court of the United States.",
            "Escríbanos dentro de los 90 días de la fecha de esta carta. Use la dirección de arriba y escriba “Appeal” y el \
             número de su petición en la carta y en el sobre. Diga por qué no está de acuerdo. Después de la apelación puede ir \
             a un tribunal de los Estados Unidos.",
        )),
        Block::Paragraph(words(
            answer,
            "The Office of Government Information Services (OGIS) helps people and agencies to settle such disputes, without a \
             fee: www.archives.gov/ogis.",
            "La Oficina de Servicios de Información Gubernamental (OGIS) ayuda a resolver estas disputas, sin costo: \
             www.archives.gov/ogis.",
        )),
    ]
}

/// What other countries hold is theirs to give and to correct.
fn partners(answer: &Answer<'_>) -> Vec<Block> {
    let fact = |way: &super::ways::Way| Fact {
        term: way.authority.to_owned(),
        description: way.address.trim_start_matches("https://").to_owned(),
    };
    vec![
        Block::Heading(words(answer, "Records of partner countries", "Archivos de países socios")),
        Block::Paragraph(words(
            answer,
            "We cannot give or correct what another country keeps in its own records. Each has a way of its own to ask:",
            "No podemos dar ni corregir lo que otro país tiene en sus propios archivos. Cada uno tiene su propia manera de \
             pedirlo:",
        )),
        Block::Facts(WAYS.iter().map(fact).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;
    use crate::letter::Letter;
    use crate::redress::Part;

    fn asked() -> Asked {
        Asked {
            name: "Ana Ejemplo".into(),
            address: vec!["1 Sample Street".into(), "Springfield, VA 22150".into()],
            words: "All of it.".into(),
            evidence: String::new(),
        }
    }

    fn decision(outcome: Outcome) -> Decision {
        let is_part = outcome == Outcome::GrantedInPart;
        Decision {
            outcome,
            given: if is_part { BTreeSet::from([Part::Identity]) } else { BTreeSet::new() },
            exemptions: if is_part { BTreeSet::from([Exemption::Investigation]) } else { BTreeSet::new() },
            correction: None,
            reason: if outcome.is_adverse() { "It is so.".into() } else { String::new() },
        }
    }

    fn written(locale: Locale, kind: RedressKind, decision: &Decision) -> (Content, String) {
        let asked = asked();
        let answer = Answer {
            locale,
            agency: "The agency",
            letterhead: &["P.O. Box 1".to_owned()],
            asked: &asked,
            number: "R-000012",
            kind,
            basis: Basis::PrivacyAct,
            received_on: "2026-03-06".parse().unwrap(),
            decision,
            answered_on: "2026-03-20".parse().unwrap(),
        };
        let content = content(&answer);
        let text = serde_json::to_string(&content).unwrap();
        (content, text)
    }

    #[test]
    fn every_answer_is_a_letter_in_both_languages() {
        for locale in Locale::ALL {
            for kind in RedressKind::ALL {
                for outcome in Outcome::ALL {
                    let (content, text) = written(locale, kind, &decision(outcome));
                    assert!(Letter::check(content).is_ok(), "{locale:?} {kind:?} {outcome:?}");
                    assert!(text.contains("R-000012") && text.contains("5 USC 552a"), "{text}");
                }
            }
        }
    }

    #[test]
    fn who_did_not_get_it_all_is_told_how_to_appeal() {
        for outcome in Outcome::ALL {
            let (_, text) = written(Locale::En, RedressKind::Access, &decision(outcome));
            assert_eq!(text.contains("90 days"), outcome.is_adverse(), "{outcome:?}");
            assert_eq!(text.contains("It is so."), outcome.is_adverse(), "{outcome:?}");
            let (_, text) = written(Locale::Es, RedressKind::Access, &decision(outcome));
            assert_eq!(text.contains("90 días"), outcome.is_adverse(), "{outcome:?}");
        }
        let (_, text) = written(Locale::En, RedressKind::Access, &decision(Outcome::GrantedInPart));
        assert!(text.contains("5 USC 552a(k)(2)") && text.contains("Who you are"), "{text}");
        assert!(!text.contains("Encounters"), "what is kept back is not named by its part");
    }

    #[test]
    fn a_refused_amendment_leaves_a_statement_and_a_granted_one_goes_round() {
        let (_, refused) = written(Locale::En, RedressKind::Amendment, &decision(Outcome::Refused));
        assert!(refused.contains("statement of disagreement"), "{refused}");
        let granted = Decision { correction: Some(Uuid::from_u128(1)), ..decision(Outcome::Granted) };
        let (_, granted) = written(Locale::En, RedressKind::Amendment, &granted);
        assert!(granted.contains("is told of the correction") && !granted.contains("statement of disagreement"), "{granted}");
    }
}
