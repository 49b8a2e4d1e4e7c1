//! Deciding on a request: what is given, on what the rest is kept back, and why; and the decision that stands.

use domain::redress::{Found, RedressFile, StoredDecision};
use leptos::prelude::*;
use shared::locale::Locale;
use shared::redress::{Exemption, Part, RedressKind, RedressState};
use store::profile::StoredCorrection;

use super::kept::TypedDecision;
use super::words;
use crate::console::agreement::{People, person};
use crate::console::context::AtWork;
use crate::console::form::{NotSaved, PostButton};
use crate::console::service_request::fields::{hidden, lines, post, select, tick};
use crate::console::table::Table;
use crate::console::when::When;

/// What was found, part by part.
pub fn found_view(found: &Found) -> AnyView {
    let part = |part: Part| {
        let mut of_part = found.held.of(part).peekable();
        of_part.peek()?;
        let line = |line: &shared::redress::HeldLine| {
            let since = line.since.map(|day| day.to_string()).unwrap_or_default();
            let until = line.until.map(|day| format!(" until {day}")).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{line.about.clone()}</th>
                    <td>{line.what.clone()}</td>
                    <td>{line.source.clone()}</td>
                    <td>{since}{until}</td>
                </tr>
            }
        };
        let rows = of_part.map(line).collect_view();
        let guarded = part.is_guarded().then_some(" (two people give it)");
        let caption = format!("{}{}", part.name(Locale::En), guarded.unwrap_or_default());
        let id = format!("found-{}", part.key());
        let heads = ["About", "What", "Stated by", "Since"];
        Some(view! { <Table id caption heads narrow=true>{rows}</Table> })
    };
    let parts: Vec<_> = Part::ALL.into_iter().filter_map(part).collect();
    let nothing = parts.is_empty().then(|| view! { <p>"Nothing is held of this person."</p> });
    let left_out = (found.left_out > 0).then(|| {
        view! {
            <p>
                {found.left_out.to_string()}
                " of the person's cases is left out, with all that it alone states: it is protected for somebody else, or sealed. \
                 Nothing of it may be told, not even that there is one."
            </p>
        }
    });
    view! { <h2>"What was found"</h2>{nothing}{parts}{left_out} }.into_any()
}

/// The form of a decision.
pub fn form(file: &RedressFile, found: &Found, corrections: &[StoredCorrection], typed: &TypedDecision) -> AnyView {
    let head = &file.row.head;
    let is_access = head.kind == RedressKind::Access;
    let parts = is_access.then(|| given(found, typed));
    let grounds = is_access.then(|| grounds(file, typed));
    let outcomes =
        (!is_access).then(|| select("outcome", "outcome", "Decision", Some("Choose"), words::outcomes(head.kind), &typed.outcome));
    let corrections = (head.kind == RedressKind::Amendment).then(|| {
        let all = corrections.iter().map(|one| (one.id.to_string(), words::correction(one))).collect();
        select("correction", "correction", "Correction of the profile", Some("None"), all, &typed.correction)
    });
    let hint = "As the person is to read it, in the language of the answer. Empty if everything is granted.";
    let form = post(
        "/_fn/console/redress/propose",
        view! {
            {hidden(vec![("id", head.id.to_string())])}
            {outcomes}
            {corrections}
            {parts}
            {grounds}
            {lines("reason", "Why", Some(hint), &typed.reason, None)}
            <button class="usa-button" type="submit">"Propose the decision"</button>
        },
    );
    view! { <h2>"Decide"</h2><NotSaved wrong=typed.wrong.clone()/>{form} }.into_any()
}

fn given(found: &Found, typed: &TypedDecision) -> AnyView {
    let part = |part: Part| {
        // What others have a say in is not given unless somebody says so.
        let is_ticked = if typed.wrong.is_empty() { !part.is_guarded() } else { typed.given.iter().any(|key| key == part.key()) };
        tick(format!("given-{}", part.key()), "given[]", part.key(), part.name(Locale::En), is_ticked)
    };
    view! {
        <fieldset class="usa-fieldset" aria-describedby="given-hint">
            <legend class="usa-legend">"What is given"</legend>
            <span class="usa-hint" id="given-hint">
                "All of it is a grant, none of it a refusal. Where nothing was found, there are no records."
            </span>
            <div>{found.held.parts().into_iter().map(part).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn grounds(file: &RedressFile, typed: &TypedDecision) -> AnyView {
    let basis = file.row.head.basis;
    let ground = |exemption: Exemption| {
        let is_ticked = typed.exemptions.iter().any(|key| key == exemption.key());
        let (id, about) =
            (format!("ground-{}", exemption.key()), format!("{}: {}", exemption.citation(), exemption.about(Locale::En)));
        view! {
            <span class="console-tick">
                <input id=id.clone() type="checkbox" name="exemptions[]" value=exemption.key() checked=is_ticked/>
                <label for=id>{about}</label>
            </span>
        }
    };
    let grounds = Exemption::ALL.into_iter().filter(|exemption| exemption.is_of(basis)).map(ground).collect_view();
    view! {
        <fieldset class="usa-fieldset">
            <legend class="usa-legend">"On what the rest is kept back"</legend>
            <div>{grounds}</div>
        </fieldset>
    }
    .into_any()
}

/// The decisions there were, the one that counts first.
pub fn decisions(file: &RedressFile, people: &People) -> Option<AnyView> {
    let row = |one: &StoredDecision| {
        let agreed = one.agreed.map(|(by, at)| view! { <br/>"Agreed to by "{person(people, by)}", "<When at/> });
        view! {
            <tr>
                <th scope="row">{one.decision.outcome.name()}</th>
                <td>{words::given(one)}</td>
                <td>{words::grounds(one)}</td>
                <td>{one.decision.reason.clone()}</td>
                <td>"Proposed by "{person(people, one.proposed_by)}", "<When at=one.proposed_at/>{agreed}</td>
            </tr>
        }
    };
    let rows = file.decisions.iter().map(row).collect_view();
    let heads = ["Decision", "What is given", "On what the rest is kept back", "Why", "Who"];
    (!file.decisions.is_empty()).then(|| {
        view! {
            <Table id="decisions" caption="Decisions, the newest first: that one counts" heads>
                {rows}
            </Table>
        }
        .into_any()
    })
}

/// What can be done with a decision that waits, or that stands.
pub fn acts(at_work: &AtWork, file: &RedressFile) -> Option<AnyView> {
    let head = &file.row.head;
    let newest = file.decisions.first()?;
    let is_own = newest.proposed_by == at_work.officer().id();
    let is_fresh = at_work.live.stepped_up_until.is_some();
    let id = head.id.to_string();
    let own = (head.state == RedressState::Proposed && is_own).then(|| view! { <p>"You proposed it: somebody else agrees."</p> });
    let agree = (head.state == RedressState::Proposed && !is_own && is_fresh).then(|| {
        let values = vec![("id", id.clone()), ("decision", newest.id.to_string())];
        view! { <PostButton action="/_fn/console/redress/agree" label="Agree" class="usa-button" values/> }
    });
    let answer = (head.state == RedressState::Decided && is_fresh).then(|| {
        let values = vec![("id", id.clone())];
        view! { <PostButton action="/_fn/console/redress/answer" label="Answer" class="usa-button" values/> }
    });
    let back = post(
        "/_fn/console/redress/give_back",
        view! {
            {hidden(vec![("id", id.clone())])}
            {lines("back", "Why it is decided anew", None, "", None)}
            <button class="usa-button usa-button--outline" type="submit">"Give it back"</button>
        },
    );
    Some(view! { {own}{agree}{answer}{back} }.into_any())
}
