-- Which answers are read again after they went out. A part without a value stands for all; `share` of a hundred, or the first so many
-- of each officer. A rule is never changed: it ends, and another one begins.
CREATE TABLE quality_rule (
    id UUID NOT NULL PRIMARY KEY,
    office TEXT,
    kind TEXT,
    template_key TEXT,
    share BIGINT CHECK (share BETWEEN 1 AND 100),
    first_answers BIGINT CHECK (first_answers BETWEEN 1 AND 500),
    made_by UUID NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    ended_by UUID,
    ended_at TIMESTAMPTZ,
    CHECK ((share IS NULL) <> (first_answers IS NULL))
);
CREATE INDEX quality_rule_in_use ON quality_rule (made_at, id) WHERE ended_at IS NULL;

-- Kinds of requests whose answers a second person releases, office by office.
CREATE TABLE review_category (
    office TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_by UUID NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (office, kind)
);

-- What an answer was begun with, or had put in, and what became of the answer: when it went out, when its request was opened again
-- soon after, and when a second reader gave or sent it back.
CREATE TABLE answer_template_use (
    answer_id UUID NOT NULL REFERENCES answer (id),
    template_key TEXT NOT NULL,
    released_at TIMESTAMPTZ,
    reopened_at TIMESTAMPTZ,
    sent_back_at TIMESTAMPTZ,
    PRIMARY KEY (answer_id, template_key)
);
CREATE INDEX answer_template_use_by_release ON answer_template_use (released_at, template_key, reopened_at, sent_back_at)
    WHERE released_at IS NOT NULL;
CREATE INDEX answer_of_writer ON answer (written_by, released_at) WHERE state = 'released' AND stage = 'final';

-- An answer that was drawn, and what its second reader found: never who wrote or released it. `note` is encrypted with the key of the
-- case. `seen_at`: when the writer read it.
CREATE TABLE quality_sample (
    answer_id UUID NOT NULL PRIMARY KEY REFERENCES answer (id),
    request_id UUID NOT NULL REFERENCES service_request (id),
    office TEXT NOT NULL,
    rule_id UUID NOT NULL REFERENCES quality_rule (id),
    written_by UUID NOT NULL,
    released_by UUID NOT NULL,
    drawn_at TIMESTAMPTZ NOT NULL,
    read_by UUID,
    read_at TIMESTAMPTZ,
    verdict TEXT CHECK (verdict IN ('good', 'good_with_note', 'send_back')),
    note BYTEA,
    seen_at TIMESTAMPTZ,
    CHECK (read_by IS NULL OR (read_by <> written_by AND read_by <> released_by)),
    CHECK ((read_by IS NULL) = (read_at IS NULL) AND (read_by IS NULL) = (verdict IS NULL))
);
CREATE INDEX quality_sample_waiting ON quality_sample (office, drawn_at, answer_id) WHERE read_at IS NULL;
CREATE INDEX quality_sample_read ON quality_sample (office, read_at, answer_id) WHERE read_at IS NOT NULL;
CREATE INDEX quality_sample_of_writer ON quality_sample (written_by, read_at, answer_id) WHERE read_at IS NOT NULL;

CREATE TABLE quality_score (
    answer_id UUID NOT NULL REFERENCES quality_sample (answer_id),
    criterion TEXT NOT NULL CHECK (criterion IN ('asked', 'facts', 'plain', 'next', 'discreet')),
    score TEXT NOT NULL CHECK (score IN ('yes', 'partly', 'no')),
    PRIMARY KEY (answer_id, criterion)
);
