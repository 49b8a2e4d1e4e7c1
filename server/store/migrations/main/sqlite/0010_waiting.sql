-- How many people wait, counted once a day with a threshold. A count writes its steps aside and is read once it is finished;
-- `id` is of whoever counts, and another one takes over a count that was left.
CREATE TABLE waiting_count (
    day TEXT NOT NULL,
    threshold INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    claimed_at TEXT NOT NULL,
    finished_at TEXT,
    PRIMARY KEY (day, threshold)
) STRICT, WITHOUT ROWID;

-- Of people with one form, category and office: whoever was received on `from_day` or later, until the next step, has more than
-- `told` before them. Rounded already, so that no small number is ever stored.
CREATE TABLE waiting_step (
    count_id BLOB NOT NULL,
    form TEXT NOT NULL,
    category TEXT NOT NULL,
    office TEXT NOT NULL,
    from_day TEXT NOT NULL,
    told INTEGER NOT NULL,
    PRIMARY KEY (count_id, form, category, office, from_day)
) STRICT, WITHOUT ROWID;
