//! `portico key rotate`.

use domain::Actor;
use domain::audit::{self, Act};
use store::crypto::KeyRing;
use store::data_key::{rewrap_some, switch_wrapping_key};
use store::{Clock, Store};

use super::{Failure, key_name};
use crate::settings::Settings;

/// Data keys wrapped anew in one transaction.
const AT_ONCE: i64 = 1000;

/// Adds a key to the file, has every server wrap with it from then on, wraps every data key anew, and takes the older keys
/// out of the file. Servers may run meanwhile. Stopped anywhere, it is done again: the file holds every key that is in use.
pub async fn rotate(settings: &Settings) -> Result<(), Failure> {
    let clock = Clock::system();
    let store = Store::open(&settings.database_url, None).await?;
    store.migrate().await?;
    let missing = || Failure::Input(format!("There is no key file {} to rotate.", settings.key_file.display()));
    let ring = KeyRing::load(&settings.key_file)?.ok_or_else(missing)?;
    let ring = ring.with_new(&key_name(&clock));
    ring.save(&settings.key_file)?;

    let mut transaction = store.begin().await?;
    switch_wrapping_key(&mut transaction, &ring).await?;
    let act = Act { action: "key.rotate", subject: ring.newest_name(), detail: serde_json::json!({}) };
    audit::write(&mut transaction, &clock, Actor::Operator, act).await?;
    transaction.commit().await?;

    let mut wrapped = 0;
    loop {
        match rewrap_some(&store, &ring, AT_ONCE).await? {
            0 => break,
            some => wrapped += some,
        }
    }
    store.close().await;
    println!("{wrapped} data keys are wrapped by the new key {}.", ring.newest_name());
    ring.only_newest().save(&settings.key_file)?;
    println!(
        "{} holds that key alone. Keep a copy of it apart from the database; older backups need the older copy.",
        settings.key_file.display()
    );
    println!("Servers on other machines need the new file now.");
    Ok(())
}
