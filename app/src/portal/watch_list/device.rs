//! In the browser: what it keeps for this page, its files, and the worker that keeps the portal's static files.

use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use shared::watch_list::{LARGEST_LIST, ListError, WatchList};
use web_sys::js_sys::{Array, Reflect};
use web_sys::{Blob, File, HtmlAnchorElement, ServiceWorkerContainer, ServiceWorkerRegistration, Storage, Url};

/// The one key. That it is there is the choice to keep a list.
const KEY: &str = "portico.watch-list";
/// Made by the bundler.
const WORKER: &str = "/service-worker.js";
/// How the worker's caches begin.
const CACHES: &str = "portico-";

/// What the browser keeps for this page.
pub enum Kept {
    /// The person did not choose to keep a list.
    Nothing,
    List(WatchList),
    Unreadable(ListError),
    /// The browser does not say.
    Forbidden,
}

/// The browser did not keep it: it must not, or has no room.
pub struct NotKept;

/// The browser's storage, unless its settings forbid it. Asking alone is refused then.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

pub fn read() -> Kept {
    match storage().map(|storage| storage.get_item(KEY)) {
        None | Some(Err(_)) => Kept::Forbidden,
        Some(Ok(None)) => Kept::Nothing,
        Some(Ok(Some(text))) => WatchList::parse(&text).map_or_else(Kept::Unreadable, Kept::List),
    }
}

pub fn keep(list: &WatchList) -> Result<(), NotKept> {
    storage().and_then(|storage| storage.set_item(KEY, &list.write()).ok()).ok_or(NotKept)
}

pub fn forget() -> Result<(), NotKept> {
    storage().and_then(|storage| storage.remove_item(KEY).ok()).ok_or(NotKept)
}

/// Hands a text to the person as a file. It does not leave the browser.
pub fn save_as_file(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Browsers take the file over during the click.
    Url::revoke_object_url(&address)
}

/// The text of a file. One that is too large is not read.
pub async fn text_of(file: File) -> Result<String, ListError> {
    // More bytes than a `usize` has are too many as well.
    #[expect(clippy::cast_precision_loss, reason = "a small constant")]
    if file.size() > LARGEST_LIST as f64 {
        return Err(ListError::TooLarge);
    }
    file.text().await.ok().and_then(|text| text.as_string()).ok_or(ListError::NotAList)
}

/// None in browsers without service workers, and off HTTPS.
fn workers() -> Option<ServiceWorkerContainer> {
    let navigator = window().navigator();
    let is_there = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    is_there.then(|| navigator.service_worker())
}

/// Has the worker keep the portal's static files. The list does without it where that fails.
pub async fn start_worker() {
    if let Some(workers) = workers() {
        let _ = workers.register(WORKER).await;
    }
}

/// Ends the worker and removes its caches.
pub async fn stop_worker() -> Result<(), JsValue> {
    if let Some(workers) = workers() {
        let registration = workers.get_registration_with_document_url("/").await?;
        if let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() {
            registration.unregister()?.await?;
        }
    }
    // Where there are no workers there are no caches either.
    let Ok(caches) = window().caches() else { return Ok(()) };
    for name in Array::from(&caches.keys().await?).iter().filter_map(|name| name.as_string()) {
        if name.starts_with(CACHES) {
            caches.delete(&name).await?;
        }
    }
    Ok(())
}
