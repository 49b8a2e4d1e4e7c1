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

-- Each disclosure has a data key: what is destroyed with a person's record is not its accounting.
DROP INDEX data_key_of_service;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('case', 'profile', 'disclosure');
