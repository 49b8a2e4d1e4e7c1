//! Staff: who they are to the agency, and where.
//!
//! An account holds grants: a [`Role`] at an office, from a day and until a day. What a role may do stands in one table in
//! `server/domain` (`actor`), never in a page.

mod account;
pub mod password;
mod role;
mod session;

pub use account::{AccountState, FactorKind, SignInName, SignInNameError, StaffName, StaffNameError};
pub use password::PasswordProblem;
pub use role::{Grant, Role};
pub use session::{Client, Method};
