-- What was mailed, as events of cases state it. `zip_index` is a keyed hash of the ZIP code it was mailed to, to be compared
-- with the carrier's; `elsewhere_found_at` is set when the carrier delivered to another one, for staff to look into.
CREATE TABLE mailing (
    event_id TEXT NOT NULL PRIMARY KEY REFERENCES case_event (event_id),
    case_id BLOB NOT NULL REFERENCES case_record (id),
    tracking_number TEXT NOT NULL,
    mailed_on TEXT NOT NULL,
    action_code TEXT NOT NULL,
    document TEXT,
    notice TEXT,
    zip_index BLOB,
    elsewhere_found_at TEXT
) STRICT;
CREATE INDEX mailing_of_case ON mailing (case_id);
CREATE INDEX mailing_by_number ON mailing (tracking_number);

-- Extract files that were taken in, one row for one content. What the update of cases has done is told by
-- `cases_updated_at`: the assessment's "last process time".
CREATE TABLE usps_extract (
    id BLOB NOT NULL PRIMARY KEY,
    content_hash BLOB NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    began_at TEXT NOT NULL,
    progress_at TEXT NOT NULL,
    finished_at TEXT,
    cases_updated_at TEXT,
    records INTEGER NOT NULL,
    events INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    no_scans INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    first_scan_at TEXT,
    last_scan_at TEXT
) STRICT;

-- The carrier's scans, each once. `tracking_number` is the piece's: the original label of a piece that was labelled anew,
-- whose new one is `label`. Times are of the facility's clock. Never the recipient, and of the destination a keyed hash only.
CREATE TABLE scan_event (
    tracking_number TEXT NOT NULL,
    event_code TEXT NOT NULL,
    scanned_at TEXT NOT NULL,
    facility_zip TEXT NOT NULL,
    label TEXT,
    event_name TEXT NOT NULL,
    facility TEXT NOT NULL,
    zip_index BLOB,
    receipt_number TEXT,
    extract_id BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (tracking_number, event_code, scanned_at, facility_zip)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_event_of_extract ON scan_event (extract_id, tracking_number);
CREATE INDEX scan_event_by_receipt_number ON scan_event (receipt_number) WHERE receipt_number IS NOT NULL;
