//! Documents that people attach.

pub mod clean;
