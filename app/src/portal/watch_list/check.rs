//! Asks for the cases of the list, one after the other.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::case_status::ReceiptNumber;
use shared::watch_list::{WatchAnswer, WatchedCase};

use super::desk::Desk;
use super::server::check_watched;
use crate::csrf;
use crate::portal::case_status::try_again_in;
use crate::text::text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checking {
    Idle,
    Busy,
    Stopped(Obstacle),
}

/// Why some cases were not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    SlowDown {
        retry_after_seconds: u32,
    },
    /// The service, or the way to it, is out of order.
    Failed,
    /// The page was open too long, or the browser keeps no cookies.
    Refused,
    /// The list is gone, or cannot be written.
    NoList,
}

/// Asks anew, or goes on where a limit ended the asking.
pub fn check_again(desk: Desk) {
    if next(desk).is_none() {
        desk.answered.set_value(Vec::new());
    }
    check(desk);
}

/// Asks for whatever was not answered yet. A case that is added meanwhile has its turn as well.
pub fn check(desk: Desk) {
    if desk.checking.get_untracked() == Checking::Busy || next(desk).is_none() {
        return;
    }
    desk.checking.set(Checking::Busy);
    desk.announced.set(text!(desk.locale, case_status.button_busy).to_owned());
    spawn_local(async move {
        let end = ask_for_all(desk).await;
        desk.checking.set(end.map_or_else(Checking::Stopped, |()| Checking::Idle));
        desk.announced.set(said(desk));
    });
}

async fn ask_for_all(desk: Desk) -> Result<(), Obstacle> {
    while let Some(number) = next(desk) {
        let seen = match check_watched(number.as_str().to_owned()).await {
            Ok(WatchAnswer::Seen(seen)) => seen,
            Ok(WatchAnswer::SlowDown { retry_after_seconds }) => return Err(Obstacle::SlowDown { retry_after_seconds }),
            Err(error) if csrf::is_refusal(&error) => return Err(Obstacle::Refused),
            Err(_) => return Err(Obstacle::Failed),
        };
        desk.change(|list| list.see(&number, seen)).ok_or(Obstacle::NoList)?;
        desk.answered.update_value(|answered| answered.push(number));
    }
    Ok(())
}

fn next(desk: Desk) -> Option<ReceiptNumber> {
    desk.answered.with_value(|asked| desk.list.with_untracked(|list| Some(list.next_but(asked)?.number().clone())))
}

/// What came of it, in a sentence or two.
fn said(desk: Desk) -> String {
    let locale = desk.locale;
    let news =
        desk.list.with_untracked(|list| list.cases().iter().filter(|case| WatchedCase::changed_since(case).is_some()).count());
    match desk.checking.get_untracked() {
        Checking::Busy | Checking::Stopped(Obstacle::NoList) => String::new(),
        Checking::Stopped(obstacle) => format!("{} {}", text!(locale, watch_list.stopped_title), why(obstacle, desk)),
        Checking::Idle if news == 0 => text!(locale, watch_list.checked_nothing).to_owned(),
        Checking::Idle if news == 1 => text!(locale, watch_list.checked_single).to_owned(),
        Checking::Idle => text!(locale, watch_list.checked_several, count = news),
    }
}

/// Why the asking ended, and when to try again.
pub fn why(obstacle: Obstacle, desk: Desk) -> String {
    let locale = desk.locale;
    match obstacle {
        Obstacle::SlowDown { retry_after_seconds } => {
            format!("{} {}", text!(locale, case_status.slow_reason), try_again_in(retry_after_seconds, locale))
        }
        Obstacle::Refused => text!(locale, case_status.refused_text).to_owned(),
        Obstacle::Failed | Obstacle::NoList => text!(locale, watch_list.stopped_failed).to_owned(),
    }
}
