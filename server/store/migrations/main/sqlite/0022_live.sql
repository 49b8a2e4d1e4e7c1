-- What changed about requests of offices, for pages that are open at this moment; a day of it is kept. Nothing of it is personal.
-- `office` has the request now, `former_office` had it before, where that is another one. `officer_id` is who wrote a note or a
-- question; who did anything else stands in the events. `position` is `seq` here, where transactions that write come one after the
-- other; numbers never come again.
CREATE TABLE request_change (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    position INTEGER NOT NULL DEFAULT 0,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    office TEXT,
    former_office TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('moved', 'changed', 'note', 'question')),
    version INTEGER NOT NULL,
    officer_id BLOB,
    changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX request_change_by_position ON request_change (position, seq);
CREATE INDEX request_change_of_request ON request_change (request_id, seq);
CREATE INDEX request_change_by_time ON request_change (changed_at);
CREATE TRIGGER request_change_has_its_position AFTER INSERT ON request_change
BEGIN UPDATE request_change SET position = NEW.seq WHERE seq = NEW.seq; END;
