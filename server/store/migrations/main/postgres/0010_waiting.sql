-- How many people wait, counted once a day with a threshold. A count writes its steps aside and is read once it is finished;
-- `id` is of whoever counts, and another one takes over a count that was left.
CREATE TABLE waiting_count (
    day TEXT COLLATE "C" NOT NULL,
    threshold BIGINT NOT NULL,
    id UUID NOT NULL UNIQUE,
    claimed_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (day, threshold)
);

-- Of people with one form, category and office: whoever was received on `from_day` or later, until the next step, has more than
-- `told` before them. Rounded already, so that no small number is ever stored.
CREATE TABLE waiting_step (
    count_id UUID NOT NULL,
    form TEXT NOT NULL,
    category TEXT NOT NULL,
    office TEXT NOT NULL,
    from_day TEXT COLLATE "C" NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (count_id, form, category, office, from_day)
);
