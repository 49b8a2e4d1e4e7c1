/// How somebody proved who they are when a session began. Each way has two factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Password, and a code of an authenticator.
    Totp,
    /// Password, and a passkey.
    Passkey,
    /// At the agency's identity provider.
    Provider,
}

impl Method {
    /// The word in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Totp, Self::Passkey, Self::Provider].into_iter().find(|method| method.key() == key)
    }

    /// As staff say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totp => "Password and code",
            Self::Passkey => "Password and passkey",
            Self::Provider => "Agency sign-in",
        }
    }
}

/// A browser and a system, as a session list shows them: few enough words that they are nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    browser: &'static str,
    system: &'static str,
}

impl Client {
    /// From the header `User-Agent`. Only words of our own are kept, so nothing of what was sent is.
    #[must_use]
    pub fn of_user_agent(header: &str) -> Self {
        // The first that fits: Edge says that it is Chrome, and Chrome that it is Safari; a telephone that it is Linux.
        let first = |words: &[(&str, &'static str)], otherwise| {
            words.iter().find(|(sign, _)| header.contains(sign)).map_or(otherwise, |(_, name)| *name)
        };
        let browsers = [("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
        let systems = [
            ("Android", "Android"),
            ("iPhone", "iOS"),
            ("iPad", "iOS"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ];
        Self { browser: first(&browsers, "A browser"), system: first(&systems, "another system") }
    }

    /// `Firefox on Linux`.
    #[must_use]
    pub fn label(self) -> String {
        format!("{} on {}", self.browser, self.system)
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    #[test]
    fn a_client_is_named_without_what_it_sent() {
        for (header, label) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
            ("Mozilla/5.0 (Linux; Android 16; SM-X) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_5) AppleWebKit/605 Version/19 Safari/605", "Safari on macOS"),
            ("ana@example.org", "A browser on another system"),
        ] {
            assert_eq!(Client::of_user_agent(header).label(), label);
        }
    }
}
