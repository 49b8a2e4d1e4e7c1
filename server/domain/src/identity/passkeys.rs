//! Passkeys (`WebAuthn`): what a device signs. The state of a ceremony is kept here, encrypted, and never by the browser.

use shared::identity::FactorKind;
use shared::sensitive::Sensitive;
use store::identity::account::Account;
use store::identity::factor::Factor;
use uuid::Uuid;
use webauthn_rs::Webauthn;
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential};

/// What a browser is asked, as the JSON that `navigator.credentials` takes, and what is kept to judge the answer.
pub(super) struct Asked {
    pub options: String,
    pub state: Sensitive<Vec<u8>>,
}

/// The passkeys among the factors, with the ids of their rows.
fn passkeys(factors: &[Factor]) -> Vec<(Uuid, Passkey)> {
    let of_kind = factors.iter().filter(|factor| factor.kind == FactorKind::Passkey);
    // One that cannot be read is none.
    of_kind.filter_map(|factor| Some((factor.id, serde_json::from_slice(factor.content.expose()).ok()?))).collect()
}

/// Asks a device for a new passkey, unless it has one for this account.
pub(super) fn ask_for_new(webauthn: &Webauthn, account: &Account, factors: &[Factor]) -> Option<Asked> {
    let known = passkeys(factors).into_iter().map(|(_, passkey)| passkey.cred_id().clone()).collect();
    let (sign_in_name, name) = (account.sign_in_name.as_str(), account.name.as_str());
    let (options, state) = webauthn.start_passkey_registration(account.id, sign_in_name, name, Some(known)).ok()?;
    asked(&options, &state)
}

/// The passkey that a device made: its content, and the id that no other has.
pub(super) fn new(webauthn: &Webauthn, state: &Sensitive<Vec<u8>>, response: &str) -> Option<(Sensitive<Vec<u8>>, Vec<u8>)> {
    let state: PasskeyRegistration = serde_json::from_slice(state.expose()).ok()?;
    let response: RegisterPublicKeyCredential = serde_json::from_str(response).ok()?;
    let passkey = webauthn.finish_passkey_registration(&response, &state).ok()?;
    Some((kept(&passkey)?, passkey.cred_id().as_slice().to_vec()))
}

/// Asks the devices that hold one of the passkeys to prove it. None if there are none.
pub(super) fn ask(webauthn: &Webauthn, factors: &[Factor]) -> Option<Asked> {
    let passkeys: Vec<Passkey> = passkeys(factors).into_iter().map(|(_, passkey)| passkey).collect();
    if passkeys.is_empty() {
        return None;
    }
    let (options, state) = webauthn.start_passkey_authentication(&passkeys).ok()?;
    asked(&options, &state)
}

/// A passkey that proved itself.
pub(super) struct Proven {
    pub id: Uuid,
    /// How often it says that it was used: 0 if it does not count.
    pub count: i64,
    /// How it is to be kept from now on.
    pub content: Sensitive<Vec<u8>>,
}

/// Which passkey proved itself.
pub(super) fn proven(webauthn: &Webauthn, state: &Sensitive<Vec<u8>>, factors: &[Factor], response: &str) -> Option<Proven> {
    let state: PasskeyAuthentication = serde_json::from_slice(state.expose()).ok()?;
    let response: PublicKeyCredential = serde_json::from_str(response).ok()?;
    let result = webauthn.finish_passkey_authentication(&response, &state).ok()?;
    if !result.user_verified() {
        return None;
    }
    let (id, mut passkey) = passkeys(factors).into_iter().find(|(_, passkey)| passkey.cred_id() == result.cred_id())?;
    passkey.update_credential(&result)?;
    Some(Proven { id, count: result.counter().into(), content: kept(&passkey)? })
}

fn kept(passkey: &Passkey) -> Option<Sensitive<Vec<u8>>> {
    serde_json::to_vec(passkey).ok().map(Sensitive::new)
}

fn asked(options: &impl serde::Serialize, state: &impl serde::Serialize) -> Option<Asked> {
    let options = serde_json::to_string(options).ok()?;
    Some(Asked { options, state: Sensitive::new(serde_json::to_vec(state).ok()?) })
}
