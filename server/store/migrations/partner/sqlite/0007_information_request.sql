-- When the decision of a partner's query was made: what is released is checked after its review began.
ALTER TABLE foreign_query ADD COLUMN decided_at TEXT;

-- What is prepared for a partner's request that people answer, and whom it is with.
CREATE TABLE information_draft (
    request_id BLOB NOT NULL PRIMARY KEY REFERENCES foreign_query (id),
    prepared_by BLOB NOT NULL,
    changed_at TEXT NOT NULL,
    draft BLOB
) STRICT;

-- Documents that go with the answer, as they are kept: what was taken out of one is not there any more.
CREATE TABLE information_document (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES foreign_query (id),
    element TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'pdf')),
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    -- Of the file as it came.
    came_sha256 BLOB NOT NULL,
    -- What was taken out, as JSON.
    areas TEXT NOT NULL,
    added_by BLOB NOT NULL,
    added_at TEXT NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX information_document_of_request ON information_document (request_id, added_at);

-- What somebody else reviews: frozen when it is sent to them. Another person than who prepared it gives it back or releases it.
CREATE TABLE information_review (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES foreign_query (id),
    prepared_by BLOB NOT NULL,
    sent_at TEXT NOT NULL,
    hash BLOB NOT NULL,
    returned_by BLOB,
    returned_at TEXT,
    approved_by BLOB,
    approved_at TEXT,
    draft BLOB NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> prepared_by),
    CHECK (returned_by IS NULL OR returned_by <> prepared_by),
    CHECK (approved_by IS NULL OR returned_by IS NULL),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((returned_by IS NULL) = (returned_at IS NULL))
) STRICT;
CREATE INDEX information_review_of_request ON information_review (request_id, sent_at);

-- What is handed to OBIM, signed and sealed for its key.
CREATE TABLE information_package (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES foreign_query (id),
    review_id BLOB NOT NULL REFERENCES information_review (id),
    prepared_by BLOB NOT NULL,
    approved_by BLOB NOT NULL,
    -- The number of the reply in it.
    number TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('match', 'partial', 'refused')),
    -- Of the reply: nothing leaves of which another would be written now.
    reply_sha256 BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    made_at TEXT NOT NULL,
    fetched_by BLOB,
    fetched_at TEXT,
    ended_at TEXT,
    outcome TEXT CHECK (outcome IN ('sent', 'failed')),
    CHECK (approved_by <> prepared_by),
    CHECK ((fetched_by IS NULL) = (fetched_at IS NULL)),
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK (outcome IS NULL OR outcome <> 'sent' OR fetched_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX information_package_at_hand ON information_package (request_id) WHERE ended_at IS NULL;
CREATE INDEX information_package_of_request ON information_package (request_id, made_at);
CREATE INDEX information_package_sent ON information_package (ended_at) WHERE outcome = 'sent';

-- Its bytes, until it was sent or failed.
CREATE TABLE information_package_part (
    package_id BLOB NOT NULL REFERENCES information_package (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL CHECK (position >= 0),
    bytes BLOB NOT NULL,
    PRIMARY KEY (package_id, position)
) STRICT;

CREATE TABLE information_event (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES foreign_query (id),
    -- Of the request, after it.
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    -- None: a job.
    officer_id BLOB,
    -- As JSON, without a word about the person.
    detail TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    -- Why, in words.
    reason BLOB,
    UNIQUE (request_id, version)
) STRICT;

CREATE TRIGGER information_review_stays_the_same
BEFORE UPDATE OF id, request_id, prepared_by, sent_at, hash, draft ON information_review BEGIN
    SELECT RAISE(ABORT, 'what is reviewed stays as it was sent');
END;
CREATE TRIGGER information_review_is_never_deleted BEFORE DELETE ON information_review BEGIN
    SELECT RAISE(ABORT, 'what is reviewed stays as it was sent');
END;

CREATE TRIGGER information_package_stays_the_same
BEFORE UPDATE OF id, request_id, review_id, prepared_by, approved_by, number, result, reply_sha256, bytes, sha256, made_at ON information_package BEGIN
    SELECT RAISE(ABORT, 'packages stay as they were made');
END;
CREATE TRIGGER information_package_is_never_deleted BEFORE DELETE ON information_package BEGIN
    SELECT RAISE(ABORT, 'packages stay as they were made');
END;

CREATE TRIGGER information_event_is_never_changed BEFORE UPDATE ON information_event BEGIN
    SELECT RAISE(ABORT, 'events of requests are append-only');
END;
CREATE TRIGGER information_event_is_never_deleted BEFORE DELETE ON information_event BEGIN
    SELECT RAISE(ABORT, 'events of requests are append-only');
END;
