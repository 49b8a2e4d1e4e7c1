//! What IDENT and the agency say to each other: our own profile of the exchange, since the schema of IXM is not public. No conformance
//! is claimed; `docs/systems/ident.md` has the fields, codes and times.
//!
//! The agency always speaks first: it posts [`Query`], [`Decision`], [`Unreadable`], [`Correction`], [`UseDecision`],
//! [`Verification`] and [`Enrol`], and takes from its [`Inbox`] what IDENT has for it. Whatever tells something of a person is
//! [`Sensitive`]: it is written to the other side and to nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::agreement::{AnswerKind, Element, Modality, Partner, Priority, Purpose, Recipient, Step};
use crate::disclosure::Confirmed;
use crate::partner_query::{LongLine, PartnerReference, ReplyResult, ShortLine, TransactionNumber};
use crate::sensitive::Sensitive;

/// Most messages of an inbox that are asked for at once.
pub const MOST_MESSAGES: u32 = 100;
/// Bytes of a body by which its length is rounded up: nobody who sees the traffic learns from it what was answered.
pub const SIZES: [usize; 6] = [4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 16 << 20];

/// A query of ours to one partner. `POST /v1/queries`, taken once for each number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub transaction_number: TransactionNumber,
    /// Of the query that it follows. A query has this or fingerprints, never both (SOR/2002-227 s. 315.38).
    pub prior: Option<TransactionNumber>,
    pub partner: Partner,
    pub step: Step,
    pub purpose: Purpose,
    pub priority: Priority,
    pub modality: Modality,
    /// An ANSI/NIST-ITL transaction in base64.
    #[serde(with = "plain")]
    pub fingerprints: Sensitive<Option<String>>,
    pub asked: BTreeSet<Element>,
    /// Of a third query: the request in the line form of the partner's template.
    #[serde(default, with = "plain")]
    pub written: Sensitive<Option<String>>,
}

/// `GET /v1/messages?after=CURSOR&most=N`: what IDENT has for us after a cursor. It is kept until a later cursor is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    pub messages: Vec<Envelope>,
}

/// One message. It may come twice, and in another order than it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub cursor: u64,
    pub id: Uuid,
    pub message: Incoming,
}

/// What IDENT says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Incoming {
    Reply(PartnerReply),
    /// On a match IDENT sends the second query by itself.
    SecondSent {
        transaction_number: TransactionNumber,
        prior: TransactionNumber,
        sent_at: DateTime<Utc>,
    },
    Ask(Box<PartnerAsk>),
    /// Another component wants to use what a partner answered us.
    Use(ComponentUse),
    /// A partner set right what it was told, or noted it to its file.
    CorrectionConfirmed(CorrectionConfirmed),
    /// A kind that this release does not know. It is kept for the next one.
    #[serde(other)]
    Unknown,
}

impl Incoming {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Reply(_) => "reply",
            Self::SecondSent { .. } => "second_sent",
            Self::Ask(_) => "ask",
            Self::Use(_) => "use",
            Self::CorrectionConfirmed(_) => "correction_confirmed",
            Self::Unknown => "unknown",
        }
    }
}

/// What a partner answered to a query of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerReply {
    /// Of the query that is answered.
    pub transaction_number: TransactionNumber,
    pub result: ReplyResult,
    /// Texts; of a photograph the image, in base64.
    #[serde(with = "plain")]
    pub elements: Sensitive<BTreeMap<Element, String>>,
    pub answered_at: DateTime<Utc>,
    /// When the partner destroyed the prints with which it searched (SOR/2002-227 s. 315.43(2)).
    pub destroyed_at: Option<DateTime<Utc>>,
}

/// What a partner asks us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerAsk {
    pub transaction_number: TransactionNumber,
    pub prior: Option<TransactionNumber>,
    pub partner: Partner,
    pub step: Step,
    pub date: NaiveDate,
    pub purpose: Purpose,
    pub priority: Priority,
    pub modality: Modality,
    pub recipient: Recipient,
    pub requestor: Requestor,
    #[serde(with = "plain")]
    pub subject: Sensitive<AskedAbout>,
    pub asked: BTreeSet<Element>,
    #[serde(with = "plain")]
    pub justification: Sensitive<Option<LongLine>>,
    /// Whom IDENT found in our data.
    #[serde(with = "plain")]
    pub found: Sensitive<Option<Found>>,
    /// IDENT answers this by itself when its window ends, with "no match" if we say nothing before.
    pub is_first_answer: bool,
    /// The request as the partner wrote it, in the line form of its template: of one that people answer.
    #[serde(default, with = "plain")]
    pub written: Sensitive<Option<String>>,
}

/// Who asks for a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requestor {
    pub organization: ShortLine,
    #[serde(with = "plain")]
    pub name: Sensitive<ShortLine>,
    #[serde(with = "plain")]
    pub contact: Sensitive<ShortLine>,
}

/// The person, as the partner knows them.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskedAbout {
    pub full_name: Option<ShortLine>,
    pub aliases: Vec<ShortLine>,
    pub birth_date: Option<NaiveDate>,
    pub birth_country: Option<String>,
    pub gender: Option<String>,
    pub partner_fingerprint: Option<PartnerReference>,
    pub partner_identification: Option<PartnerReference>,
}

impl fmt::Debug for AskedAbout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AskedAbout")
    }
}

/// Whom IDENT found, by the numbers that it has for them.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Found {
    pub fin: Option<String>,
    pub eid: Option<String>,
    pub a_numbers: Vec<String>,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Found")
    }
}

/// Another component or agency wants to use what a partner answered us, "upon USCIS approval" (PIA-060(a)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentUse {
    /// The key of a component. Text, so that one that a release does not know stops no other message.
    pub component: ShortLine,
    /// The key of a purpose.
    pub purpose: ShortLine,
    /// Of the query of ours that was answered.
    pub transaction_number: TransactionNumber,
    pub elements: BTreeSet<Element>,
}

/// Whether another component may use what it asked for. `POST /v1/uses`; taken once for each message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UseDecision {
    /// That asked.
    pub message: Uuid,
    pub transaction_number: TransactionNumber,
    pub is_allowed: bool,
    /// What may be used; nothing, if it is refused.
    pub elements: BTreeSet<Element>,
}

/// What a partner is answered. `POST /v1/decisions` for a first query, `POST /v1/answers` for a request; taken once for each message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// That brought the question.
    pub message: Uuid,
    pub transaction_number: TransactionNumber,
    pub answer: AnswerKind,
    #[serde(with = "plain")]
    pub elements: Sensitive<BTreeMap<Element, String>>,
}

/// A request that cannot be read, or says something else than the message that brought it. `POST /v1/errors`; taken once for each
/// message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreadable {
    /// That brought it.
    pub message: Uuid,
    pub transaction_number: TransactionNumber,
    /// All that is wrong, with line and field. Nothing that the request says is repeated.
    pub errors: Vec<String>,
}

/// What a partner was answered before is set right, or disputed by the person. `POST /v1/corrections`; taken once for each id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// By which it is confirmed.
    pub id: Uuid,
    pub partner: Partner,
    /// Of the answer that it sets right.
    pub transaction_number: TransactionNumber,
    /// What of that answer holds no longer as it was told, or is disputed.
    pub elements: BTreeSet<Element>,
    /// What holds instead. Of an element that is not here nothing does, or nothing that may be told.
    #[serde(with = "plain")]
    pub values: Sensitive<BTreeMap<Element, String>>,
    /// The person's statement of disagreement: then nothing is set right, and the statement is kept with the answer.
    #[serde(with = "plain")]
    pub statement: Sensitive<Option<LongLine>>,
}

/// That a partner did what a correction is for (SOR/2002-227 s. 315.27, .35, .42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionConfirmed {
    /// The id of the correction.
    pub correction: Uuid,
    pub outcome: Confirmed,
    pub confirmed_at: DateTime<Utc>,
}

/// An identity is verified: IDENT searches, and keeps nothing. `POST /v1/verifications`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    pub transaction_number: TransactionNumber,
    /// A file of a capture station, an ANSI/NIST-ITL transaction in base64. Without it IDENT looks by the FIN.
    #[serde(with = "plain")]
    pub fingerprints: Sensitive<Option<String>>,
    #[serde(with = "plain")]
    pub fin: Sensitive<Option<String>>,
}

/// Somebody who stands before an officer is added, as an encounter. IDENT searches first, and says whom it found; the encounter is
/// theirs, or somebody's who is new. `POST /v1/enrolments`; taken once for each number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    pub transaction_number: TransactionNumber,
    /// A file of a capture station, an ANSI/NIST-ITL transaction in base64.
    #[serde(with = "plain")]
    pub fingerprints: Sensitive<String>,
    /// JPEG or PNG, in base64.
    #[serde(with = "plain")]
    pub photograph: Sensitive<Option<String>>,
    /// That the person has in our records.
    #[serde(with = "plain")]
    pub fin: Sensitive<Option<String>>,
    /// The day of the interview.
    pub on: NaiveDate,
    pub handling: Handling,
}

/// What IDENT has to mind with an encounter of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    Ordinary,
    /// A law protects the person, or may: the encounter is used within the department alone (8 USC 1367(a)(2), 8 CFR 208.6), and nobody
    /// outside is told of it before we were asked. Which law it is stays with us.
    Protected,
}

/// What IDENT found, or made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub is_match: bool,
    #[serde(with = "plain")]
    pub found: Sensitive<Option<Found>>,
    #[serde(with = "plain")]
    pub elements: Sensitive<BTreeMap<Element, String>>,
}

/// A body on its way: padded to one of [`SIZES`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Padded<T> {
    pub body: T,
    #[serde(default)]
    pub padding: String,
}

/// A body in as many bytes as the next of [`SIZES`], whatever it says; none if it is larger than all of them.
pub fn padded<T: Serialize>(body: &T) -> Option<Vec<u8>> {
    let bare = serde_json::to_vec(&Padded { body, padding: String::new() }).ok()?;
    let size = SIZES.into_iter().find(|size| *size >= bare.len())?;
    serde_json::to_vec(&Padded { body, padding: "0".repeat(size - bare.len()) }).ok()
}

/// What is sensitive here and plain on the wire.
mod plain {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::sensitive::Sensitive;

    pub fn serialize<T: Serialize, S: Serializer>(value: &Sensitive<T>, serializer: S) -> Result<S::Ok, S::Error> {
        value.expose().serialize(serializer)
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Sensitive<T>, D::Error> {
        T::deserialize(deserializer).map(Sensitive::new)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn no_match(number: &str, message: u128) -> Decision {
        Decision {
            message: Uuid::from_u128(message),
            transaction_number: TransactionNumber::parse(number).unwrap(),
            answer: AnswerKind::NoMatch,
            elements: Sensitive::default(),
        }
    }

    #[test]
    fn debug_output_tells_nothing_of_a_person() {
        let found = Found { fin: Some("4711000".into()), ..Found::default() };
        let verified = Verified { is_match: true, found: Sensitive::new(Some(found)), elements: Sensitive::default() };
        assert!(!format!("{verified:?}").contains("4711"));
    }

    #[test]
    fn what_is_added_says_how_it_is_handled_and_tells_no_log_of_anybody() {
        let enrol = Enrol {
            transaction_number: TransactionNumber::parse("ENROL-2026-0000001").unwrap(),
            fingerprints: Sensitive::new("cHJpbnRz".into()),
            photograph: Sensitive::new(Some("cGljdHVyZQ==".into())),
            fin: Sensitive::new(Some("4711000".into())),
            on: "2026-03-10".parse().unwrap(),
            handling: Handling::Protected,
        };
        let debug = format!("{enrol:?}");
        assert!(["cHJpbnRz", "cGljdHVyZQ", "4711"].iter().all(|text| !debug.contains(text)), "{debug}");
        let written = serde_json::to_value(&enrol).unwrap();
        assert_eq!(written["handling"], "protected");
        assert_eq!(written["fingerprints"], "cHJpbnRz");
        assert_eq!(serde_json::from_value::<Enrol>(written).unwrap(), enrol);
    }

    #[test]
    fn a_kind_of_a_later_release_is_kept_and_fails_nothing() {
        let text =
            r#"{"messages":[{"cursor":1,"id":"00000000-0000-0000-0000-000000000001","message":{"kind":"later","more":[1]}}]}"#;
        let inbox: Inbox = serde_json::from_str(text).unwrap();
        assert_eq!(inbox.messages[0].message, Incoming::Unknown);
    }

    #[test]
    fn a_component_that_is_not_known_here_stops_no_other_message() {
        let text = r#"{"kind":"use","component":"somebody_new","purpose":"a_new_one","transaction_number":"TEST-2026-0000001","elements":["full_name"]}"#;
        let read: Incoming = serde_json::from_str(text).unwrap();
        assert_eq!(read.kind(), "use");
    }

    #[test]
    fn a_request_may_come_with_its_text_and_no_log_shows_it() {
        let bare = serde_json::json!({
            "transaction_number": "CA-2026-0000001", "prior": "CA-2026-0000000", "partner": "CA", "step": "third", "date": "2026-03-10",
            "purpose": "visa_or_benefit", "priority": "high", "modality": "biometric", "recipient": "immigration",
            "requestor": { "organization": "Visa Office", "name": "R. Maple", "contact": "1 Example Street" }, "subject": {},
            "asked": ["immigration_status"], "justification": null, "found": null, "is_first_answer": false,
        });
        let without: PartnerAsk = serde_json::from_value(bare.clone()).unwrap();
        assert_eq!(*without.written.expose(), None, "an earlier release of IDENT sends none");
        let mut with = bare;
        with["written"] = "PORTICO-MESSAGE/1 CA 1 request".into();
        let with: PartnerAsk = serde_json::from_value(with).unwrap();
        assert_eq!(with.written.expose().as_deref(), Some("PORTICO-MESSAGE/1 CA 1 request"));
        assert!(!format!("{with:?}").contains("PORTICO"), "it is a person's");
    }

    #[test]
    fn what_is_larger_than_all_sizes_is_not_sent() {
        assert!(padded(&"x".repeat(16 << 20)).is_none());
        assert_eq!(padded(&"x").unwrap().len(), 4 << 10);
    }

    proptest! {
        #[test]
        fn every_no_match_has_one_length(number in "CA-[0-9]{7,37}", message in any::<u128>()) {
            prop_assert_eq!(padded(&no_match(&number, message)).unwrap().len(), 4 << 10);
        }

        #[test]
        fn padding_is_read_over(number in "CA-[0-9]{7,37}", message in any::<u128>()) {
            let decision = no_match(&number, message);
            let read: Padded<Decision> = serde_json::from_slice(&padded(&decision).unwrap()).unwrap();
            prop_assert_eq!(read.body, decision);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = serde_json::from_slice::<Inbox>(&bytes);
        }
    }
}
