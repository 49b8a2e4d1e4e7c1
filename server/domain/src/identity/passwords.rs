//! Hashing of passwords: slow and hungry on purpose, therefore bounded.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use shared::sensitive::Sensitive;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::Error;

/// Passwords hashed at one time: with 19 MiB each, this is what signing in may take of the memory.
const AT_ONCE: usize = 4;
/// How long somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// Argon2id with a bound on how many at once.
pub(crate) struct Passwords {
    memory: u32,
    places: Arc<Semaphore>,
    /// What is verified when nobody has the name: it costs what a real one costs.
    decoy: OnceCell<Sensitive<String>>,
}

impl Passwords {
    pub fn new(memory: u32) -> Self {
        Self { memory, places: Arc::new(Semaphore::new(AT_ONCE)), decoy: OnceCell::new() }
    }

    /// The hash in its text form, with its parameters and a salt of its own.
    pub async fn hash(&self, password: &Sensitive<String>) -> Result<Sensitive<String>, Error> {
        let (memory, password) = (self.memory, password.clone());
        self.in_turn(move || hash(memory, &password)).await?.ok_or(Error::Internal)
    }

    /// Whether a password is the one. Without a hash, as of a name that nobody has, the answer is no and takes as long.
    pub async fn verify(&self, hash: Option<&Sensitive<String>>, password: &Sensitive<String>) -> Result<bool, Error> {
        let decoy = self.decoy.get_or_try_init(|| self.hash(password)).await?;
        let (is_real, hash, password) = (hash.is_some(), hash.unwrap_or(decoy).clone(), password.clone());
        let same = self.in_turn(move || verify(&hash, &password)).await?;
        Ok(same && is_real)
    }

    /// Off the threads that answer requests, and only so many at once.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let place = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(Error::Unavailable) };
        // The place is held by the work: a request that goes away does not free it early.
        let done = spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|_| Error::Internal)
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

fn hash(memory: u32, password: &Sensitive<String>) -> Option<Sensitive<String>> {
    let params = Params::new(memory, 2, 1, None).ok()?;
    let salt = store::random::bytes::<16>();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: PasswordHash = argon2.hash_password_with_salt(password.expose().as_bytes(), &salt).ok()?;
    Some(Sensitive::new(hash.to_string()))
}

fn verify(hash: &Sensitive<String>, password: &Sensitive<String>) -> bool {
    // The parameters are those of the hash, so that old ones are still understood after a change.
    Argon2::default().verify_password(password.expose().as_bytes(), hash.expose().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_the_one_that_was_hashed() {
        let passwords = Passwords::new(64);
        let [right, wrong] = ["four unlike words here", "four unlike words her"].map(|text| Sensitive::new(text.to_owned()));
        let hash = passwords.hash(&right).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{}", hash.expose());
        assert_ne!(hash, passwords.hash(&right).await.unwrap(), "each has its salt");
        assert!(passwords.verify(Some(&hash), &right).await.unwrap());
        assert!(!passwords.verify(Some(&hash), &wrong).await.unwrap());
        assert!(!passwords.verify(None, &right).await.unwrap() && !passwords.verify(None, &right).await.unwrap());
        let cheap = Passwords::new(128);
        assert!(cheap.verify(Some(&hash), &right).await.unwrap(), "a hash is read by its own parameters");
        assert!(!passwords.verify(Some(&Sensitive::new("nonsense".into())), &right).await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_hashed_than_there_are_places() {
        let passwords = Passwords::new(64);
        let nobody = Sensitive::new("nobody's".to_owned());
        assert!(!passwords.verify(None, &nobody).await.unwrap());
        let places: Vec<_> = (0..AT_ONCE).map(|_| Arc::clone(&passwords.places).try_acquire_owned().unwrap()).collect();
        let password = Sensitive::new("four unlike words here".to_owned());
        assert!(matches!(passwords.hash(&password).await, Err(Error::Unavailable)), "somebody waits, and not for ever");
        let waited = passwords.verify(None, &nobody).await;
        assert!(matches!(waited, Err(Error::Unavailable)), "a name that nobody has takes its turn, too");
        drop(places);
        assert!(passwords.hash(&password).await.is_ok());
    }
}
