//! Limits on look-ups: for a client, for a network, for misses, for neighbours of a number. One limiter, shared by every
//! surface that shows a status.
//!
//! Receipt numbers follow one another, so whoever tries them in order reads other people's cases. Rates are smoothed in
//! memory, in each server for itself; what counts for a number is counted in the database, under a keyed hash.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use shared::case_status::ReceiptNumber;
use uuid::Uuid;

/// The address a request came from, after trusted proxies were taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// One household: an IPv4 address, or the /64 that a provider hands out.
    pub fn client(self) -> IpAddr {
        self.masked(32, 64)
    }

    /// One provider's corner: /24 or /48.
    fn network(self) -> IpAddr {
        self.masked(24, 48)
    }

    fn masked(self, v4_bits: u32, v6_bits: u32) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4((address.to_bits() & (u32::MAX << (32 - v4_bits))).into()),
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - v6_bits)))),
        }
    }
}

/// Who asks, as the limits on numbers know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asker {
    /// Whoever comes from an address.
    Address(ClientIp),
    /// A machine with credentials. Its requests are counted by its quota, and it may have a firm's cases in a row.
    Machine(Uuid),
}

impl Asker {
    /// What stands for the asker in memory.
    fn key(self) -> Self {
        match self {
            Self::Address(client) => Self::Address(ClientIp(client.client())),
            Self::Machine(_) => self,
        }
    }
}

/// How much is too much. Each is a setting.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Look-ups of one client in a minute.
    pub per_client_minute: NonZeroU32,
    /// Look-ups of one client in an hour.
    pub per_client_hour: NonZeroU32,
    /// Look-ups of one network (/24, /48) in an hour.
    pub per_network_hour: NonZeroU32,
    /// Look-ups of one client in an hour that found nothing.
    pub misses_per_client_hour: u32,
    /// Look-ups of one machine with credentials in an hour that found nothing.
    pub misses_per_machine_hour: u32,
    /// Look-ups of one number in a day that found nothing, from anywhere.
    pub misses_per_number_day: u32,
    /// Numbers that lie within `neighbour_distance` of each other, of one client in an hour.
    pub neighbours_per_client_hour: usize,
    pub neighbour_distance: u64,
    /// Requests in a day to follow one case, and to follow any with one address.
    pub follow_requests_per_day: u32,
    /// Cases that one address may follow.
    pub followed_cases_per_address: u32,
    /// Times in a day that what is typed of a case may not agree with its record.
    pub proof_failures_per_day: u32,
    /// Days after a request until another one of its kind may be made.
    pub request_again_days: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            per_client_minute: number(10),
            per_client_hour: number(60),
            per_network_hour: number(600),
            misses_per_client_hour: 20,
            misses_per_machine_hour: 200,
            misses_per_number_day: 30,
            // A family that filed together has numbers in a row.
            neighbours_per_client_hour: 6,
            neighbour_distance: 200,
            follow_requests_per_day: 10,
            followed_cases_per_address: 20,
            proof_failures_per_day: 10,
            // The assessment: whoever has asked is told to wait 30 days.
            request_again_days: 30,
        }
    }
}

/// A refusal: try again after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    pub retry_after_seconds: u32,
}

impl TooMany {
    /// For a wait that is over in so long: the next whole second.
    pub fn until(over_in: Duration) -> Self {
        Self { retry_after_seconds: u32::try_from(over_in.as_secs()).unwrap_or(u32::MAX).saturating_add(1) }
    }
}

/// What one client did in the current hour.
struct Recent {
    since: DateTime<Utc>,
    misses: u32,
    /// Prefix and serial of each number asked for.
    numbers: Vec<([u8; 3], u64)>,
}

impl std::fmt::Debug for Recent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recent")
    }
}

/// Clients remembered at once; beyond it those of past hours are dropped first, then all.
const CLIENTS: usize = 100_000;
/// Numbers remembered of one client.
const NUMBERS: usize = 256;

#[derive(Debug)]
pub struct LookUpLimits {
    settings: LimitSettings,
    per_minute: DefaultKeyedRateLimiter<IpAddr>,
    per_hour: DefaultKeyedRateLimiter<IpAddr>,
    per_network: DefaultKeyedRateLimiter<IpAddr>,
    recent: Mutex<HashMap<Asker, Recent>>,
    /// Failures of numbers, not yet in the database.
    failures: Mutex<HashMap<[u8; 32], i64>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl LookUpLimits {
    pub fn new(settings: LimitSettings) -> Self {
        Self {
            per_minute: RateLimiter::keyed(Quota::per_minute(settings.per_client_minute)),
            per_hour: RateLimiter::keyed(Quota::per_hour(settings.per_client_hour)),
            per_network: RateLimiter::keyed(Quota::per_hour(settings.per_network_hour)),
            recent: Mutex::default(),
            failures: Mutex::default(),
            settings,
        }
    }

    /// Counts a look-up, whatever was typed.
    pub(crate) fn count_look_up(&self, client: ClientIp) -> Result<(), TooMany> {
        let checks =
            [(&self.per_minute, client.client()), (&self.per_hour, client.client()), (&self.per_network, client.network())];
        let wait = |(limiter, key): (&DefaultKeyedRateLimiter<IpAddr>, IpAddr)| {
            limiter.check_key(&key).err().map(|until| until.wait_time_from(limiter.clock().now()))
        };
        // The longest wait: after a shorter one the other limit would still refuse.
        match checks.into_iter().filter_map(wait).max() {
            Some(longest) => Err(TooMany::until(longest)),
            None => Ok(()),
        }
    }

    /// Notes which number is asked for; refuses an asker who missed too often, or an address that walks along numbers.
    pub(crate) fn count_number(&self, asker: Asker, number: &ReceiptNumber, now: DateTime<Utc>) -> Result<(), TooMany> {
        let mut recent = lock(&self.recent);
        make_room(&mut recent, now);
        let of_client = recent.entry(asker.key()).or_insert_with(|| Recent { since: now, misses: 0, numbers: Vec::new() });
        let hour = TimeDelta::hours(1);
        if now - of_client.since >= hour {
            *of_client = Recent { since: now, misses: 0, numbers: Vec::new() };
        }
        let left = TooMany::until((of_client.since + hour - now).to_std().unwrap_or_default());
        let misses = match asker {
            Asker::Address(_) => self.settings.misses_per_client_hour,
            Asker::Machine(_) => self.settings.misses_per_machine_hour,
        };
        if of_client.misses >= misses {
            return Err(left);
        }
        if matches!(asker, Asker::Machine(_)) {
            return Ok(());
        }
        let bytes = number.prefix().as_bytes();
        let asked = ([bytes[0], bytes[1], bytes[2]], number.serial());
        let near = |known: &&([u8; 3], u64)| known.0 == asked.0 && known.1.abs_diff(asked.1) <= self.settings.neighbour_distance;
        if !of_client.numbers.contains(&asked) {
            if of_client.numbers.iter().filter(near).count() >= self.settings.neighbours_per_client_hour {
                return Err(left);
            }
            if of_client.numbers.len() < NUMBERS {
                of_client.numbers.push(asked);
            }
        }
        Ok(())
    }

    /// Whether a number missed too often today, from anywhere.
    pub(super) fn check_failures(&self, failures: i64, number_mac: &[u8; 32], until_midnight: TimeDelta) -> Result<(), TooMany> {
        let pending = lock(&self.failures).get(number_mac).copied().unwrap_or(0);
        if failures + pending >= i64::from(self.settings.misses_per_number_day) {
            return Err(TooMany::until(until_midnight.to_std().unwrap_or_default()));
        }
        Ok(())
    }

    pub(crate) const fn settings(&self) -> &LimitSettings {
        &self.settings
    }

    /// Whether a case or an address had too many requests to follow today, this one included.
    pub(crate) fn check_follow_requests(&self, today: i64, until_midnight: TimeDelta) -> Result<(), TooMany> {
        if today > i64::from(self.settings.follow_requests_per_day) {
            return Err(TooMany::until(until_midnight.to_std().unwrap_or_default()));
        }
        Ok(())
    }

    /// Whether what was typed of a number disagreed too often today, this time included.
    pub(crate) fn check_proofs(&self, today: i64, until_midnight: TimeDelta) -> Result<(), TooMany> {
        if today > i64::from(self.settings.proof_failures_per_day) {
            return Err(TooMany::until(until_midnight.to_std().unwrap_or_default()));
        }
        Ok(())
    }

    /// Counts a look-up that found nothing: unknown and hidden alike.
    pub(super) fn count_miss(&self, asker: Asker, number_mac: [u8; 32]) {
        if let Some(of_client) = lock(&self.recent).get_mut(&asker.key()) {
            of_client.misses = of_client.misses.saturating_add(1);
        }
        *lock(&self.failures).entry(number_mac).or_default() += 1;
    }

    /// Takes the failures that wait for the database.
    pub(super) fn take_failures(&self) -> HashMap<[u8; 32], i64> {
        std::mem::take(&mut lock(&self.failures))
    }

    /// Puts them back after the database refused.
    pub(super) fn put_back(&self, failures: HashMap<[u8; 32], i64>) {
        let mut waiting = lock(&self.failures);
        for (number_mac, count) in failures {
            *waiting.entry(number_mac).or_default() += count;
        }
    }

    /// Forgets clients who have been quiet: nobody keeps a list of who asked for what.
    pub fn shrink(&self, now: DateTime<Utc>) {
        lock(&self.recent).retain(|_, of_client| now - of_client.since < TimeDelta::hours(1));
        for limiter in [&self.per_minute, &self.per_hour, &self.per_network] {
            limiter.retain_recent();
        }
    }
}

fn make_room(recent: &mut HashMap<Asker, Recent>, now: DateTime<Utc>) {
    if recent.len() >= CLIENTS {
        recent.retain(|_, of_client| now - of_client.since < TimeDelta::hours(1));
    }
    if recent.len() >= CLIENTS {
        recent.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> ClientIp {
        ClientIp(address.parse().unwrap())
    }

    fn asker(address: &str) -> Asker {
        Asker::Address(client(address))
    }

    fn number(serial: u64) -> ReceiptNumber {
        ReceiptNumber::parse(&format!("EAC{serial:010}")).unwrap()
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn an_ipv6_household_is_one_client_and_mapped_addresses_are_ipv4() {
        assert_eq!(client("2001:db8:1:2::1").client(), client("2001:db8:1:2:ffff::9").client());
        assert_ne!(client("2001:db8:1:2::1").client(), client("2001:db8:1:3::1").client());
        assert_eq!(client("2001:db8:1:2::1").network(), client("2001:db8:1:3::1").network());
        assert_eq!(client("::ffff:192.0.2.1").client(), client("192.0.2.1").client());
        assert_eq!(client("192.0.2.1").network(), client("192.0.2.200").network());
        assert_ne!(client("192.0.2.1").client(), client("192.0.2.200").client());
    }

    #[test]
    fn a_clients_minute_is_limited_and_others_go_on() {
        let limits = LookUpLimits::new(LimitSettings::default());
        for _ in 0..10 {
            limits.count_look_up(client("192.0.2.1")).unwrap();
        }
        let refused = limits.count_look_up(client("192.0.2.1")).unwrap_err();
        assert!((1..=60).contains(&refused.retry_after_seconds), "{refused:?}");
        limits.count_look_up(client("192.0.2.2")).unwrap();
    }

    #[test]
    fn the_wait_that_is_told_is_the_longest() {
        let one = NonZeroU32::MIN;
        let settings = LimitSettings { per_client_minute: one, per_client_hour: one, ..LimitSettings::default() };
        let limits = LookUpLimits::new(settings);
        limits.count_look_up(client("192.0.2.1")).unwrap();
        let refused = limits.count_look_up(client("192.0.2.1")).unwrap_err();
        assert!(refused.retry_after_seconds > 60, "{refused:?}");
    }

    #[test]
    fn a_walk_along_numbers_is_stopped_and_far_numbers_are_not() {
        let limits = LookUpLimits::new(LimitSettings::default());
        let walker = asker("192.0.2.1");
        for step in 0..6 {
            limits.count_number(walker, &number(1000 + step), at(0)).unwrap();
        }
        let refused = limits.count_number(walker, &number(1006), at(10)).unwrap_err();
        assert_eq!(refused.retry_after_seconds, 50 * 60 + 1);
        limits.count_number(walker, &number(1003), at(10)).unwrap();
        limits.count_number(walker, &number(5_000_000), at(10)).unwrap();
        limits.count_number(asker("192.0.2.2"), &number(1006), at(10)).unwrap();
        limits.count_number(walker, &number(1006), at(61)).unwrap();
    }

    #[test]
    fn misses_of_a_client_are_limited_by_the_hour() {
        let limits = LookUpLimits::new(LimitSettings::default());
        let guesser = asker("192.0.2.1");
        for guess in 0..20 {
            limits.count_number(guesser, &number(guess * 1_000_000), at(0)).unwrap();
            limits.count_miss(guesser, [0; 32]);
        }
        assert!(limits.count_number(guesser, &number(77_000_000), at(59)).is_err());
        assert!(limits.count_number(guesser, &number(77_000_000), at(60)).is_ok());
    }

    #[test]
    fn a_machine_may_have_numbers_in_a_row_and_may_miss_more_often() {
        let limits = LookUpLimits::new(LimitSettings::default());
        let machine = Asker::Machine(Uuid::nil());
        for step in 0..200 {
            limits.count_number(machine, &number(1000 + step), at(0)).unwrap();
            limits.count_miss(machine, [0; 32]);
        }
        assert!(limits.count_number(machine, &number(5_000_000), at(59)).is_err());
        assert!(limits.count_number(machine, &number(5_000_000), at(60)).is_ok());
    }

    #[test]
    fn quiet_clients_are_forgotten() {
        let limits = LookUpLimits::new(LimitSettings::default());
        limits.count_number(asker("192.0.2.1"), &number(1000), at(0)).unwrap();
        limits.shrink(at(59));
        assert_eq!(lock(&limits.recent).len(), 1);
        assert!(!format!("{limits:?}").contains("1000"));
        limits.shrink(at(60));
        assert_eq!(lock(&limits.recent).len(), 0);
    }

    #[test]
    fn failures_of_a_number_wait_for_the_database_and_count_meanwhile() {
        let limits = LookUpLimits::new(LimitSettings { misses_per_number_day: 3, ..LimitSettings::default() });
        let day = TimeDelta::hours(2);
        limits.count_miss(asker("192.0.2.1"), [7; 32]);
        limits.check_failures(1, &[7; 32], day).unwrap();
        limits.count_miss(asker("192.0.2.2"), [7; 32]);
        assert_eq!(limits.check_failures(1, &[7; 32], day), Err(TooMany { retry_after_seconds: 7201 }));
        limits.check_failures(0, &[8; 32], day).unwrap();
        let waiting = limits.take_failures();
        assert_eq!(waiting.get(&[7; 32]), Some(&2));
        limits.check_failures(2, &[7; 32], day).unwrap();
        limits.put_back(waiting);
        assert!(limits.check_failures(1, &[7; 32], day).is_err());
    }
}
