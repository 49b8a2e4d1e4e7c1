-- How many of its events are in the figures of reports; 0 for one that is still to be counted.
ALTER TABLE service_request ADD COLUMN tallied INTEGER NOT NULL DEFAULT 0;
CREATE INDEX service_request_to_tally ON service_request (id) WHERE tallied = 0;

-- Figures of reports, changed in the transaction in which what they count happens. `period` is a month or a day, `office` is empty for
-- what belongs to none, `kind` a type of request or empty for all, `days` a number of days where the figure is spread over them. There is
-- nobody in it, and it is as large as the calendar, the offices and the types make it, however many requests there are.
CREATE TABLE report_tally (
    figure TEXT NOT NULL,
    period TEXT NOT NULL,
    office TEXT NOT NULL,
    kind TEXT NOT NULL,
    days INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (figure, period, office, kind, days)
) STRICT, WITHOUT ROWID;

-- What was published of a month, as JSON without what is hidden. Never changed: two versions could be subtracted.
CREATE TABLE service_report (
    month TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
