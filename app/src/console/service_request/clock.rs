//! The clock of a request with its arithmetic, in the words that the person reads, and the steps that were promised.

use domain::service_request::RequestView;
use leptos::prelude::*;
use shared::locale::Locale;
use shared::service_request::{Balance, Deadline, Due, Run, Step};

use super::words;
use crate::console::when::When;
use crate::portal::e_request::lines_in_words;

/// Where the clock stands, in a sentence or two.
pub fn stand(view: &RequestView) -> String {
    let reading = &view.reading;
    let stands = match reading.run {
        Run::Stopped => return "The clock has stopped: nothing is owed.".into(),
        Run::Running => String::new(),
        Run::Paused(reason) => format!("The clock stands ({}). ", words::pause(reason)),
        Run::WaitingForPerson => "The clock stands: the person was asked something. ".into(),
    };
    let days = |days: u32| words::days(i64::from(days));
    let due = match (reading.balance, reading.due) {
        (Balance::Over(over), due) => format!("{} over; it was due on {}.", days(over), due.day()),
        (Balance::Left(left), Due::On(day)) => format!("{} left; due on {day}.", days(left)),
        (Balance::Left(left), Due::NotBefore(day)) => format!("{} left; due on {day} if it runs again today.", days(left)),
    };
    format!("{stands}{due}")
}

pub fn clock(view: &RequestView) -> AnyView {
    let lines = lines_in_words(&view.reading, Locale::En).into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <section aria-labelledby="clock">
            <h2 id="clock">"Clock"</h2>
            <p>{stand(view)}</p>
            <ol class="console-arithmetic">{lines}</ol>
        </section>
    }
    .into_any()
}

pub fn steps(view: &RequestView) -> AnyView {
    let step = |step: &Step| {
        let when = match (step.at, step.deadline) {
            (Some(moment), _) => view! { <When at=moment.at/> }.into_any(),
            (None, Some(Deadline::On(day))) => format!("Not yet; by {day}").into_any(),
            (None, Some(Deadline::At(at))) => view! { "Not yet; by "<When at/> }.into_any(),
            (None, None) => "Not promised any more".into_any(),
        };
        view! { <tr><th scope="row">{words::step(step.name)}</th><td>{when}</td></tr> }
    };
    view! {
        <table class="console-table console-table--narrow">
            <caption>"Steps, as the person sees them"</caption>
            <thead><tr><th scope="col">"Step"</th><th scope="col">"Done"</th></tr></thead>
            <tbody>{view.steps.iter().map(step).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
