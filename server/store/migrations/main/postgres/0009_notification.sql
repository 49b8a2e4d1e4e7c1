-- What is to be sent, in the transaction of its cause, as kind and parameters; it is put into words when it is sent.
-- Claiming a row moves `due_at` on, so that a row whose server died comes back by itself. `parameters` is encrypted and
-- emptied as soon as nobody needs it. One change of a case makes at most one row for each recipient.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('follow_request', 'case_change', 'follower_message', 'subscription', 'webhook_event')),
    subject_id UUID NOT NULL,
    change_id UUID NOT NULL,
    parameters BYTEA,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'dead')),
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    problem TEXT,
    UNIQUE (change_id, subject_id)
);
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_finished ON outbox (finished_at) WHERE state <> 'waiting';

-- Cases that somebody follows. `mark` is of what was told last: only what differs from it is news.
CREATE TABLE followed_case (
    case_id UUID NOT NULL PRIMARY KEY REFERENCES case_record (id),
    mark BYTEA NOT NULL,
    change_id UUID NOT NULL
);

-- Who follows a case by e-mail and has confirmed it. The address is encrypted with the key of the case.
CREATE TABLE follower (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_record (id),
    address_index BYTEA NOT NULL,
    address BYTEA NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    since TIMESTAMPTZ NOT NULL,
    UNIQUE (case_id, address_index)
);
CREATE INDEX follower_of_case ON follower (case_id, id);
CREATE INDEX follower_by_address ON follower (address_index);

-- What a person typed into a form and has to mend, encrypted, for an hour. The session's cookie names it.
CREATE TABLE form_draft (
    id UUID NOT NULL PRIMARY KEY,
    content BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX form_draft_by_expiry ON form_draft (expires_at);
