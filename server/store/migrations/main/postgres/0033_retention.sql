-- What must not be destroyed although it is due: a person, a case, or everybody about whom a partner was asked or asked. It keeps from
-- the moment when it is proposed, since nothing brings back what was destroyed; another person agrees, and two end it.
CREATE TABLE retention_hold (
    id UUID NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('person', 'case', 'partner')),
    -- The profile, or the case.
    subject_id UUID,
    partner TEXT CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    reason BYTEA NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    agreed_by UUID,
    agreed_at TIMESTAMPTZ,
    -- A proposal that nobody agreed to.
    withdrawn_by UUID,
    withdrawn_at TIMESTAMPTZ,
    -- The first of the two who end it.
    ending_by UUID,
    ending_at TIMESTAMPTZ,
    ended_by UUID,
    ended_at TIMESTAMPTZ,
    CHECK ((scope = 'partner') = (partner IS NOT NULL)),
    CHECK ((scope = 'partner') = (subject_id IS NULL)),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK ((ending_by IS NULL) = (ending_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by),
    CHECK (agreed_by IS NULL OR withdrawn_by IS NULL),
    CHECK (ending_by IS NULL OR agreed_by IS NOT NULL),
    CHECK (ended_by IS NULL OR (ending_by IS NOT NULL AND ended_by <> ending_by))
);
CREATE INDEX retention_hold_in_order ON retention_hold (proposed_at, id);

-- A list of records that are to be destroyed. One person has it made, another approves exactly that: `list_hash` is of its lines.
CREATE TABLE retention_disposition (
    id UUID NOT NULL PRIMARY KEY,
    -- What was due on this day.
    until_day TEXT NOT NULL,
    records BIGINT NOT NULL CHECK (records > 0),
    list_hash BYTEA NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    approved_by UUID,
    approved_at TIMESTAMPTZ,
    withdrawn_by UUID,
    withdrawn_at TIMESTAMPTZ,
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CHECK (approved_by IS NULL OR withdrawn_by IS NULL)
);
CREATE INDEX retention_disposition_in_order ON retention_disposition (proposed_at, id);

-- Its records, and what became of each. The year says less than the day, from which a birth date could be told.
CREATE TABLE retention_line (
    disposition_id UUID NOT NULL REFERENCES retention_disposition (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'case', 'address_report')),
    record_id UUID NOT NULL,
    due_year BIGINT NOT NULL,
    outcome TEXT CHECK (outcome IN ('destroyed', 'held', 'not_due', 'in_use', 'gone')),
    ended_at TIMESTAMPTZ,
    -- Of a person: queries to and from partners that were destroyed with it.
    queries BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (disposition_id, position),
    UNIQUE (disposition_id, kind, record_id),
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX retention_line_left ON retention_line (disposition_id, position) WHERE outcome IS NULL;

-- What a disposition came to, for ever: a text without anybody in it.
CREATE TABLE retention_certificate (
    disposition_id UUID NOT NULL PRIMARY KEY REFERENCES retention_disposition (id),
    document TEXT NOT NULL,
    document_hash BYTEA NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL
);

-- What is due, or will be within ten years, as far as the records were gone through. Worked out anew before anything is destroyed.
CREATE TABLE retention_due (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'case', 'address_report')),
    record_id UUID NOT NULL,
    due_year BIGINT NOT NULL,
    PRIMARY KEY (kind, record_id)
);
CREATE INDEX retention_due_in_order ON retention_due (kind, due_year, record_id);

-- How far the records were gone through, and what the last whole pass found: how many are never due, since nobody knows a birth date.
CREATE TABLE retention_walk (
    kind TEXT NOT NULL PRIMARY KEY CHECK (kind IN ('person', 'case', 'address_report')),
    after_id UUID NOT NULL,
    unknown BIGINT NOT NULL,
    finished_on TEXT,
    never BIGINT NOT NULL
);

CREATE FUNCTION refuse_retention_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'what was said of retention stays'; END $$;

CREATE TRIGGER retention_hold_is_never_changed BEFORE UPDATE ON retention_hold FOR EACH ROW
WHEN ((NEW.id, NEW.scope, NEW.subject_id, NEW.partner, NEW.reason, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM (OLD.id, OLD.scope, OLD.subject_id, OLD.partner, OLD.reason, OLD.proposed_by, OLD.proposed_at)
    OR (OLD.agreed_by IS NOT NULL AND (NEW.agreed_by, NEW.agreed_at) IS DISTINCT FROM (OLD.agreed_by, OLD.agreed_at))
    OR (OLD.withdrawn_by IS NOT NULL AND (NEW.withdrawn_by, NEW.withdrawn_at) IS DISTINCT FROM (OLD.withdrawn_by, OLD.withdrawn_at))
    OR (NEW.ended_by IS NOT NULL AND (NEW.ending_by, NEW.ending_at) IS DISTINCT FROM (OLD.ending_by, OLD.ending_at))
    OR (OLD.ended_by IS NOT NULL AND (NEW.ended_by, NEW.ended_at) IS DISTINCT FROM (OLD.ended_by, OLD.ended_at)))
EXECUTE FUNCTION refuse_retention_change();
CREATE TRIGGER retention_hold_is_never_deleted BEFORE DELETE OR TRUNCATE ON retention_hold
FOR EACH STATEMENT EXECUTE FUNCTION refuse_retention_change();

CREATE TRIGGER retention_disposition_is_never_changed BEFORE UPDATE ON retention_disposition FOR EACH ROW
WHEN ((NEW.id, NEW.until_day, NEW.records, NEW.list_hash, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM (OLD.id, OLD.until_day, OLD.records, OLD.list_hash, OLD.proposed_by, OLD.proposed_at)
    OR OLD.approved_by IS NOT NULL OR OLD.withdrawn_by IS NOT NULL)
EXECUTE FUNCTION refuse_retention_change();
CREATE TRIGGER retention_disposition_is_never_deleted BEFORE DELETE OR TRUNCATE ON retention_disposition
FOR EACH STATEMENT EXECUTE FUNCTION refuse_retention_change();

-- A list is written once: it has as many lines as its disposition says, and none comes to it later.
CREATE FUNCTION check_retention_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome IS NOT NULL OR NEW.position < 0 OR NOT EXISTS (SELECT 1 FROM retention_disposition
        WHERE id = NEW.disposition_id AND approved_by IS NULL AND withdrawn_by IS NULL AND NEW.position < records) THEN
        RAISE EXCEPTION 'a list is written once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_line_is_of_its_list BEFORE INSERT ON retention_line
FOR EACH ROW EXECUTE FUNCTION check_retention_line();
-- Nothing becomes of a record before another person approved, and nothing else becomes of it afterwards.
CREATE FUNCTION check_retention_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.disposition_id, NEW.position, NEW.kind, NEW.record_id, NEW.due_year)
            IS DISTINCT FROM (OLD.disposition_id, OLD.position, OLD.kind, OLD.record_id, OLD.due_year)
        OR OLD.outcome IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM retention_disposition WHERE id = NEW.disposition_id AND approved_by IS NOT NULL) THEN
        RAISE EXCEPTION 'a list that was approved stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_line_is_never_changed BEFORE UPDATE ON retention_line
FOR EACH ROW EXECUTE FUNCTION check_retention_outcome();
CREATE TRIGGER retention_line_is_never_deleted BEFORE DELETE OR TRUNCATE ON retention_line
FOR EACH STATEMENT EXECUTE FUNCTION refuse_retention_change();

-- Only of a disposition that another person approved, and of which nothing is left.
CREATE FUNCTION check_retention_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM retention_disposition WHERE id = NEW.disposition_id AND approved_by IS NOT NULL)
        OR EXISTS (SELECT 1 FROM retention_line WHERE disposition_id = NEW.disposition_id AND outcome IS NULL) THEN
        RAISE EXCEPTION 'a certificate is of what was done';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_certificate_is_of_what_was_done BEFORE INSERT ON retention_certificate
FOR EACH ROW EXECUTE FUNCTION check_retention_certificate();
CREATE TRIGGER retention_certificate_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON retention_certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_retention_change();

-- Who changes a hold, or destroys, holds this row: a hold that comes while something is destroyed waits, and so the other way round.
INSERT INTO installation (name, value) VALUES ('retention_lock', '');
