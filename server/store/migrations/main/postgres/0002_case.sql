-- A case, as its newest event left it, and all that a look-up reads, in one row: `markers` is the set now in
-- `protection_marker`, `events` what is in `case_event`, `deliveries` what `mailing` and `scan_event` tell, all as JSON.
CREATE TABLE case_record (
    id UUID NOT NULL PRIMARY KEY,
    receipt_number TEXT COLLATE "C" NOT NULL UNIQUE,
    data_key_id UUID NOT NULL,
    form TEXT NOT NULL,
    category TEXT,
    markers TEXT NOT NULL,
    events TEXT NOT NULL,
    deliveries TEXT NOT NULL,
    newest_event_at TIMESTAMPTZ NOT NULL,
    newest_event_id TEXT COLLATE "C" NOT NULL,
    mailing_address BYTEA,
    persecution_countries BYTEA,
    assigned_officer TEXT,
    created_at TIMESTAMPTZ NOT NULL
);

-- Every event, with the case's public facts as they stood after it. Never changed.
CREATE TABLE case_event (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_record (id),
    content_mac BYTEA NOT NULL,
    action_code TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    form TEXT NOT NULL,
    category TEXT,
    filed_on TEXT,
    received_on TEXT,
    office TEXT,
    document TEXT,
    tracking_number TEXT,
    notice TEXT,
    receiving_office TEXT,
    appointment_kind TEXT,
    appointment_at TEXT,
    appointment_office TEXT
);
CREATE INDEX case_event_of_case ON case_event (case_id, occurred_at, event_id);

CREATE TABLE case_party (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_record (id),
    role TEXT NOT NULL CHECK (role IN ('applicant', 'petitioner', 'beneficiary', 'representative')),
    family_name TEXT NOT NULL,
    given_name TEXT,
    middle_name TEXT,
    organization TEXT,
    birth_country TEXT,
    citizenship TEXT,
    language TEXT CHECK (language IN ('en', 'es')),
    birth_date BYTEA,
    a_number BYTEA,
    a_number_index BYTEA,
    email BYTEA,
    telephone BYTEA,
    UNIQUE (case_id, role)
);
CREATE INDEX case_party_by_a_number ON case_party (a_number_index) WHERE a_number_index IS NOT NULL;

-- What each event said of protection. The newest event that names a marker (kind, code, category, from) decides whether it
-- has ended; an event that does not name it changes nothing. Never changed, never deleted.
CREATE TABLE protection_marker (
    case_id UUID NOT NULL REFERENCES case_record (id),
    event_id TEXT COLLATE "C" NOT NULL,
    event_at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('class_of_admission', 'form', 'sealed')),
    code TEXT NOT NULL,
    category TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, event_id, kind, code, category, effective_from)
);

-- The decoy. A look-up reads the row of the number or of the next one, so that an unknown number costs the same work as a
-- known one; the decoy stands after all numbers ('~' follows the letters), so there always is a next one. No receipt number
-- is '~', so nobody can ask for it.
INSERT INTO case_record (id, receipt_number, data_key_id, form, category, markers, events, deliveries,
                         newest_event_at, newest_event_id, created_at)
VALUES ('00000000-0000-0000-0000-000000000000', '~', '00000000-0000-0000-0000-000000000000', 'I-765', 'C09', '[{"kind":"sealed","code":"","category":"","from":"","to":null}]',
        '[]', '[]', '2000-01-01T00:00:00+00:00', 'decoy', '2000-01-01T00:00:00+00:00');

CREATE TABLE quarantined_line (
    id UUID NOT NULL PRIMARY KEY,
    line_mac BYTEA NOT NULL UNIQUE,
    source TEXT NOT NULL,
    line_number BIGINT NOT NULL,
    reason TEXT NOT NULL,
    line BYTEA NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX quarantined_line_by_expiry ON quarantined_line (expires_at);

CREATE TABLE look_up_failure (
    number_mac BYTEA NOT NULL,
    day TEXT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (number_mac, day)
);
