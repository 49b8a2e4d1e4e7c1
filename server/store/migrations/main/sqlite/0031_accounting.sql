-- What past recipients have to be told (5 USC 552a(c)(4)): that a correction was agreed to, or that the person disagrees.
CREATE TABLE amendment (
    id BLOB NOT NULL PRIMARY KEY,
    -- The root of the profile at that time.
    profile_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('correction', 'dispute')),
    -- Of the profile; no reference, since the accounting outlives the record.
    correction_id BLOB UNIQUE,
    -- Keys with blanks between them: what is another than it was told, or disputed.
    elements TEXT NOT NULL,
    -- The person's statement of disagreement, sealed.
    data_key_id BLOB,
    statement BLOB,
    raised_by BLOB NOT NULL,
    raised_at TEXT NOT NULL,
    -- When past recipients are looked up: at once, and again when what was under way has left. In each database by itself: not every
    -- process opens both.
    trace_at TEXT,
    traces INTEGER NOT NULL,
    partner_trace_at TEXT,
    partner_traces INTEGER NOT NULL,
    CHECK ((kind = 'correction') = (correction_id IS NOT NULL)),
    CHECK ((kind = 'dispute') = (statement IS NOT NULL)),
    CHECK ((data_key_id IS NULL) = (statement IS NULL))
) STRICT;
CREATE INDEX amendment_to_trace ON amendment (trace_at) WHERE trace_at IS NOT NULL;
CREATE INDEX amendment_to_trace_at_partners ON amendment (partner_trace_at) WHERE partner_trace_at IS NOT NULL;

CREATE TRIGGER amendment_is_never_deleted BEFORE DELETE ON amendment BEGIN
    SELECT RAISE(ABORT, 'amendments stay as they are');
END;
CREATE TRIGGER amendment_is_never_changed
BEFORE UPDATE OF id, profile_id, kind, correction_id, elements, data_key_id, statement, raised_by, raised_at ON amendment BEGIN
    SELECT RAISE(ABORT, 'amendments stay as they are');
END;

-- Who has to be told of an amendment, because they were told what it sets right: one row for each disclosure. Both databases have these
-- tables; a row stands beside the disclosure.
CREATE TABLE correction_notice (
    id BLOB NOT NULL PRIMARY KEY,
    -- In the main database: the amendment, and the root of the profile at that time.
    amendment_id BLOB NOT NULL,
    profile_id BLOB NOT NULL,
    disclosure_id BLOB NOT NULL REFERENCES disclosure (id),
    -- Keys with blanks between them: what was told, of what is amended.
    elements TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'due', 'held', 'withheld', 'refused', 'sent')),
    -- The privacy officer who has the recipient told.
    ordered_by BLOB,
    -- The disclosure that tells it: no row, no send.
    told_by BLOB REFERENCES disclosure (id),
    -- Why nothing may be told.
    because TEXT,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    raised_at TEXT NOT NULL,
    sent_at TEXT,
    UNIQUE (amendment_id, disclosure_id),
    CHECK (state NOT IN ('due', 'sent') OR ordered_by IS NOT NULL),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CHECK (sent_at IS NULL OR told_by IS NOT NULL),
    CHECK (told_by IS NULL OR told_by <> disclosure_id)
) STRICT;
CREATE INDEX correction_notice_in_order ON correction_notice (raised_at, id);
CREATE INDEX correction_notice_of_profile ON correction_notice (profile_id);
CREATE INDEX correction_notice_told_by ON correction_notice (told_by) WHERE told_by IS NOT NULL;
CREATE INDEX correction_notice_due ON correction_notice (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- That a recipient did what it was told for.
CREATE TABLE correction_confirmation (
    id BLOB NOT NULL PRIMARY KEY,
    notice_id BLOB NOT NULL UNIQUE REFERENCES correction_notice (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('corrected', 'note_to_file')),
    confirmed_at TEXT NOT NULL,
    -- None: it came through IDENT.
    recorded_by BLOB,
    recorded_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER correction_notice_is_never_deleted BEFORE DELETE ON correction_notice BEGIN
    SELECT RAISE(ABORT, 'who has to be told stays');
END;
CREATE TRIGGER correction_notice_stays_about_the_same
BEFORE UPDATE OF id, amendment_id, profile_id, disclosure_id, elements, raised_at ON correction_notice BEGIN
    SELECT RAISE(ABORT, 'who has to be told stays');
END;
CREATE TRIGGER correction_confirmation_is_never_changed BEFORE UPDATE ON correction_confirmation BEGIN
    SELECT RAISE(ABORT, 'confirmations are append-only');
END;
CREATE TRIGGER correction_confirmation_is_never_deleted BEFORE DELETE ON correction_confirmation BEGIN
    SELECT RAISE(ABORT, 'confirmations are append-only');
END;
