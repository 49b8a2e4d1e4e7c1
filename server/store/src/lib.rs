//! All SQL of Portico, on SQLite and on PostgreSQL.
//!
//! * [`engine`] opens the database its address names and runs statements. One statement text serves both engines; each is
//!   declared with `statement!`, so that a test prepares all of them on both.
//! * [`crypto`] encrypts sensitive columns. No other crate sees a key.
//! * The other modules hold the statements of one subject, under the subject's name.
//!
//! To add a statement: write it with `statement!` in its subject's module, give it a function that takes a
//! [`engine::Connection`], and call that function in `src/tests`, where it runs on both engines. To add a table: one file of
//! the same name in `migrations/main/sqlite` and in `migrations/main/postgres`; a test compares the columns.

pub mod agreement;
pub mod amendment;
pub mod answer;
pub mod api_client;
pub mod assignment;
pub mod audit;
pub mod call_script;
pub mod case_feed;
pub mod case_officer;
pub mod case_status;
pub mod change_of_address;
pub mod clock;
pub mod colleague;
pub mod correction_notice;
pub mod crypto;
pub mod data_key;
pub mod delivery_tracking;
pub mod disclosure;
pub mod document;
pub mod engine;
pub mod error;
pub mod form_draft;
pub mod identity;
pub mod information_request;
pub mod installation;
pub mod live;
pub mod look_up_failure;
pub mod notification;
pub mod office;
pub mod partner_query;
pub mod processing_time;
pub mod profile;
pub mod protection;
pub mod quality;
pub mod quarantine;
pub mod random;
pub mod redress;
pub mod reference;
pub mod report;
pub mod request_queue;
pub mod request_search;
pub mod request_work;
pub mod retention;
pub mod service_request;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod waiting;
pub mod waiver;

#[cfg(test)]
mod tests;

pub use clock::Clock;
pub use engine::Store;
pub use error::StoreError;
