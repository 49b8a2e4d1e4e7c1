use chrono::SubsecRound as _;
use proptest::prelude::*;
use store::crypto::{DataKey, same};

use super::*;

fn sealer() -> Sealer {
    Sealer::new(DataKey::generate(uuid::Uuid::nil()))
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn typed(text: &str) -> Kept {
    Kept::Typed(Sensitive::new(text.to_owned()))
}

/// The `Cookie` header that a browser sends after a `Set-Cookie`.
fn sent_back(set_cookie: &HeaderValue) -> String {
    set_cookie.to_str().unwrap().split(';').next().unwrap().to_owned()
}

#[test]
fn a_session_comes_back_with_what_it_keeps() {
    let sealer = sealer();
    let session = PortalSession::fresh([7; 16], noon(), true);
    assert!(session.is_new() && session.kept(noon()).is_none());
    let slow = Kept::SlowDown { until: noon() + TimeDelta::minutes(2) };
    for kept in [None, Some(typed("")), Some(typed("EAC9999103403")), Some(slow), Some(Kept::Cleared)] {
        let cookie = sent_back(&session.set_cookie(&sealer, noon(), kept.clone()));
        let header = format!("other=1; {cookie}; portico=x");
        let back = PortalSession::restored(&sealer, noon(), true, Some(&header)).unwrap();
        assert_eq!((back.is_new(), back.kept(noon())), (false, kept));
        assert_eq!(back.token(&sealer), session.token(&sealer));
    }
}

#[test]
fn what_is_kept_fades_before_the_session_does() {
    let sealer = sealer();
    let session = PortalSession::fresh([7; 16], noon(), true);
    let opened = |kept, after| {
        let cookie = sent_back(&session.set_cookie(&sealer, noon(), kept));
        PortalSession::restored(&sealer, noon() + after, true, Some(&cookie)).map(|s| s.kept(noon() + after))
    };
    let slow = Some(Kept::SlowDown { until: noon() + TimeDelta::seconds(60) });
    assert!(matches!(opened(Some(typed("x")), TimeDelta::seconds(899)), Some(Some(_))));
    assert!(matches!(opened(Some(typed("x")), TimeDelta::seconds(900)), Some(None)));
    assert!(matches!(opened(slow.clone(), TimeDelta::seconds(59)), Some(Some(_))));
    assert!(matches!(opened(slow, TimeDelta::seconds(60)), Some(None)));
    let slow_for_hours = Some(Kept::SlowDown { until: noon() + TimeDelta::hours(3) });
    assert!(matches!(opened(slow_for_hours, TimeDelta::seconds(900)), Some(None)));
    assert!(matches!(opened(Some(Kept::Cleared), TimeDelta::seconds(59)), Some(Some(_))));
    assert!(matches!(opened(Some(Kept::Cleared), TimeDelta::seconds(60)), Some(None)));
    assert!(opened(None, TimeDelta::seconds(4 * 3600 - 1)).is_some());
    assert!(opened(None, TimeDelta::hours(4)).is_none());
}

#[test]
fn keeping_something_does_not_make_a_session_younger() {
    let sealer = sealer();
    let session = PortalSession::fresh([7; 16], noon(), true);
    let later = noon() + TimeDelta::hours(3);
    let cookie = sent_back(&session.set_cookie(&sealer, later, Some(typed("x"))));
    assert!(PortalSession::restored(&sealer, noon() + TimeDelta::hours(4), true, Some(&cookie)).is_none());
}

#[test]
fn the_cookie_is_bound_to_its_host_under_tls() {
    let (sealer, session) = (sealer(), |secure| PortalSession::fresh([7; 16], noon(), secure));
    let secure = session(true).set_cookie(&sealer, noon(), None);
    let plain = session(false).set_cookie(&sealer, noon(), None);
    assert!(secure.to_str().unwrap().starts_with("__Host-portico="));
    assert!(secure.to_str().unwrap().ends_with("; HttpOnly; SameSite=Lax; Path=/; Secure"));
    assert!(plain.to_str().unwrap().starts_with("portico="));
    assert!(plain.to_str().unwrap().ends_with("; HttpOnly; SameSite=Lax; Path=/"));
    assert!(PortalSession::restored(&sealer, noon(), true, Some(&sent_back(&plain))).is_none());
    assert!(PortalSession::restored(&sealer, noon(), false, Some(&sent_back(&secure))).is_none());
}

#[test]
fn an_officers_cookies_have_names_of_their_own_and_the_same_flags() {
    for (name, bound) in [
        (CookieName::officer as fn(bool) -> CookieName, "__Host-portico-officer"),
        (CookieName::way_in, "__Host-portico-way-in"),
        (CookieName::outcome, "__Host-portico-outcome"),
    ] {
        assert_eq!(name(true).set("x"), format!("{bound}=x; HttpOnly; SameSite=Lax; Path=/; Secure"));
        assert_eq!(name(false).set("x"), format!("{}=x; HttpOnly; SameSite=Lax; Path=/", &bound[7..]));
        assert_eq!(name(true).clear(), format!("{bound}=; HttpOnly; SameSite=Lax; Path=/; Secure; Max-Age=0"));
        assert_eq!(name(true).values("portico=a; portico-officer=b").next(), None);
    }
}

#[test]
fn another_key_opens_nothing_and_a_cookie_hides_what_it_keeps() {
    let session = PortalSession::fresh([7; 16], noon(), true);
    let cookie = sent_back(&session.set_cookie(&sealer(), noon(), Some(typed("EAC9999103403"))));
    assert!(PortalSession::restored(&sealer(), noon(), true, Some(&cookie)).is_none());
    assert!(!format!("{:?}", typed("EAC9999103403")).contains("9999"));
}

#[test]
fn tokens_are_compared_whole() {
    let (sealer, other) = (sealer(), PortalSession::fresh([8; 16], noon(), true));
    let token = PortalSession::fresh([7; 16], noon(), true).token(&sealer);
    assert_eq!(token.len(), 43);
    assert!(same(token.as_bytes(), token.clone().as_bytes()));
    for wrong in ["", &token[..42], &format!("{token}0"), &other.token(&sealer)] {
        assert!(!same(token.as_bytes(), wrong.as_bytes()));
    }
}

#[test]
fn what_was_typed_is_cut_between_characters() {
    assert_eq!(shortened("EAC9999103403"), "EAC9999103403");
    assert_eq!(shortened(&"é".repeat(50)), "é".repeat(32));
    assert_eq!(shortened(&format!("x{}", "é".repeat(50))).len(), 63);
}

proptest! {
    #[test]
    fn every_state_makes_a_cookie_of_one_length(text in any::<String>(), seconds in 0i64..10_000) {
        let sealer = sealer();
        let session = PortalSession::fresh([7; 16], noon(), true);
        let length = |kept| session.set_cookie(&sealer, noon(), kept).len();
        let slow = Kept::SlowDown { until: noon() + TimeDelta::seconds(seconds) };
        prop_assert_eq!(length(Some(typed(&text))), length(None));
        prop_assert_eq!(length(Some(slow)), length(None));
        prop_assert_eq!(length(Some(Kept::Cleared)), length(None));
    }

    #[test]
    fn a_state_reads_back(id in any::<[u8; 16]>(), text in any::<String>(), at in 0i64..4_000_000_000) {
        let at = DateTime::from_timestamp(at, 0).unwrap();
        let kept = typed(shortened(&text));
        let state = State { id, issued: at, kept: Some((at.trunc_subsecs(0), kept)) };
        prop_assert_eq!(State::decode(&state.encode()), Some(state));
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..140), header in any::<String>()) {
        let _ = State::decode(&bytes);
        let sealer = sealer();
        prop_assert!(PortalSession::restored(&sealer, noon(), false, Some(&header)).is_none());
        let forged = format!("portico={}", BASE64.encode(&bytes));
        prop_assert!(PortalSession::restored(&sealer, noon(), false, Some(&forged)).is_none());
    }

    #[test]
    fn one_changed_or_missing_character_is_refused(at in 0usize..200) {
        let sealer = sealer();
        let session = PortalSession::fresh([7; 16], noon(), false);
        let cookie = sent_back(&session.set_cookie(&sealer, noon(), Some(typed("EAC9999103403"))));
        let at = "portico=".len() + at % (cookie.len() - "portico=".len());
        let changed = if &cookie[at..=at] == "A" { "B" } else { "A" };
        let forged = format!("{}{changed}{}", &cookie[..at], &cookie[at + 1..]);
        prop_assert!(PortalSession::restored(&sealer, noon(), false, Some(&forged)).is_none());
        prop_assert!(PortalSession::restored(&sealer, noon(), false, Some(&cookie[..at])).is_none());
    }
}
