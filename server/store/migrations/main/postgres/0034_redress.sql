-- What people ask about their own records, by FOIA, the Privacy Act or the Judicial Redress Act, and where it stands.
CREATE TABLE redress_request (
    id UUID NOT NULL PRIMARY KEY,
    -- What people quote, from 1.
    number BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'amendment', 'accounting')),
    basis TEXT NOT NULL CHECK (basis IN ('foia', 'privacy_act', 'judicial_redress_act')),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'online', 'office')),
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    received_on TEXT NOT NULL,
    logged_by UUID NOT NULL,
    logged_at TIMESTAMPTZ NOT NULL,
    data_key_id UUID NOT NULL,
    -- Who asks and what, as they wrote it.
    content BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'verified', 'searched', 'proposed', 'decided', 'answered', 'closed')),
    version BIGINT NOT NULL,
    -- Whose records they are; none before the search, and where nobody was found.
    profile_id UUID REFERENCES profile (id),
    acknowledged_on TEXT,
    extension TEXT CHECK (extension IN ('field_facilities', 'volume', 'consultation')),
    answer_by TEXT NOT NULL,
    CHECK (basis <> 'foia' OR kind = 'access')
);
CREATE INDEX redress_request_waiting ON redress_request (answer_by, number) WHERE state NOT IN ('answered', 'closed');
CREATE INDEX redress_request_over ON redress_request (number) WHERE state IN ('answered', 'closed');
CREATE INDEX redress_request_of_profile ON redress_request (profile_id);

-- What happened to a request, one after the other.
CREATE TABLE redress_event (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES redress_request (id),
    version BIGINT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    officer_id UUID NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    -- What the officer wrote with it.
    note BYTEA,
    UNIQUE (request_id, version)
);

-- What somebody proposes to decide. The newest counts.
CREATE TABLE redress_decision (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES redress_request (id),
    -- Of the request, when it was proposed.
    version BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('granted', 'granted_in_part', 'refused', 'no_records')),
    needs_two BOOLEAN NOT NULL,
    given TEXT NOT NULL,
    -- Of what is given, as it was read: nothing else goes out.
    given_sha256 BYTEA NOT NULL,
    exemptions TEXT NOT NULL,
    correction_id UUID REFERENCES profile_correction (id),
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    reason BYTEA,
    UNIQUE (request_id, version),
    UNIQUE (id, proposed_by),
    UNIQUE (id, request_id, outcome, needs_two, proposed_by),
    -- Whatever keeps something back takes two people, and says why.
    CHECK (needs_two OR outcome = 'granted'),
    CHECK (outcome = 'granted' OR reason IS NOT NULL)
);

-- That somebody else agrees to a decision.
CREATE TABLE redress_agreement (
    decision_id UUID NOT NULL PRIMARY KEY,
    proposed_by UUID NOT NULL,
    agreed_by UUID NOT NULL,
    agreed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (decision_id, agreed_by),
    FOREIGN KEY (decision_id, proposed_by) REFERENCES redress_decision (id, proposed_by),
    CHECK (agreed_by <> proposed_by)
);

-- What went out, as it went: the letter, and what of the records was given. It rests on a decision, and on whoever agreed to it.
CREATE TABLE redress_answer (
    request_id UUID NOT NULL PRIMARY KEY REFERENCES redress_request (id),
    decision_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    needs_two BOOLEAN NOT NULL,
    decided_by UUID NOT NULL,
    agreed_by UUID,
    answered_by UUID NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    letter_sha256 BYTEA NOT NULL,
    package_sha256 BYTEA,
    letter BYTEA NOT NULL,
    package BYTEA,
    FOREIGN KEY (decision_id, request_id, outcome, needs_two, decided_by)
        REFERENCES redress_decision (id, request_id, outcome, needs_two, proposed_by),
    FOREIGN KEY (decision_id, agreed_by) REFERENCES redress_agreement (decision_id, agreed_by),
    CHECK (NOT needs_two OR agreed_by IS NOT NULL),
    CHECK ((package IS NULL) = (package_sha256 IS NULL))
);

-- Statements of disagreement (5 USC 552a(d)(3) and (4)): they stay with the record.
CREATE TABLE redress_statement (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES redress_request (id),
    profile_id UUID NOT NULL REFERENCES profile (id),
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    statement BYTEA NOT NULL
);
CREATE INDEX redress_statement_of_request ON redress_statement (request_id, recorded_at);
CREATE INDEX redress_statement_of_profile ON redress_statement (profile_id, recorded_at);

CREATE FUNCTION refuse_redress_event_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events of requests for redress are append-only'; END $$;
CREATE TRIGGER redress_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON redress_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_redress_event_change();

CREATE FUNCTION refuse_redress_decision_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'decisions on requests for redress are append-only'; END $$;
CREATE TRIGGER redress_decision_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON redress_decision
FOR EACH STATEMENT EXECUTE FUNCTION refuse_redress_decision_change();

CREATE FUNCTION refuse_redress_agreement_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'agreements to decisions are append-only'; END $$;
CREATE TRIGGER redress_agreement_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON redress_agreement
FOR EACH STATEMENT EXECUTE FUNCTION refuse_redress_agreement_change();

CREATE FUNCTION refuse_redress_answer_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'answers to requests for redress are append-only'; END $$;
CREATE TRIGGER redress_answer_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON redress_answer
FOR EACH STATEMENT EXECUTE FUNCTION refuse_redress_answer_change();

CREATE FUNCTION refuse_redress_statement_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'statements of disagreement are append-only'; END $$;
CREATE TRIGGER redress_statement_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON redress_statement
FOR EACH STATEMENT EXECUTE FUNCTION refuse_redress_statement_change();

-- Each request has a data key: what is destroyed with a person's record is not what they asked.
DROP INDEX data_key_of_service;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('case', 'profile', 'disclosure', 'redress');

-- Who logs a request holds this row: numbers follow each other.
INSERT INTO installation (name, value) VALUES ('redress_lock', '');
