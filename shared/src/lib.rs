//! The vocabulary and the rules of Portico, for the server and for the browser.
//!
//! No I/O, no clock, no SQL and no user interface lives here, so every rule can be read and tested as plain Rust. Each
//! module has the same name here as in `server/domain`, `server/store` and `app`:
//!
//! * [`case_status`]: receipt numbers and what a person reads about a case;
//! * [`case_feed`]: one event of a case as the agency's systems send it;
//! * [`delivery_tracking`]: where a card or a notice is in the mail;
//! * [`processing_time`]: published times, and the day from which one may ask about a case;
//! * [`profile`]: a person as the agency knows them;
//! * [`redress`]: what people ask about their own records, and what they are answered;
//! * [`waiting`]: how many people wait, told so that nobody among them can be told of;
//! * [`e_request`]: asking about a case in writing;
//! * [`protection`]: what may be said about a case, to whom;
//! * [`agreement`]: what may be asked of partner countries and told to them;
//! * [`partner_query`]: queries to partner countries and from them;
//! * [`information_request`]: what is prepared for a partner that asks for more;
//! * [`disclosure`]: what was told to whom, accounted for;
//! * [`notification`]: following a case;
//! * [`service_request`]: what somebody asks the agency to look into: its number, its states, its clock;
//! * [`answer`]: what a request is answered, and what is looked at before;
//! * [`call_script`]: what a call-centre agent reads to a caller, and the way through it;
//! * [`quality`]: which answers are read again after they went out, and what a reader may find;
//! * [`letter`]: what a printed document says;
//! * [`report`]: figures about requests, and what of them may be published;
//! * [`retention`]: how long records are kept, and what keeps them longer;
//! * [`live`]: what an open page is told while it is open;
//! * [`document`]: documents that people attach;
//! * [`api_client`]: machines that call the service;
//! * [`audit`]: the trees that show that nobody changed a log;
//! * [`nist_itl`]: fingerprint transactions in files, as partners send them;
//! * [`identity`], [`office`]: staff and their roles; offices by their code;
//! * [`address`], [`country`]: where mail goes, as the carrier writes it; countries by name;
//! * [`change_of_address`]: Form AR-11, who must file it by when, and what becomes of each case;
//! * [`watch_list`]: the cases that a person keeps in their own browser;
//! * [`locale`], [`sensitive`]: the two languages; values that must never reach a log;
//! * [`typed`], [`accents`]: what people type; letters without their accents.
//!
//! Values are parsed once, at the edge, into types with private fields. A rule that depends on the day takes `today`.

pub mod accents;
pub mod address;
pub mod agreement;
pub mod answer;
pub mod api_client;
pub mod audit;
pub mod call_script;
pub mod case_feed;
pub mod case_status;
pub mod change_of_address;
mod check_character;
pub mod country;
pub mod delivery_tracking;
pub mod disclosure;
pub mod document;
pub mod e_request;
pub mod ident;
pub mod identity;
pub mod information_request;
pub mod letter;
pub mod live;
pub mod locale;
pub mod nist_itl;
pub mod notification;
pub mod office;
pub mod partner_query;
pub mod processing_time;
pub mod profile;
pub mod protection;
pub mod quality;
pub mod redress;
pub mod report;
pub mod retention;
pub mod sensitive;
pub mod service_request;
pub mod typed;
pub mod waiting;
pub mod watch_list;
