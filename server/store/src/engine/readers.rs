//! Connections that read, kept open.
//!
//! sqlx's own pool asks each connection that comes back whether it still lives, which costs as much as a look-up. Here only a
//! connection that has failed, or was idle for a while, is asked, when it is wanted again.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{Manager, Metrics, Object, Pool, PoolError, RecycleResult, Timeouts};
use sqlx::{ConnectOptions, Connection};

/// A connection idle for longer may have been cut off by what lies between.
const IDLE: Duration = Duration::from_secs(1);

const TIMEOUTS: Timeouts =
    Timeouts { wait: Some(Duration::from_secs(10)), create: Some(Duration::from_secs(10)), recycle: Some(Duration::from_secs(5)) };

pub(super) type Readers<C> = Pool<Opens<C>>;
pub type Reader<C> = Object<Opens<C>>;

/// How the connections of a pool are opened.
#[derive(Debug)]
pub struct Opens<C: Connection>(C::Options);

/// A connection, and whether its last statement failed.
#[derive(Debug)]
pub struct Open<C> {
    connection: C,
    pub has_failed: bool,
}

impl<C> Deref for Open<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.connection
    }
}

impl<C> DerefMut for Open<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.connection
    }
}

impl<C: Connection> Manager for Opens<C> {
    type Type = Open<C>;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Self::Type, sqlx::Error> {
        Ok(Open { connection: self.0.connect().await?, has_failed: false })
    }

    async fn recycle(&self, open: &mut Self::Type, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if open.has_failed || metrics.last_used() > IDLE {
            open.connection.ping().await?;
            open.has_failed = false;
        }
        Ok(())
    }
}

pub(super) fn open<C: Connection>(options: C::Options, most: usize) -> Result<Readers<C>, sqlx::Error> {
    let built = Pool::builder(Opens(options)).max_size(most).timeouts(TIMEOUTS).runtime(Runtime::Tokio1).build();
    built.map_err(|error| sqlx::Error::Configuration(error.into()))
}

pub(super) async fn take<C: Connection>(readers: &Readers<C>) -> Result<Reader<C>, sqlx::Error> {
    readers.get().await.map_err(|error| match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
        _ => sqlx::Error::PoolClosed,
    })
}

/// Closes the connections that nobody uses; the others close when they come back.
pub(super) async fn close<C: Connection>(readers: &Readers<C>) {
    let idle = readers.retain(|_, _| false).removed;
    readers.close();
    for open in idle {
        // It is gone either way.
        let _ = open.connection.close().await;
    }
}
