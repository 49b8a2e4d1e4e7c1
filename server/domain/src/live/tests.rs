//! Open pages: what they are told, and until when.

use std::time::Duration;

use chrono::TimeDelta;
use shared::live::ChangeKind;
use shared::office::OfficeCode;
use shared::service_request::{OfficerId, Queue};
use tokio::time::timeout;
use uuid::Uuid;

use super::*;
use crate::identity::tests::{Staffed as Desk, office, staffed, typed};
use crate::identity::{lock, peek};
use crate::service_request::demo::{Mix, Staffed, fill, officer};
use crate::service_request::{List, add_note, list};
use crate::testing::{import_lines, line};
use crate::{Actor, Error};

/// What hangs is told from what is slow.
const LONGEST: Duration = Duration::from_secs(20);

const OFFICES: &str =
    "code\tname\tkind\tzip_prefixes\nNBC\tNational Benefits Center\tservice_center\t\nLIN\tNebraska\tservice_center\t\n";

/// Requests at two offices, and somebody who signed in at the first.
async fn desk_of(desk: &Desk) -> String {
    let ctx = desk.ctx();
    crate::office::import(ctx, Actor::Operator, OFFICES).await.unwrap();
    let cases: Vec<String> =
        (0..3).map(|at| line(&format!("c{at}"), &format!("EAC99980{:05}", at * 300), "IAA", "2026-01-07T14:00:00Z", "")).collect();
    import_lines(ctx, &cases).await;
    let at = |code: &str| Staffed { office: office(code), officers: Vec::new() };
    fill(ctx, Actor::Operator, &[at("NBC"), at("LIN")], 8, Mix::Unassigned).await.unwrap();
    ctx.live.look(ctx).await.unwrap();
    desk.sign_in(&desk.officer).await
}

async fn some(ctx: &Context, at: &OfficeCode) -> Vec<Uuid> {
    let page = list(ctx, &officer(ctx, OfficerId(1), at), &List::of(at.clone(), Queue::Unassigned)).await.unwrap();
    page.requests.iter().map(|shown| shown.listed.id).collect()
}

async fn note(ctx: &Context, at: &OfficeCode, request: Uuid) {
    assert!(add_note(ctx, &officer(ctx, OfficerId(9), at), request, "Seen.").await.unwrap());
    ctx.live.look(ctx).await.unwrap();
}

fn of(at: &OfficeCode) -> Watched {
    Watched { office: Some(at.clone()), request: None }
}

async fn opened(desk: &Desk, token: &str, watched: Watched, since: Option<i64>) -> Result<Option<Watch>, Error> {
    let live = peek(desk.ctx(), token).await.unwrap().unwrap();
    watch(desk.ctx(), &live, typed(token), watched, since).await
}

/// A page that beats and tells without pause.
async fn open(desk: &Desk, token: &str, watched: Watched, since: Option<i64>) -> Watch {
    let mut watch = opened(desk, token, watched, since).await.unwrap().unwrap();
    (watch.beat, watch.between) = (Duration::from_millis(20), Duration::ZERO);
    watch
}

/// What is told next beside that nothing happened.
async fn next(watch: &mut Watch) -> Option<Said> {
    let told = async {
        loop {
            match watch.next().await {
                Some(Said::Nothing) => {}
                said => return said,
            }
        }
    };
    timeout(LONGEST, told).await.unwrap()
}

/// What the page is told until it knows all of these, nothing beside what it watches. It may be told more than it asked for: on
/// PostgreSQL a transaction of anybody, in any database of the same server, has a position stay where it was while it is under way.
async fn told_of(watch: &mut Watch, expected: &[Change], watched: impl Fn(&Change) -> bool) {
    let mut missing = expected.to_vec();
    while !missing.is_empty() {
        let Some(Said::Changes(changes)) = next(watch).await else { panic!("{missing:?} are not told") };
        for change in changes {
            assert!(watched(&change), "{change:?}");
            missing.retain(|expected| *expected != change);
        }
    }
}

#[tokio::test]
async fn a_page_is_told_of_its_office_and_its_request_and_what_it_missed() {
    for desk in staffed().await {
        let token = desk_of(&desk).await;
        let ctx = desk.ctx();
        let (nbc, lin) = (office("NBC"), office("LIN"));
        let (here, there) = (some(ctx, &nbc).await, some(ctx, &lin).await);
        let since = ctx.live.position();
        let mut page = open(&desk, &token, of(&nbc), Some(since)).await;
        note(ctx, &lin, there[0]).await;
        note(ctx, &nbc, here[0]).await;
        let told = |request| Change { office: Some(nbc.clone()), request, kind: ChangeKind::Note, version: 3 };
        let at_nbc = |change: &Change| change.office.as_ref() == Some(&nbc);
        told_of(&mut page, &[told(here[0])], at_nbc).await;
        let last = page.position();
        drop(page);

        // A page that was away: from the last event on, and from when it was made.
        note(ctx, &nbc, here[1]).await;
        let mut page = open(&desk, &token, of(&nbc), Some(last)).await;
        told_of(&mut page, &[told(here[1])], at_nbc).await;
        let mut page = open(&desk, &token, of(&nbc), Some(since)).await;
        told_of(&mut page, &[told(here[0]), told(here[1])], at_nbc).await;
        for unknown in [None, Some(0), Some(i64::MAX)] {
            let mut page = open(&desk, &token, of(&nbc), unknown).await;
            assert_eq!(next(&mut page).await, Some(Said::Again), "{unknown:?}");
        }

        let one = Watched { office: None, request: Some(here[2]) };
        let mut page = open(&desk, &token, one, Some(ctx.live.position())).await;
        note(ctx, &nbc, here[0]).await;
        note(ctx, &nbc, here[2]).await;
        told_of(&mut page, &[told(here[2])], |change| change.request == here[2]).await;

        for refused in [of(&lin), Watched { office: None, request: Some(there[0]) }, Watched { office: None, request: None }] {
            let opened = opened(&desk, &token, refused.clone(), None).await;
            assert!(matches!(opened, Err(Error::Refused)), "{refused:?}");
        }
    }
}

#[tokio::test]
async fn an_open_page_is_nobodys_presence_and_ends_with_the_session() {
    for desk in staffed().await {
        let token = desk_of(&desk).await;
        let ctx = desk.ctx();
        let nbc = office("NBC");
        let idle_until = peek(ctx, &token).await.unwrap().unwrap().idle_until;
        let mut page = open(&desk, &token, of(&nbc), Some(ctx.live.position())).await;
        desk.wait(TimeDelta::minutes(14));
        page.beats_now();
        for _ in 0..5 {
            assert_eq!(timeout(LONGEST, page.next()).await.unwrap(), Some(Said::Nothing));
        }
        note(ctx, &nbc, some(ctx, &nbc).await[0]).await;
        assert!(matches!(next(&mut page).await, Some(Said::Changes(_))));
        assert_eq!(peek(ctx, &token).await.unwrap().unwrap().idle_until, idle_until);
        desk.wait(TimeDelta::minutes(1));
        assert_eq!(next(&mut page).await, None, "a quarter of an hour is over");
        drop(page);

        let token = desk.sign_in(&desk.officer).await;
        let mut page = open(&desk, &token, of(&nbc), Some(ctx.live.position())).await;
        page.beats_now();
        let live = peek(ctx, &token).await.unwrap().unwrap();
        lock(ctx, &live).await.unwrap();
        assert_eq!(next(&mut page).await, None, "it is locked");
        drop(page);

        let token = desk.sign_in(&desk.officer).await;
        let mut page = open(&desk, &token, of(&nbc), Some(ctx.live.position())).await;
        page.beats_now();
        store::testing::meddle(&ctx.store, "DELETE FROM role_grant WHERE role = 'iio'").await.unwrap();
        assert_eq!(next(&mut page).await, None, "the role is gone");
        drop(page);
        assert_eq!(ctx.live.pages(), 0);
    }
}

#[tokio::test]
async fn a_server_that_stops_ends_its_pages() {
    for desk in staffed().await {
        let token = desk_of(&desk).await;
        let mut page = opened(&desk, &token, of(&office("NBC")), Some(desk.ctx().live.position())).await.unwrap().unwrap();
        let following = tokio::spawn(follow(desk.ctx().clone()));
        desk.ctx().live.end();
        assert_eq!(timeout(LONGEST, page.next()).await.unwrap(), None);
        timeout(LONGEST, following).await.unwrap().unwrap();
    }
}

#[test]
fn a_server_remembers_so_much_and_knows_from_where_on() {
    let change = |seq: i64, position| noted::Change {
        seq,
        position,
        request: Uuid::nil(),
        office: None,
        former_office: None,
        kind: ChangeKind::Changed,
        version: 1,
    };
    let mut log = Log::default();
    assert_eq!(log.since(0), None, "nothing was read yet");
    log.begin(10);
    assert_eq!((log.since(9), log.since(10), log.since(11)), (None, Some(Vec::new()), None));
    // The transaction 10 is under way until after the second look.
    assert_eq!(log.add(vec![change(2, 11)], 10), [change(2, 11)]);
    assert_eq!(log.add(vec![change(2, 11)], 10), []);
    assert_eq!(log.add(vec![change(1, 10), change(2, 11)], 12), [change(1, 10)]);
    assert_eq!(log.add(vec![], 13), []);
    assert_eq!(log.since(10).unwrap().len(), 2);
    assert_eq!(log.since(12), Some(Vec::new()));
    let many: Vec<_> = (0..2001).map(|at| change(100 + at, 100 + at)).collect();
    log.add(many, 3000);
    assert_eq!((log.since(100), log.since(101).unwrap().len()), (None, 2000));
}
