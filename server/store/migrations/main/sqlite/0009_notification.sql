-- What is to be sent, in the transaction of its cause, as kind and parameters; it is put into words when it is sent.
-- Claiming a row moves `due_at` on, so that a row whose server died comes back by itself. `parameters` is encrypted and
-- emptied as soon as nobody needs it. One change of a case makes at most one row for each recipient.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('follow_request', 'case_change', 'follower_message', 'subscription', 'webhook_event')),
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
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 'waiting';

-- Cases that somebody follows. `mark` is of what was told last: only what differs from it is news.
CREATE TABLE followed_case (
    case_id BLOB NOT NULL PRIMARY KEY REFERENCES case_record (id),
    mark BLOB NOT NULL,
    change_id BLOB NOT NULL
) STRICT;

-- Who follows a case by e-mail and has confirmed it. The address is encrypted with the key of the case.
CREATE TABLE follower (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES case_record (id),
    address_index BLOB NOT NULL,
    address BLOB NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    since TEXT NOT NULL,
    UNIQUE (case_id, address_index)
) STRICT;
CREATE INDEX follower_of_case ON follower (case_id, id);
CREATE INDEX follower_by_address ON follower (address_index);

-- What a person typed into a form and has to mend, encrypted, for an hour. The session's cookie names it.
CREATE TABLE form_draft (
    id BLOB NOT NULL PRIMARY KEY,
    content BLOB NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX form_draft_by_expiry ON form_draft (expires_at);
