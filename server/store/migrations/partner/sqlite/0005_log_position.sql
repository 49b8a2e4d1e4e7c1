-- Where each row of a log stands in the tree over the log (RFC 9162). Rows get their positions after they were committed, by one job, in
-- the order in which it finds them: so nobody who writes a row waits for another.
CREATE TABLE log_position (
    log TEXT NOT NULL CHECK (log IN ('audit', 'disclosure', 'disclosure_outcome')),
    position INTEGER NOT NULL CHECK (position >= 0),
    row_id BLOB NOT NULL,
    -- As the row had it then.
    leaf_hash BLOB NOT NULL,
    PRIMARY KEY (log, position),
    UNIQUE (log, row_id)
) STRICT, WITHOUT ROWID;

-- How large each tree was when it was last written outside, and its root: so that what lies outside cannot be cut short unseen. None:
-- nothing of it lies there yet.
CREATE TABLE log_head (
    log TEXT NOT NULL PRIMARY KEY CHECK (log IN ('audit', 'disclosure', 'disclosure_outcome')),
    size INTEGER,
    root BLOB,
    CHECK ((size IS NULL) = (root IS NULL))
) STRICT;
INSERT INTO log_head (log) VALUES ('audit'), ('disclosure'), ('disclosure_outcome');

CREATE TRIGGER log_position_is_never_changed BEFORE UPDATE ON log_position BEGIN
    SELECT RAISE(ABORT, 'positions are append-only');
END;
CREATE TRIGGER log_position_is_never_deleted BEFORE DELETE ON log_position BEGIN
    SELECT RAISE(ABORT, 'positions are append-only');
END;
