-- When the decision of a partner's query was made: what is released is checked after its review began.
ALTER TABLE foreign_query ADD COLUMN decided_at TIMESTAMPTZ;

-- What is prepared for a partner's request that people answer, and whom it is with.
CREATE TABLE information_draft (
    request_id UUID NOT NULL PRIMARY KEY REFERENCES foreign_query (id),
    prepared_by UUID NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    draft BYTEA
);

-- Documents that go with the answer, as they are kept: what was taken out of one is not there any more.
CREATE TABLE information_document (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES foreign_query (id),
    element TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'pdf')),
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    -- Of the file as it came.
    came_sha256 BYTEA NOT NULL,
    -- What was taken out, as JSON.
    areas TEXT NOT NULL,
    added_by UUID NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    content BYTEA NOT NULL
);
CREATE INDEX information_document_of_request ON information_document (request_id, added_at);

-- What somebody else reviews: frozen when it is sent to them. Another person than who prepared it gives it back or releases it.
CREATE TABLE information_review (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES foreign_query (id),
    prepared_by UUID NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    hash BYTEA NOT NULL,
    returned_by UUID,
    returned_at TIMESTAMPTZ,
    approved_by UUID,
    approved_at TIMESTAMPTZ,
    draft BYTEA NOT NULL,
    CHECK (approved_by IS NULL OR approved_by <> prepared_by),
    CHECK (returned_by IS NULL OR returned_by <> prepared_by),
    CHECK (approved_by IS NULL OR returned_by IS NULL),
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((returned_by IS NULL) = (returned_at IS NULL))
);
CREATE INDEX information_review_of_request ON information_review (request_id, sent_at);

-- What is handed to OBIM, signed and sealed for its key.
CREATE TABLE information_package (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES foreign_query (id),
    review_id UUID NOT NULL REFERENCES information_review (id),
    prepared_by UUID NOT NULL,
    approved_by UUID NOT NULL,
    -- The number of the reply in it.
    number TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('match', 'partial', 'refused')),
    -- Of the reply: nothing leaves of which another would be written now.
    reply_sha256 BYTEA NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    fetched_by UUID,
    fetched_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    outcome TEXT CHECK (outcome IN ('sent', 'failed')),
    CHECK (approved_by <> prepared_by),
    CHECK ((fetched_by IS NULL) = (fetched_at IS NULL)),
    CHECK ((ended_at IS NULL) = (outcome IS NULL)),
    CHECK (outcome IS NULL OR outcome <> 'sent' OR fetched_at IS NOT NULL)
);
CREATE UNIQUE INDEX information_package_at_hand ON information_package (request_id) WHERE ended_at IS NULL;
CREATE INDEX information_package_of_request ON information_package (request_id, made_at);
CREATE INDEX information_package_sent ON information_package (ended_at) WHERE outcome = 'sent';

-- Its bytes, until it was sent or failed.
CREATE TABLE information_package_part (
    package_id UUID NOT NULL REFERENCES information_package (id) DEFERRABLE INITIALLY DEFERRED,
    position BIGINT NOT NULL CHECK (position >= 0),
    bytes BYTEA NOT NULL,
    PRIMARY KEY (package_id, position)
);

CREATE TABLE information_event (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES foreign_query (id),
    -- Of the request, after it.
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    -- None: a job.
    officer_id UUID,
    -- As JSON, without a word about the person.
    detail TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    -- Why, in words.
    reason BYTEA,
    UNIQUE (request_id, version)
);

CREATE FUNCTION refuse_information_review_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what is reviewed stays as it was sent'; END $$;
CREATE TRIGGER information_review_is_never_deleted BEFORE DELETE OR TRUNCATE ON information_review
FOR EACH STATEMENT EXECUTE FUNCTION refuse_information_review_change();
CREATE TRIGGER information_review_stays_the_same
BEFORE UPDATE OF id, request_id, prepared_by, sent_at, hash, draft ON information_review
FOR EACH STATEMENT EXECUTE FUNCTION refuse_information_review_change();

CREATE FUNCTION refuse_information_package_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'packages stay as they were made'; END $$;
CREATE TRIGGER information_package_is_never_deleted BEFORE DELETE OR TRUNCATE ON information_package
FOR EACH STATEMENT EXECUTE FUNCTION refuse_information_package_change();
CREATE TRIGGER information_package_stays_the_same
BEFORE UPDATE OF id, request_id, review_id, prepared_by, approved_by, number, result, reply_sha256, bytes, sha256, made_at ON information_package
FOR EACH STATEMENT EXECUTE FUNCTION refuse_information_package_change();

CREATE FUNCTION refuse_information_event_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events of requests are append-only'; END $$;
CREATE TRIGGER information_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON information_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_information_event_change();
