//! What every operation works with.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use store::crypto::Sealer;
use store::data_key::Keys;
use store::engine::Connection;
use store::{Clock, Store};

use crate::answer::AnswerSettings;
use crate::api_client::Quotas;
use crate::case_status::limits::{LimitSettings, LookUpLimits};
use crate::identity::{Identity, IdentitySettings};
use crate::live::Hub;
use crate::reference::Texts;
use crate::{Actor, Error, audit};

/// What partner countries ask and are told: sequestered from everything else (PIA-060(a)), with keys of its own.
#[derive(Debug)]
pub(crate) struct PartnerData {
    pub store: Store,
    pub keys: Keys,
}

/// Store, keys, clock, and the copy of the reference texts in memory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Context {
    pub store: Store,
    pub keys: Arc<Keys>,
    pub clock: Clock,
    /// The agency's time zone, in which instants become days.
    pub zone: Tz,
    pub limits: Arc<LookUpLimits>,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) identity: Arc<Identity>,
    pub(crate) answers: Arc<AnswerSettings>,
    pub(crate) published: Arc<crate::report::Published>,
    /// Years that what customers asked is kept (N1-566-08-09); none until the agency says it: then nothing of it is ever due.
    pub(crate) cris_years: Option<NonZeroU32>,
    /// What changes, for pages that are open.
    pub live: Arc<Hub>,
    partner_data: Option<Arc<PartnerData>>,
    texts: Arc<RwLock<Arc<Texts>>>,
    /// Seconds; 0 before any extract came in.
    carrier_data_as_of: Arc<AtomicI64>,
}

impl Context {
    /// Loads the texts; the store must be migrated.
    pub async fn new(store: Store, keys: Keys, clock: Clock, zone: Tz, limits: LimitSettings) -> Result<Self, Error> {
        let texts = Texts::load(&store).await?;
        let limits = Arc::new(LookUpLimits::new(limits));
        let keys = Arc::new(keys);
        Ok(Self {
            store,
            keys,
            clock,
            zone,
            limits,
            quotas: Arc::default(),
            identity: Arc::new(Identity::new(IdentitySettings::default())),
            answers: Arc::default(),
            published: Arc::default(),
            cris_years: None,
            live: Arc::default(),
            partner_data: None,
            texts: Arc::new(RwLock::new(Arc::new(texts))),
            carrier_data_as_of: Arc::default(),
        })
    }

    /// The same with an agency's choices about signing in.
    #[must_use]
    pub fn with_identity(self, settings: IdentitySettings) -> Self {
        Self { identity: Arc::new(Identity::new(settings)), ..self }
    }

    /// The same, with answers written as an installation wants them.
    #[must_use]
    pub fn with_answers(self, answers: AnswerSettings) -> Self {
        Self { answers: Arc::new(answers), ..self }
    }

    /// The same with the period for what customers asked, as an agency sets it.
    #[must_use]
    pub fn with_cris_years(self, cris_years: Option<NonZeroU32>) -> Self {
        Self { cris_years, ..self }
    }

    /// The same with the database of partner data.
    #[must_use]
    pub fn with_partner_data(self, store: Store, keys: Keys) -> Self {
        Self { partner_data: Some(Arc::new(PartnerData { store, keys })), ..self }
    }

    /// Whether information is shared with partner countries here.
    pub fn shares(&self) -> bool {
        self.partner_data.is_some()
    }

    /// The partner data. A lint keeps everybody out but who may open it: `partner_query`, `information_request`, `disclosure`,
    /// and `audit` for the trees over its logs.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is none: its pages are not offered.
    pub(crate) fn partner_data(&self) -> Result<&PartnerData, Error> {
        self.partner_data.as_deref().ok_or(Error::Refused)
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The agency's day.
    pub fn today(&self) -> NaiveDate {
        self.day_of(self.now())
    }

    /// The day of an instant, as the agency counts days.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The agency's year.
    pub fn year(&self) -> i32 {
        self.today().year()
    }

    /// Whether the database answers.
    pub async fn check_database(&self) -> Result<(), Error> {
        let mut connection = self.store.read_primary().await?;
        store::installation::demo_day(&mut connection).await?;
        Ok(())
    }

    pub fn sealer(&self) -> &Sealer {
        &self.keys.sealer
    }

    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        store::random::bytes()
    }

    pub(crate) fn texts(&self) -> Arc<Texts> {
        Arc::clone(&self.texts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the texts anew if somebody changed them, perhaps from another process.
    pub async fn refresh_texts(&self) -> Result<(), Error> {
        let mut connection = self.store.read_primary().await?;
        let versions = store::reference::versions_recorded(&mut connection).await?;
        drop(connection);
        if versions != self.texts().versions {
            let texts = Arc::new(Texts::load(&self.store).await?);
            *self.texts.write().unwrap_or_else(PoisonError::into_inner) = texts;
        }
        Ok(())
    }

    /// When the carrier's data last came in whole.
    pub(crate) fn carrier_data_as_of(&self) -> Option<DateTime<Utc>> {
        let seconds = self.carrier_data_as_of.load(Ordering::Relaxed);
        DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0)
    }

    /// Asks anew when the carrier's data last came in, perhaps by another process.
    pub async fn refresh_carrier_data(&self) -> Result<(), Error> {
        let mut connection = self.store.read_primary().await?;
        let latest = store::delivery_tracking::latest_finish(&mut connection).await?;
        self.carrier_data_as_of.store(latest.map_or(0, |latest| latest.timestamp()), Ordering::Relaxed);
        Ok(())
    }

    /// Writes the audit entry of an act, in the act's transaction.
    pub(crate) async fn audit(
        &self,
        transaction: &mut Connection,
        actor: Actor,
        action: &'static str,
        subject: &str,
        detail: serde_json::Value,
    ) -> Result<(), Error> {
        audit::write(transaction, &self.clock, actor, audit::Act { action, subject, detail }).await
    }
}
