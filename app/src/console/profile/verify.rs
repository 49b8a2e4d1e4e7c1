//! The person is here: the notice is read, fingerprints and a photograph are taken, and IDENT is asked who it is.

use domain::Error;
use domain::actor::Action;
use domain::profile::{ProfileFile, Read, Shown, StoredVerification, enrolment, read};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::agreement::Element;
use shared::locale::Locale;
use shared::profile::{Enrolment, FinStanding, VerificationState, beside};
use uuid::Uuid;

use super::biometrics::{newest_photograph, picture, shown as answered};
use super::correct::not_open;
use super::kept::{Kept, keep, kept};
use super::record::{AGAIN, file_field};
use super::{notice, words};
use crate::console::answer::{segment, shown};
use crate::console::context::AtWork;
use crate::console::form::{NotSaved, Notice};
use crate::console::layout::Layout;
use crate::console::service_request::address::{pairs, with_query};
use crate::console::service_request::fields::{hidden, select, tick};
use crate::console::site::{ADD_INTERVIEW, PROFILES};
use crate::console::table::Table;
use crate::csrf::CsrfField;

/// What was typed at an interview, beside its files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypedInterview {
    /// The language in which the notice was read.
    pub notice: String,
    /// `yes`, once the person acknowledged it.
    pub acknowledged: String,
    /// What the page said that is done with fingerprints.
    pub enrolment: String,
}

impl TypedInterview {
    /// The fields of a form.
    pub fn of(field: impl Fn(&str) -> String) -> Self {
        Self { notice: field("notice"), acknowledged: field("acknowledged"), enrolment: field("enrolment") }
    }

    /// The language of a notice that was read and acknowledged, and what the officer was shown that is done with fingerprints.
    ///
    /// # Errors
    /// What is to be done before anything may be taken.
    pub fn read(&self) -> Result<(Locale, Enrolment), Vec<String>> {
        let notice = Locale::ALL.into_iter().find(|locale| locale.tag() == self.notice);
        let enrolment = Enrolment::from_key(&self.enrolment);
        let mut wrong = Vec::new();
        if notice.is_none() {
            wrong.push("Read the notice aloud, and say in which language.".to_owned());
        }
        if self.acknowledged != "yes" {
            wrong.push("Go on when the person has acknowledged the notice, and tick that they did.".to_owned());
        }
        if enrolment.is_none() {
            wrong.push("Send the form as the page shows it: it says what is done with fingerprints.".to_owned());
        }
        notice.zip(enrolment).filter(|_| wrong.is_empty()).ok_or(wrong)
    }
}

/// Where it is said why IDENT was not asked.
pub async fn interview_refused(
    at_work: &AtWork,
    profile: Uuid,
    typed: TypedInterview,
    mut wrong: Vec<String>,
) -> Result<String, Error> {
    wrong.push(AGAIN.to_owned());
    let kept = keep(at_work, &Kept::Interview { profile, typed, wrong }).await?;
    Ok(with_query(&format!("{PROFILES}/{profile}/verify"), &[("kept", kept.to_string())]))
}

#[component]
pub fn VerifyPage() -> impl IntoView {
    view! { {Suspend::new(verify())} }
}

async fn verify() -> Option<AnyView> {
    let at_work = AtWork::current()?;
    Some(shown(page(&at_work).await, "Verify who it is"))
}

async fn page(at_work: &AtWork) -> Result<AnyView, Error> {
    let (ctx, officer) = (&at_work.console.domain, at_work.officer());
    if !officer.may_somewhere(Action::VerifyIdentity) {
        return Err(Error::Refused);
    }
    let id: Uuid = segment(3).and_then(|id| id.parse().ok()).unwrap_or_default();
    let file = match read(ctx, officer, id).await? {
        Read::File(file) => file,
        Read::NotOpen => return Ok(not_open(id)),
        Read::Nobody => return Err(Error::Refused),
    };
    let (typed, wrong) = match kept(at_work, &pairs()).await? {
        Some(Kept::Interview { profile, typed, wrong }) if profile == file.profile => (typed, wrong),
        _ => Default::default(),
    };
    let title = file.sheet.name().map_or_else(|| "No name".to_owned(), words::name);
    let answer = answered(&file).and_then(|one| one.shown.as_ref().map(|shown| answer(&file, one, shown)));
    let form = form(&file, &typed, enrolment(ctx, officer).await?);
    let back = format!("{PROFILES}/{}", file.profile);
    Ok(view! {
        <Layout title="Verify who it is">
            <p class="console-back"><a href=back>{title}</a></p>
            <NotSaved wrong/>
            {answer}
            {form}
        </Layout>
    }
    .into_any())
}

/// What IDENT answered, beside what we have.
fn answer(file: &ProfileFile, one: &StoredVerification, shown: &Shown) -> AnyView {
    let standing = one.fin.expose().as_ref().map(|fin| FinStanding::of(fin, &file.sheet));
    let warning = (standing == Some(FinStanding::Other)).then(|| {
        view! {
            <Notice kind="error">
                "IDENT has another FIN for this person than the profile. Nothing was changed. Do not go on before it is clear who this is."
            </Notice>
        }
    });
    let kind = if one.state == VerificationState::Matched { "success" } else { "warning" };
    let ours = newest_photograph(file).map(|known| {
        let what = words::record(&known.biometric);
        view! { {picture(file.profile, known.id, "Our photograph")}<figcaption>"Ours: "{what}</figcaption> }.into_any()
    });
    let theirs = shown
        .has_photograph
        .then(|| view! { {picture(file.profile, one.id, "IDENT's photograph")}<figcaption>"IDENT's"</figcaption> }.into_any());
    let figure = |content: Option<AnyView>, none: &'static str| {
        let content = content.unwrap_or_else(|| view! { <figcaption>{none}</figcaption> }.into_any());
        view! { <li><figure class="console-photograph">{content}</figure></li> }
    };
    let words = words::answer(one);
    view! {
        <section aria-labelledby="answer">
            <h2 id="answer">"What IDENT answered"</h2>
            {warning}
            <Notice kind>{words}</Notice>
            <ul class="console-photographs">
                {figure(theirs, "IDENT showed no photograph.")}
                {figure(ours, "We have no photograph.")}
            </ul>
            {compared(file, one, shown)}
        </section>
    }
    .into_any()
}

fn compared(file: &ProfileFile, one: &StoredVerification, shown: &Shown) -> AnyView {
    let numbers = [
        (Element::Fin, one.fin.expose().as_ref().map(|fin| fin.digits().to_owned())),
        (Element::Eid, one.eid.expose().as_ref().map(|eid| eid.as_str().to_owned())),
    ];
    let numbers = numbers.into_iter().filter_map(|(element, text)| Some((element, text?)));
    let told: Vec<_> = numbers.chain(shown.biographics.expose().iter().cloned()).collect();
    if told.is_empty() {
        return ().into_any();
    }
    let row = |(element, theirs): (Element, String)| {
        let facts = beside(element).map(|kind| file.sheet.of_kind(kind)).unwrap_or_default();
        let ours: Vec<String> = facts.iter().filter_map(|group| group.first().map(|known| words::fact(&known.fact))).collect();
        view! {
            <tr>
                <th scope="row">{element.name()}</th>
                <td>{theirs}</td>
                <td>{ours.join("; ")}</td>
            </tr>
        }
    };
    let rows = told.into_iter().map(row).collect_view();
    let caption = "What IDENT told, beside ours. It is shown for half an hour.";
    view! { <Table id="compared" caption heads=["About", "IDENT", "The profile"]>{rows}</Table> }.into_any()
}

/// What is done with fingerprints that are taken now, as the officer has to know before they take any.
const fn done_with_prints(enrolment: Enrolment) -> &'static str {
    match enrolment {
        Enrolment::Allowed => {
            "Fingerprints that you take are added to IDENT and kept in the profile. A photograph goes with them where the terms with IDENT say so."
        }
        Enrolment::SearchOnly => "Fingerprints that you take are only searched with: they are destroyed right after, match or not.",
    }
}

fn form(file: &ProfileFile, typed: &TypedInterview, enrolment: Enrolment) -> AnyView {
    let text = |locale: Locale| {
        let paragraphs = notice::paragraphs(locale).map(|words| view! { <p>{words}</p> });
        view! { <div lang=locale.tag()>{paragraphs.into_iter().collect_view()}</div> }
    };
    let languages = Locale::ALL.map(|locale| (locale.tag().to_owned(), words::language(locale).to_owned())).to_vec();
    let along = hidden(vec![("profile", file.profile.to_string()), ("enrolment", enrolment.key().to_owned())]);
    let is_acknowledged = typed.acknowledged == "yes";
    view! {
        <h2>"Read this aloud"</h2>
        <div class="console-aloud">{text(Locale::En)}{text(Locale::Es)}</div>
        <p><strong>{done_with_prints(enrolment)}</strong></p>
        <form class="usa-form" method="post" action=ADD_INTERVIEW enctype="multipart/form-data">
            <CsrfField/>
            {along}
            {select("notice", "notice", "The notice was read in", Some("Choose"), languages, &typed.notice)}
            {tick("acknowledged".to_owned(), "acknowledged", "yes", "The person acknowledged it", is_acknowledged)}
            {file_field("prints", "Fingerprints", "A file of ANSI/NIST-ITL, as the capture station writes it.", None)}
            {file_field("photograph", "Photograph", "JPEG or PNG. It is kept in the profile.", Some("image/jpeg,image/png"))}
            <p class="usa-hint">"Without fingerprints IDENT is asked by the FIN of the profile, and you compare faces."</p>
            <button class="usa-button" type="submit">"Ask IDENT"</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_taken_before_the_notice_was_read_and_acknowledged() {
        let typed = |notice: &str, acknowledged: &str| TypedInterview {
            notice: notice.into(),
            acknowledged: acknowledged.into(),
            enrolment: "search".into(),
        };
        assert_eq!(typed("es", "yes").read(), Ok((Locale::Es, Enrolment::SearchOnly)));
        let unsaid = TypedInterview { enrolment: String::new(), ..typed("es", "yes") };
        assert_eq!(unsaid.read().unwrap_err().len(), 1, "nobody sends what they were not shown");
        for (notice, acknowledged, wrong) in [("", "", 2), ("fr", "yes", 1), ("en", "", 1), ("en", "no", 1)] {
            assert_eq!(typed(notice, acknowledged).read().unwrap_err().len(), wrong, "{notice} {acknowledged}");
        }
    }
}
