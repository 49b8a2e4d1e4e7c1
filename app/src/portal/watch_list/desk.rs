//! What the page knows, and the one way to change the list.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::HtmlElement;
use shared::case_status::ReceiptNumber;
use shared::locale::Locale;
use shared::watch_list::{ListError, Merged, Removed, WatchList};

use super::check::Checking;
use super::device::{self, Kept};

/// Which page this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The page as it is sent, and all of it without scripts.
    Waiting,
    NotChosen,
    /// As `NotChosen`, just after the device was cleared.
    Cleared(Clearing),
    Listed,
    Unreadable(ListError),
    Forbidden,
}

/// How far clearing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clearing {
    Whole,
    /// The server could not be reached: the session keeps what was asked last.
    ButForTheAnswer,
    /// The browser keeps static files.
    ButForFiles,
}

/// What came of the last thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    Started,
    Added(String),
    Removed(Removed),
    PutBack(String),
    Full,
    Imported(Merged),
    NotImported(ListError),
    NoFile,
    Saved,
    NotSaved,
    NotKept,
}

#[derive(Clone, Copy)]
pub struct Desk {
    pub locale: Locale,
    pub stage: RwSignal<Stage>,
    pub list: RwSignal<WatchList>,
    pub notice: RwSignal<Option<Notice>>,
    /// The case that is given a name: one at a time.
    pub renaming: RwSignal<Option<ReceiptNumber>>,
    pub checking: RwSignal<Checking>,
    /// Numbers that were answered since the page was opened, or since the last time that all were.
    pub answered: StoredValue<Vec<ReceiptNumber>>,
    /// For screen readers, where the focus does not move.
    pub announced: RwSignal<String>,
}

/// Where the reader is led to.
pub const NOTICE: &str = "notice";

impl Desk {
    pub fn new(locale: Locale) -> Self {
        Self {
            locale,
            stage: RwSignal::new(Stage::Waiting),
            list: RwSignal::default(),
            notice: RwSignal::new(None),
            renaming: RwSignal::new(None),
            checking: RwSignal::new(Checking::Idle),
            answered: StoredValue::default(),
            announced: RwSignal::default(),
        }
    }

    /// Shows what the browser keeps.
    pub fn show(self, kept: Kept) {
        let stage = match kept {
            Kept::Nothing => Stage::NotChosen,
            Kept::Unreadable(error) => Stage::Unreadable(error),
            Kept::Forbidden => Stage::Forbidden,
            Kept::List(list) => {
                self.list.set(list);
                Stage::Listed
            }
        };
        if self.stage.get_untracked() != stage {
            self.stage.set(stage);
        }
    }

    /// Changes the list as the browser keeps it now: another tab may have changed it since. None if that cannot be.
    pub fn change<T>(self, change: impl FnOnce(&mut WatchList) -> T) -> Option<T> {
        let mut list = match device::read() {
            Kept::List(list) => list,
            other => {
                self.show(other);
                return None;
            }
        };
        let changed = change(&mut list);
        if device::keep(&list).is_err() {
            self.say(Notice::NotKept);
            return None;
        }
        self.list.set(list);
        Some(changed)
    }

    /// Says what came of what the person did, and leads there.
    pub fn say(self, notice: Notice) {
        self.announced.set(String::new());
        self.notice.set(Some(notice));
        lead_reader_to(NOTICE);
    }
}

/// Moves the focus, once the element is in the page.
pub fn lead_reader_to(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot take the focus leaves it where it is.
            let _ = element.focus();
        }
    });
}
