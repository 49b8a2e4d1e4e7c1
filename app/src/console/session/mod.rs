//! An officer's sessions: this one, and the others.

#[cfg(feature = "ssr")]
mod list;
mod server;

#[cfg(feature = "ssr")]
pub use list::SessionsPage;
pub use server::{Here, LockSession, RevokeOthers, RevokeSession, SignOut, Stay, WhoIsHere};
#[cfg(feature = "hydrate")]
pub(super) use server::{lock_session, stay, who_is_here};
