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

CREATE FUNCTION refuse_disclosure_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'disclosures are append-only'; END $$;
CREATE TRIGGER disclosure_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure
FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_change();

CREATE FUNCTION refuse_disclosure_outcome_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'outcomes of disclosures are append-only'; END $$;
CREATE TRIGGER disclosure_outcome_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_outcome
FOR EACH STATEMENT EXECUTE FUNCTION refuse_disclosure_outcome_change();

-- Each disclosure has a data key: what is destroyed with a person's record is not its accounting.
DROP INDEX data_key_of_service;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('case', 'profile', 'disclosure');
