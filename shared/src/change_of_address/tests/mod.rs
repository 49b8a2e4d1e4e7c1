//! Tests of the form and of what becomes of it.

mod filing;
mod form;
