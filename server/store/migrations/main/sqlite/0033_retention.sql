-- What must not be destroyed although it is due: a person, a case, or everybody about whom a partner was asked or asked. It keeps from
-- the moment when it is proposed, since nothing brings back what was destroyed; another person agrees, and two end it.
CREATE TABLE retention_hold (
    id BLOB NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL CHECK (scope IN ('person', 'case', 'partner')),
    -- The profile, or the case.
    subject_id BLOB,
    partner TEXT CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    reason BLOB NOT NULL,
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    agreed_by BLOB,
    agreed_at TEXT,
    -- A proposal that nobody agreed to.
    withdrawn_by BLOB,
    withdrawn_at TEXT,
    -- The first of the two who end it.
    ending_by BLOB,
    ending_at TEXT,
    ended_by BLOB,
    ended_at TEXT,
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
) STRICT;
CREATE INDEX retention_hold_in_order ON retention_hold (proposed_at, id);

-- A list of records that are to be destroyed. One person has it made, another approves exactly that: `list_hash` is of its lines.
CREATE TABLE retention_disposition (
    id BLOB NOT NULL PRIMARY KEY,
    -- What was due on this day.
    until_day TEXT NOT NULL,
    records INTEGER NOT NULL CHECK (records > 0),
    list_hash BLOB NOT NULL,
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    approved_by BLOB,
    approved_at TEXT,
    withdrawn_by BLOB,
    withdrawn_at TEXT,
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by),
    CHECK (approved_by IS NULL OR withdrawn_by IS NULL)
) STRICT;
CREATE INDEX retention_disposition_in_order ON retention_disposition (proposed_at, id);

-- Its records, and what became of each. The year says less than the day, from which a birth date could be told.
CREATE TABLE retention_line (
    disposition_id BLOB NOT NULL REFERENCES retention_disposition (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'case', 'address_report')),
    record_id BLOB NOT NULL,
    due_year INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN ('destroyed', 'held', 'not_due', 'in_use', 'gone')),
    ended_at TEXT,
    -- Of a person: queries to and from partners that were destroyed with it.
    queries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (disposition_id, position),
    UNIQUE (disposition_id, kind, record_id),
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_line_left ON retention_line (disposition_id, position) WHERE outcome IS NULL;

-- What a disposition came to, for ever: a text without anybody in it.
CREATE TABLE retention_certificate (
    disposition_id BLOB NOT NULL PRIMARY KEY REFERENCES retention_disposition (id),
    document TEXT NOT NULL,
    document_hash BLOB NOT NULL,
    issued_at TEXT NOT NULL
) STRICT;

-- What is due, or will be within ten years, as far as the records were gone through. Worked out anew before anything is destroyed.
CREATE TABLE retention_due (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'case', 'address_report')),
    record_id BLOB NOT NULL,
    due_year INTEGER NOT NULL,
    PRIMARY KEY (kind, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX retention_due_in_order ON retention_due (kind, due_year, record_id);

-- How far the records were gone through, and what the last whole pass found: how many are never due, since nobody knows a birth date.
CREATE TABLE retention_walk (
    kind TEXT NOT NULL PRIMARY KEY CHECK (kind IN ('person', 'case', 'address_report')),
    after_id BLOB NOT NULL,
    unknown INTEGER NOT NULL,
    finished_on TEXT,
    never INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER retention_hold_is_never_changed BEFORE UPDATE ON retention_hold
WHEN NEW.id IS NOT OLD.id OR NEW.scope IS NOT OLD.scope OR NEW.subject_id IS NOT OLD.subject_id OR NEW.partner IS NOT OLD.partner
    OR NEW.reason IS NOT OLD.reason OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
    OR (OLD.agreed_by IS NOT NULL AND (NEW.agreed_by IS NOT OLD.agreed_by OR NEW.agreed_at IS NOT OLD.agreed_at))
    OR (OLD.withdrawn_by IS NOT NULL AND (NEW.withdrawn_by IS NOT OLD.withdrawn_by OR NEW.withdrawn_at IS NOT OLD.withdrawn_at))
    OR (NEW.ended_by IS NOT NULL AND (NEW.ending_by IS NOT OLD.ending_by OR NEW.ending_at IS NOT OLD.ending_at))
    OR (OLD.ended_by IS NOT NULL AND (NEW.ended_by IS NOT OLD.ended_by OR NEW.ended_at IS NOT OLD.ended_at))
BEGIN SELECT RAISE(ABORT, 'what was said of a hold stays'); END;
CREATE TRIGGER retention_hold_is_never_deleted BEFORE DELETE ON retention_hold
BEGIN SELECT RAISE(ABORT, 'holds are never deleted'); END;

CREATE TRIGGER retention_disposition_is_never_changed BEFORE UPDATE ON retention_disposition
WHEN NEW.id IS NOT OLD.id OR NEW.until_day IS NOT OLD.until_day OR NEW.records IS NOT OLD.records
    OR NEW.list_hash IS NOT OLD.list_hash OR NEW.proposed_by IS NOT OLD.proposed_by OR NEW.proposed_at IS NOT OLD.proposed_at
    OR OLD.approved_by IS NOT NULL OR OLD.withdrawn_by IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what was said of a disposition stays'); END;
CREATE TRIGGER retention_disposition_is_never_deleted BEFORE DELETE ON retention_disposition
BEGIN SELECT RAISE(ABORT, 'dispositions are never deleted'); END;

-- A list is written once: it has as many lines as its disposition says, and none comes to it later.
CREATE TRIGGER retention_line_is_of_its_list BEFORE INSERT ON retention_line
WHEN NEW.outcome IS NOT NULL OR NEW.position < 0 OR NOT EXISTS (SELECT 1 FROM retention_disposition
    WHERE id = NEW.disposition_id AND approved_by IS NULL AND withdrawn_by IS NULL AND NEW.position < records)
BEGIN SELECT RAISE(ABORT, 'a list is written once'); END;
-- Nothing becomes of a record before another person approved, and nothing else becomes of it afterwards.
CREATE TRIGGER retention_line_is_never_changed BEFORE UPDATE ON retention_line
WHEN NEW.disposition_id IS NOT OLD.disposition_id OR NEW.position IS NOT OLD.position OR NEW.kind IS NOT OLD.kind
    OR NEW.record_id IS NOT OLD.record_id OR NEW.due_year IS NOT OLD.due_year OR OLD.outcome IS NOT NULL
    OR NOT EXISTS (SELECT 1 FROM retention_disposition WHERE id = NEW.disposition_id AND approved_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a list that was approved stays'); END;
CREATE TRIGGER retention_line_is_never_deleted BEFORE DELETE ON retention_line
BEGIN SELECT RAISE(ABORT, 'lists of dispositions are never deleted'); END;

-- Only of a disposition that another person approved, and of which nothing is left.
CREATE TRIGGER retention_certificate_is_of_what_was_done BEFORE INSERT ON retention_certificate
WHEN NOT EXISTS (SELECT 1 FROM retention_disposition WHERE id = NEW.disposition_id AND approved_by IS NOT NULL)
    OR EXISTS (SELECT 1 FROM retention_line WHERE disposition_id = NEW.disposition_id AND outcome IS NULL)
BEGIN SELECT RAISE(ABORT, 'a certificate is of what was done'); END;
CREATE TRIGGER retention_certificate_is_never_changed BEFORE UPDATE ON retention_certificate
BEGIN SELECT RAISE(ABORT, 'certificates are append-only'); END;
CREATE TRIGGER retention_certificate_is_never_deleted BEFORE DELETE ON retention_certificate
BEGIN SELECT RAISE(ABORT, 'certificates are append-only'); END;

-- Who changes a hold, or destroys, holds this row: a hold that comes while something is destroyed waits, and so the other way round.
INSERT INTO installation (name, value) VALUES ('retention_lock', '');
