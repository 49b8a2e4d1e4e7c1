//! What partners write, in the form of their own templates, and what they read.

use shared::agreement::{AgreementVersion, Direction};
use shared::ident::{PartnerAsk, Query};
use shared::partner_query::{Ask, EncounterReference, Header, Message, Official, Reason, Request, Subject, Template, TemplateKey};
use shared::sensitive::Sensitive;

/// A request as the partner writes it, with nothing but what the message around it says; none if its template cannot say it.
pub fn write(asked: &PartnerAsk) -> Option<String> {
    let template = Template::in_use(TemplateKey::Of(asked.partner)).ok()?;
    let request = request(asked, &template)?;
    Some(template.write(&Message::Request(request)).ok()?.text)
}

/// Can the partner read what the agency wrote, and does it say what the query does? Of a query without a text there is nothing to read.
pub fn is_read(query: &Query) -> bool {
    let Some(text) = query.written.expose() else { return true };
    let Ok(template) = Template::in_use(TemplateKey::Of(query.partner)) else { return false };
    let Ok(Message::Request(request)) = template.read(text) else { return false };
    let Header { number, prior, direction, step, .. } = &request.header;
    let is_header = *number == query.transaction_number && *prior == query.prior && *step == query.step;
    is_header && *direction == Direction::Out && request.purpose() == query.purpose && request.ask.elements == query.asked
}

fn request(asked: &PartnerAsk, template: &Template) -> Option<Request> {
    let about = asked.subject.expose();
    let prints = about.partner_fingerprint.clone()?;
    Some(Request {
        header: Header {
            template: template.id(),
            number: asked.transaction_number.clone(),
            prior: asked.prior.clone(),
            direction: Direction::In,
            partner: asked.partner,
            agreement: AgreementVersion::FIRST,
            step: asked.step,
            date: asked.date,
        },
        reason: Reason::of(asked.purpose),
        priority: asked.priority,
        requestor: Official {
            name: asked.requestor.name.clone(),
            organization: asked.requestor.organization.clone(),
            contact: asked.requestor.contact.clone(),
        },
        subject: Subject {
            full_name: about.full_name.clone().map(Sensitive::new),
            aliases: about.aliases.iter().cloned().map(Sensitive::new).collect(),
            birth_date: about.birth_date.map(Sensitive::new),
            birth_country: None,
            gender: None,
            a_number: None,
            fin: None,
            encounter: Sensitive::new(EncounterReference::PartnerFingerprint(prints)),
            partner_identification: about.partner_identification.clone().map(Sensitive::new),
        },
        ask: Ask { elements: asked.asked.clone(), justification: asked.justification.expose().clone().map(Sensitive::new) },
    })
}

#[cfg(test)]
mod tests {
    use shared::agreement::{Element, Partner};

    use super::*;

    fn asked(partner: Partner) -> PartnerAsk {
        let message = serde_json::json!({
            "transaction_number": "ASKED-2026-0000001", "prior": "ASKED-2026-0000000", "partner": partner.key(), "step": "second",
            "date": "2026-03-10", "purpose": "refugee_claim", "priority": "high", "modality": "biometric", "recipient": "immigration",
            "requestor": { "organization": "Visa Office", "name": "R. Maple", "contact": "1 Example Street" },
            "subject": { "full_name": "Ejemplo, Ana", "partner_fingerprint": "FPS-1" },
            "asked": ["immigration_status", "passport_image"], "justification": null, "found": null, "is_first_answer": false,
        });
        serde_json::from_value(message).unwrap()
    }

    /// The same, asked by the agency.
    fn ours(partner: Partner) -> Query {
        let template = Template::in_use(TemplateKey::Of(partner)).unwrap();
        let asked = asked(partner);
        let request = request(&asked, &template).unwrap();
        let request = Request { header: Header { direction: Direction::Out, ..request.header }, ..request };
        let text = template.write(&Message::Request(request)).unwrap().text;
        Query {
            transaction_number: asked.transaction_number,
            prior: asked.prior,
            partner,
            step: asked.step,
            purpose: asked.purpose,
            priority: asked.priority,
            modality: asked.modality,
            fingerprints: Sensitive::default(),
            asked: asked.asked,
            written: Sensitive::new(Some(text)),
        }
    }

    #[test]
    fn every_partner_writes_what_its_message_says() {
        for partner in Partner::ALL {
            let asked = asked(partner);
            let text = write(&asked).unwrap();
            assert!(text.starts_with(&format!("PORTICO-MESSAGE/1 {} 1 request\n", partner.key())));
            let template = Template::in_use(TemplateKey::Of(partner)).unwrap();
            let Ok(Message::Request(read)) = template.read(&text) else { panic!("{text}") };
            assert_eq!((read.header.number, read.header.prior), (asked.transaction_number, asked.prior));
            assert_eq!((read.ask.elements, read.reason.purpose(), read.priority), (asked.asked, asked.purpose, asked.priority));
        }
    }

    #[test]
    fn what_the_agency_writes_is_read_and_held_against_its_query() {
        for partner in Partner::ALL {
            let query = ours(partner);
            assert!(is_read(&query));
            assert!(is_read(&Query { written: Sensitive::default(), ..query.clone() }), "there is nothing to read");
            assert!(!is_read(&Query { written: Sensitive::new(Some("Dear colleagues".into())), ..query.clone() }));
            assert!(!is_read(&Query { asked: [Element::FullName].into(), ..query.clone() }), "it asks something else");
            assert!(!is_read(&Query { prior: None, ..query }), "it follows another query");
        }
    }

    #[test]
    fn without_a_number_for_the_prints_nothing_is_written() {
        let asked = PartnerAsk { subject: Sensitive::default(), ..asked(Partner::Canada) };
        assert_eq!(write(&asked), None);
    }
}
