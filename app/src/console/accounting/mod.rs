//! The accounting of disclosures: of a person and of a recipient, with the files that are given out; what is recorded by hand before
//! it leaves; and who has to be told of a correction. All acts are plain forms.

#[cfg(feature = "ssr")]
mod corrections;
#[cfg(feature = "ssr")]
mod give_out;
#[cfg(feature = "ssr")]
mod home;
#[cfg(feature = "ssr")]
mod kept;
#[cfg(feature = "ssr")]
mod lines;
#[cfg(feature = "ssr")]
mod person;
#[cfg(feature = "ssr")]
mod recipient;
#[cfg(feature = "ssr")]
mod record;
pub mod server;
#[cfg(feature = "ssr")]
mod typed;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use {
    corrections::CorrectionsToldPage, give_out::WantedAccounting, home::AccountingPage, person::AccountingPersonPage,
    recipient::AccountingRecipientPage, record::AccountingRecordPage,
};
