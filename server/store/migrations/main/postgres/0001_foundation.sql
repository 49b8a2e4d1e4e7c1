-- Keys. A data key is wrapped by a key of the key file; deleting its row destroys what it encrypts, so nothing refers to it
-- by a foreign key.
CREATE TABLE data_key (
    id UUID NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapping_key TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose <> 'case';
CREATE INDEX data_key_by_wrapping_key ON data_key (wrapping_key);

-- Facts about this installation: the demo mark, the row that serialises imports.
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
CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$;
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
