-- What we ask a partner about a person: one row for each partner.
CREATE TABLE partner_query (
    id BLOB NOT NULL PRIMARY KEY,
    -- The profile and the case in the main database, at the time.
    profile_id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    data_key_id BLOB NOT NULL,
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    purpose TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
    modality TEXT NOT NULL,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    asked_by BLOB NOT NULL,
    justification BLOB NOT NULL,
    -- The prints, until the search is over: then they are gone (SOR/2002-227 s. 315.43(2)).
    probe BLOB,
    probe_destroyed_at TEXT,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    due_at TEXT
) STRICT;
CREATE INDEX partner_query_of_profile ON partner_query (profile_id, created_at);
CREATE INDEX partner_query_of_officer ON partner_query (asked_by, changed_at);
CREATE INDEX partner_query_of_partner ON partner_query (partner, created_at);
CREATE INDEX partner_query_in_state ON partner_query (state, changed_at);

-- Each step of it that was sent, or is to be.
CREATE TABLE partner_query_step (
    query_id BLOB NOT NULL REFERENCES partner_query (id),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    transaction_number TEXT NOT NULL UNIQUE,
    prior TEXT,
    requested_by BLOB,
    approved_by BLOB,
    -- On what it rests: the version of the agreement and what was decided with it.
    decision TEXT,
    disclosure_id BLOB REFERENCES disclosure (id),
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    sent_at TEXT,
    answered_at TEXT,
    answer TEXT CHECK (answer IN ('match', 'no_match', 'partial', 'refused', 'error')),
    answered BLOB,
    PRIMARY KEY (query_id, step),
    CHECK (approved_by IS NULL OR approved_by <> requested_by)
) STRICT;
CREATE INDEX partner_query_step_to_send ON partner_query_step (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE partner_query_event (
    id BLOB NOT NULL PRIMARY KEY,
    query_id BLOB NOT NULL REFERENCES partner_query (id),
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    UNIQUE (query_id, version)
) STRICT;

-- What a partner asks us, through IDENT.
CREATE TABLE foreign_query (
    id BLOB NOT NULL PRIMARY KEY,
    message_id BLOB NOT NULL UNIQUE,
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    transaction_number TEXT NOT NULL,
    prior TEXT,
    purpose TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
    -- None: nobody whom we know.
    profile_id BLOB,
    data_key_id BLOB NOT NULL,
    request BLOB NOT NULL,
    -- A first query is answered by IDENT as soon as we let it, anything else by people.
    kind TEXT NOT NULL CHECK (kind IN ('first', 'request')),
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    received_at TEXT NOT NULL,
    due_at TEXT,
    decision TEXT,
    answer TEXT CHECK (answer IN ('match', 'no_match', 'partial', 'refused', 'error')),
    disclosure_id BLOB REFERENCES disclosure (id),
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    answered_at TEXT,
    changed_at TEXT NOT NULL,
    UNIQUE (partner, transaction_number)
) STRICT;
CREATE INDEX foreign_query_of_profile ON foreign_query (profile_id, partner, answered_at);
CREATE INDEX foreign_query_of_partner ON foreign_query (partner, received_at);
CREATE INDEX foreign_query_in_state ON foreign_query (kind, state, received_at);
CREATE INDEX foreign_query_to_answer ON foreign_query (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- How many queries were made in a year of the agency: agreements have quotas of hundreds of thousands, which nothing can count each time.
CREATE TABLE query_count (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    year INTEGER NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (partner, direction, step, year)
) STRICT;

-- What came from IDENT, once each, until it is understood.
CREATE TABLE ident_message (
    id BLOB NOT NULL PRIMARY KEY,
    received_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    body BLOB,
    handled_at TEXT,
    problem TEXT
) STRICT;
CREATE INDEX ident_message_left ON ident_message (received_at) WHERE handled_at IS NULL;

-- What counsel has to decide, because the protection check could not.
CREATE TABLE protection_hold (
    id BLOB NOT NULL PRIMARY KEY,
    -- One of ours or one of a partner's.
    query_id BLOB REFERENCES partner_query (id),
    foreign_query_id BLOB REFERENCES foreign_query (id),
    because TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('release', 'silence')),
    decided_by BLOB,
    decided_at TEXT,
    reason BLOB,
    CHECK ((query_id IS NULL) <> (foreign_query_id IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL))
) STRICT;
CREATE INDEX protection_hold_waiting ON protection_hold (raised_at) WHERE decision IS NULL;

-- People of whom a partner was told nothing, though we know them. For privacy officers alone.
CREATE TABLE suppression (
    id BLOB NOT NULL PRIMARY KEY,
    foreign_query_id BLOB NOT NULL UNIQUE REFERENCES foreign_query (id),
    profile_id BLOB NOT NULL,
    because TEXT NOT NULL,
    recorded_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER partner_query_event_is_never_changed BEFORE UPDATE ON partner_query_event BEGIN
    SELECT RAISE(ABORT, 'events of queries are append-only');
END;
CREATE TRIGGER partner_query_event_is_never_deleted BEFORE DELETE ON partner_query_event BEGIN
    SELECT RAISE(ABORT, 'events of queries are append-only');
END;

CREATE TRIGGER suppression_is_never_changed BEFORE UPDATE ON suppression BEGIN
    SELECT RAISE(ABORT, 'suppressions are append-only');
END;
CREATE TRIGGER suppression_is_never_deleted BEFORE DELETE ON suppression BEGIN
    SELECT RAISE(ABORT, 'suppressions are append-only');
END;
