//! The use cases of Portico: one operation, one transaction.
//!
//! Every operation takes the [`Context`] (store, keys, clock), the [`Actor`] who asks and a parsed command; it checks the
//! actor against the table in [`actor`], reads and writes through `store`, and writes its audit entry in the same
//! transaction. No axum and no Leptos here: pages, JSON surfaces and commands call the same operations.
//!
//! * [`case_status`]: check a case, with its limits and its texts;
//! * [`case_feed`]: events of cases coming in;
//! * [`delivery_tracking`]: the carrier's scans coming in, and the cases that show them;
//! * [`processing_time`]: published times, and the verdict on a case;
//! * [`waiting`]: how many people wait from an earlier date;
//! * [`reference`], [`office`]: texts and offices;
//! * [`notification`]: following a case, and what is sent about it; [`signed_link`]: links that prove themselves;
//! * [`e_request`]: the form that asks about a case; [`service_request`]: what it becomes;
//! * [`live`]: what an open page is told while it is open;
//! * [`agreement`]: agreements with partner countries: their versions, and who signs them;
//! * [`answer`]: what a request is answered, who gets it, and whether it helped;
//! * [`call_script`]: what is read to callers, and their calls;
//! * [`quality`]: which answers are read again after they went out, by whom, and what was found;
//! * [`change_of_address`]: the report of a new address, its proof, and the cases that follow it;
//! * [`document`]: what people attach: cleaned, encrypted, deleted in time;
//! * [`api_client`]: machines that ask;
//! * [`agreement`]: what partner countries may be asked and told, signed by two people;
//! * [`waiver`]: what lets something be told that a class of protection keeps back;
//! * [`partner_query`]: what partner countries are asked and ask, and what they are told;
//! * [`disclosure`]: the accounting of what was told to whom, and who has to be told of a correction;
//! * [`information_request`]: what partner countries want to know beyond that, and the packages that tell them;
//! * [`retention`]: what is due to be destroyed, what keeps it, and two people who let it be;
//! * [`redress`]: what people ask about their own records, and what they are answered;
//! * [`identity`]: staff: accounts, roles, signing in, sessions;
//! * [`upkeep`]: what has expired is deleted; [`audit`]: the entry of an act.

pub mod actor;
pub mod agreement;
pub mod answer;
pub mod api_client;
pub mod audit;
pub mod call_script;
pub mod case_feed;
pub mod case_status;
pub mod change_of_address;
mod context;
pub mod delivery_tracking;
pub mod disclosure;
pub mod document;
pub mod e_request;
mod error;
pub mod identity;
pub mod information_request;
mod lines;
pub mod live;
pub mod notification;
pub mod office;
pub mod partner_query;
pub mod processing_time;
pub mod profile;
pub mod quality;
pub mod redress;
pub mod reference;
pub mod report;
pub mod retention;
pub mod service_request;
pub mod signed_link;
#[cfg(test)]
mod testing;
pub mod upkeep;
pub mod waiting;
pub mod waiver;

pub use actor::{Action, Actor, Officer};
pub use case_status::limits::ClientIp;
pub use context::Context;
pub use error::Error;
