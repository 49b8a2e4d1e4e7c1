-- People of whom all that partners were asked and asked was destroyed, with the approval of another person: what is done once is found
-- again when the program ended in the middle.
CREATE TABLE retention_destroyed (
    disposition_id BLOB NOT NULL,
    -- The root of the profile.
    record_id BLOB NOT NULL,
    queries INTEGER NOT NULL,
    destroyed_at TEXT NOT NULL,
    PRIMARY KEY (disposition_id, record_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER retention_destroyed_is_never_changed BEFORE UPDATE ON retention_destroyed BEGIN
    SELECT RAISE(ABORT, 'what was destroyed stays said');
END;
CREATE TRIGGER retention_destroyed_is_never_deleted BEFORE DELETE ON retention_destroyed BEGIN
    SELECT RAISE(ABORT, 'what was destroyed stays said');
END;
