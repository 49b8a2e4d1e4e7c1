-- What we ask a partner about a person: one row for each partner.
CREATE TABLE partner_query (
    id UUID NOT NULL PRIMARY KEY,
    -- The profile and the case in the main database, at the time.
    profile_id UUID NOT NULL,
    case_id UUID NOT NULL,
    data_key_id UUID NOT NULL,
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    purpose TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
    modality TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    asked_by UUID NOT NULL,
    justification BYTEA NOT NULL,
    -- The prints, until the search is over: then they are gone (SOR/2002-227 s. 315.43(2)).
    probe BYTEA,
    probe_destroyed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ
);
CREATE INDEX partner_query_of_profile ON partner_query (profile_id, created_at);
CREATE INDEX partner_query_of_officer ON partner_query (asked_by, changed_at);
CREATE INDEX partner_query_of_partner ON partner_query (partner, created_at);
CREATE INDEX partner_query_in_state ON partner_query (state, changed_at);

-- Each step of it that was sent, or is to be.
CREATE TABLE partner_query_step (
    query_id UUID NOT NULL REFERENCES partner_query (id),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    transaction_number TEXT NOT NULL UNIQUE,
    prior TEXT,
    requested_by UUID,
    approved_by UUID,
    -- On what it rests: the version of the agreement and what was decided with it.
    decision TEXT,
    disclosure_id UUID REFERENCES disclosure (id),
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    answer TEXT CHECK (answer IN ('match', 'no_match', 'partial', 'refused', 'error')),
    answered BYTEA,
    PRIMARY KEY (query_id, step),
    CHECK (approved_by IS NULL OR approved_by <> requested_by)
);
CREATE INDEX partner_query_step_to_send ON partner_query_step (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE partner_query_event (
    id UUID NOT NULL PRIMARY KEY,
    query_id UUID NOT NULL REFERENCES partner_query (id),
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    UNIQUE (query_id, version)
);

-- What a partner asks us, through IDENT.
CREATE TABLE foreign_query (
    id UUID NOT NULL PRIMARY KEY,
    message_id UUID NOT NULL UNIQUE,
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    transaction_number TEXT NOT NULL,
    prior TEXT,
    purpose TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
    -- None: nobody whom we know.
    profile_id UUID,
    data_key_id UUID NOT NULL,
    request BYTEA NOT NULL,
    -- A first query is answered by IDENT as soon as we let it, anything else by people.
    kind TEXT NOT NULL CHECK (kind IN ('first', 'request')),
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ,
    decision TEXT,
    answer TEXT CHECK (answer IN ('match', 'no_match', 'partial', 'refused', 'error')),
    disclosure_id UUID REFERENCES disclosure (id),
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    changed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (partner, transaction_number)
);
CREATE INDEX foreign_query_of_profile ON foreign_query (profile_id, partner, answered_at);
CREATE INDEX foreign_query_of_partner ON foreign_query (partner, received_at);
CREATE INDEX foreign_query_in_state ON foreign_query (kind, state, received_at);
CREATE INDEX foreign_query_to_answer ON foreign_query (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- How many queries were made in a year of the agency: agreements have quotas of hundreds of thousands, which nothing can count each time.
CREATE TABLE query_count (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    step TEXT NOT NULL CHECK (step IN ('first', 'second', 'third', 'reverse')),
    year BIGINT NOT NULL,
    made BIGINT NOT NULL,
    PRIMARY KEY (partner, direction, step, year)
);

-- What came from IDENT, once each, until it is understood.
CREATE TABLE ident_message (
    id UUID NOT NULL PRIMARY KEY,
    received_at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    body BYTEA,
    handled_at TIMESTAMPTZ,
    problem TEXT
);
CREATE INDEX ident_message_left ON ident_message (received_at) WHERE handled_at IS NULL;

-- What counsel has to decide, because the protection check could not.
CREATE TABLE protection_hold (
    id UUID NOT NULL PRIMARY KEY,
    -- One of ours or one of a partner's.
    query_id UUID REFERENCES partner_query (id),
    foreign_query_id UUID REFERENCES foreign_query (id),
    because TEXT NOT NULL,
    raised_at TIMESTAMPTZ NOT NULL,
    decision TEXT CHECK (decision IN ('release', 'silence')),
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    reason BYTEA,
    CHECK ((query_id IS NULL) <> (foreign_query_id IS NULL)),
    CHECK ((decision IS NULL) = (decided_by IS NULL))
);
CREATE INDEX protection_hold_waiting ON protection_hold (raised_at) WHERE decision IS NULL;

-- People of whom a partner was told nothing, though we know them. For privacy officers alone.
CREATE TABLE suppression (
    id UUID NOT NULL PRIMARY KEY,
    foreign_query_id UUID NOT NULL UNIQUE REFERENCES foreign_query (id),
    profile_id UUID NOT NULL,
    because TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);

CREATE FUNCTION refuse_partner_query_event_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events of queries are append-only'; END $$;
CREATE TRIGGER partner_query_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON partner_query_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_partner_query_event_change();

CREATE FUNCTION refuse_suppression_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'suppressions are append-only'; END $$;
CREATE TRIGGER suppression_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON suppression
FOR EACH STATEMENT EXECUTE FUNCTION refuse_suppression_change();
