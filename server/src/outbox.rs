//! Sends what the outbox holds. Every server does; a row is claimed by one of them.

use std::sync::Arc;
use std::time::Duration;

use app::portal::notification::write;
use app::portal::site::SiteInfo;
use domain::notification::{Call, Due, Failed, Mail, Outcome, Prepared, claim, prepare, settle, settle_as};
use domain::{Actor, Context, Error};
use futures::future::join_all;
use gateways::smtp::{Letter, Mailer};
use gateways::webhook::{Caller, Event, Reach};
use shared::sensitive::Sensitive;

use crate::settings::Settings;

/// Between two looks when there was nothing to do.
const PAUSE: Duration = Duration::from_secs(1);
/// Until something is looked at again that cannot be sent from here at all.
const WITHOUT_A_WAY: chrono::TimeDelta = chrono::TimeDelta::minutes(10);
/// Rows sent side by side. All of them take less time than a claim lasts.
const AT_ONCE: i64 = 16;

/// Whatever is needed to send.
struct Post {
    ctx: Context,
    site: Arc<SiteInfo>,
    public_url: String,
    /// None where no mail server is set: mails wait.
    mailer: Option<Mailer>,
    /// None if this machine has no certificates to trust: machines wait.
    caller: Option<Caller>,
}

/// Starts sending. It ends with the process; what was claimed then comes back by itself.
pub fn start(ctx: &Context, settings: &Settings, site: &Arc<SiteInfo>, reach: Reach) {
    let mailer = settings.mailer().unwrap_or_else(|error| {
        tracing::error!("PORTICO_SMTP_URL: {error}");
        None
    });
    let caller = Caller::new(reach).inspect_err(|error| tracing::error!("webhooks cannot be called: {error}")).ok();
    let public_url = settings.public_url.origin().to_owned();
    let post = Post { ctx: ctx.clone(), site: Arc::clone(site), public_url, mailer, caller };
    tokio::spawn(async move {
        loop {
            // Logged where it arose; the next round tries again.
            if !post.send_some().await.unwrap_or(false) {
                tokio::time::sleep(PAUSE).await;
            }
        }
    });
}

impl Post {
    /// Sends what is due. False if there was nothing.
    async fn send_some(&self) -> Result<bool, Error> {
        let due = claim(&self.ctx, Actor::System, AT_ONCE).await?;
        // A row that failed inside comes back when its claim is over.
        join_all(due.iter().map(|due| self.send(due))).await;
        Ok(!due.is_empty())
    }

    async fn send(&self, due: &Due) -> Result<(), Error> {
        match prepare(&self.ctx, Actor::System, due).await? {
            Prepared::Done(outcome) => settle_as(&self.ctx, Actor::System, due, &outcome).await,
            Prepared::Mail(mail) => match &self.mailer {
                Some(mailer) => settle(&self.ctx, Actor::System, due, self.mail(mailer, *mail).await).await,
                None => settle_as(&self.ctx, Actor::System, due, &self.wait("PORTICO_SMTP_URL is not set")).await,
            },
            Prepared::Call(call) => match &self.caller {
                Some(caller) => settle(&self.ctx, Actor::System, due, self.call(caller, *call).await).await,
                None => settle_as(&self.ctx, Actor::System, due, &self.wait("there are no certificates to trust")).await,
            },
        }
    }

    /// Never given up for this: somebody may set it right tomorrow.
    fn wait(&self, problem: &str) -> Outcome {
        Outcome::TryLater(self.ctx.now() + WITHOUT_A_WAY, problem.to_owned())
    }

    async fn call(&self, caller: &Caller, call: Call) -> Result<(), Failed> {
        let event = Event { id: call.id, secret: call.secret, body: call.body };
        caller
            .call(&call.url, event, self.ctx.now())
            .await
            .map_err(|error| if error.is_final() { Failed::ForGood(error.to_string()) } else { Failed::ForNow(error.to_string()) })
    }

    async fn mail(&self, mailer: &Mailer, mail: Mail) -> Result<(), Failed> {
        let written = write(&self.site, &self.public_url, &mail);
        let letter = Letter {
            id: mail.id,
            to: Sensitive::new(mail.to.expose().as_str().to_owned()),
            from_name: self.site.agency(mail.locale).to_owned(),
            language: mail.locale.tag(),
            subject: written.subject.to_owned(),
            text: written.text,
            html: written.html,
            unsubscribe: written.unsubscribe,
        };
        mailer
            .send(&letter)
            .await
            .map_err(|error| if error.is_final() { Failed::ForGood(error.to_string()) } else { Failed::ForNow(error.to_string()) })
    }
}
