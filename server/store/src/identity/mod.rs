//! Staff: accounts, what they may do, how they sign in, and their sessions.

pub mod account;
pub mod enrolment;
pub mod factor;
pub mod grant;
pub mod provider;
pub mod session;
pub mod sign_in_attempt;
pub mod sign_in_step;
