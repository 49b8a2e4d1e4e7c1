-- That a component may use some of what a partner answers, of every person, for a time: proposed by one, agreed to by another.
CREATE TABLE use_approval (
    id BLOB NOT NULL PRIMARY KEY,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    -- Keys with blanks between them.
    purposes TEXT NOT NULL,
    elements TEXT NOT NULL,
    from_day TEXT NOT NULL,
    -- The first day on which it holds no longer.
    to_day TEXT NOT NULL,
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    agreed_by BLOB,
    agreed_at TEXT,
    ended_by BLOB,
    ended_at TEXT,
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE INDEX use_approval_in_order ON use_approval (proposed_at, id);
CREATE INDEX use_approval_of_component ON use_approval (component, partner) WHERE agreed_by IS NOT NULL AND ended_at IS NULL;

-- What a component asks to use, through IDENT.
CREATE TABLE use_request (
    id BLOB NOT NULL PRIMARY KEY,
    message_id BLOB NOT NULL UNIQUE,
    query_id BLOB NOT NULL REFERENCES partner_query (id),
    transaction_number TEXT NOT NULL,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    purpose TEXT NOT NULL,
    elements TEXT NOT NULL,
    -- Guarded: the person may be protected, so that two people let it be used, or nobody.
    state TEXT NOT NULL CHECK (state IN ('received', 'waiting', 'guarded', 'allowed', 'refused')),
    -- Under which it was allowed by itself.
    approval_id BLOB REFERENCES use_approval (id),
    -- Who would let it be used, until somebody else agrees.
    first_by BLOB,
    first_reason BLOB,
    decided_by BLOB,
    decided_at TEXT,
    reason BLOB,
    attempts INTEGER NOT NULL,
    next_attempt_at TEXT,
    answered_at TEXT,
    received_at TEXT NOT NULL,
    CHECK (state <> 'allowed' OR (approval_id IS NULL) <> (decided_by IS NULL)),
    CHECK (state <> 'allowed' OR first_by IS NULL OR first_by <> decided_by)
) STRICT;
CREATE INDEX use_request_in_state ON use_request (state, received_at, id);
CREATE INDEX use_request_due ON use_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Every use that was allowed, and on what it rests: a standing approval, or somebody's decision.
CREATE TABLE use_ledger (
    id BLOB NOT NULL PRIMARY KEY,
    request_id BLOB NOT NULL UNIQUE REFERENCES use_request (id),
    query_id BLOB NOT NULL REFERENCES partner_query (id),
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    transaction_number TEXT NOT NULL,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    purpose TEXT NOT NULL,
    elements TEXT NOT NULL,
    approval_id BLOB REFERENCES use_approval (id),
    first_by BLOB,
    decided_by BLOB,
    recorded_at TEXT NOT NULL,
    CHECK ((approval_id IS NULL) <> (decided_by IS NULL)),
    CHECK (first_by IS NULL OR first_by <> decided_by)
) STRICT;
CREATE INDEX use_ledger_in_order ON use_ledger (recorded_at, id);

CREATE TRIGGER use_ledger_is_never_changed BEFORE UPDATE ON use_ledger BEGIN
    SELECT RAISE(ABORT, 'the ledger of uses is append-only');
END;
CREATE TRIGGER use_ledger_is_never_deleted BEFORE DELETE ON use_ledger BEGIN
    SELECT RAISE(ABORT, 'the ledger of uses is append-only');
END;
