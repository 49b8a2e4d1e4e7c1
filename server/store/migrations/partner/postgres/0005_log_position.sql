-- Where each row of a log stands in the tree over the log (RFC 9162). Rows get their positions after they were committed, by one job, in
-- the order in which it finds them: so nobody who writes a row waits for another.
CREATE TABLE log_position (
    log TEXT NOT NULL CHECK (log IN ('audit', 'disclosure', 'disclosure_outcome')),
    position BIGINT NOT NULL CHECK (position >= 0),
    row_id UUID NOT NULL,
    -- As the row had it then.
    leaf_hash BYTEA NOT NULL,
    PRIMARY KEY (log, position),
    UNIQUE (log, row_id)
);

-- How large each tree was when it was last written outside, and its root: so that what lies outside cannot be cut short unseen. None:
-- nothing of it lies there yet.
CREATE TABLE log_head (
    log TEXT NOT NULL PRIMARY KEY CHECK (log IN ('audit', 'disclosure', 'disclosure_outcome')),
    size BIGINT,
    root BYTEA,
    CHECK ((size IS NULL) = (root IS NULL))
);
INSERT INTO log_head (log) VALUES ('audit'), ('disclosure'), ('disclosure_outcome');

CREATE FUNCTION refuse_log_position_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'positions are append-only'; END $$;
CREATE TRIGGER log_position_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_position
FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_position_change();
