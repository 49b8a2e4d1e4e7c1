use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{PkceCodeChallenge, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

/// How long somebody may take at the provider.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// Why somebody is sent to the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    SignIn,
    /// To show once more who they are, now: what they did at the provider before does not count.
    StepUp,
}

/// A sign-in on its way. Whoever has it may end the sign-in, so it stays with the browser that began it, sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    purpose: Purpose,
    state: String,
    nonce: String,
    verifier: String,
    started_at: DateTime<Utc>,
}

impl Attempt {
    /// How long somebody may take at the provider.
    pub const LONGEST: TimeDelta = LONGEST;

    pub(super) fn new(purpose: Purpose, random: &[u8; 96], now: DateTime<Utc>) -> Self {
        let [state, nonce, verifier] = [0, 32, 64].map(|from| URL_SAFE_NO_PAD.encode(&random[from..from + 32]));
        Self { purpose, state, nonce, verifier, started_at: now }
    }

    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The word that the provider hands back with its answer, and by which the attempt is found: 43 letters, digits, `-` and `_`.
    pub fn state(&self) -> &str {
        &self.state
    }

    pub const fn started_at(&self) -> DateTime<Utc> {
        self.started_at
    }

    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }

    pub(super) fn challenge(&self) -> PkceCodeChallenge {
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(self.verifier.clone()))
    }

    pub(super) fn is_over(&self, now: DateTime<Utc>) -> bool {
        now < self.started_at || self.started_at + LONGEST < now
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("purpose", &self.purpose).field("started_at", &self.started_at).finish_non_exhaustive()
    }
}
