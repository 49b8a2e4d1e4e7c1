//! `portico key rotate`.

use store::crypto::KeyRing;
use store::data_key::rewrap_some;
use store::{Clock, Store};

use super::{Failure, key_name};
use crate::settings::Settings;

/// Data keys wrapped anew in one transaction.
const AT_ONCE: i64 = 1000;

/// Adds a key to the file, wraps every data key with it, and takes the older keys out. Stopped anywhere, it goes on when run
/// again: until all are wrapped anew the file holds both keys. Running servers read the file at their start; the older key
/// stays in their memory, and what they add meanwhile is wrapped by the next run.
pub async fn rotate(settings: &Settings) -> Result<(), Failure> {
    let clock = Clock::system();
    let store = Store::open(&settings.database_url, None).await?;
    store.migrate().await?;
    let missing = || Failure::Input(format!("There is no key file {} to rotate.", settings.key_file.display()));
    let ring = KeyRing::load(&settings.key_file)?.ok_or_else(missing)?;
    let ring = ring.with_new(&key_name(&clock));
    ring.save(&settings.key_file)?;
    let mut wrapped = 0;
    loop {
        let some = rewrap_some(&store, &ring, AT_ONCE).await?;
        if some == 0 {
            break;
        }
        wrapped += some;
    }
    store.close().await;
    println!("{wrapped} data keys are wrapped by the new key {}.", ring.newest_name());
    println!("The older keys stay in {} until every server was restarted; then remove their lines.", settings.key_file.display());
    println!("Keep a copy of the key file apart from the database.");
    Ok(())
}
