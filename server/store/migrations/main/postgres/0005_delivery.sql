-- What was mailed, as events of cases state it. `zip_index` is a keyed hash of the ZIP code it was mailed to, to be compared
-- with the carrier's; `elsewhere_found_at` is set when the carrier delivered to another one, for staff to look into.
CREATE TABLE mailing (
    event_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES case_event (event_id),
    case_id UUID NOT NULL REFERENCES case_record (id),
    tracking_number TEXT COLLATE "C" NOT NULL,
    mailed_on TEXT NOT NULL,
    action_code TEXT NOT NULL,
    document TEXT,
    notice TEXT,
    zip_index BYTEA,
    elsewhere_found_at TIMESTAMPTZ
);
CREATE INDEX mailing_of_case ON mailing (case_id);
CREATE INDEX mailing_by_number ON mailing (tracking_number);

-- Extract files that were taken in, one row for one content. What the update of cases has done is told by
-- `cases_updated_at`: the assessment's "last process time".
CREATE TABLE usps_extract (
    id UUID NOT NULL PRIMARY KEY,
    content_hash BYTEA NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    began_at TIMESTAMPTZ NOT NULL,
    progress_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    cases_updated_at TIMESTAMPTZ,
    records BIGINT NOT NULL,
    events BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    no_scans BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    first_scan_at TEXT,
    last_scan_at TEXT
);

-- The carrier's scans, each once. `tracking_number` is the piece's: the original label of a piece that was labelled anew,
-- whose new one is `label`. Times are of the facility's clock. Never the recipient, and of the destination a keyed hash only.
CREATE TABLE scan_event (
    tracking_number TEXT COLLATE "C" NOT NULL,
    event_code TEXT COLLATE "C" NOT NULL,
    scanned_at TEXT COLLATE "C" NOT NULL,
    facility_zip TEXT COLLATE "C" NOT NULL,
    label TEXT,
    event_name TEXT NOT NULL,
    facility TEXT NOT NULL,
    zip_index BYTEA,
    receipt_number TEXT COLLATE "C",
    extract_id UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (tracking_number, event_code, scanned_at, facility_zip)
);
CREATE INDEX scan_event_of_extract ON scan_event (extract_id, tracking_number);
CREATE INDEX scan_event_by_receipt_number ON scan_event (receipt_number) WHERE receipt_number IS NOT NULL;
