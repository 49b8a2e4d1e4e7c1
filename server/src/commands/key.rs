//! `portico key rotate`.

use std::path::Path;

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
/// out of the file. Servers may run meanwhile. Stopped anywhere, it is done again: the file holds every key that is in use. The same
/// is done with the partner data and its own file.
pub async fn rotate(settings: &Settings) -> Result<(), Failure> {
    rotate_one(Store::open(&settings.database_url, None).await?, &settings.key_file).await?;
    if let Some(address) = &settings.partner_database_url {
        rotate_one(Store::open_partner(address).await?, &settings.partner_key_file).await?;
    }
    println!("Servers on other machines need the new files now.");
    Ok(())
}

async fn rotate_one(store: Store, file: &Path) -> Result<(), Failure> {
    let clock = Clock::system();
    store.migrate().await?;
    let missing = || Failure::Input(format!("There is no key file {} to rotate.", file.display()));
    let ring = KeyRing::load(file)?.ok_or_else(missing)?;
    let ring = ring.with_new(&key_name(&clock));
    ring.save(file)?;

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
    ring.only_newest().save(file)?;
    println!(
        "{} holds that key alone. Keep a copy of it apart from the database; older backups need the older copy.",
        file.display()
    );
    Ok(())
}
