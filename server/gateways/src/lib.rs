//! Ways to other organisations' systems, one module each. What comes from there is untrusted: a gateway hands on only what it has
//! checked. It knows no database and no settings; whoever calls it brings the instant and the folder.
//!
//! * [`letters`] has letters set as PDF by a program of our own.
//! * [`redaction`] has areas taken out of documents by the same program.
//! * [`clamd`] asks whether a file is infected.
//! * [`object_storage`] keeps encrypted documents, in a folder or a bucket.
//! * [`ident`] speaks with IDENT, through which partner countries are asked, and asks PCQS/CIS who is protected.
//! * [`oidc`] has officers signed in by the agency's identity provider.
//! * [`usps_drop`] brings the extract files of the postal service from the place where they arrive.
//! * [`smtp`] hands mails to the agency's mail server.
//! * [`webhook`] tells machines that a case has changed.

pub mod clamd;
pub mod ident;
pub mod letters;
pub mod object_storage;
pub mod oidc;
pub mod redaction;
pub mod smtp;
pub mod usps_drop;
pub mod webhook;
