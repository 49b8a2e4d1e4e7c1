//! What a demo has of information requests: one in each state that people wait in, made by the same operations.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use shared::agreement::{Element, Modality, Partner, Priority, Purpose, Recipient, Step};
use shared::case_status::ReceiptNumber;
use shared::document::DocumentKind;
use shared::ident::{AskedAbout, Envelope, Found, Incoming, PartnerAsk, Requestor};
use shared::identity::{Grant, Role};
use shared::information_request::{DraftForm, HeldBack};
use shared::office::OfficeCode;
use shared::partner_query::{LongLine, PartnerReference, ShortLine, TransactionNumber};
use shared::protection::CisAnswer;
use shared::sensitive::Sensitive;
use store::crypto::sha256;
use uuid::Uuid;

use super::{Done, NewDocument, SentToReview, add_document, keep, queue, release, request, send_to_review, take};
use crate::partner_query::demo::enrolled;
use crate::partner_query::{decide, next_to_answer, receive, understand};
use crate::{Actor, Context, Error, Officer};

/// How far each request of the demo came.
const REQUESTS: [(&str, Stage); 4] = [
    ("CA-DEMO-0000001", Stage::ToPrepare),
    ("CA-DEMO-0000002", Stage::InPreparation),
    ("CA-DEMO-0000003", Stage::InReview),
    ("CA-DEMO-0000004", Stage::Released),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    ToPrepare,
    InPreparation,
    InReview,
    /// The next server packages it, if it has keys.
    Released,
}

/// Who prepares and who releases, and the scan that goes along.
struct Desk<'a> {
    ctx: &'a Context,
    analyst: Officer,
    reviewer: Officer,
    scan: &'a [u8],
}

/// Brings a partner's requests about the person of a case in, and takes each as far as it goes. Not a second time. Gives how many.
///
/// # Errors
/// [`Error::Refused`] for a database that is no demo.
pub async fn seed_demo(
    ctx: &Context,
    office: &OfficeCode,
    officers: [Uuid; 2],
    case: &ReceiptNumber,
    scan: &[u8],
) -> Result<usize, Error> {
    let mut connection = ctx.store.read_primary().await?;
    if store::installation::demo_day(&mut connection).await?.is_none() {
        return Err(Error::Refused);
    }
    drop(connection);
    let [analyst, reviewer] = [Role::IctsAnalyst, Role::IctsReviewer].map(|role| Grant {
        role,
        office: office.clone(),
        starts_at: ctx.now(),
        ends_at: None,
    });
    let [one, two] = officers;
    let fresh = Some(ctx.now() + TimeDelta::minutes(5));
    let analyst = Officer::new(one, vec![analyst], ctx.now());
    let reviewer = Officer::new(two, vec![reviewer], ctx.now()).stepped_up_until(fresh);
    if !queue(ctx, &analyst).await?.is_empty() {
        return Ok(0);
    }
    let Some(person) = enrolled(ctx, case).await? else { return Ok(0) };
    let mut messages = Vec::new();
    for (number, _) in REQUESTS {
        let message = Incoming::Ask(Box::new(asked(ctx, number, person.a_numbers.clone())?));
        // IDENT's own count begins at 1: this leaves nothing out of what it has.
        messages.push(Envelope { cursor: 0, id: ctx.clock.new_id(), message });
    }
    receive(ctx, Actor::System, &messages).await?;
    understand(ctx, Actor::System).await?;
    let desk = Desk { ctx, analyst, reviewer, scan };
    desk.checked().await?;
    for row in queue(ctx, &desk.analyst).await? {
        let stage = REQUESTS.iter().find(|(number, _)| *number == row.transaction_number).map(|(_, stage)| *stage);
        Box::pin(desk.taken_to(row.id, stage.unwrap_or(Stage::ToPrepare))).await?;
    }
    Ok(REQUESTS.len())
}

fn asked(ctx: &Context, number: &str, a_numbers: Vec<String>) -> Result<PartnerAsk, Error> {
    let line = |text: &str| ShortLine::parse(text).map_err(|_| Error::Internal);
    let parsed = |number: &str| TransactionNumber::parse(number).map_err(|_| Error::Internal);
    Ok(PartnerAsk {
        transaction_number: parsed(number)?,
        prior: Some(parsed(&number.replace("DEMO", "FIRST"))?),
        partner: Partner::Canada,
        step: Step::Third,
        date: ctx.today(),
        purpose: Purpose::VisaOrBenefit,
        priority: Priority::High,
        modality: Modality::Biometric,
        recipient: Recipient::Immigration,
        requestor: Requestor {
            organization: line("Visa Office (made up)")?,
            name: Sensitive::new(line("Robin Maple")?),
            contact: Sensitive::new(line("1 Example Street, Ottawa")?),
        },
        subject: Sensitive::new(AskedAbout {
            full_name: Some(line("Muestra, Persona")?),
            partner_fingerprint: PartnerReference::parse("FPS-DEMO-2").ok(),
            ..AskedAbout::default()
        }),
        asked: BTreeSet::from([Element::FullName, Element::BirthDate, Element::ImmigrationStatus, Element::PassportImage]),
        justification: Sensitive::new(LongLine::parse("The passport that was shown here differs from the visa.").ok()),
        found: Sensitive::new(Some(Found { a_numbers, ..Found::default() })),
        is_first_answer: false,
        written: Sensitive::default(),
    })
}

impl Desk<'_> {
    /// Has every request checked that is due.
    async fn checked(&self) -> Result<(), Error> {
        while let Some(due) = next_to_answer(self.ctx, Actor::System).await? {
            Box::pin(decide(self.ctx, Actor::System, &due, &CisAnswer::NotProtected)).await?;
        }
        Ok(())
    }

    async fn taken_to(&self, id: Uuid, stage: Stage) -> Result<(), Error> {
        let Self { ctx, analyst, reviewer, .. } = self;
        if stage < Stage::InPreparation {
            return Ok(());
        }
        take(ctx, analyst, id).await?;
        let view = request(ctx, analyst, id).await?.ok_or(Error::Internal)?;
        // What our records do not have cannot be told.
        let is_known = |element: &Element| *element == Element::PassportImage || view.values.expose().contains_key(element);
        let (told, missing): (Vec<Element>, Vec<Element>) = view.decision.allowed().partition(is_known);
        let reason = HeldBack::NotAccurate.key();
        let form = DraftForm {
            told: told.into_iter().map(|element| element.key().to_owned()).collect(),
            held_back: missing.into_iter().map(|element| (element.key().to_owned(), reason.to_owned())).collect(),
            compared_with: "A-File, paper, today (made up)".to_owned(),
            ..DraftForm::default()
        };
        keep(ctx, analyst, id, view.version, &form).await?;
        let (element, kind) = (Element::PassportImage, DocumentKind::Pdf);
        let new = NewDocument { element, kind, sha256: sha256(self.scan), content: self.scan.to_vec() };
        add_document(ctx, analyst, id, new).await?;
        if stage < Stage::InReview {
            return Ok(());
        }
        if send_to_review(ctx, analyst, id).await? != SentToReview::Sent {
            return Err(Error::Internal);
        }
        self.checked().await?;
        let view = request(ctx, reviewer, id).await?.ok_or(Error::Internal)?;
        if stage < Stage::Released {
            return Ok(());
        }
        let released = release(ctx, reviewer, id, view.hash.ok_or(Error::Internal)?).await?;
        if released == Done::Done { Ok(()) } else { Err(Error::Internal) }
    }
}
