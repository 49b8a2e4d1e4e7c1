//! Adding a photograph or a biometric record.

use chrono::NaiveDate;
use domain::Error;
use domain::actor::Action;
use domain::profile::{ProfileFile, Read, read};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::document::LARGEST_DOCUMENT;
use shared::profile::{BiometricKind, CapturedAt, Position, Quality};
use uuid::Uuid;

use super::correct::not_open;
use super::kept::{Kept, keep, kept};
use super::words;
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{Line, NotSaved};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, with_query};
use crate::console::service_request::fields::{hidden, select};
use crate::console::site::{ADD_RECORD, PROFILES};
use crate::csrf::CsrfField;

/// What was typed of a record, beside its file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedRecord {
    /// A kind, and the side where it has any: `photograph.front`.
    pub what: String,
    /// `upload`, `interview`, or the id of a case.
    pub from: String,
    pub captured_on: String,
    pub quality: String,
}

/// The same, as far as it could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadRecord {
    pub kind: BiometricKind,
    /// None where the file says what it shows.
    pub side: Option<Position>,
    pub captured_at: CapturedAt,
    /// Of a photograph.
    pub captured_on: Option<NaiveDate>,
    pub quality: Option<Quality>,
}

impl TypedRecord {
    /// The fields of a form.
    pub fn of(field: impl Fn(&str) -> String) -> Self {
        Self { what: field("what"), from: field("from"), captured_on: field("captured_on"), quality: field("quality") }
    }

    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(&self) -> Result<ReadRecord, Vec<String>> {
        let mut wrong = Vec::new();
        let mut note = |words: &str| wrong.push(words.to_owned());
        let what = choices().find(|(key, _, _)| *key == self.what).map(|(_, kind, side)| (kind, side));
        if what.is_none() {
            note("What it is: choose it.");
        }
        let captured_at = match self.from.as_str() {
            "upload" => Some(CapturedAt::Upload),
            "interview" => Some(CapturedAt::Interview),
            case => case.parse().ok().map(CapturedAt::Case),
        };
        if captured_at.is_none() {
            note("Where it comes from: choose it.");
        }
        let captured_on = self.captured_on.trim().parse().ok();
        if what.is_some_and(|(kind, _)| kind == BiometricKind::Photograph) && captured_on.is_none() {
            note("When it was taken: type the day as 2026-02-03.");
        }
        let typed = self.quality.trim();
        let quality = typed.parse().ok().and_then(Quality::new);
        if !typed.is_empty() && quality.is_none() {
            note("Quality: type a number from 0 to 100, or leave it empty.");
        }
        match (what, captured_at) {
            (Some((kind, side)), Some(captured_at)) if wrong.is_empty() => {
                Ok(ReadRecord { kind, side, captured_at, captured_on, quality })
            }
            _ => Err(wrong),
        }
    }
}

/// What can be added: a key, the kind, and the side where it has any.
fn choices() -> impl Iterator<Item = (String, BiometricKind, Option<Position>)> {
    BiometricKind::ALL.into_iter().flat_map(|kind| {
        let sides: Vec<Option<Position>> = kind.sides().iter().copied().map(Some).collect();
        let sides = if sides.is_empty() { vec![None] } else { sides };
        let key = move |side: Option<Position>| {
            side.map_or_else(|| kind.key().to_owned(), |side| format!("{}.{}", kind.key(), side.key()))
        };
        sides.into_iter().map(move |side| (key(side), kind, side))
    })
}

/// Said beside whatever is wrong: no page can fill a file in again.
pub const AGAIN: &str = "Choose the file again: it was not kept.";

/// Where it is said why a record was not added.
pub async fn record_refused(at_work: &AtWork, profile: Uuid, typed: TypedRecord, mut wrong: Vec<String>) -> Result<String, Error> {
    wrong.push(AGAIN.to_owned());
    let kept = keep(at_work, &Kept::Record { profile, typed, wrong }).await?;
    Ok(with_query(&format!("{PROFILES}/{profile}/biometrics"), &[("kept", kept.to_string())]))
}

#[component]
pub fn RecordPage() -> impl IntoView {
    view! { {Suspend::new(record())} }
}

async fn record() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Add a photograph or a biometric record"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::AddBiometrics) {
        return Err(Error::Refused);
    }
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let file = match read(ctx, officer, id).await? {
        Read::File(file) => file,
        Read::NotOpen => return Ok(not_open(id)),
        Read::Nobody => return Err(Error::Refused),
    };
    let (typed, wrong) = match kept(at_work, &pairs()).await? {
        Some(Kept::Record { profile, typed, wrong }) if profile == file.profile => (typed, wrong),
        _ => Default::default(),
    };
    let title = file.sheet.name().map_or_else(|| "No name".to_owned(), words::name);
    let form = form(&file, &typed);
    let back = format!("{PROFILES}/{}", file.profile);
    Ok(view! {
        <Layout title="Add a photograph or a biometric record">
            <p class="console-back"><a href=back>{title}</a></p>
            <NotSaved wrong/>
            {form}
        </Layout>
    }
    .into_any())
}

fn form(file: &ProfileFile, typed: &TypedRecord) -> AnyView {
    let what = choices().map(|(key, kind, side)| (key, words::choice(kind, side))).collect();
    let fixed = [("upload", "A file that I was given"), ("interview", "An interview")];
    let fixed = fixed.into_iter().map(|(key, name)| (key.to_owned(), name.to_owned()));
    let mut cases: Vec<(String, String)> =
        file.cases.iter().map(|case| (case.id.to_string(), format!("Case {}", case.number))).collect();
    cases.dedup();
    let from = fixed.chain(cases).collect();
    let along = hidden(vec![("profile", file.profile.to_string())]);
    let (captured_on, quality) = (typed.captured_on.clone(), typed.quality.clone());
    view! {
        <form class="usa-form" method="post" action=ADD_RECORD enctype="multipart/form-data">
            <CsrfField/>
            {along}
            {select("what", "what", "What it is", Some("Choose"), what, &typed.what)}
            {select("from", "from", "Where it comes from", Some("Choose"), from, &typed.from)}
            <Line
                name="captured_on"
                label="When it was taken, of a photograph"
                value=captured_on
                hint="As 2026-02-03. A file of fingerprints, of an iris or of a face says it itself."
            />
            <Line name="quality" label="Quality, if it was measured" value=quality hint="From 0 to 100, the best." numeric=true/>
            {file_field("file", "File", RECORD_HINT, None)}
            <button class="usa-button" type="submit">"Add"</button>
        </form>
    }
    .into_any()
}

const RECORD_HINT: &str = "A photograph as JPEG or PNG; all else as a file of ANSI/NIST-ITL.";

/// A field for a file, with what may be chosen.
pub fn file_field(name: &'static str, label: &'static str, hint: &'static str, accept: Option<&'static str>) -> AnyView {
    let hint_id = format!("{name}-hint");
    let megabytes = LARGEST_DOCUMENT / (1024 * 1024);
    view! {
        <div class="usa-form-group">
            <label class="usa-label" for=name>{label}</label>
            <span class="usa-hint" id=hint_id.clone()>{hint}" At most "{megabytes}" MB."</span>
            <input class="usa-input" id=name name=name type="file" accept=accept aria-describedby=hint_id/>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(what: &str, from: &str, captured_on: &str, quality: &str) -> TypedRecord {
        let [what, from, captured_on, quality] = [what, from, captured_on, quality].map(str::to_owned);
        TypedRecord { what, from, captured_on, quality }
    }

    #[test]
    fn what_is_typed_of_a_record_is_read() {
        let read = typed("photograph.left_side", "interview", " 2026-02-03 ", "80").read().unwrap();
        assert_eq!((read.kind, read.side), (BiometricKind::Photograph, Some(Position::LeftSide)));
        assert_eq!((read.captured_at, read.captured_on), (CapturedAt::Interview, Some("2026-02-03".parse().unwrap())));
        assert_eq!(read.quality, Quality::new(80));
        let case = Uuid::from_u128(7);
        let read = typed("fingerprints", &case.to_string(), "", "").read().unwrap();
        assert_eq!((read.kind, read.side, read.captured_at), (BiometricKind::Fingerprints, None, CapturedAt::Case(case)));
        assert_eq!((read.captured_on, read.quality), (None, None));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        assert_eq!(typed("", "", "", "101").read().unwrap_err().len(), 3);
        assert_eq!(typed("photograph.front", "elsewhere", "soon", "good").read().unwrap_err().len(), 3);
        assert_eq!(typed("photograph", "upload", "2026-02-03", "").read().unwrap_err(), ["What it is: choose it."], "no side");
        assert_eq!(typed("photograph.front", "upload", "", "").read().unwrap_err().len(), 1);
    }

    #[test]
    fn each_choice_is_one_key() {
        let keys: Vec<String> = choices().map(|(key, _, _)| key).collect();
        assert_eq!(keys.len(), 8);
        assert!(keys.iter().all(|key| typed(key, "upload", "2026-02-03", "").read().is_ok()));
    }
}
