//! The console's pages and addresses.

/// Where the console begins.
pub const HOME: &str = "/console";

/// What the addresses of its server functions begin with.
pub const FUNCTIONS: &str = "/_fn/console/";

/// What the addresses begin with that take files and are given the time for it. The token is in the body.
pub const UPLOADS: &str = "/_upload/console/";

/// Where nobody needs to be signed in: the way in, with the use notice and the first enrolment. Pages and server functions.
pub const OPEN: [&str; 2] = [SIGN_IN, "/_fn/console/sign_in"];

/// What pages ask by themselves: it changes nothing but who is said to have a request open, counts as nobody's presence at the
/// session, and is asked by pages whose token may be an old one.
pub const BY_ITSELF: [&str; 4] =
    ["/_fn/console/session/who", "/_fn/console/service_request/here", "/_fn/console/live/list", "/_fn/console/live/request"];

pub const SIGN_IN: &str = "/console/sign-in";
/// Where a second factor is shown once more: a locked session is opened, or something sensitive is about to be done.
pub const AGAIN: &str = "/console/sign-in/again";
/// Where the browser goes to sign in at the agency's identity provider, and where that sends it back. No pages: both lead on.
pub const PROVIDER: &str = "/console/sign-in/oidc";
pub const PROVIDER_BACK: &str = "/console/sign-in/oidc/back";
/// The one-time way in of a new account, or of one whose password was lost.
pub const ENROL: &str = "/console/sign-in/enrol";
/// Where somebody ends who signed in again for a page in another tab.
pub const BACK: &str = "/console/back";
pub const SESSIONS: &str = "/console/sessions";
pub const ACCOUNTS: &str = "/console/accounts";

/// An office's requests, in lists; below it each request, by the id of its row.
pub const REQUESTS: &str = "/console/requests";
/// What was found; the address names the search, never what was looked for.
pub const SEARCH: &str = "/console/requests/search";
/// Where staff take a request in for somebody.
pub const TAKE_IN: &str = "/console/requests/new";
/// Requests that came to no office.
pub const UNROUTED: &str = "/console/requests/unrouted";
/// What other offices ask.
pub const QUESTIONS: &str = "/console/requests/questions";
/// Requests whose day is near, or has passed.
pub const ESCALATIONS: &str = "/console/requests/escalations";
/// What giving many requests to somebody would do.
pub const ASSIGN: &str = "/console/requests/assign";
/// What it did.
pub const ASSIGNED: &str = "/console/requests/assigned";
/// Who takes an office's requests, how many, and who is away.
pub const ROSTER: &str = "/console/roster";

/// What changes while a page is open, as server-sent events. No page.
pub const LIVE: &str = "/console/live";

/// Answers that wait for a second reader.
pub const REVIEWS: &str = "/console/reviews";
/// Letters that wait for the printer, and batches of them.
pub const LETTERS: &str = "/console/letters";
/// What officers begin answers with.
pub const TEMPLATES: &str = "/console/templates";
pub const NEW_TEMPLATE: &str = "/console/templates/new";

/// Somebody on the line: calls, and below it each by its id.
pub const CALLS: &str = "/console/calls";

/// What agents read to callers; below it each version by its id.
pub const SCRIPTS: &str = "/console/scripts";
/// Where a script comes in as a file. No page.
pub const IMPORT_SCRIPT: &str = "/_upload/console/script";

/// Queries to partner countries; below it each by its id.
pub const QUERIES: &str = "/console/partner-queries";
pub const ASK_PARTNERS: &str = "/console/partner-queries/ask";
/// Where a question comes in with its fingerprints. No page.
pub const SEND_QUERY: &str = "/_upload/console/query";
/// What counsel has to decide; below it each by its id.
pub const HELD: &str = "/console/partner-queries/held";
/// Why partners were told nothing of people whom we know.
pub const SUPPRESSED: &str = "/console/partner-queries/suppressed";
/// What other components may use of partners' answers; below it each request that waits, by its id.
pub const USES: &str = "/console/partner-queries/uses";

/// Answers that are read again after they went out, and what was found in one's own.
pub const QUALITY: &str = "/console/quality";
/// Which answers are read twice.
pub const QUALITY_RULES: &str = "/console/quality/rules";
/// What readings add up to.
pub const QUALITY_FIGURES: &str = "/console/quality/figures";

/// People, whatever cases they have: where somebody is looked for; below it each profile by its id.
pub const PROFILES: &str = "/console/profiles";
/// What waits for a second person.
pub const CORRECTIONS: &str = "/console/profiles/corrections";
/// Where a photograph or a biometric record comes in, and what is taken at an interview. No pages.
pub const ADD_RECORD: &str = "/_upload/console/biometric";
pub const ADD_INTERVIEW: &str = "/_upload/console/verification";

/// Agreements with partner countries; below it each partner by its code.
pub const AGREEMENTS: &str = "/console/agreements";
/// The forms in which partners and we write to each other.
pub const PARTNER_TEMPLATES: &str = "/console/agreements/templates";
/// Where a version comes in as a file. No page.
pub const IMPORT_AGREEMENT: &str = "/_upload/console/agreement";

/// What lets partners be told of somebody who is protected.
pub const WAIVERS: &str = "/console/waivers";
pub const PROPOSE_WAIVER: &str = "/console/waivers/propose";
/// Where a waiver comes in with its paper. No page.
pub const ADD_WAIVER: &str = "/_upload/console/waiver";

/// What partners want to know that people answer; below it each request by its id, and below that its documents.
pub const INFORMATION_REQUESTS: &str = "/console/information-requests";
/// Where a document of a request comes in. No page.
pub const ADD_RELEASE_DOCUMENT: &str = "/_upload/console/information-request/document";
/// Where the form goes by which areas are taken out of a document. No server function: a process of its own does it.
pub const REDACT: &str = "/_fn/console/information_request/redact";
/// What OBIM fetches and sends.
pub const PACKAGES: &str = "/console/packages";
/// Where the form goes by which a package is fetched. No server function: what it sends is a file.
pub const FETCH_PACKAGE: &str = "/_fn/console/information_request/fetch";

/// The accounting of disclosures.
pub const ACCOUNTING: &str = "/console/accounting";
/// Of a person: below it each by the id of their profile.
pub const ACCOUNTING_PEOPLE: &str = "/console/accounting/people";
/// Of a recipient, from a day to a day.
pub const ACCOUNTING_RECIPIENTS: &str = "/console/accounting/recipients";
/// Where a disclosure is recorded that is made by other ways than partner sharing.
pub const RECORD_DISCLOSURE: &str = "/console/accounting/record";
/// Who has to be told of a correction.
pub const CORRECTIONS_TOLD: &str = "/console/accounting/corrections";
/// Where the form goes by which the accounting is given out. No server function: what it sends is a file.
pub const ACCOUNTING_FILE: &str = "/_fn/console/accounting/export";
/// What is due to be destroyed.
pub const RETENTION: &str = "/console/retention";
/// What must not be destroyed although it is due.
pub const HOLDS: &str = "/console/retention/holds";
/// Lists of records that are to be destroyed; below it each by its id.
pub const DISPOSITIONS: &str = "/console/retention/dispositions";
/// What people ask about their own records; below it each request by its id.
pub const REDRESS: &str = "/console/redress";
pub const LOG_REDRESS: &str = "/console/redress/log";

/// Figures of sharing with partner countries.
pub const SHARING: &str = "/console/sharing";

/// Figures of a month.
pub const REPORTS: &str = "/console/reports";
/// Why figures or a list are taken out as a file, and in which form.
pub const EXPORT: &str = "/console/reports/export";
/// Where that form goes. No server function: what it sends is a file.
pub const EXPORT_FILE: &str = "/_fn/console/report/export";

/// The pages. What begins with a colon stands for an id.
pub const PAGES: [&str; 77] = [
    HOME,
    SIGN_IN,
    AGAIN,
    ENROL,
    BACK,
    SESSIONS,
    ACCOUNTS,
    "/console/accounts/:account",
    REQUESTS,
    SEARCH,
    TAKE_IN,
    UNROUTED,
    QUESTIONS,
    ESCALATIONS,
    ASSIGN,
    ASSIGNED,
    "/console/requests/:request",
    "/console/requests/:request/answer",
    "/console/requests/:request/answer/preview",
    "/console/requests/:request/review",
    "/console/requests/:request/commands",
    ROSTER,
    REVIEWS,
    LETTERS,
    CALLS,
    "/console/calls/:call",
    SCRIPTS,
    "/console/scripts/:version",
    "/console/scripts/:version/add",
    "/console/scripts/:version/nodes/:node",
    TEMPLATES,
    NEW_TEMPLATE,
    "/console/templates/:template",
    QUALITY,
    QUALITY_RULES,
    QUALITY_FIGURES,
    "/console/quality/:answer",
    PROFILES,
    CORRECTIONS,
    "/console/profiles/:profile",
    "/console/profiles/:profile/correct",
    "/console/profiles/:profile/biometrics",
    "/console/profiles/:profile/verify",
    QUERIES,
    ASK_PARTNERS,
    HELD,
    "/console/partner-queries/held/:hold",
    SUPPRESSED,
    USES,
    "/console/partner-queries/uses/:use",
    "/console/partner-queries/:query",
    AGREEMENTS,
    PARTNER_TEMPLATES,
    "/console/agreements/:partner",
    "/console/agreements/:partner/draft",
    "/console/agreements/:partner/versions/:version",
    WAIVERS,
    PROPOSE_WAIVER,
    INFORMATION_REQUESTS,
    "/console/information-requests/:request",
    "/console/information-requests/:request/documents/:document",
    PACKAGES,
    ACCOUNTING,
    "/console/accounting/people/:profile",
    ACCOUNTING_RECIPIENTS,
    RECORD_DISCLOSURE,
    CORRECTIONS_TOLD,
    RETENTION,
    HOLDS,
    DISPOSITIONS,
    "/console/retention/dispositions/:disposition",
    REDRESS,
    LOG_REDRESS,
    "/console/redress/:request",
    SHARING,
    REPORTS,
    EXPORT,
];

/// Where forms go that bring files.
pub const TAKES_FILES: [&str; 7] =
    [IMPORT_SCRIPT, ADD_RECORD, ADD_INTERVIEW, SEND_QUERY, IMPORT_AGREEMENT, ADD_WAIVER, ADD_RELEASE_DOCUMENT];

/// Does an address belong to the console?
pub fn is_console(path: &str) -> bool {
    is_below(path, HOME) || path.starts_with(FUNCTIONS) || path.starts_with(UPLOADS)
}

/// Does a form bring a file here, so that its token is in the body?
pub fn brings_a_file(path: &str) -> bool {
    path.starts_with(UPLOADS)
}

/// Is it open to somebody who has not signed in?
pub fn is_open(path: &str) -> bool {
    OPEN.into_iter().any(|open| is_below(path, open))
}

/// Does a page ask for it by itself?
pub fn is_by_itself(path: &str) -> bool {
    path == LIVE || BY_ITSELF.contains(&path)
}

/// The address of a page that afterwards leads on to another one.
#[cfg(feature = "ssr")]
pub fn leading_on(page: &str, next: Option<&str>) -> String {
    let query = next.and_then(way_back).and_then(|next| serde_urlencoded::to_string([("next", next)]).ok());
    query.map_or_else(|| page.to_owned(), |query| format!("{page}?{query}"))
}

fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The address of a page of the console to which one may be sent back: nothing but a path and a query of plain characters,
/// so that it can lead to no other host, and never the way in itself.
pub fn way_back(address: &str) -> Option<&str> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./~=&%,:+".contains(&byte));
    let is_ours = is_below(path, HOME) && !is_open(path) && !path.contains("//") && !path.contains("..");
    (is_ours && is_plain(path) && is_plain(query)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_in_is_open_and_nothing_beside_it() {
        for open in ["/console/sign-in", "/console/sign-in/code", "/_fn/console/sign_in/password"] {
            assert!(is_open(open) && is_console(open), "{open}");
        }
        for closed in ["/console", "/console/sign-in-as", "/console/sign", "/_fn/console/sign_in_as/x", "/_fn/console/accounts/add"]
        {
            assert!(!is_open(closed) && is_console(closed), "{closed}");
        }
        for other in ["/", "/consoles", "/_fn/case_status/find", "/es/console", "/_upload/e-request"] {
            assert!(!is_console(other) && !is_open(other), "{other}");
        }
        for file in TAKES_FILES {
            assert!(is_console(file) && brings_a_file(file) && !is_open(file), "{file}");
        }
        assert!(!brings_a_file(SCRIPTS) && !brings_a_file(EXPORT_FILE) && !brings_a_file(ACCOUNTING_FILE));
    }

    #[test]
    fn the_way_back_leads_to_a_page_of_the_console_only() {
        for good in ["/console", "/console/requests/0199?tab=history", "/console?x=1&y=2"] {
            assert_eq!(way_back(good), Some(good));
        }
        for bad in [
            "",
            "/",
            "https://evil.example/console",
            "//evil.example/console",
            "/console//evil.example",
            "/console/../case-status",
            "/consoles",
            "/console\\evil.example",
            "/console/sign-in",
            "/console/sign-in?next=/console",
            "/console\r\nset-cookie: x",
            "/console#x",
            "/console/ä",
        ] {
            assert_eq!(way_back(bad), None, "{bad}");
        }
    }
}
