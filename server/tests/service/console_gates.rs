//! Who gets where: every page, download and server function of the console, asked by every role, about what is with the officer's own
//! office and about what is with another one. What came is compared with `console_gates.txt`, which people read and agree to.
//!
//! A page or function that is not listed here makes the test fail: add it to [`PAGES_ASKED`], [`DOWNLOADS`] or [`FUNCTIONS`], with
//! fields that a form of it sends, so that what is refused is refused to the role. Then write the file anew, and read what changed:
//!
//! ```sh
//! PORTICO_WRITE_GATES=1 cargo nextest run -p portico console_gates
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use app::console::site::{
    ADD_INTERVIEW, ADD_RECORD, ADD_RELEASE_DOCUMENT, ADD_WAIVER, AGAIN, ASSIGN, ASSIGNED, IMPORT_AGREEMENT, IMPORT_SCRIPT, LIVE,
    PAGES, SEND_QUERY, SIGN_IN, TAKES_FILES,
};
use chrono::TimeDelta;
use domain::agreement as agreements;
use domain::answer as answers;
use domain::call_script as calls;
use domain::identity::account::list as accounts;
use domain::identity::{Manager, enrolment, grant};
use domain::profile as profiles;
use domain::quality;
use domain::service_request::{self as requests, demo};
use domain::{Actor, Context, Officer};
use reqwest::{Method, StatusCode};
use shared::agreement::{AgreementVersion, Partner};
use shared::answer::{Draft, Issue, Placeholder};
use shared::identity::{Grant, Role};
use shared::locale::Locale;
use shared::office::OfficeCode;
use shared::profile::{Change, Fact, FactKind};
use shared::protection::{Class, Waiver, WaiverId, WaiverKind};
use shared::quality::{Draw, Rule};
use shared::redress::{Basis, Channel, Decision, Outcome, RedressEvent, RedressKind, RedressState};
use shared::service_request::{OfficerId, Queue};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Connection as _, FromRow};
use store::redress;
use uuid::Uuid;

use super::console::{Answer, Desk, functions};
use super::documents::Desk as Documents;
use super::running::{Engine, Installation, Server, line};

const REVIEWED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/service/console_gates.txt");
/// Set to write the file anew.
const WRITE: &str = "PORTICO_WRITE_GATES";

/// Who asks: the column, and their name in the demo. All of them are at NBC.
const ROLES: [(&str, &str); 17] = [
    ("no role", "second.csc"),
    ("Tier 1", "tier.one"),
    ("Tier 2", "tier.two"),
    ("IIO", "officer.one"),
    ("SIIO", "supervisor.nbc"),
    ("quality", "reviewer"),
    ("admin", "admin.one"),
    ("auditor", "auditor"),
    ("RAIO", "raio"),
    ("FDNS", "fdns"),
    ("ICTS", "icts.one"),
    ("ICTS two", "icts.two"),
    ("counsel", "counsel"),
    ("privacy", "privacy"),
    ("agreem.", "agreements"),
    ("OBIM", "obim"),
    ("records", "records"),
];
/// The officers' own office, and another one: with somebody on its roster, and the office that it sends things to.
const PLACES: [(&str, &str, &str); 2] = [("NBC", "officer.two", "TSC"), ("TSC", "officer.tsc", "NSC")];

/// Pages by their route, and an address of it. What stands in braces is made for each call: see [`Asking::fact`]. A page or function can
/// be asked more than once: what is different then stands behind its name.
const PAGES_ASKED: [(&str, &str); 84] = [
    ("/console", "/console"),
    ("/console/sign-in", "/console/sign-in"),
    ("/console/sign-in/again", "/console/sign-in/again"),
    ("/console/sign-in/enrol", "/console/sign-in/enrol"),
    ("/console/back", "/console/back"),
    ("/console/sessions", "/console/sessions"),
    ("/console/accounts", "/console/accounts"),
    ("/console/accounts/:account", "/console/accounts/{account}"),
    ("/console/requests", "/console/requests?office={office}"),
    ("/console/requests/search", "/console/requests/search"),
    ("/console/requests/new", "/console/requests/new?office={office}&source=telephone&kind=case_status"),
    ("/console/requests/unrouted", "/console/requests/unrouted?office={office}"),
    ("/console/requests/questions", "/console/requests/questions?office={office}"),
    ("/console/requests/escalations", "/console/requests/escalations?office={office}"),
    ("/console/requests/assign", "/console/requests/assign?kept={chosen}"),
    ("/console/requests/assigned", "/console/requests/assigned?kept={assigned}"),
    ("/console/requests/:request", "/console/requests/{request}"),
    ("/console/requests/:request (asked about it)", "/console/requests/{asked}?for=question&question={question}"),
    ("/console/requests/:request (protected case)", "/console/requests/{protected}"),
    ("/console/requests/:request/answer", "/console/requests/{mine}/answer"),
    ("/console/requests/:request/answer/preview", "/console/requests/{written}/answer/preview"),
    ("/console/requests/:request/review", "/console/requests/{handed_in}/review"),
    ("/console/requests/:request/commands", "/console/requests/{mine}/commands"),
    ("/console/roster", "/console/roster?office={office}"),
    ("/console/reviews", "/console/reviews"),
    ("/console/letters", "/console/letters?office={office}"),
    ("/console/templates", "/console/templates"),
    ("/console/templates/new", "/console/templates/new"),
    ("/console/templates/:template", "/console/templates/mailed"),
    ("/console/calls", "/console/calls"),
    ("/console/calls/:call", "/console/calls/{call}"),
    ("/console/calls/:call (handed to Tier 2)", "/console/calls/{handed}"),
    ("/console/scripts", "/console/scripts"),
    ("/console/scripts/:version", "/console/scripts/{script}"),
    ("/console/scripts/:version/add", "/console/scripts/{draft}/add?step=say"),
    ("/console/scripts/:version/nodes/:node", "/console/scripts/{draft}/nodes/{node}"),
    ("/console/quality", "/console/quality"),
    ("/console/quality/rules", "/console/quality/rules"),
    ("/console/quality/figures", "/console/quality/figures"),
    ("/console/quality/:answer", "/console/quality/{drawn}"),
    ("/console/quality/:answer (read)", "/console/quality/{read_again}"),
    ("/console/profiles", "/console/profiles"),
    ("/console/profiles/corrections", "/console/profiles/corrections"),
    ("/console/profiles/:profile", "/console/profiles/{profile}"),
    ("/console/profiles/:profile (protected)", "/console/profiles/{protected_profile}"),
    ("/console/profiles/:profile/correct", "/console/profiles/{profile}/correct?add=fin"),
    ("/console/profiles/:profile/biometrics", "/console/profiles/{profile}/biometrics"),
    ("/console/profiles/:profile/verify", "/console/profiles/{profile}/verify"),
    ("/console/partner-queries", "/console/partner-queries"),
    ("/console/partner-queries/ask", "/console/partner-queries/ask?profile={profile}"),
    ("/console/partner-queries/held", "/console/partner-queries/held"),
    ("/console/partner-queries/held/:hold", "/console/partner-queries/held/{submission}"),
    ("/console/partner-queries/suppressed", "/console/partner-queries/suppressed"),
    ("/console/partner-queries/uses", "/console/partner-queries/uses"),
    ("/console/partner-queries/uses/:use", "/console/partner-queries/uses/{submission}"),
    ("/console/partner-queries/:query", "/console/partner-queries/{submission}"),
    ("/console/agreements", "/console/agreements"),
    ("/console/agreements/templates", "/console/agreements/templates"),
    ("/console/agreements/:partner", "/console/agreements/CA"),
    ("/console/agreements/:partner/draft", "/console/agreements/CA/draft"),
    ("/console/agreements/:partner/versions/:version", "/console/agreements/CA/versions/1"),
    ("/console/waivers", "/console/waivers"),
    ("/console/waivers/propose", "/console/waivers/propose"),
    ("/console/information-requests", "/console/information-requests"),
    ("/console/information-requests/:request", "/console/information-requests/{submission}"),
    (
        "/console/information-requests/:request/documents/:document",
        "/console/information-requests/{submission}/documents/{submission}",
    ),
    ("/console/packages", "/console/packages"),
    ("/console/accounting", "/console/accounting"),
    ("/console/accounting/people/:profile", "/console/accounting/people/{opened}"),
    ("/console/accounting/people/:profile (protected)", "/console/accounting/people/{opened_protected}"),
    ("/console/accounting/recipients", "/console/accounting/recipients?to=other&from=2026-01-01&until=2026-12-31"),
    ("/console/accounting/record", "/console/accounting/record?profile={profile}"),
    ("/console/accounting/corrections", "/console/accounting/corrections"),
    ("/console/retention", "/console/retention"),
    ("/console/retention/holds", "/console/retention/holds"),
    ("/console/retention/dispositions", "/console/retention/dispositions"),
    ("/console/retention/dispositions/:disposition", "/console/retention/dispositions/{disposition}"),
    ("/console/redress", "/console/redress"),
    ("/console/redress/log", "/console/redress/log"),
    ("/console/redress/:request", "/console/redress/{redress_searched}"),
    ("/console/sharing", "/console/sharing"),
    ("/console/reports", "/console/reports"),
    ("/console/reports/export", "/console/reports/export?what=figures&month=2026-01"),
    ("/console/reports/export (a list)", "/console/reports/export?what=requests&office={office}&queue=waiting"),
];

/// What is sent and not shown, and what else answers below `/console` without being a page.
const DOWNLOADS: [(&str, &str); 19] = [
    ("/console/requests/:request/documents/:document", "/console/requests/{documented}/documents/{document}"),
    ("/console/requests/:request/answer/letter.pdf", "/console/requests/{written}/answer/letter.pdf?copy=online"),
    ("/console/requests/:request/answers/:number/letter.pdf", "/console/requests/{released}/answers/1/letter.pdf?copy=online"),
    ("/console/letters/:batch/letters.pdf", "/console/letters/{printed}/letters.pdf"),
    ("/console/letters/:batch/manifest.json", "/console/letters/{printed}/manifest.json"),
    ("/console/scripts/:version/file", "/console/scripts/{script}/file"),
    ("/console/profiles/:profile/photographs/:photograph", "/console/profiles/{opened}/photographs/{photograph}"),
    (
        "/console/profiles/:profile/photographs/:photograph (protected)",
        "/console/profiles/{opened_protected}/photographs/{protected_photograph}",
    ),
    ("/console/partner-queries/:query/print", "/console/partner-queries/{submission}/print"),
    ("/console/agreements/:partner/versions/:version/file", "/console/agreements/CA/versions/1/file"),
    ("/console/retention/dispositions/:disposition/certificate", "/console/retention/dispositions/{certified}/certificate"),
    (
        "/console/information-requests/:request/documents/:document/content",
        "/console/information-requests/{submission}/documents/{submission}/content",
    ),
    ("/console/redress/:request/letter.pdf", "/console/redress/{redress_decided}/letter.pdf"),
    ("/console/redress/:request/records.json", "/console/redress/{redress_answered}/records.json"),
    ("/console/redress/:request/records.csv", "/console/redress/{redress_answered}/records.csv"),
    ("/console/live (an office)", "/console/live?office={office}"),
    ("/console/live (a request)", "/console/live?request={request}"),
    ("/console/sign-in/oidc", "/console/sign-in/oidc"),
    ("/console/nothing-here", "/console/nothing-here"),
];

/// What is posted beside the server functions, and is sent a file.
const FILES: [(&str, &str); 6] = [
    ("information_request/fetch", "id={submission}"),
    ("information_request/redact", "id={submission}&document={submission}&page1=1&left1=0&top1=0&right1=10&bottom1=10"),
    ("accounting/export", "profile={opened}&reason=the_person&format=json"),
    ("accounting/export (a recipient)", "to=other&from=2026-01-01&until=2026-12-31&reason=oversight&format=csv"),
    ("report/export", "what=figures&month=2026-01&reason=planning&format=csv"),
    ("report/export (a list)", "what=requests&office={office}&queue=waiting&reason=planning&format=xlsx"),
];

/// What brings a file: addresses, and what a form sends beside it.
const UPLOADS: [(&str, &str); 7] = [
    (IMPORT_SCRIPT, "x=y"),
    (ADD_RECORD, "profile={opened}&what=photograph.front&from=upload&captured_on=2026-01-05"),
    (ADD_INTERVIEW, "profile={opened}&notice=en&acknowledged=yes&enrolment=search"),
    (SEND_QUERY, "profile={opened}&why=x"),
    (IMPORT_AGREEMENT, "partner=CA&holds_from={today}"),
    (ADD_RELEASE_DOCUMENT, "id={submission}&element=passport_image"),
    (ADD_WAIVER, "kind=statute&classes=tps&partners=CA&from=2031-01-01"),
];

/// Server functions, and what a form sends to them.
const FUNCTIONS: [(&str, &str); 161] = [
    ("account/add", "name=Nora Nuevo&sign_in_name={new_name}&office={office}"),
    ("account/propose_grant", "account={account}&role=tier_1_agent&office={office}"),
    ("account/agree_to_grant", "id={proposed}"),
    ("account/end_grant", "id={grant}&account={account}"),
    ("account/open_enrolment", "account={account}"),
    ("account/agree_to_enrolment", "id={enrolment}"),
    ("account/withdraw_enrolment", "account={account}"),
    ("account/end_sessions", "account={account}"),
    ("account/disable", "account={account}"),
    ("account/enable", "account={account}"),
    ("account/unlock", "account={account}"),
    (
        "accounting/record",
        "profile={opened}&elements[]=full_name&telling[nature]=A copy&telling[record]=A form&telling[purpose]=A benefit\
         &telling[exception]=routine_use&telling[citation]=DHS/USCIS-007, H&telling[organization]=A department\
         &telling[address]=1 Example Street&telling[way]=mail",
    ),
    ("accounting/close", "disclosure={submission}&outcome=sent"),
    ("accounting/dispute", "profile={opened}&elements[]=race&text=Not so."),
    ("accounting/tell", "notice={submission}"),
    ("accounting/confirm", "notice={submission}&outcome=corrected"),
    ("agreement/draft", "partner=CA&made_from=1&holds_from={today}&fields[capability0.quota]={quota}"),
    ("agreement/starter", "partner=CA"),
    ("agreement/withdraw", "partner=CA&version={agreement}"),
    ("agreement/sign (privacy)", "partner=CA&version={agreement}&capacity=privacy&document={seen}&dry_run={dry_run}"),
    ("agreement/sign (counsel)", "partner=CA&version={agreement}&capacity=counsel&document={seen}&dry_run={dry_run}"),
    ("agreement/sign (one's own)", "partner=CA&version={agreement_oneself}&capacity=privacy&document={seen}&dry_run={dry_run}"),
    ("answer/save", "id={written}&version={version}&answer[text]=Dear&then=stay"),
    ("answer/discard", "id={written}&version={version}"),
    ("answer/review", "id={handed_in}&version={version}&verdict=give_back&text=Say by when."),
    ("answer/review (one's own)", "id={handed_in_oneself}&version={version}&verdict=give_back&text=Say by when."),
    ("answer/came_back", "id={released}&delivery={delivered}"),
    ("answer/ask", "id={mine}&kind=reissue_notice&notice=receipt"),
    ("answer/print", "office={office}"),
    ("answer/acknowledge", "office={office}&batch={printed}&letters=1"),
    ("answer/save_template", "key=gate&used=insert&title=A gate&en=A gate.&es=Una puerta."),
    ("answer/retire_template", "key=gate"),
    ("call_script/begin", "office={office}&locale=en"),
    ("call_script/search", "id={call}&text=card"),
    ("call_script/choose", "id={call}&saved=0&version={script}"),
    ("call_script/go", "id={followed}&saved=1&made={move}"),
    ("call_script/back", "id={followed}&saved=1&at=0"),
    ("call_script/identify", "id={call}&number={number}"),
    ("call_script/note", "id={call}&text=Calls from work."),
    ("call_script/end", "id={call}&ending=answered"),
    ("call_script/new_script", "key={new_script}&en=A gate&es=Una puerta"),
    ("call_script/new_version", "id={script}"),
    ("call_script/save_head", "id={draft}&saved=0&en=A gate&es=Una puerta"),
    ("call_script/save_node", "id={draft}&saved=0&node[key]=gate&node[name]=Gate&node[step]=end&node[en]=Bye.&node[es]=Adiós."),
    ("call_script/drop_node", "id={draft}&saved=0&node={node}"),
    ("call_script/begin_at", "id={draft}&saved=0&node={node}"),
    ("call_script/hand_in", "id={draft}&saved=0"),
    ("call_script/give_up", "id={draft}&saved=0"),
    ("call_script/review", "id={in_review}&saved=1&verdict=give_up"),
    ("call_script/review (one's own)", "id={in_review_oneself}&saved=1&verdict=give_up"),
    ("call_script/withdraw", "id={script}&on=2031-01-01"),
    ("information_request/take", "id={submission}"),
    ("information_request/keep", "id={submission}&version=1&choice[full_name]=told&compared_with=A-File"),
    ("information_request/remove", "id={submission}&document={submission}"),
    ("information_request/send_to_review", "id={submission}"),
    ("information_request/give_back", "id={submission}&text=Mend it."),
    ("information_request/release", "id={submission}&hash=00"),
    ("information_request/retry", "id={submission}"),
    ("information_request/close", "id={submission}"),
    ("information_request/sent", "id={submission}"),
    ("information_request/not_sent", "id={submission}&text=The line is down."),
    ("partner_query/assign", "number={number}&officer=raio"),
    ("partner_query/cancel", "query={submission}"),
    ("partner_query/third", "query={submission}"),
    ("partner_query/approve", "query={submission}"),
    ("partner_query/review", "query={submission}"),
    ("partner_query/close", "query={submission}"),
    ("partner_query/resolve", "hold={submission}&decision=silence&text=Nothing is told."),
    ("partner_query/decide_use", "wanted={submission}&verdict=refuse&text=Not for this."),
    (
        "partner_query/propose_use",
        "component=cbp&partner=CA&purposes[]=refugee_claim&elements[]=full_name&from=2031-01-01&to=2031-06-01",
    ),
    ("partner_query/agree_to_use", "approval={submission}"),
    ("partner_query/end_use", "approval={submission}"),
    ("profile/find", "purpose=correction&number={number}"),
    ("profile/open", "profile={profile}&purpose=correction"),
    ("profile/propose", "profile={profile}&change=add&kind=gender&parts[0]=U&text=Seen."),
    ("profile/decide", "profile={profile}&correction={correction}&verdict=refuse"),
    ("profile/decide (one's own)", "profile={profile}&correction={correction_oneself}&verdict=refuse"),
    ("profile/withdraw", "profile={profile}&correction={correction_oneself}"),
    ("quality/add_rule", "draw=share&number=50&office={office}"),
    ("quality/add_rule (all offices)", "draw=share&number=50"),
    ("quality/end_rule", "id={rule}"),
    (
        "quality/judge",
        "answer={drawn}&scores[asked]=yes&scores[facts]=yes&scores[plain]=yes&scores[next]=yes&scores[discreet]=yes&verdict=good",
    ),
    ("quality/set_reviewed", "office={office}&kinds[]=expedite"),
    (
        "redress/log",
        "kind=access&basis=foia&channel=mail&locale=en&received_on={today}&name=Ana Ejemplo&address=1 Sample Street&words=All of it.",
    ),
    ("redress/acknowledge", "id={redress_received}"),
    ("redress/extend", "id={redress_received}&extension=volume"),
    ("redress/verify", "id={redress_received}&text=A passport."),
    ("redress/search", "id={redress_verified}"),
    ("redress/propose", "id={redress_searched}&text=Nothing was found."),
    ("redress/agree", "id={redress_proposed}&decision={redress_decision}"),
    ("redress/agree (one's own)", "id={redress_proposed_oneself}&decision={redress_decision}"),
    ("redress/give_back", "id={redress_proposed}&text=Look again."),
    ("redress/answer", "id={redress_decided}"),
    ("redress/close", "id={redress_answered}"),
    ("redress/withdraw", "id={redress_received}&text=She took it back."),
    ("redress/disagree", "id={redress_refused}&text=It is not so."),
    ("live/list", "list=/console/requests?office={office}"),
    ("live/request", "id={request}"),
    ("service_request/add_leave", "office={office}&officer={colleague}&from=2031-01-01&until=2031-01-05"),
    ("service_request/add_leave (one's own)", "office={office}&officer={oneself}&from=2031-01-01&until=2031-01-05"),
    ("service_request/answer_question", "id={asked}&question={question}&text=It is here."),
    ("service_request/ask", "id={request}&office={elsewhere}&text=Is the file with you?"),
    ("service_request/assign", "id={request}&version={version}&to={colleague}"),
    ("service_request/assign_many", "office={office}&to={colleague}&list=/console/requests&requests[]={request}:{version}"),
    ("service_request/choose", "office={office}&to={colleague}&list=/console/requests&requests[]={request}"),
    ("service_request/drop_leave", "office={office}&officer={colleague}&leave={leave}"),
    ("service_request/drop_share", "office={office}&officer={stranger}"),
    ("service_request/drop_view", "id={view}"),
    ("service_request/hand_over", "id={mine}&version={version}&to={colleague}&text=I am away."),
    ("service_request/here", "id={request}"),
    ("service_request/keys", "keys=on"),
    ("service_request/hand_over (a colleague's)", "id={theirs}&version={version}&to={colleague}&text=I am away."),
    ("service_request/lay_back", "id={mine}&version={version}"),
    ("service_request/lay_back (a colleague's)", "id={theirs}&version={version}"),
    ("service_request/note", "id={request}&text=A note."),
    ("service_request/note (protected case)", "id={protected}&text=A note."),
    ("service_request/note_escalation", "id={raised}"),
    ("service_request/open", "id={request}&version={version}"),
    ("service_request/pause", "id={mine}&version={version}&reason=file_requested"),
    ("service_request/redirect", "id={request}&version={version}&office={elsewhere}&reason=staff_change&text=They know it."),
    ("service_request/reopen", "id={answered}&version={version}&text=It named another card."),
    ("service_request/resume", "id={paused}&version={version}"),
    ("service_request/save_view", "list=/console/requests?office={office}&name={new_name}"),
    ("service_request/search", "text=example"),
    ("service_request/send_to", "id={arriving}&office={office}"),
    ("service_request/set_share", "office={office}&officer={colleague}&capacity=0"),
    (
        "service_request/take_in",
        "submission={submission}&office={office}&source=telephone&kind=case_status&locale=en&typed[requester]=applicant\
         &typed[receipt_number]={number}&typed[explanation]=Where is it?&typed[family_name]=Ejemplo",
    ),
    ("service_request/take_next", "office={office}"),
    ("service_request/undo", "batch={batch}&office={office}&to={colleague}&list=/console/requests"),
    ("session/stay", ""),
    ("session/who", ""),
    ("session/revoke", "session={submission}"),
    ("session/revoke_others", ""),
    ("session/lock", ""),
    ("session/sign_out", ""),
    ("sign_in/agree", ""),
    ("sign_in/start_over", ""),
    ("sign_in/password", ""),
    ("sign_in/code", ""),
    ("sign_in/passkey", ""),
    ("sign_in/code_again", ""),
    ("sign_in/passkey_again", ""),
    ("sign_in/invitation", ""),
    ("sign_in/enrol", ""),
    ("sign_in/enrol_passkey", ""),
    ("sign_in/leave", ""),
    ("retention/propose_hold", "on=partner&partner=NZ&text=Lawsuit"),
    ("retention/agree_to_hold", "id={hold}"),
    ("retention/agree_to_hold (one's own)", "id={hold_oneself}"),
    ("retention/withdraw_hold", "id={hold}"),
    ("retention/propose_end", "id={agreed_hold}"),
    ("retention/keep_hold", "id={ending_hold}"),
    ("retention/end_hold", "id={ending_hold}"),
    ("retention/end_hold (one's own)", "id={ending_hold_oneself}"),
    ("retention/propose", "kinds[]=person"),
    ("retention/approve", "id={disposition}&list={list}"),
    ("retention/approve (one's own)", "id={disposition_oneself}&list={list}"),
    ("retention/withdraw", "id={disposition}"),
    ("waiver/agree", "id={waiver}"),
    ("waiver/agree (one's own)", "id={waiver_oneself}"),
    ("waiver/end", "id={waiver}"),
];

/// Requests that nobody has, and that the same words answer.
const ANSWERABLE: &str = "state = 'routed' AND place = 'unassigned' AND kind IN ('typographic_error', 'notice_not_received', \
                          'card_not_received', 'document_not_received', 'outside_normal_time') ORDER BY due_on DESC, id";

/// The way of a request for redress, and what leads to each state.
const REDRESS_STEPS: [(RedressState, RedressEvent); 5] = [
    (RedressState::Verified, RedressEvent::Verified),
    (RedressState::Searched, RedressEvent::Searched),
    (RedressState::Proposed, RedressEvent::Proposed),
    (RedressState::Decided, RedressEvent::Decided),
    (RedressState::Answered, RedressEvent::Answered),
];

/// Somebody else of an office.
fn somebody(ctx: &Context, at: &str) -> Officer {
    demo::officer(ctx, OfficerId(9), &office(at))
}

/// After these the officer is not at work any more, which is what they are for.
const LEAVING: [&str; 2] = ["session/lock", "session/sign_out"];

/// Something that can be asked for.
#[derive(Clone, Copy)]
enum Gate {
    Page { route: &'static str, address: &'static str },
    Function { name: &'static str, fields: &'static str },
    Upload { address: &'static str, fields: &'static str },
}

impl Gate {
    fn all() -> Vec<Self> {
        let page = |(route, address)| Self::Page { route, address };
        let upload = |(address, fields)| Self::Upload { address, fields };
        let function = |(name, fields)| Self::Function { name, fields };
        let pages = PAGES_ASKED.into_iter().chain(DOWNLOADS).map(page).chain(UPLOADS.into_iter().map(upload));
        pages.chain(FILES.into_iter().chain(FUNCTIONS).map(function)).collect()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Page { route, .. } => route,
            Self::Function { name, .. } => name,
            Self::Upload { address, .. } => address,
        }
    }

    fn sends(self) -> &'static str {
        match self {
            Self::Page { address, .. } => address,
            Self::Function { fields, .. } | Self::Upload { fields, .. } => fields,
        }
    }
}

/// Somebody of the demo at their desk.
struct Person {
    column: &'static str,
    id: Uuid,
    desk: Desk,
    token: String,
}

/// The demo, with what is needed to make things to ask about.
struct Asking {
    installation: Installation,
    server: Server,
    documents: Documents,
    rows: SqliteConnection,
    /// Of an office: a request with a document.
    attached: BTreeMap<&'static str, (Uuid, Uuid)>,
    /// The receipt number of a case that is protected.
    protected: String,
    made: u32,
}

/// What a call is about, and what is made for it.
struct About {
    role: Uuid,
    place: (&'static str, &'static str, &'static str),
    /// The request that was named last, and its version.
    request: Uuid,
    version: i64,
}

impl Asking {
    async fn open() -> Self {
        let mut installation = Installation::new(Engine::Sqlite).await;
        installation.shares = true;
        installation.succeed(&["seed", "demo", "--cases", "400", "--requests", "12000"]);
        let server = installation.serve(&[]);
        let documents = Documents::of(&installation).await;
        let rows = SqliteConnection::connect(&installation.database).await.unwrap();
        let mut asking =
            Self { installation, server, documents, rows, attached: BTreeMap::new(), protected: String::new(), made: 0 };
        asking.change("DELETE FROM role_grant WHERE account_id = (SELECT id FROM account WHERE sign_in_name = 'second.csc')").await;
        asking.seal().await;
        requests::escalate(&asking.documents.ctx, Actor::System).await.unwrap();
        asking
    }

    async fn change(&mut self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.rows).await.unwrap();
    }

    async fn row<T>(&mut self, sql: &str, of: &[&str]) -> Option<T>
    where
        T: Send + Unpin + for<'r> FromRow<'r, SqliteRow>,
    {
        let query = of.iter().fold(sqlx::query_as(AssertSqlSafe(sql.to_owned())), |query, value| query.bind((*value).to_owned()));
        query.fetch_optional(&mut self.rows).await.unwrap()
    }

    async fn people(&mut self) -> Vec<Person> {
        let mut people = vec![Person { column: "nobody", id: Uuid::nil(), desk: Desk::new(), token: "x".into() }];
        for (column, name) in ROLES {
            let mut desk = Desk::new();
            let entered = desk.sign_in(&self.server, name, 0).await;
            assert_eq!(entered.location(), "/console", "{name}");
            let token = desk.get(self.server.url("/console")).await.csrf();
            people.push(Person { column, id: self.account(name).await, desk, token });
        }
        people
    }

    async fn account(&self, name: &str) -> Uuid {
        let all = accounts(&self.documents.ctx, Manager::Operator).await.unwrap();
        all.into_iter().find(|account| account.sign_in_name.as_str() == name).unwrap().id
    }

    async fn officer(&self, name: &str) -> OfficerId {
        OfficerId(self.account(name).await.as_u128())
    }

    /// A request of an office, and its version; about no case that is protected.
    async fn request(&mut self, which: &str, office: &str) -> Option<(Uuid, i64)> {
        let sql = format!(
            "SELECT id, version FROM service_request WHERE office = $1 \
             AND case_id NOT IN (SELECT id FROM case_record WHERE receipt_number = $2) AND {which} LIMIT 1"
        );
        let protected = self.protected.clone();
        self.row(&sql, &[office, &protected]).await
    }

    /// One that nobody has. The last to be due: who takes the next takes another one.
    async fn free(&mut self, office: &str) -> (Uuid, i64) {
        let which = "state = 'routed' AND place = 'unassigned' AND id NOT IN (SELECT request_id FROM request_question) \
                     ORDER BY due_on DESC, id";
        self.request(which, office).await.expect("the demo has enough")
    }

    /// Has a court seal a case with requests at both offices that nobody has.
    async fn seal(&mut self) {
        let at = |office: &str| format!("SELECT case_id FROM service_request WHERE office = '{office}' AND place = 'unassigned'");
        let both = PLACES.map(|(office, ..)| format!("id IN ({})", at(office))).join(" AND ");
        let sql = format!("SELECT receipt_number FROM case_record WHERE {both} ORDER BY id LIMIT 1");
        let found: Option<(String,)> = self.row(&sql, &[]).await;
        self.protected = found.expect("the demo has enough").0;
        let sealed = line("sealed", &self.protected, "IAA", "2026-03-10T14:00:00Z", r#","protection_markers":[{"sealed":true}]"#);
        self.installation.import(&sealed);
    }

    /// Somebody who may do anything to requests of the office, with the account of who asks: what they make is the asker's own.
    fn maker(&self, about: &About) -> Officer {
        demo::officer(&self.documents.ctx, OfficerId(about.role.as_u128()), &office(about.place.0))
    }

    /// A request that somebody has and works on: one of before, or else one that they open now.
    async fn mine(&mut self, maker: &Officer, at: &str) -> (Uuid, i64) {
        let theirs = format!("state = 'opened' AND place = 'working' AND officer_id = x'{}' ORDER BY id", maker.officer_id());
        if let Some(theirs) = self.request(&theirs, at).await {
            return theirs;
        }
        let (id, version) = self.free(at).await;
        let opened = requests::open(&self.documents.ctx, maker, id, version).await.unwrap();
        let requests::Worked::Done(version) = opened else { panic!("{opened:?}") };
        (id, version)
    }

    /// What a word in braces stands for in this call.
    #[expect(clippy::too_many_lines, reason = "a short arm for each word")]
    async fn fact(&mut self, name: &str, person: &mut Person, about: &mut About) -> String {
        let (at, colleague, elsewhere) = about.place;
        let maker = self.maker(about);
        let ctx = self.documents.ctx.clone();
        let ctx = &ctx;
        let there = office(elsewhere);
        let mut keep = |(id, version): (Uuid, i64)| {
            (about.request, about.version) = (id, version);
            id.to_string()
        };
        match name {
            "office" => at.into(),
            "elsewhere" => elsewhere.into(),
            "version" => about.version.to_string(),
            "account" => self.account(colleague).await.to_string(),
            "colleague" => self.officer(colleague).await.to_string(),
            "oneself" => OfficerId(about.role.as_u128()).to_string(),
            // On no roster.
            "stranger" => self.officer("auditor").await.to_string(),
            "submission" => Uuid::from_u128(u128::from(self.next()) << 64 | 0x7000_0000_0000_0000_8000).to_string(),
            "new_name" => format!("nuevo.{}", self.next()),
            "request" => keep(self.free(at).await),
            "mine" => keep(self.mine(&maker, at).await),
            "theirs" => keep(self.mine(&somebody(ctx, at), at).await),
            "protected" => {
                let sql = "SELECT id, version FROM service_request WHERE office = $1 \
                           AND case_id = (SELECT id FROM case_record WHERE receipt_number = $2) ORDER BY id LIMIT 1";
                let number = self.protected.clone();
                keep(self.row(sql, &[at, &number]).await.expect("it is with both offices"))
            }
            "answered" => keep(self.request("state = 'answered' ORDER BY id DESC", at).await.unwrap()),
            "paused" => {
                let (id, version) = self.mine(&maker, at).await;
                let reason = shared::service_request::PauseReason::FileRequested;
                match requests::pause(ctx, &maker, id, version, reason).await.unwrap() {
                    requests::Worked::Done(version) => keep((id, version)),
                    other => panic!("{other:?}"),
                }
            }
            "written" => keep(self.written(&somebody(ctx, at), at).await),
            "handed_in" => keep(self.handed_in(&somebody(ctx, at), at).await),
            "handed_in_oneself" => keep(self.handed_in(&maker, at).await),
            "released" => keep((self.released(at).await, 0)),
            "delivered" => {
                let sql = "SELECT answer_recipient.id FROM answer_recipient JOIN answer ON answer.id = answer_id \
                           WHERE hex(request_id) = $1 AND channel = 'letter' AND answer_recipient.state <> 'returned' \
                           ORDER BY recipient LIMIT 1";
                let request = about.request.simple().to_string().to_uppercase();
                self.change("UPDATE answer_recipient SET state = 'sent' WHERE state = 'prepared'").await;
                let found: Option<(Uuid,)> = self.row(sql, &[&request]).await;
                found.expect("it went to the person").0.to_string()
            }
            "printed" => {
                let sql = "SELECT id FROM print_batch WHERE office = $1 AND acknowledged_at IS NULL LIMIT 1";
                let open: Option<(Uuid,)> = self.row(sql, &[at]).await;
                if let Some((batch,)) = open {
                    batch.to_string()
                } else {
                    let by = demo::officer(ctx, OfficerId(11), &office(at));
                    let (id, version) = self.written(&by, at).await;
                    answers::release(ctx, &by, id, version).await.unwrap();
                    answers::begin_batch(ctx, &maker, &office(at)).await.unwrap().expect("a letter waits").batch.to_string()
                }
            }
            "call" => self.on_the_line(&maker, at).await.to_string(),
            "followed" => {
                let (call, script) = (self.on_the_line(&maker, at).await, self.script().await);
                assert_eq!(calls::begin_script(ctx, &maker, call, 0, script.id).await.unwrap(), calls::Told::Done);
                call.to_string()
            }
            "handed" => {
                let call = self.on_the_line(&maker, at).await;
                assert!(calls::end(ctx, &maker, call, calls::Ending::Transferred).await.unwrap());
                // Not the asker's own any more.
                self.change(&format!("UPDATE agent_call SET officer_id = x'{}' WHERE id = x'{}'", OfficerId(9), call.simple()))
                    .await;
                call.to_string()
            }
            "new_script" => format!("gate-{}", self.next()),
            "script" => self.script().await.id.to_string(),
            // Not the first node: that is where calls begin already.
            "node" => "disclaimer".into(),
            // The first node of the script is a text to be read.
            "move" => "go".into(),
            "draft" => self.draft(&maker).await.to_string(),
            "in_review" => self.in_review(&somebody(ctx, at)).await.to_string(),
            "in_review_oneself" => self.in_review(&maker).await.to_string(),
            "drawn" => self.drawn(at).await.to_string(),
            "read_again" => {
                let answer = self.drawn(at).await;
                let reader = somebody(ctx, at).id().simple();
                self.change(&format!(
                    "UPDATE quality_sample SET read_by = x'{reader}', read_at = drawn_at, verdict = 'good' WHERE answer_id = x'{}'",
                    answer.simple()
                ))
                .await;
                answer.to_string()
            }
            "rule" => {
                let rule = Rule { office: Some(office(at)), kind: None, template: None, draw: Draw::Share(1) };
                quality::add_rule(ctx, &maker, rule).await.unwrap().to_string()
            }
            "raised" => requests::escalations(ctx, &maker, &office(at)).await.unwrap()[0].request.to_string(),
            "arriving" => {
                let found: Option<(Uuid,)> =
                    self.row("SELECT id FROM service_request WHERE place = 'arriving' ORDER BY received_at LIMIT 1", &[]).await;
                found.expect("the demo has enough").0.to_string()
            }
            "asked" => {
                let before = self.request("id IN (SELECT request_id FROM request_question)", elsewhere).await;
                keep(match before {
                    Some(before) => before,
                    None => self.free(elsewhere).await,
                })
            }
            "question" => {
                let asker = demo::officer(ctx, OfficerId(9), &there);
                requests::ask_office(ctx, &asker, about.request, &office(at), "Is the file with you?")
                    .await
                    .unwrap()
                    .unwrap()
                    .to_string()
            }
            "documented" => self.documented(at).await.0.to_string(),
            "document" => self.documented(at).await.1.to_string(),
            "batch" => {
                let (request, to) = (self.free(at).await, self.officer(colleague).await);
                requests::assign_many(ctx, &maker, &office(at), &[request], to).await.unwrap().batch.to_string()
            }
            "leave" => {
                let who = self.officer(colleague).await;
                let days = ("2032-01-01".parse().unwrap(), "2032-01-02".parse().unwrap());
                requests::add_leave(ctx, &maker, &office(at), who, days).await.unwrap().unwrap().to_string()
            }
            "view" => {
                let name = format!("shared {}", self.next());
                let list = requests::List::of(office(at), Queue::Overdue);
                requests::save_view(ctx, &maker, &name, &list, true).await.unwrap().unwrap().to_string()
            }
            "number" => {
                let found: Option<(String,)> = self
                    .row(
                        // Those of the demo that its requests leave alone.
                        "SELECT receipt_number FROM case_record WHERE substr(receipt_number, 4, 5) = '99991' AND form <> 'I-914' \
                         AND id NOT IN (SELECT case_id FROM service_request WHERE kind = 'case_status') ORDER BY receipt_number LIMIT 1",
                        &[],
                    )
                    .await;
                found.expect("the demo has enough").0
            }
            "grant" => {
                let found: Option<(Uuid,)> = self
                    .row(
                        "SELECT role_grant.id FROM role_grant JOIN account ON account.id = account_id \
                         WHERE sign_in_name = $1 AND role = 'tier_1_agent' ORDER BY role_grant.id DESC LIMIT 1",
                        &[colleague],
                    )
                    .await;
                found.map_or(Uuid::nil(), |(id,)| id).to_string()
            }
            "profile" => self.profile(false).await.to_string(),
            "protected_profile" => self.profile(true).await.to_string(),
            "opened" => {
                let profile = self.profile(false).await;
                self.opened(profile, person).await
            }
            "photograph" => {
                let profile = self.profile(false).await;
                self.photograph(profile).await
            }
            "opened_protected" => {
                let profile = self.hidden_profile().await;
                self.opened(profile, person).await
            }
            "protected_photograph" => {
                let profile = self.hidden_profile().await;
                self.photograph(profile).await
            }
            "correction" => self.correction(9).await.to_string(),
            "correction_oneself" => self.correction(about.role.as_u128()).await.to_string(),
            "today" => ctx.today().to_string(),
            "quota" => (1_000 + self.next()).to_string(),
            "agreement" => keep_version(about, self.agreement(9).await),
            "agreement_oneself" => keep_version(about, self.agreement(about.role.as_u128()).await),
            "seen" => self.seen(about).await.document,
            "dry_run" => self.seen(about).await.dry_run,
            "waiver" => self.waiver(9).await.to_string(),
            "waiver_oneself" => self.waiver(about.role.as_u128()).await.to_string(),
            "hold" => self.hold(9).await.to_string(),
            "hold_oneself" => self.hold(about.role.as_u128()).await.to_string(),
            "agreed_hold" => self.agreed_hold(None).await.to_string(),
            "ending_hold" => self.agreed_hold(Some(8)).await.to_string(),
            "ending_hold_oneself" => self.agreed_hold(Some(about.role.as_u128())).await.to_string(),
            "disposition" => keep((self.disposition(9).await, 0)),
            "disposition_oneself" => {
                let own = about.role.as_u128();
                about.request = self.disposition(own).await;
                about.request.to_string()
            }
            "list" => {
                let mut connection = ctx.store.read_primary().await.unwrap();
                let stored = store::retention::disposition(&mut connection, about.request).await.unwrap().unwrap();
                store::crypto::hex(&stored.list_hash)
            }
            "certified" => self.certified().await.to_string(),
            "redress_received" => self.redress(RedressKind::Access, RedressState::Received, 9).await.to_string(),
            "redress_verified" => self.redress(RedressKind::Access, RedressState::Verified, 9).await.to_string(),
            "redress_searched" => self.redress(RedressKind::Access, RedressState::Searched, 9).await.to_string(),
            "redress_proposed" => keep((self.redress(RedressKind::Access, RedressState::Proposed, 9).await, 0)),
            "redress_proposed_oneself" => {
                let by = about.role.as_u128();
                let id = self.redress(RedressKind::Access, RedressState::Proposed, by).await;
                about.request = id;
                id.to_string()
            }
            "redress_decision" => self.redress_decision(about.request).await.to_string(),
            "redress_decided" => self.redress(RedressKind::Access, RedressState::Decided, 9).await.to_string(),
            "redress_answered" => self.redress(RedressKind::Access, RedressState::Answered, 9).await.to_string(),
            "redress_refused" => self.redress(RedressKind::Amendment, RedressState::Answered, 9).await.to_string(),
            "proposed" => self.proposed(colleague, at).await.to_string(),
            "enrolment" => {
                let account = self.account(colleague).await;
                enrolment::open(ctx, Manager::Operator, account).await.unwrap().unwrap().to_string()
            }
            // What a page is about that one comes to from a form.
            "chosen" => self.kept_by("choose", ASSIGN, person, about).await,
            "assigned" => self.kept_by("assign_many", ASSIGNED, person, about).await,
            _ => panic!("nothing is made for {{{name}}}"),
        }
    }

    const fn next(&mut self) -> u32 {
        self.made += 1;
        self.made
    }

    /// A request of an office with an answer of somebody's, and the answer's version.
    async fn with_answer(&mut self, which: &str, by: &Officer, at: &str) -> Option<(Uuid, i64)> {
        let sql = format!(
            "SELECT request_id, answer.version FROM answer JOIN service_request ON service_request.id = request_id \
             WHERE office = $1 AND hex(written_by) = $2 AND {which} ORDER BY answer.id LIMIT 1"
        );
        let by = by.id().simple().to_string().to_uppercase();
        self.row(&sql, &[at, &by]).await
    }

    /// A request with an answer that is being written, and the answer's version.
    async fn written(&mut self, by: &Officer, at: &str) -> (Uuid, i64) {
        if let Some(there) = self.with_answer("answer.state = 'draft'", by, at).await {
            return there;
        }
        let ctx = self.documents.ctx.clone();
        let (id, version) = self.request(ANSWERABLE, at).await.expect("the demo has enough");
        let opened = requests::open(&ctx, by, id, version).await.unwrap();
        assert!(matches!(opened, requests::Worked::Done(_)), "{opened:?}");
        let mut draft = Draft::new(Locale::En);
        draft.text =
            "We looked at your card. The mistake is ours.\n\nWe will mail a new one by {done_by}. You do not need to do anything."
                .into();
        draft.typed.insert(Placeholder::DoneBy, (ctx.today() + TimeDelta::days(21)).to_string());
        draft.addressed = [(Issue::Matter, 1), (Issue::Explanation, 1), (Issue::Correction, 2)].into();
        match answers::save(&ctx, by, id, None, &draft).await.unwrap() {
            answers::Saved::Kept(version) => (id, version),
            other => panic!("{other:?}"),
        }
    }

    /// The same, while it waits for a second reader.
    async fn handed_in(&mut self, by: &Officer, at: &str) -> (Uuid, i64) {
        if let Some(there) = self.with_answer("answer.state = 'awaiting_review'", by, at).await {
            return there;
        }
        let written = self.written(by, at).await;
        let id = written.0.simple();
        self.change(&format!("UPDATE answer SET state = 'awaiting_review' WHERE request_id = x'{id}'")).await;
        written
    }

    /// A call that somebody is in at an office, just begun.
    async fn on_the_line(&mut self, maker: &Officer, at: &str) -> Uuid {
        self.change("UPDATE agent_call SET ending = 'broken_off', ended_at = began_at WHERE ended_at IS NULL").await;
        calls::begin(&self.documents.ctx, maker, &office(at), Locale::En).await.unwrap()
    }

    /// A script that is read to callers, and of which nobody writes another version.
    async fn script(&mut self) -> calls::StoredVersion {
        self.change("UPDATE call_script SET state = 'dropped' WHERE state IN ('draft', 'in_review')").await;
        self.change("UPDATE call_script SET ends_on = NULL").await;
        calls::read_to_callers(&self.documents.ctx, Actor::Operator).await.unwrap().swap_remove(0)
    }

    async fn draft(&mut self, by: &Officer) -> Uuid {
        let of = self.script().await;
        let begun = calls::new_draft(&self.documents.ctx, by, &of.script).await.unwrap();
        let calls::Begun::Draft(id) = begun else { panic!("{begun:?}") };
        id
    }

    async fn in_review(&mut self, by: &Officer) -> Uuid {
        let id = self.draft(by).await;
        let handed_in = calls::hand_in(&self.documents.ctx, by, id, 0).await.unwrap();
        assert!(matches!(handed_in, calls::HandedIn::Done), "{handed_in:?}");
        id
    }

    /// A request whose answer went out as a letter.
    async fn released(&mut self, at: &str) -> Uuid {
        let ctx = self.documents.ctx.clone();
        // Of somebody whose drafts nobody else sees or changes.
        let by = demo::officer(&ctx, OfficerId(10), &office(at));
        let is_out = "answer.number = 1 AND EXISTS (SELECT 1 FROM answer_recipient \
                      WHERE answer_id = answer.id AND channel = 'letter' AND state <> 'returned')";
        if let Some((there, _)) = self.with_answer(is_out, &by, at).await {
            return there;
        }
        let (id, version) = self.written(&by, at).await;
        let released = answers::release(&ctx, &by, id, version).await.unwrap();
        assert!(matches!(released, answers::Released::Out(1)), "{released:?}");
        id
    }

    /// An answer that waits to be read again.
    async fn drawn(&mut self, at: &str) -> Uuid {
        let request = self.released(at).await.simple();
        self.change(&format!(
            "DELETE FROM quality_score; DELETE FROM quality_sample WHERE request_id = x'{request}'; \
             INSERT INTO quality_sample (answer_id, request_id, office, rule_id, written_by, released_by, drawn_at) \
             SELECT id, request_id, '{at}', (SELECT id FROM quality_rule ORDER BY made_at LIMIT 1), written_by, released_by, released_at \
             FROM answer WHERE request_id = x'{request}' AND number = 1"
        ))
        .await;
        let sql = format!("SELECT answer_id FROM quality_sample WHERE request_id = x'{request}'");
        let (answer,): (Uuid,) = self.row(&sql, &[]).await.unwrap();
        answer
    }

    /// A request of an office, which nobody works on any more, with a document.
    async fn documented(&mut self, at: &'static str) -> (Uuid, Uuid) {
        if let Some(there) = self.attached.get(at) {
            return *there;
        }
        let (request, _) = self.request("state = 'answered' ORDER BY id", at).await.expect("the demo has enough");
        let attached = (request, self.documents.attach(request).await);
        self.attached.insert(at, attached);
        attached
    }

    /// The profile of somebody who has a photograph, or of somebody who is protected.
    async fn profile(&mut self, is_protected: bool) -> Uuid {
        let number = self.protected.clone();
        let sql = if is_protected {
            "SELECT profile_id FROM profile_case JOIN case_record ON case_record.id = case_id WHERE receipt_number = $1 LIMIT 1"
        } else {
            "SELECT profile_id FROM profile_case JOIN case_record ON case_record.id = case_id WHERE receipt_number <> $1 \
             AND markers = '[]' AND form = 'I-90' \
             AND EXISTS (SELECT 1 FROM profile_biometric WHERE profile_biometric.profile_id = profile_case.profile_id) \
             ORDER BY receipt_number LIMIT 1"
        };
        let found: Option<(Uuid,)> = self.row(sql, &[&number]).await;
        found.expect("the demo has enough").0
    }

    /// The profile of somebody of the demo who is protected and has a photograph.
    async fn hidden_profile(&mut self) -> Uuid {
        let sql =
            "SELECT profile_id FROM profile_case JOIN case_record ON case_record.id = case_id WHERE receipt_number = $1 LIMIT 1";
        let found: Option<(Uuid,)> = self.row(sql, &["EAC9999200101"]).await;
        found.expect("the demo has them").0
    }

    async fn photograph(&mut self, profile: Uuid) -> String {
        let sql =
            "SELECT id FROM profile_biometric WHERE hex(profile_id) = $1 AND kind = 'photograph' ORDER BY recorded_at LIMIT 1";
        let found: Option<(Uuid,)> = self.row(sql, &[&profile.simple().to_string().to_uppercase()]).await;
        found.expect("the demo's people have photographs").0.to_string()
    }

    /// A profile that somebody has opened, for what their role may open it for.
    async fn opened(&mut self, profile: Uuid, person: &Person) -> String {
        let purpose = match person.column {
            "RAIO" => "adjudication",
            "FDNS" => "fraud",
            "counsel" | "privacy" => "redress",
            _ => "information_request",
        };
        let (officer, id) = (person.id.simple(), profile.simple());
        self.change(&format!(
            "INSERT INTO profile_visit (officer_id, profile_id, purpose, opened_at) \
             VALUES (x'{officer}', x'{id}', '{purpose}', '2999-01-01T00:00:00+00:00') ON CONFLICT DO NOTHING"
        ))
        .await;
        profile.to_string()
    }

    /// A correction of that profile that somebody proposed and that waits.
    async fn correction(&mut self, by: u128) -> Uuid {
        let (ctx, profile) = (self.documents.ctx.clone(), self.profile(false).await);
        let by = demo::officer_as(&ctx, OfficerId(by), Role::PrivacyOfficer, &office("NBC"));
        let change = Change::Add(Fact::parse(FactKind::Fin, &[(7_000_000 + self.next()).to_string()], ctx.today()).unwrap());
        match profiles::propose(&ctx, &by, profile, &change, "Seen.").await.unwrap() {
            profiles::Proposed::Waits(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// A version of the agreement with Canada that somebody drafted, from the one in force.
    async fn agreement(&mut self, by: u128) -> AgreementVersion {
        let ctx = self.documents.ctx.clone();
        let by = demo::officer_as(&ctx, OfficerId(by), Role::AgreementsManager, &office("NBC"));
        let made_from = AgreementVersion::FIRST;
        let stored = agreements::document(&ctx, &by, Partner::Canada, made_from).await.unwrap().expect("the demo has it");
        let mut document = stored.document;
        document.capabilities[0].quota_per_year = Some(1_000 + self.next());
        let opening = agreements::Opening { document, holds_from: ctx.today(), made_from: Some(made_from) };
        match agreements::draft(&ctx, &by, opening).await.unwrap() {
            agreements::Drafted::Draft(version) => version,
            other => panic!("{other:?}"),
        }
    }

    /// What its page shows of the version that was named last.
    async fn seen(&self, about: &About) -> agreements::Seen {
        let ctx = &self.documents.ctx;
        let by = demo::officer_as(ctx, OfficerId(9), Role::AgreementsManager, &office("NBC"));
        let version = u32::try_from(about.version).ok().and_then(AgreementVersion::new).unwrap();
        agreements::read(ctx, &by, Partner::Canada, version).await.unwrap().unwrap().examined.seen
    }

    /// A waiver that somebody proposed, and that lifts nothing for years.
    async fn waiver(&self, by: u128) -> Uuid {
        let ctx = &self.documents.ctx;
        let (id, from) = (ctx.clock.new_id(), "2031-01-01".parse().unwrap());
        let (classes, partners) = ([Class::Tps].into(), [Partner::Canada].into());
        let waiver = Waiver::new(WaiverId::new(id), WaiverKind::Statute, classes, partners, from, None).unwrap();
        let mut transaction = ctx.store.begin().await.unwrap();
        store::waiver::propose(&mut transaction, &waiver, None, b"hash", Uuid::from_u128(by), ctx.now()).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// A hold that somebody proposed.
    async fn hold(&self, by: u128) -> Uuid {
        let ctx = &self.documents.ctx;
        let (id, on) = (ctx.clock.new_id(), shared::retention::HoldOn::Partner(Partner::NewZealand));
        let new = store::retention::NewHold { id, on, reason: "A lawsuit.", by: Uuid::from_u128(by), at: ctx.now() };
        let mut transaction = ctx.store.begin().await.unwrap();
        store::retention::propose_hold(&mut transaction, &ctx.keys, &new).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// A hold to which another agreed, and which somebody may have proposed to end.
    async fn agreed_hold(&self, ending: Option<u128>) -> Uuid {
        let (ctx, id) = (&self.documents.ctx, self.hold(9).await);
        let decision = |by: u128| store::retention::Decision { id, by: Uuid::from_u128(by), at: ctx.now() };
        let mut transaction = ctx.store.begin().await.unwrap();
        assert!(store::retention::agree_to_hold(&mut transaction, decision(7)).await.unwrap());
        if let Some(by) = ending {
            assert!(store::retention::propose_end(&mut transaction, decision(by)).await.unwrap());
        }
        transaction.commit().await.unwrap();
        id
    }

    /// A list of a record that nobody has.
    async fn disposition(&self, by: u128) -> Uuid {
        let ctx = &self.documents.ctx;
        let (id, record) = (ctx.clock.new_id(), ctx.clock.new_id());
        let lines = [store::retention::Line { kind: shared::retention::RecordKind::Person, record, due_year: 2000 }];
        let by = Uuid::from_u128(by);
        let new = store::retention::NewDisposition { id, until: ctx.today(), lines: &lines, by, at: ctx.now() };
        let mut transaction = ctx.store.begin().await.unwrap();
        store::retention::propose(&mut transaction, &new).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// Such a list that was approved, with its certificate.
    async fn certified(&self) -> Uuid {
        let (ctx, id) = (&self.documents.ctx, self.disposition(9).await);
        let mut transaction = ctx.store.begin().await.unwrap();
        let stored = store::retention::disposition(&mut transaction, id).await.unwrap().unwrap();
        let at = ctx.now();
        assert!(store::retention::approve(&mut transaction, id, Uuid::from_u128(8), &stored.list_hash, at).await.unwrap());
        let gone = shared::retention::LineOutcome::Gone;
        assert!(store::retention::settle(&mut transaction, id, 0, gone, 0, at).await.unwrap());
        let done = store::retention::Certificate { document: "{}".into(), document_hash: vec![0; 32], issued_at: at };
        store::retention::certify(&mut transaction, id, &done).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// A request for redress that came so far. Of what it has of a decision, somebody proposed it and another agreed.
    async fn redress(&mut self, kind: RedressKind, until: RedressState, by: u128) -> Uuid {
        let profile = self.profile(false).await;
        let ctx = &self.documents.ctx;
        let (id, at, by) = (ctx.clock.new_id(), ctx.now(), Uuid::from_u128(by));
        let new = redress::NewRedress {
            id,
            kind,
            basis: Basis::PrivacyAct,
            channel: Channel::Mail,
            locale: Locale::En,
            received_on: ctx.today(),
            answer_by: ctx.today() + TimeDelta::days(28),
            logged_by: by,
            at,
            content: br#"{"name":"Ana Ejemplo","address":["1 Sample Street"],"words":"All of it.","evidence":"A paper."}"#,
        };
        let mut transaction = ctx.store.begin().await.unwrap();
        redress::lock(&mut transaction).await.unwrap();
        redress::add(&mut transaction, &ctx.keys, ctx.clock.new_id(), &new).await.unwrap();
        if kind == RedressKind::Amendment {
            redress::set_profile(&mut transaction, id, Some(profile)).await.unwrap();
        }
        for (state, event) in REDRESS_STEPS.into_iter().filter(|(state, _)| *state <= until) {
            let stored = redress::get(&mut transaction, &ctx.keys, id).await.unwrap().unwrap();
            let newest = redress::decisions(&mut transaction, &stored).await.unwrap().into_iter().next();
            match (state, newest) {
                (RedressState::Proposed, _) => {
                    let decision = Decision {
                        outcome: Outcome::Refused,
                        given: BTreeSet::new(),
                        exemptions: BTreeSet::new(),
                        correction: None,
                        reason: "So it is.".into(),
                    };
                    let given = store::crypto::sha256(br#"{"lines":[]}"#);
                    let decided = (&decision, given.as_slice());
                    redress::propose(&mut transaction, &stored, ctx.clock.new_id(), decided, by, at).await.unwrap();
                }
                (RedressState::Decided, Some(newest)) => {
                    redress::agree(&mut transaction, &newest, Uuid::from_u128(8), at).await.unwrap();
                }
                (RedressState::Answered, Some(newest)) => {
                    let package = br#"{"request":"R-000001","made_on":"2026-03-10","records":{"lines":[]}}"#;
                    let answer = redress::NewAnswer { decision: &newest, by, at, letter: b"{}", package: Some(package) };
                    redress::answer(&mut transaction, &stored, &answer).await.unwrap();
                }
                _ => {}
            }
            let happened = redress::RedressHappened { id: ctx.clock.new_id(), event, state, officer: by, at, note: None };
            assert!(redress::save(&mut transaction, &stored, &happened).await.unwrap());
        }
        transaction.commit().await.unwrap();
        id
    }

    /// The decision that waits on a request for redress.
    async fn redress_decision(&mut self, request: Uuid) -> Uuid {
        let sql = "SELECT id FROM redress_decision WHERE hex(request_id) = $1";
        let found: Option<(Uuid,)> = self.row(sql, &[&request.simple().to_string().to_uppercase()]).await;
        found.expect("it was proposed").0
    }

    async fn proposed(&mut self, name: &str, at: &str) -> Uuid {
        let waiting = "SELECT role_grant.id FROM role_grant JOIN account ON account.id = account_id \
                       WHERE sign_in_name = $1 AND agreed_at IS NULL LIMIT 1";
        if let Some((id,)) = self.row(waiting, &[name]).await {
            return id;
        }
        let ctx = self.documents.ctx.clone();
        let new =
            Grant { role: Role::Siio, office: office(at), starts_at: ctx.now(), ends_at: Some(ctx.now() + TimeDelta::days(9)) };
        match grant::propose(&ctx, Manager::Operator, self.account(name).await, &new).await.unwrap() {
            grant::Proposed::Waits(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Sends a form, and gives the name of what the next page is about. Nothing for who may not send it.
    async fn kept_by(&mut self, function: &str, leads_to: &str, person: &mut Person, about: &About) -> String {
        let ((id, version), to) = (self.free(about.place.0).await, self.officer(about.place.1).await.to_string());
        let request = if function == "choose" { id.to_string() } else { format!("{id}:{version}") };
        let fields =
            [("csrf", person.token.as_str()), ("office", about.place.0), ("to", to.as_str()), ("requests[]", request.as_str())];
        let url = self.server.url(&format!("/_fn/console/service_request/{function}"));
        let answer = person.desk.post(url, &fields).await;
        answer.location().strip_prefix(&format!("{leads_to}?kept=")).unwrap_or_default().to_owned()
    }

    /// Fills in what stands in braces.
    async fn filled(&mut self, template: &str, person: &mut Person, about: &mut About) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap();
            filled += before;
            filled += &Box::pin(self.fact(name, person, about)).await;
            rest = after;
        }
        filled + rest
    }

    /// Asks, and says in a word what came.
    async fn ask(&mut self, gate: Gate, person: &mut Person, place: usize) -> String {
        let mut about = About { role: person.id, place: PLACES[place], request: Uuid::nil(), version: 0 };
        let sends = self.filled(gate.sends(), person, &mut about).await;
        let cookies = person.desk.cookies.clone();
        let word = match gate {
            // A stream does not end: what it would begin with is enough.
            Gate::Page { route, .. } if bare(route) == LIVE => {
                word(&person.desk.send(Method::HEAD, self.server.url(&sends), "text/event-stream", &[]).await, "stream")
            }
            Gate::Page { .. } => word(&person.desk.get(self.server.url(&sends)).await, "page"),
            Gate::Function { name, .. } => self.call(name, &sends, person).await,
            Gate::Upload { address, .. } => self.upload(address, &sends, person).await,
        };
        person.desk.cookies = cookies;
        word
    }

    async fn upload(&mut self, address: &str, sends: &str, person: &mut Person) -> String {
        let token = person.token.clone();
        let fields = sends.split('&').filter_map(|field| field.split_once('='));
        let fields: Vec<(&str, &str)> = [("csrf", token.as_str())].into_iter().chain(fields).collect();
        let (picture, prints) = (profiles::portrait(None, 0), profiles::prints(0, "2026-01-05".parse().unwrap()).unwrap());
        let files: &[(&str, &[u8])] = match address {
            ADD_RECORD | ADD_RELEASE_DOCUMENT => &[("file", &picture)],
            ADD_WAIVER => &[("file", b"A paper.")],
            IMPORT_SCRIPT | IMPORT_AGREEMENT => &[("file", b"Neither a script nor an agreement.")],
            SEND_QUERY => &[("prints", &prints)],
            _ => &[("prints", &prints), ("photograph", b"")],
        };
        let answer = person.desk.upload(self.server.url(address), &fields, files).await;
        if answer.location().contains("kept=") { "told".into() } else { word(&answer, "done") }
    }

    async fn call(&mut self, name: &str, sends: &str, person: &mut Person) -> String {
        let is_way_in = name.starts_with("sign_in/");
        let token = if is_way_in { person.desk.get(self.server.url(SIGN_IN)).await.csrf() } else { person.token.clone() };
        let mut fields: Vec<(&str, &str)> = sends.split('&').filter_map(|field| field.split_once('=')).collect();
        fields.push(("csrf", &token));
        let answer = person.desk.post(self.server.url(&format!("/_fn/console/{}", bare(name))), &fields).await;
        let word = word(&answer, "done");
        if is_way_in || (LEAVING.contains(&name) && person.id != Uuid::nil()) {
            return if matches!(word.as_str(), "sign in" | "step up") { "done".into() } else { word };
        }
        if word != "done" || answer.status != StatusCode::SEE_OTHER {
            return word;
        }
        // Somebody who may do it can still be told why it cannot be done now.
        let (page, query) = answer.location().split_once('?').unwrap_or((answer.location(), ""));
        if query.contains("kept=") && ![ASSIGN, ASSIGNED].contains(&page) {
            return "told".into();
        }
        let next = person.desk.get(self.server.url(answer.location())).await;
        let is_told = !next.body.contains("usa-alert--success") && next.body.contains("usa-alert--error");
        if is_told && next.status == StatusCode::OK { "told".into() } else { word }
    }

    /// Sessions that were locked or ended are as they were; and a second factor was shown just now, or long ago.
    async fn restore(&mut self, is_fresh: bool) {
        let shown = if is_fresh { "last_seen_at" } else { "NULL" };
        self.change(&format!("UPDATE officer_session SET locked_at = NULL, revoked_at = NULL, stepped_up_at = {shown}")).await;
    }
}

fn office(code: &str) -> OfficeCode {
    OfficeCode::parse(code).unwrap()
}

/// Notes a version as the one that was named last.
fn keep_version(about: &mut About, version: AgreementVersion) -> String {
    about.version = version.number().into();
    version.number().to_string()
}

/// A name without what stands behind it.
fn bare(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// What came, in a word.
fn word(answer: &Answer, good: &str) -> String {
    let leads_to = |page: &str| answer.location().split('?').next() == Some(page);
    match answer.status {
        StatusCode::OK => good.into(),
        StatusCode::SEE_OTHER if leads_to(AGAIN) => "step up".into(),
        StatusCode::SEE_OTHER if leads_to(SIGN_IN) => "sign in".into(),
        StatusCode::SEE_OTHER => "done".into(),
        StatusCode::FORBIDDEN => "refused".into(),
        StatusCode::NOT_FOUND => "not found".into(),
        other => other.as_str().into(),
    }
}

/// Room for the names, so that a longer one does not move all lines.
const NAMES: usize = 52;

/// The table as it is kept: columns under each other.
fn written(rows: &[(String, Vec<String>)]) -> String {
    let widths: Vec<usize> = (0..rows[0].1.len()).map(|at| rows.iter().map(|(_, cells)| cells[at].len()).max().unwrap()).collect();
    let mut text = String::new();
    for (name, cells) in rows {
        let cells: Vec<String> = cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(text, "{}", format!("{name:<NAMES$}  {}", cells.join("  ")).trim_end()).unwrap();
    }
    text
}

const HEAD: &str = "\
# Who gets where in the console. A line for each page, download and server function; a column for each role.
#
# What is asked about is with the officer's own office, or with another one: `done/refused` is done at the own office and
# refused at the other, one word holds for both. `told` is for who may do it and is told why it cannot be done now. Pages of a
# request say `not found` where it is not for this officer: whether there is one is not told.
#
# Written by server/tests/service/console_gates.rs, which says how; read by people.
";
const STALE_HEAD: &str = "\
# With a second factor that was shown long ago: what is then different, about the own office.
";

/// Lines that went and lines that came, whatever stands between their columns.
fn differences(reviewed: &str, now: &str) -> String {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = |text: &str| text.lines().map(words).collect::<BTreeSet<String>>();
    let (before, after) = (all(reviewed), all(now));
    let gone = reviewed.lines().filter(|line| !after.contains(&words(line))).map(|line| format!("- {line}"));
    let come = now.lines().filter(|line| !before.contains(&words(line))).map(|line| format!("+ {line}"));
    gone.chain(come).collect::<Vec<_>>().join("\n")
}

#[test]
fn everything_of_the_console_has_a_gate() {
    let listed: BTreeSet<&str> = PAGES_ASKED.iter().map(|(route, _)| bare(route)).collect();
    assert_eq!(listed, BTreeSet::from(PAGES), "PAGES_ASKED names each page");
    let there = functions();
    let there: BTreeSet<&str> = there.iter().map(|path| path.strip_prefix("/_fn/console/").unwrap()).collect();
    let listed: BTreeSet<&str> = FUNCTIONS.iter().map(|(name, _)| bare(name)).collect();
    assert_eq!(listed, there, "FUNCTIONS names each server function");
    let listed: BTreeSet<&str> = UPLOADS.iter().map(|(address, _)| bare(address)).collect();
    assert_eq!(listed, BTreeSet::from(TAKES_FILES), "UPLOADS names each address that takes files");
}

#[tokio::test]
async fn who_gets_where_is_what_was_agreed_to() {
    let mut asking = Asking::open().await;
    let mut people = asking.people().await;
    let columns: Vec<String> = people.iter().map(|person| person.column.to_owned()).collect();
    let (mut fresh, mut stale) = (vec![(String::new(), columns.clone())], vec![(String::new(), columns)]);
    for gate in Gate::all() {
        let (mut cells, mut later) = (Vec::new(), Vec::new());
        for person in &mut people {
            let mut words = Vec::new();
            // Where no office is named, there is one answer.
            for place in 0..if gate.sends().contains('{') { 2 } else { 1 } {
                asking.restore(true).await;
                words.push(asking.ask(gate, person, place).await);
            }
            asking.restore(false).await;
            let after = asking.ask(gate, person, 0).await;
            later.push(if after == words[0] { "-".into() } else { after });
            words.dedup();
            cells.push(words.join("/"));
        }
        if later.iter().any(|word| word != "-") {
            stale.push((gate.name().to_owned(), later));
        }
        fresh.push((gate.name().to_owned(), cells));
    }
    let now = format!("{HEAD}\n{}\n{STALE_HEAD}\n{}", written(&fresh), written(&stale));
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(REVIEWED, &now).unwrap();
    }
    let reviewed = std::fs::read_to_string(REVIEWED).unwrap_or_default();
    let differences = differences(&reviewed, &now);
    assert!(
        differences.is_empty(),
        "somebody gets where they did not, or not where they did. If that is what is wanted, write tests/service/console_gates.txt \
         anew with {WRITE}=1, and have it reviewed:\n{}\n{differences}",
        written(&fresh[..1]),
    );
}
