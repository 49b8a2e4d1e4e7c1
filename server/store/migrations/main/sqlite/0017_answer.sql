-- What officers begin an answer with, in both languages. A change is a new version: what was used stays to be read.
CREATE TABLE answer_template (
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in_use', 'retired')),
    used TEXT NOT NULL CHECK (used IN ('answer', 'insert')),
    kinds TEXT NOT NULL,
    title TEXT NOT NULL,
    text_en TEXT NOT NULL,
    text_es TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

-- Answers to a request. Everything in words is encrypted with the key of the case: `draft` as the officer typed it, `note` of a
-- reviewer, `content` as it was released to be read online, `complaint` why it did not help. One at a time is being written; `number`
-- counts those that were released, from 1. `version` tells two officers at once apart.
CREATE TABLE answer (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    case_id BLOB NOT NULL REFERENCES case_record (id),
    number INTEGER,
    state TEXT NOT NULL CHECK (state IN ('draft', 'awaiting_review', 'released', 'discarded')),
    version INTEGER NOT NULL,
    form TEXT NOT NULL CHECK (form IN ('letter', 'email', 'telephone')),
    stage TEXT NOT NULL CHECK (stage IN ('interim', 'interim_question', 'final')),
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    draft BLOB NOT NULL,
    note BLOB,
    content BLOB,
    pdf_sha256 BLOB,
    written_by BLOB NOT NULL,
    released_by BLOB,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    released_at TEXT,
    complaint BLOB,
    complained_at TEXT,
    UNIQUE (request_id, number)
) STRICT;
CREATE UNIQUE INDEX answer_under_way ON answer (request_id) WHERE state IN ('draft', 'awaiting_review');
CREATE INDEX answer_to_review ON answer (changed_at, id) WHERE state = 'awaiting_review';

-- Letters that are printed together: one PDF for an office. `manifest` is JSON without personal data, and `sha256` of the PDF; both
-- come when it was laid down. One that nobody acknowledges stays visible.
CREATE TABLE print_batch (
    id BLOB NOT NULL PRIMARY KEY,
    office TEXT NOT NULL,
    letters INTEGER NOT NULL,
    manifest TEXT,
    sha256 BLOB,
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    laid_down_at TEXT,
    acknowledged_by TEXT,
    acknowledged_at TEXT
) STRICT;
CREATE INDEX print_batch_open ON print_batch (made_at, id) WHERE acknowledged_at IS NULL;

-- Who gets an answer, by what means, and what became of it. `content` is the copy on paper, encrypted with the key of the case;
-- `pdf_sha256` of the document that it was set as.
CREATE TABLE answer_recipient (
    id BLOB NOT NULL PRIMARY KEY,
    answer_id BLOB NOT NULL REFERENCES answer (id),
    recipient TEXT NOT NULL CHECK (recipient IN ('person', 'representative')),
    channel TEXT NOT NULL CHECK (channel IN ('letter', 'email', 'telephone')),
    office TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('prepared', 'sent', 'acknowledged', 'returned')),
    state_at TEXT NOT NULL,
    content BLOB,
    pdf_sha256 BLOB,
    batch_id BLOB REFERENCES print_batch (id),
    UNIQUE (answer_id, recipient, channel)
) STRICT;
CREATE INDEX answer_recipient_to_print ON answer_recipient (office, id) WHERE state = 'prepared' AND channel = 'letter';
CREATE INDEX answer_recipient_of_batch ON answer_recipient (batch_id, id) WHERE batch_id IS NOT NULL;

-- What the case system is to do, in the order in which it was asked for. `detail` and `reason` are encrypted with the key of the case.
CREATE TABLE outbound_command (
    id BLOB NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,
    request_id BLOB NOT NULL REFERENCES service_request (id),
    case_id BLOB NOT NULL REFERENCES case_record (id),
    kind TEXT NOT NULL CHECK (kind IN ('correct_data', 'reissue_notice', 'remail_card')),
    detail BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'confirmed', 'refused')),
    state_at TEXT NOT NULL,
    reason BLOB,
    asked_by BLOB NOT NULL,
    asked_at TEXT NOT NULL
) STRICT;
CREATE INDEX outbound_command_of_request ON outbound_command (request_id, position);

-- Whether a name in a letter is somebody else's.
CREATE INDEX case_party_by_name ON case_party (lower(family_name), lower(given_name));
