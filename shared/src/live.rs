//! What an open page is told while it is open: that something changed, and never what it says.

/// What happened to a request, as far as lists and pages of it are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is with another office, with another officer, or in another list.
    Moved,
    /// Something else happened to it.
    Changed,
    /// Somebody wrote a note.
    Note,
    /// Somebody asked another office, or answered.
    Question,
}

impl ChangeKind {
    pub const ALL: [Self; 4] = [Self::Moved, Self::Changed, Self::Note, Self::Question];

    /// The word in the database and in a stream.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Changed => "changed",
            Self::Note => "note",
            Self::Question => "question",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What a page of a list would show otherwise if it were loaded again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct News {
    /// Requests that came into the list.
    pub new: usize,
    /// Requests that left it.
    pub gone: usize,
    /// Requests to which something happened.
    pub changed: usize,
}

impl News {
    /// Compares a page as it is on a screen with the same page now: what names a request, and its version, in the order of the page.
    /// `size` is the most that stand on it. What only moved up from the next page, or down to it, is no news.
    pub fn of<Id: PartialEq>(shown: &[(Id, i64)], now: &[(Id, i64)], size: usize) -> Self {
        let place = |rows: &[(Id, i64)], id: &Id| rows.iter().position(|(other, _)| other == id);
        let last = shown.iter().rev().find_map(|(id, _)| Some((place(shown, id)? + 1, place(now, id)? + 1)));
        let (last_shown, last_now) = last.unwrap_or_default();
        if last.is_none() && shown.len() >= size && now.len() >= size {
            // Nothing is left of the page: whether it went or was pushed away cannot be told.
            return Self { changed: shown.len(), ..Self::default() };
        }
        // Behind the last request that stands on both, a full page was cut off.
        let shown_to = if now.len() >= size { last_shown } else { shown.len() };
        let now_to = if shown.len() >= size { last_now } else { now.len() };
        let version = |id: &Id| shown.iter().find(|(other, _)| other == id).map(|(_, version)| *version);
        Self {
            new: now[..now_to].iter().filter(|(id, _)| version(id).is_none()).count(),
            gone: shown[..shown_to].iter().filter(|(id, _)| place(now, id).is_none()).count(),
            changed: now.iter().filter(|(id, now)| version(id).is_some_and(|version| version != *now)).count(),
        }
    }

    /// In words: `2 new, 1 gone`. None if there is no news.
    pub fn words(self) -> Option<String> {
        let parts = [(self.new, "new"), (self.gone, "gone"), (self.changed, "changed")];
        let parts: Vec<String> = parts.iter().filter(|(many, _)| *many > 0).map(|(many, word)| format!("{many} {word}")).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Vec<(char, i64)> {
        // A capital is the next version.
        text.chars().map(|c| (c.to_ascii_lowercase(), i64::from(c.is_ascii_uppercase()))).collect()
    }

    fn news(shown: &str, now: &str, size: usize) -> Option<String> {
        News::of(&rows(shown), &rows(now), size).words()
    }

    #[test]
    fn a_page_says_what_came_what_went_and_what_changed() {
        for (shown, now, said) in [
            ("abc", "abc", None),
            ("", "", None),
            ("abc", "abcd", Some("1 new")),
            ("", "ab", Some("2 new")),
            ("abc", "ac", Some("1 gone")),
            ("abc", "", Some("3 gone")),
            ("abc", "aBc", Some("1 changed")),
            ("abc", "dCb", Some("1 new, 1 gone, 1 changed")),
        ] {
            assert_eq!(news(shown, now, 10).as_deref(), said, "{shown} {now}");
        }
    }

    #[test]
    fn what_crossed_the_end_of_a_full_page_is_no_news() {
        for (shown, now, said) in [
            // One is taken, and the next page's first moves up.
            ("abcd", "abde", Some("1 gone")),
            // One comes in front, and the last moves down.
            ("abcd", "xabc", Some("1 new")),
            ("abcd", "xbcd", Some("1 new, 1 gone")),
            // It was full and is not any more.
            ("abcd", "abc", Some("1 gone")),
            // Others stand there, because these went or because those came in front.
            ("abcd", "efgh", Some("4 changed")),
            ("abcd", "abcd", None),
        ] {
            assert_eq!(news(shown, now, 4).as_deref(), said, "{shown} {now}");
        }
    }

    proptest! {
        #[test]
        fn a_list_that_fits_its_page_is_told_exactly(before in "[a-h]{0,8}", now in "[a-h]{0,8}") {
            let unique = |text: &str| {
                let mut rows = rows(text);
                rows.sort_unstable();
                rows.dedup();
                rows
            };
            let (before, now) = (unique(&before), unique(&now));
            let news = News::of(&before, &now, 100);
            prop_assert_eq!(news.new, now.iter().filter(|row| !before.contains(row)).count());
            prop_assert_eq!(news.gone, before.iter().filter(|row| !now.contains(row)).count());
            prop_assert_eq!(news.changed, 0);
        }

        #[test]
        fn of_a_longer_list_no_more_is_told_than_happened(before in 0_u32..(1 << 12), now in 0_u32..(1 << 12), size in 1_usize..6) {
            let all = |bits: u32| (0..12).filter(|at| bits >> at & 1 == 1).map(|id| (id, 0)).collect::<Vec<(i32, i64)>>();
            let (before, now) = (all(before), all(now));
            let page = |list: &[(i32, i64)]| list.iter().take(size).copied().collect::<Vec<_>>();
            let news = News::of(&page(&before), &page(&now), size);
            prop_assert!(news.new <= now.iter().filter(|row| !before.contains(row)).count());
            prop_assert!(news.gone <= before.iter().filter(|row| !now.contains(row)).count());
        }
    }
}
