use shared::identity::{FactorKind, Method};
use webauthn_authenticator_rs::AuthenticatorBackend;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;
use webauthn_rs::prelude::{CreationChallengeResponse, RequestChallengeResponse, Url};

use super::*;

const HERE: &str = "http://localhost:8080";

/// A device that says it looked at its owner, and does what a browser and a passkey do.
struct Device(SoftPasskey);

impl Device {
    fn new() -> Self {
        Self(SoftPasskey::new(true))
    }

    fn create(&mut self, options: &str, origin: &str) -> String {
        let options: CreationChallengeResponse = serde_json::from_str(options).unwrap();
        let made = self.0.perform_register(Url::parse(origin).unwrap(), options.public_key, 1000).unwrap();
        serde_json::to_string(&made).unwrap()
    }

    fn get(&mut self, options: &str, origin: &str) -> String {
        let options: RequestChallengeResponse = serde_json::from_str(options).unwrap();
        let signed = self.0.perform_auth(Url::parse(origin).unwrap(), options.public_key, 1000).unwrap();
        serde_json::to_string(&signed).unwrap()
    }
}

/// Adds a passkey to somebody's factors.
async fn add_passkey(desk: &Staffed, person: &Person) -> Device {
    let live = desk.live(person).await;
    let mut device = Device::new();
    let options = new_passkey(desk.ctx(), &live).await.unwrap().unwrap();
    let response = device.create(&options, HERE);
    let added = add_factor(desk.ctx(), &live, "key ring", NewFactor::Passkey { response: &response }).await.unwrap();
    assert_eq!(added, Added::Done);
    let again = add_factor(desk.ctx(), &live, "key ring", NewFactor::Passkey { response: &response }).await.unwrap();
    assert_eq!(again, Added::Over, "it was asked once");
    device
}

async fn challenge(desk: &Staffed, pending: &Pending) -> String {
    passkey_challenge(desk.ctx(), pending.token.expose()).await.unwrap().unwrap()
}

async fn show(desk: &Staffed, pending: &Pending, response: &str) -> SecondFactor {
    passkey(desk.ctx(), pending.token.expose(), response, firefox()).await.unwrap()
}

#[tokio::test]
async fn a_passkey_signs_in_and_steps_up() {
    for desk in staffed().await {
        let mut device = add_passkey(&desk, &desk.officer).await;
        let pending = desk.pending("iio").await;
        assert_eq!(pending.factors, [FactorKind::Passkey, FactorKind::Totp]);
        let response = device.get(&challenge(&desk, &pending).await, HERE);
        let token = done(show(&desk, &pending, &response).await);
        assert_eq!(desk.session(&token).await.unwrap().method, Method::Passkey);

        let options = step_up_challenge(desk.ctx(), &token).await.unwrap().unwrap();
        let response = device.get(&options, HERE);
        let renewed = done(step_up_passkey(desk.ctx(), &token, &response).await.unwrap());
        assert!(desk.session(&token).await.is_none() && desk.session(&renewed).await.is_some());
        assert_eq!(step_up_challenge(desk.ctx(), &token).await.unwrap(), None);
        // On this machine whatever port was free.
        let options = step_up_challenge(desk.ctx(), &renewed).await.unwrap().unwrap();
        let response = device.get(&options, "http://localhost:49152");
        done(step_up_passkey(desk.ctx(), &renewed, &response).await.unwrap());
    }
}

#[tokio::test]
async fn what_a_passkey_signed_for_something_else_opens_nothing() {
    for desk in staffed().await {
        let mut device = add_passkey(&desk, &desk.officer).await;
        let unlock = async || account::unlock(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap();
        let refused = async |pending: &Pending, response: &str, why: &str| {
            let shown = show(&desk, pending, response).await;
            assert!(matches!(shown, SecondFactor::Wrong), "{why}: {shown:?}");
            unlock().await;
        };
        let pending = desk.pending("iio").await;
        refused(&pending, "{}", "nothing was asked").await;
        let response = device.get(&challenge(&desk, &pending).await, "http://localhost.evil.example");
        refused(&pending, &response, "another site").await;
        let response = device.get(&challenge(&desk, &pending).await, HERE);
        challenge(&desk, &pending).await;
        refused(&pending, &response, "an older question").await;
        challenge(&desk, &pending).await;
        for bad in ["", "{}", "null", "[1]", "\u{0}", &"x".repeat(10_000)] {
            challenge(&desk, &pending).await;
            refused(&pending, bad, "not what a browser gives").await;
        }
        let response = device.get(&challenge(&desk, &pending).await, HERE);
        let tampered = response.replacen("\"signature\":\"", "\"signature\":\"AA", 1);
        assert_ne!(response, tampered);
        refused(&pending, &tampered, "another signature").await;
        refused(&pending, &response, "a question serves once, right or wrong").await;

        let response = device.get(&challenge(&desk, &pending).await, HERE);
        done(show(&desk, &pending, &response).await);
        let again = desk.pending("iio").await;
        refused(&again, &response, "of a sign-in before").await;
        challenge(&desk, &again).await;
        refused(&again, &response, "of a sign-in before, with a question open").await;
    }
}

#[tokio::test]
async fn somebody_elses_passkey_is_wrong_and_cannot_be_added() {
    for desk in staffed().await {
        let mut theirs = add_passkey(&desk, &desk.administrators[0]).await;
        add_passkey(&desk, &desk.officer).await;
        let [mine, other] = [desk.pending("iio").await, desk.pending("root").await];
        let (_, options) = (challenge(&desk, &mine).await, challenge(&desk, &other).await);
        let response = theirs.get(&options, HERE);
        assert!(matches!(show(&desk, &mine, &response).await, SecondFactor::Wrong));
    }
}

#[tokio::test]
async fn a_count_that_does_not_grow_is_a_copy() {
    for desk in staffed().await {
        let mut device = add_passkey(&desk, &desk.officer).await;
        let [first, second] = [desk.pending("iio").await, desk.pending("iio").await];
        let (one, two) = (challenge(&desk, &first).await, challenge(&desk, &second).await);
        let (older, newer) = (device.get(&one, HERE), device.get(&two, HERE));
        done(show(&desk, &second, &newer).await);
        assert!(matches!(show(&desk, &first, &older).await, SecondFactor::Wrong), "the state of the question knew of no use yet");
    }
}

#[tokio::test]
async fn whose_device_did_not_look_at_its_owner_is_refused() {
    for desk in staffed().await {
        let live = desk.live(&desk.officer).await;
        let options = new_passkey(desk.ctx(), &live).await.unwrap().unwrap();
        let mut asked: serde_json::Value = serde_json::from_str(&options).unwrap();
        assert_eq!(asked["publicKey"]["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(asked["publicKey"]["user"]["name"], "iio");
        // A page that was changed asks for less.
        asked["publicKey"]["authenticatorSelection"]["userVerification"] = "discouraged".into();
        let mut device = Device::new();
        let response = device.create(&asked.to_string(), HERE);
        let added = add_factor(desk.ctx(), &live, "", NewFactor::Passkey { response: &response }).await.unwrap();
        assert_eq!(added, Added::Wrong);

        let mut device = add_passkey(&desk, &desk.officer).await;
        let pending = desk.pending("iio").await;
        let mut asked: serde_json::Value = serde_json::from_str(&challenge(&desk, &pending).await).unwrap();
        assert_eq!(asked["publicKey"]["userVerification"], "required");
        asked["publicKey"]["userVerification"] = "discouraged".into();
        let response = device.get(&asked.to_string(), HERE);
        assert!(matches!(show(&desk, &pending, &response).await, SecondFactor::Wrong));
    }
}

#[tokio::test]
async fn somebody_enrols_with_a_passkey() {
    for desk in staffed().await {
        let administrator = desk.officer(&desk.administrators[0]).await;
        let id = enrolment::open(desk.ctx(), Manager::Operator, desk.officer.id).await.unwrap().unwrap();
        let grant::Agreed::Done(invitation) = enrolment::agree(desk.ctx(), &administrator, id).await.unwrap() else { panic!() };
        let token = invitation.token.expose();
        let mut device = Device::new();
        let options = invitation_passkey(desk.ctx(), token).await.unwrap().unwrap();
        let response = device.create(&options, HERE);
        let enrolled = enrol(desk.ctx(), token, &typed(PASSWORD), NewFactor::Passkey { response: &response }).await.unwrap();
        assert_eq!(enrolled, Enrolled::Done);
        let pending = desk.pending("iio").await;
        assert_eq!(pending.factors, [FactorKind::Passkey], "in place of the authenticator");
        let response = device.get(&challenge(&desk, &pending).await, HERE);
        done(show(&desk, &pending, &response).await);
    }
}

#[tokio::test]
async fn at_an_address_without_a_name_there_are_codes_only() {
    for desk in staffed().await {
        let live = desk.live(&desk.officer).await;
        let settings = IdentitySettings { origin: "https://192.0.2.7".into(), ..IdentitySettings::default() };
        let ctx = desk.ctx().clone().with_identity(settings);
        assert_eq!(new_passkey(&ctx, &live).await.unwrap(), None);
        assert!(new_totp(&ctx, &live).await.is_ok());
    }
}
