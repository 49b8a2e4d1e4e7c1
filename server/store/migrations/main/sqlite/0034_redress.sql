-- What people ask about their own records, by FOIA, the Privacy Act or the Judicial Redress Act, and where it stands.
CREATE TABLE redress_request (
    id BLOB NOT NULL PRIMARY KEY,
    -- What people quote, from 1.
    number INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'amendment', 'accounting')),
    basis TEXT NOT NULL CHECK (basis IN ('foia', 'privacy_act', 'judicial_redress_act')),
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'online', 'office')),
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    received_on TEXT NOT NULL,
    logged_by BLOB NOT NULL,
    logged_at TEXT NOT NULL,
    data_key_id BLOB NOT NULL,
    -- Who asks and what, as they wrote it.
    content BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('received', 'verified', 'searched', 'proposed', 'decided', 'answered', 'closed')),
    version INTEGER NOT NULL,
    -- Whose records they are; none before the search, and where nobody was found.
    profile_id BLOB REFERENCES profile (id),
    acknowledged_on TEXT,
    extension TEXT CHECK (extension IN ('field_facilities', 'volume', 'consultation')),
    answer_by TEXT NOT NULL,
    CHECK (basis <> 'foia' OR kind = 'access')
) STRICT;
CREATE INDEX redress_request_waiting ON redress_request (answer_by, number) WHERE state NOT IN ('answered', 'closed');
CREATE INDEX redress_request_over ON redress_request (number) WHERE state IN ('answered', 'closed');
CREATE INDEX redress_request_of_profile ON redress_request (profile_id);

-- What happened to a request, one after the other.
CREATE TABLE redress_event (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES redress_request (id),
    version INTEGER NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    officer_id BLOB NOT NULL,
    occurred_at TEXT NOT NULL,
    -- What the officer wrote with it.
    note BLOB,
    UNIQUE (request_id, version)
) STRICT;

-- What somebody proposes to decide. The newest counts.
CREATE TABLE redress_decision (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES redress_request (id),
    -- Of the request, when it was proposed.
    version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('granted', 'granted_in_part', 'refused', 'no_records')),
    needs_two INTEGER NOT NULL CHECK (needs_two IN (0, 1)),
    given TEXT NOT NULL,
    -- Of what is given, as it was read: nothing else goes out.
    given_sha256 BLOB NOT NULL,
    exemptions TEXT NOT NULL,
    correction_id BLOB REFERENCES profile_correction (id),
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    reason BLOB,
    UNIQUE (request_id, version),
    UNIQUE (id, proposed_by),
    UNIQUE (id, request_id, outcome, needs_two, proposed_by),
    -- Whatever keeps something back takes two people, and says why.
    CHECK (needs_two = 1 OR outcome = 'granted'),
    CHECK (outcome = 'granted' OR reason IS NOT NULL)
) STRICT;

-- That somebody else agrees to a decision.
CREATE TABLE redress_agreement (
    decision_id BLOB NOT NULL PRIMARY KEY,
    proposed_by BLOB NOT NULL,
    agreed_by BLOB NOT NULL,
    agreed_at TEXT NOT NULL,
    UNIQUE (decision_id, agreed_by),
    FOREIGN KEY (decision_id, proposed_by) REFERENCES redress_decision (id, proposed_by),
    CHECK (agreed_by <> proposed_by)
) STRICT;

-- What went out, as it went: the letter, and what of the records was given. It rests on a decision, and on whoever agreed to it.
CREATE TABLE redress_answer (
    request_id BLOB NOT NULL PRIMARY KEY REFERENCES redress_request (id),
    decision_id BLOB NOT NULL,
    outcome TEXT NOT NULL,
    needs_two INTEGER NOT NULL,
    decided_by BLOB NOT NULL,
    agreed_by BLOB,
    answered_by BLOB NOT NULL,
    answered_at TEXT NOT NULL,
    letter_sha256 BLOB NOT NULL,
    package_sha256 BLOB,
    letter BLOB NOT NULL,
    package BLOB,
    FOREIGN KEY (decision_id, request_id, outcome, needs_two, decided_by)
        REFERENCES redress_decision (id, request_id, outcome, needs_two, proposed_by),
    FOREIGN KEY (decision_id, agreed_by) REFERENCES redress_agreement (decision_id, agreed_by),
    CHECK (needs_two = 0 OR agreed_by IS NOT NULL),
    CHECK ((package IS NULL) = (package_sha256 IS NULL))
) STRICT;

-- Statements of disagreement (5 USC 552a(d)(3) and (4)): they stay with the record.
CREATE TABLE redress_statement (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES redress_request (id),
    profile_id BLOB NOT NULL REFERENCES profile (id),
    recorded_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    statement BLOB NOT NULL
) STRICT;
CREATE INDEX redress_statement_of_request ON redress_statement (request_id, recorded_at);
CREATE INDEX redress_statement_of_profile ON redress_statement (profile_id, recorded_at);

CREATE TRIGGER redress_event_is_never_changed BEFORE UPDATE ON redress_event BEGIN
    SELECT RAISE(ABORT, 'events of requests for redress are append-only');
END;
CREATE TRIGGER redress_event_is_never_deleted BEFORE DELETE ON redress_event BEGIN
    SELECT RAISE(ABORT, 'events of requests for redress are append-only');
END;

CREATE TRIGGER redress_decision_is_never_changed BEFORE UPDATE ON redress_decision BEGIN
    SELECT RAISE(ABORT, 'decisions on requests for redress are append-only');
END;
CREATE TRIGGER redress_decision_is_never_deleted BEFORE DELETE ON redress_decision BEGIN
    SELECT RAISE(ABORT, 'decisions on requests for redress are append-only');
END;

CREATE TRIGGER redress_agreement_is_never_changed BEFORE UPDATE ON redress_agreement BEGIN
    SELECT RAISE(ABORT, 'agreements to decisions are append-only');
END;
CREATE TRIGGER redress_agreement_is_never_deleted BEFORE DELETE ON redress_agreement BEGIN
    SELECT RAISE(ABORT, 'agreements to decisions are append-only');
END;

CREATE TRIGGER redress_answer_is_never_changed BEFORE UPDATE ON redress_answer BEGIN
    SELECT RAISE(ABORT, 'answers to requests for redress are append-only');
END;
CREATE TRIGGER redress_answer_is_never_deleted BEFORE DELETE ON redress_answer BEGIN
    SELECT RAISE(ABORT, 'answers to requests for redress are append-only');
END;

CREATE TRIGGER redress_statement_is_never_changed BEFORE UPDATE ON redress_statement BEGIN
    SELECT RAISE(ABORT, 'statements of disagreement are append-only');
END;
CREATE TRIGGER redress_statement_is_never_deleted BEFORE DELETE ON redress_statement BEGIN
    SELECT RAISE(ABORT, 'statements of disagreement are append-only');
END;

-- Each request has a data key: what is destroyed with a person's record is not what they asked.
DROP INDEX data_key_of_service;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('case', 'profile', 'disclosure', 'redress');

-- Who logs a request holds this row: numbers follow each other.
INSERT INTO installation (name, value) VALUES ('redress_lock', '');
