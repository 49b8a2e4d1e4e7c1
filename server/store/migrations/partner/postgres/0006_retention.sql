-- People of whom all that partners were asked and asked was destroyed, with the approval of another person: what is done once is found
-- again when the program ended in the middle.
CREATE TABLE retention_destroyed (
    disposition_id UUID NOT NULL,
    -- The root of the profile.
    record_id UUID NOT NULL,
    queries BIGINT NOT NULL,
    destroyed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (disposition_id, record_id)
);

CREATE FUNCTION refuse_retention_destroyed_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was destroyed stays said'; END $$;
CREATE TRIGGER retention_destroyed_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_destroyed
FOR EACH STATEMENT EXECUTE FUNCTION refuse_retention_destroyed_change();
