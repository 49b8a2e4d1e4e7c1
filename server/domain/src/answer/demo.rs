//! Requests of the demo that were answered: in both languages, and one in part.

use shared::answer::{Command, Draft, Form, Issue, Next, Placeholder, Stage, Template, TemplateUse};
use shared::case_status::ReceiptNumber;
use shared::e_request::{Answers, Field};
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::service_request::{Happening, OfficerId, RequestKind, RequestNumber, RoutingReason, Source, Target};
use store::answer as rows;
use store::{installation, service_request as requests};
use uuid::Uuid;

use super::release::{Released, release};
use super::write::save;
use crate::quality::note_template;
use crate::service_request::{Filed, Filing, file_under, happen};
use crate::{Actor, Context, Error, Officer};

/// A request of the demo: what its page wants, and what is special about it.
#[derive(Debug)]
pub struct DemoRequest {
    pub number: RequestNumber,
    pub note: &'static str,
}

/// The ZIP code that was given with each of them.
pub const DEMO_ZIP: &str = "22150";

/// Who answers where the demo has nobody for it.
const OFFICER: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00a1);
const OFFICE: &str = "NBC";
/// What the case system is to do in every demo: the id stands in the documentation of the interface.
const COMMAND: Uuid = Uuid::from_u128(0x0193_9f0a_1c00_7000_8000_0000_0000_0001);

struct Story {
    /// Of a case of the demo.
    receipt: &'static str,
    kind: RequestKind,
    locale: Locale,
    stage: Stage,
    explanation: &'static str,
    text: &'static str,
    note: &'static str,
}

const CARD_EN: &str = "We mailed your card on {mailed_on}. The post office brought it back to us, because nobody could be found at the \
    address.\n\nYou told us that the address is right. Please ask at your post office why mail does not come. Then call us by \
    {reply_by}, and we will mail the card again.\n\n- Ask at your post office.\n- Call us.";
const NOTICE_ES: &str = "Enviamos el aviso por correo el {mailed_on}. El correo no nos lo devolvió.\n\nUsted nos escribió que es la \
    segunda vez. Por eso le enviamos hoy una copia del aviso.\n\nSi la copia no llega antes del {mailed_on+30}, por favor llámenos. \
    Usted no tiene que hacer nada más.";
const ERROR_EN: &str = "We looked at your card. The name on it is not the name on your form. The mistake is ours.\n\nWe asked for your \
    file to see which name is right. We will have it by {done_by}. You do not need to send us anything.";

fn stories() -> [Story; 11] {
    let card = |receipt, note| Story {
        receipt,
        kind: RequestKind::CardNotReceived,
        locale: Locale::En,
        stage: Stage::Final,
        explanation: "The mail carrier says that there was no card.",
        text: CARD_EN,
        note,
    };
    let notice = |receipt, note| Story {
        kind: RequestKind::NoticeNotReceived,
        locale: Locale::Es,
        explanation: "Es la segunda vez que no llega.",
        text: NOTICE_ES,
        ..card(receipt, note)
    };
    let error = |receipt, note| Story {
        kind: RequestKind::TypographicError,
        stage: Stage::Interim(Next::WeGoOn),
        explanation: "",
        text: ERROR_EN,
        ..card(receipt, note)
    };
    [
        card("EAC9999103416", "answered by letter, in English"),
        notice("EAC9999103405", "answered by letter, in Spanish"),
        error("SRC9999102779", "answered in part, in English"),
        card("SRC9999102780", "answered by letter, in English: to say that it did not help"),
        card("EAC9999103410", "the same"),
        card("LIN9999106505", "the same"),
        notice("SRC9999132710", "answered by letter, in Spanish: to say that it did not help"),
        notice("EAC9999103410", "the same"),
        notice("LIN9999106505", "the same"),
        notice("EAC9999103416", "answered, and read again: a good answer"),
        card("EAC9999103405", "answered, read again, and sent back"),
    ]
}

/// Adds requests with answers to a demo, and the templates that officers of the demo have. Those that are there stay as they are.
///
/// # Errors
/// [`Error::Refused`] for a database that is no demo.
pub async fn seed_demo(ctx: &Context, writer: Option<Uuid>) -> Result<Vec<DemoRequest>, Error> {
    if installation::demo_day(&mut ctx.store.read_primary().await?).await?.is_none() {
        return Err(Error::Refused);
    }
    seed_templates(ctx).await?;
    let mut seeded = Vec::new();
    for (index, story) in (1_u8..).zip(stories()) {
        // The same numbers in every demo: they stand in the documentation.
        let number = RequestNumber::new(2026, [index; 16]);
        if let Some(request) = tell(ctx, &story, &number, writer.unwrap_or(OFFICER)).await? {
            seeded.push(request);
        }
    }
    if let Some(first) = seeded.first() {
        seed_command(ctx, &first.number).await?;
    }
    Ok(seeded)
}

/// The card of the first request is to be mailed again.
async fn seed_command(ctx: &Context, number: &RequestNumber) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    let Some(request) = requests::by_number(&mut transaction, number).await? else { return Ok(()) };
    let Some(row) = requests::find(&mut transaction, request).await? else { return Ok(()) };
    if rows::command(&mut transaction, &ctx.keys, COMMAND).await?.is_some() {
        return Ok(());
    }
    installation::lock_imports(&mut transaction).await?;
    let command = &Command::RemailCard;
    let new = rows::NewCommand { id: COMMAND, request, case: row.case, command, asked_by: OFFICER, at: ctx.now() };
    rows::add_command(&mut transaction, &ctx.keys, &new).await?;
    Ok(transaction.commit().await?)
}

async fn tell(ctx: &Context, story: &Story, number: &RequestNumber, writer: Uuid) -> Result<Option<DemoRequest>, Error> {
    let receipt = ReceiptNumber::parse(story.receipt).map_err(|_| Error::Internal)?;
    let mut transaction = ctx.store.begin().await?;
    let shown = DemoRequest { number: number.clone(), note: story.note };
    if requests::by_number(&mut transaction, number).await?.is_some() {
        return Ok(Some(shown));
    }
    // A smaller demo has fewer cases.
    let Some(case) = store::case_feed::case_id(&mut transaction, &receipt).await? else { return Ok(None) };
    let filing = Filing {
        submission: ctx.clock.new_id(),
        case,
        kind: story.kind,
        follows: None,
        source: Source::EReq,
        locale: story.locale,
        answers: answers(story, rows::people(&mut transaction, case).await?.first()),
        target: Target::THIRTY_DAYS,
        callback: None,
        received_at: ctx.now(),
    };
    let Filed::Stored(request) = file_under(ctx, &mut transaction, Actor::System, &filing, || number.clone()).await? else {
        return Ok(None);
    };
    let office = OfficeCode::parse(OFFICE).map_err(|_| Error::Internal)?;
    let officer = OfficerId(writer.as_u128());
    for happening in
        [Happening::Routed { office: office.clone(), reason: RoutingReason::CaseOffice }, Happening::Opened { officer }]
    {
        happen(ctx, &mut transaction, Actor::System, request, &happening, None).await?;
    }
    transaction.commit().await?;
    let grant = Grant { role: Role::Iio, office, starts_at: ctx.now(), ends_at: None };
    let officer = Officer::new(writer, vec![grant], ctx.now());
    save(ctx, &officer, request, None, &draft(ctx, story)).await?;
    if story.kind == RequestKind::CardNotReceived {
        note_template(ctx, &officer, request, "mailed").await?;
    }
    match release(ctx, &officer, request, 1).await? {
        Released::Out(_) => Ok(Some(shown)),
        instead => {
            tracing::error!("an answer of the demo was not released: {instead:?}");
            Err(Error::Internal)
        }
    }
}

/// What was typed, by the person of the case.
fn answers(story: &Story, person: Option<&rows::CasePerson>) -> Answers {
    let given_name = person.and_then(|person| person.given_name.as_deref()).unwrap_or_default();
    let family_name = person.map_or("", |person| person.family_name.as_str());
    let mut answers = Answers::default();
    for (field, typed) in [
        (Field::Requester, "applicant"),
        (Field::ReceiptNumber, story.receipt),
        (Field::MailingZip, DEMO_ZIP),
        (Field::GivenName, given_name),
        (Field::FamilyName, family_name),
        (Field::BirthDate, "1990-2-3"),
        (Field::Explanation, story.explanation),
    ] {
        answers.set(field, typed);
    }
    if story.kind == RequestKind::TypographicError {
        answers.set(Field::PrintedText, "Anna");
        answers.set(Field::CorrectText, "Ana");
    }
    answers
}

fn draft(ctx: &Context, story: &Story) -> Draft {
    let later = |days| (ctx.today() + chrono::Days::new(days)).to_string();
    let mut draft = Draft::new(story.locale);
    (draft.form, draft.stage, draft.text) = (Form::Letter, story.stage, story.text.to_owned());
    draft.typed.insert(Placeholder::MailedOn, (ctx.today() - chrono::Days::new(20)).to_string());
    draft.typed.insert(Placeholder::ReplyBy, later(30));
    draft.typed.insert(Placeholder::DoneBy, later(21));
    draft.addressed = [(Issue::Matter, 1), (Issue::Explanation, 2), (Issue::Correction, 2)].into();
    draft
}

async fn seed_templates(ctx: &Context) -> Result<(), Error> {
    let mut transaction = ctx.store.begin().await?;
    let known = rows::templates(&mut transaction).await?;
    let wait_en = "You do not need to do anything. If you hear nothing by {done_by}, please call us.";
    let wait_es = "Usted no tiene que hacer nada. Si no sabe nada de nosotros antes del {done_by}, por favor llámenos.";
    let card_en = "We mailed your {document} on {mailed_on}. The tracking number is {tracking_number}.\n\n\
                   If it does not come by {mailed_on+14}, please ask at your post office, and then call us.";
    let card_es = "Le enviamos su {document} el {mailed_on}. El número de seguimiento es {tracking_number}.\n\n\
                   Si no llega antes del {mailed_on+14}, por favor pregunte en su oficina de correos y después llámenos.";
    let all = [
        Template::new("mailed", TemplateUse::Answer, [RequestKind::CardNotReceived], "Mailed, with its number", card_en, card_es),
        Template::new("nothing-to-do", TemplateUse::Insert, [], "Nothing to do until a day", wait_en, wait_es),
    ];
    for template in all {
        let template = template.map_err(|_| Error::Internal)?;
        if !known.iter().any(|stored| stored.template.key() == template.key()) {
            rows::add_template(&mut transaction, &template, &Actor::System.label(), ctx.now()).await?;
        }
    }
    Ok(transaction.commit().await?)
}
