-- Where a request stands among an office's lists, beside its state: `place` is one of them, `officer_id` who has it, `owed_on` the
-- day by which an answer is owed while its clock runs (or ran out), `open_by` the day until which somebody there is to read it,
-- `mail` what became of the mail of its case, `review_since` when its answer was given to a second reader. `version` counts its
-- events. All follow from the events, and change with them.
ALTER TABLE service_request ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_request ADD COLUMN place TEXT NOT NULL DEFAULT 'arriving'
    CHECK (place IN ('arriving', 'unassigned', 'working', 'waiting', 'review', 'closed'));
ALTER TABLE service_request ADD COLUMN officer_id BLOB;
ALTER TABLE service_request ADD COLUMN owed_on TEXT;
ALTER TABLE service_request ADD COLUMN open_by TEXT;
ALTER TABLE service_request ADD COLUMN mail TEXT CHECK (mail IN ('returned', 'misdelivered'));
ALTER TABLE service_request ADD COLUMN review_since TEXT;
-- A keyed hash of the eight digits that a caller was given.
ALTER TABLE service_request ADD COLUMN callback_index BLOB;

-- Nobody could work on requests before: none of them had an officer.
UPDATE service_request SET
    version = (SELECT count(*) FROM service_request_event WHERE request_id = service_request.id),
    place = CASE WHEN state IN ('received', 'stored') THEN 'arriving' WHEN state IN ('answered', 'withdrawn', 'superseded') THEN 'closed'
                 WHEN state IN ('waiting_for_person', 'paused') THEN 'waiting' WHEN state = 'routed' THEN 'unassigned' ELSE 'working' END,
    owed_on = CASE WHEN state IN ('routed', 'assigned', 'opened') THEN due_on END,
    open_by = CASE WHEN state IN ('routed', 'assigned') THEN date(substr(received_at, 1, 10), '+7 days') END;

DROP INDEX service_request_by_due;
-- One for each list and order: a page of fifty reads fifty entries, however many requests there are.
CREATE INDEX service_request_by_place_and_due ON service_request (office, place, due_on, id);
CREATE INDEX service_request_by_place_and_receipt ON service_request (office, place, received_at, id);
CREATE INDEX service_request_by_kind ON service_request (office, kind, due_on, id) WHERE place <> 'closed';
CREATE INDEX service_request_owed ON service_request (office, owed_on, id) WHERE owed_on IS NOT NULL;
CREATE INDEX service_request_unopened ON service_request (office, open_by, id) WHERE open_by IS NOT NULL;
CREATE INDEX service_request_of_officer ON service_request (officer_id, office, due_on, id) WHERE officer_id IS NOT NULL AND place <> 'closed';
CREATE INDEX service_request_with_mail ON service_request (office, due_on, id) WHERE mail IS NOT NULL AND place <> 'closed';
CREATE INDEX service_request_arriving ON service_request (received_at, id) WHERE place = 'arriving';
CREATE UNIQUE INDEX service_request_by_callback ON service_request (callback_index) WHERE callback_index IS NOT NULL;

-- How many requests there are in an office's lists, changed in the transaction that changes a request. `key` is an officer or a day
-- where the list has one: which days are over is asked when it is read, so that midnight changes nothing here. Each figure is spread
-- over rows (`shard`), so that officers who work at once do not wait for each other; one of them may be below zero.
CREATE TABLE request_count (
    office TEXT NOT NULL,
    tally TEXT NOT NULL CHECK (tally IN ('unassigned', 'working', 'waiting', 'review', 'closed', 'officer', 'owed', 'open_by', 'mail')),
    key TEXT NOT NULL,
    shard INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (office, tally, key, shard)
) STRICT, WITHOUT ROWID;
INSERT INTO request_count (office, tally, key, shard, requests)
    SELECT office, place, '', 0, count(*) FROM service_request WHERE office IS NOT NULL AND place <> 'arriving' GROUP BY office, place;
INSERT INTO request_count (office, tally, key, shard, requests)
    SELECT office, 'owed', owed_on, 0, count(*) FROM service_request WHERE office IS NOT NULL AND owed_on IS NOT NULL GROUP BY office, owed_on;
INSERT INTO request_count (office, tally, key, shard, requests)
    SELECT office, 'open_by', open_by, 0, count(*) FROM service_request WHERE office IS NOT NULL AND open_by IS NOT NULL GROUP BY office, open_by;

-- Who works on an office's requests, and how many at once: what automatic assignment goes by. `kinds` are words of kinds with spaces
-- between; empty for all. An officer on leave is given nothing.
CREATE TABLE assignment_share (
    office TEXT NOT NULL,
    officer_id BLOB NOT NULL,
    kinds TEXT NOT NULL,
    capacity INTEGER NOT NULL CHECK (capacity >= 0),
    PRIMARY KEY (office, officer_id)
) STRICT;
CREATE TABLE officer_leave (
    id BLOB NOT NULL PRIMARY KEY,
    officer_id BLOB NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL
) STRICT;
CREATE INDEX officer_leave_of_officer ON officer_leave (officer_id, until_on);

-- Requests that were given out in one act, so that it can be undone. `version` is what the act left: whatever happened since stays.
CREATE TABLE assignment_batch (
    id BLOB NOT NULL PRIMARY KEY,
    officer_id BLOB NOT NULL,
    created_at TEXT NOT NULL,
    undone_at TEXT
) STRICT;
CREATE TABLE assignment_batch_row (
    batch_id BLOB NOT NULL REFERENCES assignment_batch (id),
    request_id BLOB NOT NULL REFERENCES service_request (id),
    former_officer_id BLOB,
    version INTEGER NOT NULL,
    PRIMARY KEY (batch_id, request_id)
) STRICT;

-- What officers write about a request, encrypted with the key of the case.
CREATE TABLE request_note (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    officer_id BLOB NOT NULL,
    content BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX request_note_of_request ON request_note (request_id, created_at, id);

-- Who has a request open.
CREATE TABLE request_presence (
    request_id BLOB NOT NULL REFERENCES service_request (id),
    officer_id BLOB NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (request_id, officer_id)
) STRICT;
CREATE INDEX request_presence_by_time ON request_presence (seen_at);

-- A question to another office. Until it is answered, or its time is over, that office may read the request. The words are encrypted
-- with the key of the case.
CREATE TABLE request_question (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    from_office TEXT NOT NULL,
    to_office TEXT NOT NULL,
    asked_by BLOB NOT NULL,
    question BLOB NOT NULL,
    asked_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    answered_by BLOB,
    answer BLOB,
    answered_at TEXT
) STRICT;
CREATE INDEX request_question_of_request ON request_question (request_id, asked_at, id);
CREATE INDEX request_question_open ON request_question (to_office, ends_at, id) WHERE answered_at IS NULL;

-- What a supervisor has to know: a request whose day is near, has come, or is over. Once for each day that it was owed by.
CREATE TABLE request_escalation (
    request_id BLOB NOT NULL REFERENCES service_request (id),
    stage TEXT NOT NULL CHECK (stage IN ('near', 'due', 'over')),
    owed_on TEXT NOT NULL,
    office TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    seen_by BLOB,
    seen_at TEXT,
    PRIMARY KEY (request_id, stage, owed_on)
) STRICT;
CREATE INDEX request_escalation_unseen ON request_escalation (office, raised_at, request_id) WHERE seen_at IS NULL;

-- What a search goes through: words of names as they are said, words that were written as keyed hashes, and the office; all of them
-- without accents and in small letters. See docs/decisions/0023.
CREATE TABLE request_text (
    seq INTEGER NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL UNIQUE REFERENCES service_request (id),
    words TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE request_text_index USING fts5(words, content='request_text', content_rowid='seq', tokenize='ascii', detail='none');
CREATE TRIGGER request_text_added AFTER INSERT ON request_text
BEGIN INSERT INTO request_text_index (rowid, words) VALUES (new.seq, new.words); END;
CREATE TRIGGER request_text_removed AFTER DELETE ON request_text
BEGIN INSERT INTO request_text_index (request_text_index, rowid, words) VALUES ('delete', old.seq, old.words); END;
CREATE TRIGGER request_text_changed AFTER UPDATE OF words ON request_text
BEGIN
    INSERT INTO request_text_index (request_text_index, rowid, words) VALUES ('delete', old.seq, old.words);
    INSERT INTO request_text_index (rowid, words) VALUES (new.seq, new.words);
END;

-- Requests that were there before are to be written: their words are encrypted, so the program does it, some at a time.
CREATE INDEX request_text_to_write ON request_text (seq) WHERE words = '';
INSERT INTO request_text (request_id, words) SELECT id, '' FROM service_request WHERE place <> 'arriving';

-- What an officer looks for, encrypted, for as long as its page may be open. The address of the page names the row.
CREATE TABLE request_search (
    id BLOB NOT NULL PRIMARY KEY,
    officer_id BLOB NOT NULL,
    content BLOB NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX request_search_by_expiry ON request_search (expires_at);

-- A list that somebody wants again: a name, and what was chosen in it, without anything personal. Without an owner it is the office's.
CREATE TABLE request_view (
    id BLOB NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    owner_id BLOB,
    name TEXT NOT NULL,
    chosen TEXT NOT NULL,
    created_by BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX request_view_by_name ON request_view (office, coalesce(owner_id, zeroblob(16)), name);
