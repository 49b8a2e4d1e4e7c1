//! Parts of the page that follow signals, each kind of one type. Closures of many types would each bring a copy of the code
//! that renders them: this page would be twice as large.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

pub type Alive<T> = Arc<Mutex<dyn FnMut() -> T + Send>>;

/// A part that comes, goes or changes.
pub fn part(part: impl FnMut() -> AnyView + Send + 'static) -> Alive<AnyView> {
    Arc::new(Mutex::new(part))
}

/// A text, or the value of an attribute.
pub fn words(words: impl FnMut() -> String + Send + 'static) -> Alive<String> {
    Arc::new(Mutex::new(words))
}

/// The value of an attribute that is not always there.
pub fn perhaps(value: impl FnMut() -> Option<String> + Send + 'static) -> Alive<Option<String>> {
    Arc::new(Mutex::new(value))
}
