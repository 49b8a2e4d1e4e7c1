//! Sends what the outbox holds. Every server does; a row is claimed by one of them.

use std::sync::Arc;
use std::time::Duration;

use app::portal::change_of_address::letter;
use app::portal::notification::write;
use app::portal::site::SiteInfo;
use chrono::TimeDelta;
use domain::change_of_address::AddressLetter;
use domain::notification::{Call, Due, Failed, Mail, Means, Outcome, Prepared, claim, prepare, settle, settle_as};
use domain::{Actor, Context, Error};
use gateways::smtp::{Letter, Mailer, TIME_OUT};
use gateways::webhook::{Caller, Event, Reach};
use shared::sensitive::Sensitive;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::letters::Printer;
use crate::settings::{SettingError, Settings};

/// Between two looks when there was nothing to do.
const PAUSE: Duration = Duration::from_secs(1);
/// Rows sent side by side.
const AT_ONCE: usize = 16;
/// Until a machine is called that this server has no means to call.
const WITHOUT_MEANS: TimeDelta = TimeDelta::minutes(10);
/// What must be left of a claim when something begins to be sent: as long as sending takes at most, and some to note it.
const TO_SEND: TimeDelta = TimeDelta::seconds(TIME_OUT.as_secs().cast_signed() + 5);
/// How long messages under way may still take once the process was told to stop.
const LAST_MESSAGES: Duration = Duration::from_secs(10);

/// Whatever is needed to send.
struct Post {
    ctx: Context,
    site: Arc<SiteInfo>,
    public_url: String,
    /// None where no mail server is set: mails wait, unclaimed.
    mailer: Option<Mailer>,
    /// None where no folder for letters is set: letters wait.
    printer: Option<Printer>,
    /// None if this machine has no certificates to trust: machines wait.
    caller: Option<Caller>,
}

/// The job at work.
pub struct Sending {
    told_to_stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Sending {
    /// Claims nothing more and waits for what is under way: a mail that is broken off would go out twice.
    pub async fn finish(self) {
        self.told_to_stop.send_replace(true);
        // Whatever is left then comes back by itself.
        let _ = tokio::time::timeout(LAST_MESSAGES, self.task).await;
    }
}

/// Starts sending.
///
/// # Errors
/// If the mail server that is set could never be reached safely.
pub fn start(ctx: &Context, settings: &Settings, site: &Arc<SiteInfo>, reach: Reach) -> Result<Sending, SettingError> {
    let mailer = settings.mailer()?;
    let caller = Caller::new(reach).inspect_err(|error| tracing::error!("webhooks cannot be called: {error}")).ok();
    let public_url = settings.public_url.origin().to_owned();
    let printer = settings.letters.clone().map(Printer::new);
    let post = Arc::new(Post { ctx: ctx.clone(), site: Arc::clone(site), public_url, mailer, printer, caller });
    let (told_to_stop, mut stopped) = watch::channel(false);
    let task = tokio::spawn(async move {
        let mut under_way = JoinSet::new();
        while !*stopped.borrow() {
            let room = AT_ONCE.saturating_sub(under_way.len());
            // Not one row at a time: each claim is a transaction.
            if room < AT_ONCE / 2 {
                under_way.join_next().await;
                continue;
            }
            // What fails is logged where it arose; the next round tries again.
            if !post.begin_some(room, &mut under_way).await.unwrap_or(false) {
                let _ = tokio::time::timeout(PAUSE, stopped.changed()).await;
            }
            while under_way.try_join_next().is_some() {}
        }
        while under_way.join_next().await.is_some() {}
    });
    Ok(Sending { told_to_stop, task })
}

impl Post {
    /// Begins to send what is due, as far as there is room beside what is under way. False if there was nothing.
    async fn begin_some(self: &Arc<Self>, room: usize, under_way: &mut JoinSet<()>) -> Result<bool, Error> {
        let means = if self.mailer.is_some() { Means::Mail } else { Means::NoMail };
        let due = claim(&self.ctx, Actor::System, means, i64::try_from(room).unwrap_or(1)).await?;
        let begun = !due.is_empty();
        for due in due {
            let post = Arc::clone(self);
            under_way.spawn(async move {
                // A row that cannot be settled comes back when its claim is over.
                let _ = post.send(&due).await;
            });
        }
        Ok(begun)
    }

    async fn send(&self, due: &Due) -> Result<(), Error> {
        let prepared = match prepare(&self.ctx, Actor::System, due).await? {
            Prepared::Done(outcome) => return settle_as(&self.ctx, Actor::System, due, &outcome).await,
            prepared => prepared,
        };
        // What was prepared too slowly is left to the next claim: when this one is over, somebody else may be sending the same.
        if self.ctx.now() + TO_SEND > due.until {
            return Ok(());
        }
        let sent = match (prepared, &self.mailer, &self.caller) {
            (Prepared::Letter(about), ..) if self.printer.is_some() => self.print(due, &about).await,
            (Prepared::Mail(mail), Some(mailer), _) => self.mail(mailer, *mail).await,
            (Prepared::Call(call), _, Some(caller)) => self.call(caller, *call).await,
            // Never given up for this: somebody may set it right tomorrow. Without a mailer no mail was claimed.
            _ => {
                let later = Outcome::TryLater(self.ctx.now() + WITHOUT_MEANS, "this server has no means to send it".to_owned());
                return settle_as(&self.ctx, Actor::System, due, &later).await;
            }
        };
        settle(&self.ctx, Actor::System, due, sent).await
    }

    async fn print(&self, due: &Due, about: &AddressLetter) -> Result<(), Failed> {
        let Some(printer) = &self.printer else { return Err(Failed::ForNow("this server has no means to print it".to_owned())) };
        printer.print(due.id, letter(&self.site, &self.public_url, about, self.ctx.today())).await
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
