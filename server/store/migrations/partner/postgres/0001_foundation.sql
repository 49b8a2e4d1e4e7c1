-- Keys. A data key is wrapped by a key of the partner data's own key file; deleting its row destroys what it encrypts, so nothing
-- refers to it by a foreign key.
CREATE TABLE data_key (
    id UUID NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapping_key TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('query', 'disclosure');
CREATE INDEX data_key_by_wrapping_key ON data_key (wrapping_key);

CREATE TABLE installation (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO installation (name, value) VALUES ('import_lock', '');

CREATE TABLE audit_entry (
    id UUID NOT NULL PRIMARY KEY,
    occurred_at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    canonical BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL
);

-- Every disclosure to somebody outside (5 USC 552a(c)): committed before the first byte leaves. What became of it is a row of its own.
-- Both databases have these tables; a row stands in the one whose transaction sends.
CREATE TABLE disclosure (
    id UUID NOT NULL PRIMARY KEY,
    recorded_at TIMESTAMPTZ NOT NULL,
    -- The root of the profile at that time.
    profile_id UUID NOT NULL,
    partner TEXT NOT NULL,
    purpose TEXT NOT NULL,
    transaction_number TEXT NOT NULL,
    -- The whole of it, sealed: what was told, to whom, on what it rests.
    data_key_id UUID NOT NULL,
    entry BYTEA NOT NULL,
    -- A hash of the entry as it is before it is sealed, so that it is committed to without being read.
    leaf_hash BYTEA NOT NULL
);
CREATE INDEX disclosure_of_profile ON disclosure (profile_id, recorded_at);
CREATE INDEX disclosure_to_partner ON disclosure (partner, recorded_at);

CREATE TABLE disclosure_outcome (
    id UUID NOT NULL PRIMARY KEY,
    disclosure_id UUID NOT NULL UNIQUE REFERENCES disclosure (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('sent', 'refused', 'unknown')),
    recorded_at TIMESTAMPTZ NOT NULL,
    leaf_hash BYTEA NOT NULL
);

CREATE FUNCTION refuse_audit_entry_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$;
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_entry_change();

CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'disclosures are append-only'; END $$;
CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure
FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();

CREATE FUNCTION refuse_disclosure_outcome_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'outcomes of disclosures are append-only'; END $$;
CREATE TRIGGER disclosure_outcome_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_outcome
FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_outcome_change();

-- Nobody but this database's own role gets in: not the role of the main database, either.
DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
