-- What officers begin an answer with, in both languages. A change is a new version: what was used stays to be read.
CREATE TABLE answer_template (
    key TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_use', 'retired')),
    used TEXT NOT NULL CHECK (used IN ('answer', 'insert')),
    kinds TEXT NOT NULL,
    title TEXT NOT NULL,
    text_en TEXT NOT NULL,
    text_es TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (key, version)
);

-- Answers to a request. Everything in words is encrypted with the key of the case: `draft` as the officer typed it, `note` of a
-- reviewer, `content` as it was released to be read online, `complaint` why it did not help. One at a time is being written; `number`
-- counts those that were released, from 1. `version` tells two officers at once apart.
CREATE TABLE answer (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES service_request (id),
    case_id UUID NOT NULL REFERENCES case_record (id),
    number BIGINT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'awaiting_review', 'released', 'discarded')),
    version BIGINT NOT NULL,
    form TEXT NOT NULL CHECK (form IN ('letter', 'email', 'telephone')),
    stage TEXT NOT NULL CHECK (stage IN ('interim', 'interim_question', 'final')),
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    draft BYTEA NOT NULL,
    note BYTEA,
    content BYTEA,
    pdf_sha256 BYTEA,
    written_by UUID NOT NULL,
    released_by UUID,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    released_at TIMESTAMPTZ,
    complaint BYTEA,
    complained_at TIMESTAMPTZ,
    UNIQUE (request_id, number)
);
CREATE UNIQUE INDEX answer_under_way ON answer (request_id) WHERE state IN ('draft', 'awaiting_review');
CREATE INDEX answer_to_review ON answer (changed_at, id) WHERE state = 'awaiting_review';

-- Letters that are printed together: one PDF for an office. `manifest` is JSON without personal data, and `sha256` of the PDF; both
-- come when it was laid down. One that nobody acknowledges stays visible.
CREATE TABLE print_batch (
    id UUID NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    letters BIGINT NOT NULL,
    manifest TEXT,
    sha256 BYTEA,
    made_by TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    laid_down_at TIMESTAMPTZ,
    acknowledged_by TEXT,
    acknowledged_at TIMESTAMPTZ
);
CREATE INDEX print_batch_open ON print_batch (made_at, id) WHERE acknowledged_at IS NULL;

-- Who gets an answer, by what means, and what became of it. `content` is the copy on paper, encrypted with the key of the case;
-- `pdf_sha256` of the document that it was set as.
CREATE TABLE answer_recipient (
    id UUID NOT NULL PRIMARY KEY,
    answer_id UUID NOT NULL REFERENCES answer (id),
    recipient TEXT NOT NULL CHECK (recipient IN ('person', 'representative')),
    channel TEXT NOT NULL CHECK (channel IN ('letter', 'email', 'telephone')),
    office TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'acknowledged', 'returned')),
    state_at TIMESTAMPTZ NOT NULL,
    content BYTEA,
    pdf_sha256 BYTEA,
    batch_id UUID REFERENCES print_batch (id),
    UNIQUE (answer_id, recipient, channel)
);
CREATE INDEX answer_recipient_to_print ON answer_recipient (office, id) WHERE state = 'prepared' AND channel = 'letter';
CREATE INDEX answer_recipient_of_batch ON answer_recipient (batch_id, id) WHERE batch_id IS NOT NULL;

-- What the case system is to do, in the order in which it was asked for. `detail` and `reason` are encrypted with the key of the case.
CREATE TABLE outbound_command (
    id UUID NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL UNIQUE,
    request_id UUID NOT NULL REFERENCES service_request (id),
    case_id UUID NOT NULL REFERENCES case_record (id),
    kind TEXT NOT NULL CHECK (kind IN ('correct_data', 'reissue_notice', 'remail_card')),
    detail BYTEA NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'confirmed', 'refused')),
    state_at TIMESTAMPTZ NOT NULL,
    reason BYTEA,
    asked_by UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX outbound_command_of_request ON outbound_command (request_id, position);

-- Whether a name in a letter is somebody else's.
CREATE INDEX case_party_by_name ON case_party (lower(family_name), lower(given_name));
