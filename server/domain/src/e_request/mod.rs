//! e-Request: asking the agency about a case in writing. What each kind of request asks is data ([`Catalogue`]).

mod catalogue;

pub use catalogue::Catalogue;
