//! Photographs and biometric records of a person, and who they were when they stood before an officer: parts of the person's page.

use domain::Officer;
use domain::actor::Action;
use domain::profile::{ProfileFile, StoredVerification};
use leptos::prelude::*;
use shared::profile::{BiometricKind, CapturedAt, EncounterId, Fin, KnownBiometric, VerificationState};
use shared::service_request::OfficerId;
use uuid::Uuid;

use super::person::{People, name_of};
use super::words;
use crate::console::site::PROFILES;
use crate::console::table::Table;
use crate::console::when::When;

/// Where a photograph is: one of ours, or what IDENT showed at a verification. Its address holds ids and nothing else.
pub fn photograph_path(profile: Uuid, id: Uuid) -> String {
    format!("{PROFILES}/{profile}/photographs/{id}")
}

/// A picture with what it is; a page says nothing of who is on it but by its heading.
pub fn picture(profile: Uuid, id: Uuid, what: &str) -> AnyView {
    view! { <img class="console-photograph__image" src=photograph_path(profile, id) alt=what.to_owned()/> }.into_any()
}

/// All of it, for who may see it.
pub fn section(officer: &Officer, file: &ProfileFile, people: &People) -> AnyView {
    let may_propose = officer.may_somewhere(Action::ProposeCorrections);
    let photographs = photographs(file, people, may_propose);
    let records = records(file, people, may_propose);
    let verifications = verifications(file, people);
    let link = |may: bool, to: &'static str, words: &'static str| {
        may.then(|| view! { <li><a href=format!("{PROFILES}/{}/{to}", file.profile)>{words}</a></li> })
    };
    let links = [
        link(officer.may_somewhere(Action::AddBiometrics), "biometrics", "Add a photograph or a biometric record"),
        link(officer.may_somewhere(Action::VerifyIdentity), "verify", "The person is here: verify who it is"),
    ];
    let links: Vec<_> = links.into_iter().flatten().collect();
    let links = (!links.is_empty()).then(|| view! { <ul class="console-plain">{links}</ul> });
    view! {
        <section aria-labelledby="photographs">
            <h2 id="photographs">"Photographs"</h2>
            {photographs}
            {links}
        </section>
        {records}
        {verifications}
    }
    .into_any()
}

fn current(file: &ProfileFile, is_photograph: bool) -> Vec<&KnownBiometric> {
    let is_wanted =
        |known: &&KnownBiometric| known.is_current() && (known.biometric.kind == BiometricKind::Photograph) == is_photograph;
    // The newest first.
    file.biometrics.iter().rev().filter(is_wanted).collect()
}

/// The photograph that shows the person as they were seen last.
pub fn newest_photograph(file: &ProfileFile) -> Option<&KnownBiometric> {
    current(file, true).into_iter().max_by_key(|known| known.biometric.captured_on)
}

/// Where a record came from, in words.
fn source(file: &ProfileFile, known: &KnownBiometric) -> String {
    match known.biometric.captured_at {
        CapturedAt::Upload => "uploaded".to_owned(),
        CapturedAt::Interview => "taken at an interview".to_owned(),
        CapturedAt::Case(case) => {
            let linked = file.cases.iter().find(|linked| linked.id == case);
            linked.map_or_else(|| "of an earlier case".to_owned(), |linked| format!("of {}", linked.number))
        }
    }
}

fn not_so(file: &ProfileFile, known: &KnownBiometric, may_propose: bool) -> Option<AnyView> {
    may_propose.then(|| {
        let href = format!("{PROFILES}/{}/correct?end={}", file.profile, known.id);
        let what = words::record(&known.biometric);
        view! { <a href=href>"Not so"<span class="visually-hidden">": "{what}</span></a> }.into_any()
    })
}

fn photographs(file: &ProfileFile, people: &People, may_propose: bool) -> AnyView {
    let figure = |known: &KnownBiometric| {
        let what = words::record(&known.biometric);
        let quality = known.biometric.quality.map(|quality| format!(", quality {}", quality.score()));
        view! {
            <li>
                <figure class="console-photograph">
                    {picture(file.profile, known.id, &what)}
                    <figcaption>
                        {what.clone()}", "{source(file, known)}{quality}". Added by "{name_of(people, known.added_by)}", "
                        <When at=known.recorded_at/>". "{not_so(file, known, may_propose)}
                    </figcaption>
                </figure>
            </li>
        }
    };
    let figures: Vec<_> = current(file, true).into_iter().map(figure).collect();
    if figures.is_empty() {
        return view! { <p>"There is no photograph."</p> }.into_any();
    }
    view! { <ul class="console-photographs">{figures}</ul> }.into_any()
}

fn records(file: &ProfileFile, people: &People, may_propose: bool) -> Option<AnyView> {
    let row = |known: &KnownBiometric| {
        view! {
            <tr>
                <th scope="row">{known.biometric.to_string()}</th>
                <td class="console-nowrap">{known.biometric.captured_on.to_string()}</td>
                <td>{source(file, known)}</td>
                <td>{known.biometric.quality.map(|quality| quality.score().to_string())}</td>
                <td>{name_of(people, known.added_by)}", "<When at=known.recorded_at/></td>
                <td>{not_so(file, known, may_propose)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = current(file, false).into_iter().map(row).collect();
    let heads = ["What", "Taken", "From", "Quality", "Added by", "Correct"];
    (!rows.is_empty()).then(|| view! { <Table id="records" caption="Biometric records" heads>{rows}</Table> }.into_any())
}

fn verifications(file: &ProfileFile, people: &People) -> Option<AnyView> {
    let row = |one: &StoredVerification| {
        let numbers = [
            one.fin.expose().as_ref().map(|fin: &Fin| format!("FIN {}", fin.digits())),
            one.eid.expose().as_ref().map(|eid: &EncounterId| format!("encounter {}", eid.as_str())),
        ];
        let numbers: Vec<String> = numbers.into_iter().flatten().collect();
        view! {
            <tr>
                <th scope="row"><When at=one.acknowledged_at/></th>
                <td>{name_of(people, one.officer)}", notice read in "{words::language(one.notice)}</td>
                <td>{words::answer(one)}</td>
                <td>{numbers.join(", ")}</td>
                <td>{prints(one)}</td>
            </tr>
        }
    };
    let rows = file.verifications.iter().map(row).collect_view();
    let heads = ["When", "By", "What IDENT answered", "Numbers", "Fingerprints"];
    let caption = "Verifications of identity";
    (!file.verifications.is_empty()).then(|| view! { <Table id="verifications" caption heads>{rows}</Table> }.into_any())
}

/// What became of the fingerprints that were taken then.
fn prints(one: &StoredVerification) -> AnyView {
    match (one.asked_by.has_prints(), one.prints_destroyed_at) {
        (false, _) => "none taken".into_any(),
        (true, Some(at)) => view! { "destroyed "<When at/> }.into_any(),
        (true, None) if one.prints.is_some() && is_answered(one) => "kept, and added to IDENT".into_any(),
        (true, None) if one.prints.is_some() => "kept".into_any(),
        (true, None) => "being searched with".into_any(),
    }
}

/// The records that are not used any more, for the history.
pub fn ended(file: &ProfileFile) -> Option<AnyView> {
    let row = |known: &KnownBiometric| {
        let (at, by) = known.ended?;
        let why = file.corrections.iter().find(|one| one.id == by).map(|one| one.reason.expose().clone());
        Some(view! {
            <tr>
                <th scope="row">{words::record(&known.biometric)}</th>
                <td class="console-nowrap"><When at=known.recorded_at/></td>
                <td class="console-nowrap"><When at/></td>
                <td>{why}</td>
            </tr>
        })
    };
    let rows: Vec<_> = file.biometrics.iter().rev().filter_map(row).collect();
    let heads = ["What", "From", "Until", "Why it ended"];
    (!rows.is_empty()).then(|| view! { <Table id="ended-records" caption="Records kept before" heads>{rows}</Table> }.into_any())
}

/// Everybody whom these parts name.
pub fn officers(file: &ProfileFile) -> impl Iterator<Item = OfficerId> {
    let added = file.biometrics.iter().map(|known| known.added_by);
    added.chain(file.verifications.iter().map(|one| one.officer)).map(|id| OfficerId(id.as_u128()))
}

/// Is there an answer of IDENT to be looked at?
pub fn shown(file: &ProfileFile) -> Option<&StoredVerification> {
    let newest = file.verifications.first()?;
    (is_answered(newest) && newest.shown.is_some()).then_some(newest)
}

const fn is_answered(one: &StoredVerification) -> bool {
    matches!(one.state, VerificationState::Matched | VerificationState::NotMatched)
}
