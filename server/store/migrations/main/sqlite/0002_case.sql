-- A case, as its newest event left it, and all that a look-up reads, in one row: `markers` is the set now in
-- `protection_marker`, `events` what is in `case_event`, `deliveries` what `mailing` and `scan_event` tell, all as JSON.
CREATE TABLE case_record (
    id BLOB NOT NULL PRIMARY KEY,
    receipt_number TEXT NOT NULL UNIQUE,
    data_key_id BLOB NOT NULL,
    form TEXT NOT NULL,
    category TEXT,
    markers TEXT NOT NULL,
    events TEXT NOT NULL,
    deliveries TEXT NOT NULL,
    newest_event_at TEXT NOT NULL,
    newest_event_id TEXT NOT NULL,
    mailing_address BLOB,
    persecution_countries BLOB,
    assigned_officer TEXT,
    created_at TEXT NOT NULL
) STRICT;

-- Every event, with the case's public facts as they stood after it. Never changed.
CREATE TABLE case_event (
    event_id TEXT NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES case_record (id),
    content_mac BLOB NOT NULL,
    action_code TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
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
) STRICT;
CREATE INDEX case_event_of_case ON case_event (case_id, occurred_at, event_id);

CREATE TABLE case_party (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL REFERENCES case_record (id),
    role TEXT NOT NULL CHECK (role IN ('applicant', 'petitioner', 'beneficiary', 'representative')),
    family_name TEXT NOT NULL,
    given_name TEXT,
    middle_name TEXT,
    organization TEXT,
    birth_country TEXT,
    citizenship TEXT,
    language TEXT CHECK (language IN ('en', 'es')),
    birth_date BLOB,
    a_number BLOB,
    a_number_index BLOB,
    email BLOB,
    telephone BLOB,
    UNIQUE (case_id, role)
) STRICT;
CREATE INDEX case_party_by_a_number ON case_party (a_number_index) WHERE a_number_index IS NOT NULL;

-- What each event said of protection. The newest event that names a marker (kind, code, category, from) decides whether it
-- has ended; an event that does not name it changes nothing. Never changed, never deleted.
CREATE TABLE protection_marker (
    case_id BLOB NOT NULL REFERENCES case_record (id),
    event_id TEXT NOT NULL,
    event_at TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('class_of_admission', 'form', 'sealed')),
    code TEXT NOT NULL,
    category TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (case_id, event_id, kind, code, category, effective_from)
) STRICT;

-- The decoy. A look-up reads the row of the number or of the next one, so that an unknown number costs the same work as a
-- known one; the decoy stands after all numbers ('~' follows the letters), so there always is a next one. No receipt number
-- is '~', so nobody can ask for it.
INSERT INTO case_record (id, receipt_number, data_key_id, form, category, markers, events, deliveries,
                         newest_event_at, newest_event_id, created_at)
VALUES (zeroblob(16), '~', zeroblob(16), 'I-765', 'C09', '[{"kind":"sealed","code":"","category":"","from":"","to":null}]',
        '[]', '[]', '2000-01-01T00:00:00+00:00', 'decoy', '2000-01-01T00:00:00+00:00');

CREATE TABLE quarantined_line (
    id BLOB NOT NULL PRIMARY KEY,
    line_mac BLOB NOT NULL UNIQUE,
    source TEXT NOT NULL,
    line_number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    line BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX quarantined_line_by_expiry ON quarantined_line (expires_at);

CREATE TABLE look_up_failure (
    number_mac BLOB NOT NULL,
    day TEXT NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (number_mac, day)
) STRICT;
