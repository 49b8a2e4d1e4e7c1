-- That a component may use some of what a partner answers, of every person, for a time: proposed by one, agreed to by another.
CREATE TABLE use_approval (
    id UUID NOT NULL PRIMARY KEY,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    -- Keys with blanks between them.
    purposes TEXT NOT NULL,
    elements TEXT NOT NULL,
    from_day TEXT NOT NULL,
    -- The first day on which it holds no longer.
    to_day TEXT NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    agreed_by UUID,
    agreed_at TIMESTAMPTZ,
    ended_by UUID,
    ended_at TIMESTAMPTZ,
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX use_approval_in_order ON use_approval (proposed_at, id);
CREATE INDEX use_approval_of_component ON use_approval (component, partner) WHERE agreed_by IS NOT NULL AND ended_at IS NULL;

-- What a component asks to use, through IDENT.
CREATE TABLE use_request (
    id UUID NOT NULL PRIMARY KEY,
    message_id UUID NOT NULL UNIQUE,
    query_id UUID NOT NULL REFERENCES partner_query (id),
    transaction_number TEXT NOT NULL,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    purpose TEXT NOT NULL,
    elements TEXT NOT NULL,
    -- Guarded: the person may be protected, so that two people let it be used, or nobody.
    state TEXT NOT NULL CHECK (state IN ('received', 'waiting', 'guarded', 'allowed', 'refused')),
    -- Under which it was allowed by itself.
    approval_id UUID REFERENCES use_approval (id),
    -- Who would let it be used, until somebody else agrees.
    first_by UUID,
    first_reason BYTEA,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    reason BYTEA,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    received_at TIMESTAMPTZ NOT NULL,
    CHECK (state <> 'allowed' OR (approval_id IS NULL) <> (decided_by IS NULL)),
    CHECK (state <> 'allowed' OR first_by IS NULL OR first_by <> decided_by)
);
CREATE INDEX use_request_in_state ON use_request (state, received_at, id);
CREATE INDEX use_request_due ON use_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Every use that was allowed, and on what it rests: a standing approval, or somebody's decision.
CREATE TABLE use_ledger (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL UNIQUE REFERENCES use_request (id),
    query_id UUID NOT NULL REFERENCES partner_query (id),
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    transaction_number TEXT NOT NULL,
    component TEXT NOT NULL CHECK (component IN ('cbp', 'ice')),
    purpose TEXT NOT NULL,
    elements TEXT NOT NULL,
    approval_id UUID REFERENCES use_approval (id),
    first_by UUID,
    decided_by UUID,
    recorded_at TIMESTAMPTZ NOT NULL,
    CHECK ((approval_id IS NULL) <> (decided_by IS NULL)),
    CHECK (first_by IS NULL OR first_by <> decided_by)
);
CREATE INDEX use_ledger_in_order ON use_ledger (recorded_at, id);

CREATE FUNCTION refuse_use_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger of uses is append-only'; END $$;
CREATE TRIGGER use_ledger_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON use_ledger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_use_ledger_change();
