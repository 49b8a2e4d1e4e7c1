-- What somebody asks the agency to look into (SRMT), however it came in. `content` is what they told, encrypted with the key of the
-- case. `submission_id` is of the form that was sent: sent twice, it is one request. Requests of a kind about a case are counted by
-- `round`; one that is made because another was not answered in time `follows` it. What happened to a request stands in
-- `service_request_event`; `state`, `office` and `due_on` are as the newest event leaves them, for lists.
CREATE TABLE service_request (
    id BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    case_id BLOB NOT NULL REFERENCES case_record (id),
    kind TEXT NOT NULL CHECK (kind IN ('outside_normal_time', 'notice_not_received', 'card_not_received', 'document_not_received',
          'typographic_error', 'accommodation', 'beneficiary_change', 'no_receipt_notice', 'no_automated_information',
          'dos_review', 'case_status', 'change_of_address', 'receipt_notice_error', 'expedite')),
    round INTEGER NOT NULL,
    follows BLOB REFERENCES service_request (id),
    source TEXT NOT NULL CHECK (source IN ('e_req', 'telephone', 'letter', 'walk_in')),
    submission_id BLOB NOT NULL UNIQUE,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    content BLOB NOT NULL,
    state TEXT NOT NULL,
    office TEXT,
    target_days INTEGER NOT NULL,
    target_count TEXT NOT NULL CHECK (target_count IN ('calendar', 'business')),
    due_on TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (case_id, kind, round)
) STRICT;
CREATE INDEX service_request_by_due ON service_request (due_on, id);

-- Never changed, and counted by `position` from 0: of two changes at once one finds its place taken. `event` is without personal data; what somebody added in words is in `content`, encrypted with the key of the case.
CREATE TABLE service_request_event (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    position INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    content BLOB,
    UNIQUE (request_id, position)
) STRICT;
CREATE TRIGGER service_request_event_is_never_changed BEFORE UPDATE ON service_request_event
BEGIN SELECT RAISE(ABORT, 'events of requests are append-only'); END;
CREATE TRIGGER service_request_event_is_never_deleted BEFORE DELETE ON service_request_event
BEGIN SELECT RAISE(ABORT, 'events of requests are append-only'); END;

-- More kinds of messages. SQLite changes no check of a table: it is written anew.
CREATE TABLE outbox_anew (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('follow_request', 'case_change', 'follower_message', 'subscription', 'webhook_event', 'request_routing',
          'request_mail', 'draft_mail', 'reminder', 'address_change', 'address_mail', 'address_letter')),
    subject_id BLOB NOT NULL,
    change_id BLOB NOT NULL,
    parameters BLOB,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    problem TEXT,
    UNIQUE (change_id, subject_id)
) STRICT;
INSERT INTO outbox_anew SELECT id, kind, subject_id, change_id, parameters, state, attempts, due_at, created_at, finished_at, problem FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 'waiting';
