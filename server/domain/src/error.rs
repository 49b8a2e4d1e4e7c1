//! What can go wrong in an operation. A person's mistake is not an error: it is part of the answer.

use store::StoreError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// The actor may not do this. Seeing it means that a caller did not offer only what is allowed.
    #[error("this actor may not do this")]
    Refused,
    /// The second factor of whoever asks is not fresh enough for this.
    #[error("a fresh second factor is needed")]
    StepUp,
    #[error("the database cannot be reached right now")]
    Unavailable,
    #[error("something went wrong inside")]
    Internal,
    /// Input of a command that cannot be used, with what to do about it.
    #[error("{0}")]
    Unusable(String),
}

/// Logged here, once, with its whole chain; outward goes only the kind.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let mut chain = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            chain = format!("{chain}: {cause}");
            source = cause.source();
        }
        let passing = error.is_passing();
        tracing::error!(passing, "{chain}");
        if passing { Self::Unavailable } else { Self::Internal }
    }
}
