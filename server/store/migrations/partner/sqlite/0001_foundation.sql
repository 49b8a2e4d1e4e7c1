-- Keys. A data key is wrapped by a key of the partner data's own key file; deleting its row destroys what it encrypts, so nothing
-- refers to it by a foreign key.
CREATE TABLE data_key (
    id BLOB NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapping_key TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('query', 'disclosure');
CREATE INDEX data_key_by_wrapping_key ON data_key (wrapping_key);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO installation (name, value) VALUES ('import_lock', '');

CREATE TABLE audit_entry (
    id BLOB NOT NULL PRIMARY KEY,
    occurred_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    canonical BLOB NOT NULL,
    leaf_hash BLOB NOT NULL
) STRICT;

-- Every disclosure to somebody outside (5 USC 552a(c)): committed before the first byte leaves. What became of it is a row of its own.
-- Both databases have these tables; a row stands in the one whose transaction sends.
CREATE TABLE disclosure (
    id BLOB NOT NULL PRIMARY KEY,
    recorded_at TEXT NOT NULL,
    -- The root of the profile at that time.
    profile_id BLOB NOT NULL,
    partner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    transaction_number TEXT NOT NULL,
    -- The whole of it, sealed: what was told, to whom, on what it rests.
    data_key_id BLOB NOT NULL,
    entry BLOB NOT NULL,
    -- A hash of the entry as it is before it is sealed, so that it is committed to without being read.
    leaf_hash BLOB NOT NULL
) STRICT;
CREATE INDEX disclosure_of_profile ON disclosure (profile_id, recorded_at);
CREATE INDEX disclosure_to_partner ON disclosure (partner, recorded_at);

CREATE TABLE disclosure_outcome (
    id BLOB NOT NULL PRIMARY KEY,
    disclosure_id BLOB NOT NULL UNIQUE REFERENCES disclosure (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'refused', 'unknown')),
    recorded_at TEXT NOT NULL,
    leaf_hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry BEGIN
    SELECT RAISE(ABORT, 'audit entries are append-only');
END;
CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry BEGIN
    SELECT RAISE(ABORT, 'audit entries are append-only');
END;

CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE ON disclosure BEGIN
    SELECT RAISE(ABORT, 'disclosures are append-only');
END;
CREATE TRIGGER disclosure_is_never_deleted BEFORE DELETE ON disclosure BEGIN
    SELECT RAISE(ABORT, 'disclosures are append-only');
END;

CREATE TRIGGER disclosure_outcome_is_never_changed BEFORE UPDATE ON disclosure_outcome BEGIN
    SELECT RAISE(ABORT, 'outcomes of disclosures are append-only');
END;
CREATE TRIGGER disclosure_outcome_is_never_deleted BEFORE DELETE ON disclosure_outcome BEGIN
    SELECT RAISE(ABORT, 'outcomes of disclosures are append-only');
END;
