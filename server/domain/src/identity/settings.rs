use std::num::NonZeroU32;

use chrono::TimeDelta;
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

use super::passwords::Passwords;

/// What an agency can choose about signing in.
#[derive(Debug, Clone)]
pub struct IdentitySettings {
    /// The address people use, as `https://status.agency.example`: passkeys are bound to it.
    pub origin: String,
    /// What a device calls the place that a passkey is for.
    pub agency: String,
    /// Failures in the window after which a name is locked (NIST SP 800-53, AC-7).
    pub failures: NonZeroU32,
    pub failure_window: TimeDelta,
    pub lock: TimeDelta,
    /// KiB that a password's hash takes.
    pub password_memory: u32,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            origin: "http://localhost:8080".into(),
            agency: "Portico".into(),
            failures: const { NonZeroU32::new(3).unwrap() },
            failure_window: TimeDelta::minutes(15),
            lock: TimeDelta::hours(3),
            password_memory: 19 * 1024,
        }
    }
}

/// The settings, ready for use.
#[derive(Debug)]
pub(crate) struct Identity {
    pub settings: IdentitySettings,
    pub passwords: Passwords,
    /// None where passkeys cannot be: at an address without a name.
    pub webauthn: Option<Webauthn>,
}

impl Identity {
    pub fn new(settings: IdentitySettings) -> Self {
        let webauthn = relying_party(&settings);
        let passwords = Passwords::new(settings.password_memory);
        Self { settings, passwords, webauthn }
    }
}

fn relying_party(settings: &IdentitySettings) -> Option<Webauthn> {
    let origin = Url::parse(&settings.origin).ok()?;
    let host = origin.domain()?;
    let builder = WebauthnBuilder::new(host, &origin).ok()?.rp_name(&settings.agency);
    // On this machine the port may be whatever was free.
    builder.allow_any_port(host == "localhost").build().ok()
}
