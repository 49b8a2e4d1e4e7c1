-- Reports of a new address (Form AR-11) as they came in. `content` is what was typed, encrypted. `submission_id` is of the form that
-- was sent: sent twice, it is one report.
CREATE TABLE address_report (
    id UUID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    submission_id UUID NOT NULL UNIQUE,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    content BYTEA NOT NULL,
    received_at TIMESTAMPTZ NOT NULL
);

-- The changes that a report asks for: one for all cases that had the same contact before, since what is sent to one contact proves
-- nothing for another. `contact` is that contact, encrypted; `secret` a keyed hash of the code or number that was sent to it.
CREATE TABLE address_change (
    id UUID NOT NULL PRIMARY KEY,
    report_id UUID NOT NULL REFERENCES address_report (id),
    part BIGINT NOT NULL,
    reach TEXT NOT NULL CHECK (reach IN ('contact', 'address_only', 'not_safe')),
    contact BYTEA,
    state TEXT NOT NULL CHECK (state IN ('pending', 'recorded', 'confirmed', 'reversed', 'expired', 'refused')),
    proof TEXT CHECK (proof IN ('code_to_contact', 'pin_to_old_address', 'agents_check')),
    state_at TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ,
    failures BIGINT NOT NULL,
    refusal TEXT CHECK (refusal IN ('not_theirs', 'not_proven', 'withdrawn')),
    secret BYTEA,
    UNIQUE (report_id, part)
);
CREATE INDEX address_change_waiting ON address_change (until, id) WHERE state = 'pending';

-- The cases that a change reaches, in the order in which they were listed: the lines of its receipt. One that was not recognised
-- has no `case_id`, whatever the reason. A row in the state 'held_for_proof' holds the case's cards.
CREATE TABLE address_change_case (
    change_id UUID NOT NULL REFERENCES address_change (id),
    position BIGINT NOT NULL,
    receipt_number TEXT NOT NULL,
    case_id UUID REFERENCES case_record (id),
    state TEXT NOT NULL CHECK (state IN ('held_for_proof', 'will_be_updated', 'updated', 'acknowledged', 'replaced', 'could_not', 'reversed')),
    state_at TIMESTAMPTZ,
    hindrance TEXT CHECK (hindrance IN ('not_recognised', 'change_not_proven', 'closed', 'case_system')),
    PRIMARY KEY (change_id, position)
);
CREATE INDEX address_change_of_case ON address_change_case (case_id) WHERE case_id IS NOT NULL;

-- What happened to a change. Never changed; `event` is without personal data.
CREATE TABLE address_change_event (
    id UUID NOT NULL PRIMARY KEY,
    change_id UUID NOT NULL REFERENCES address_change (id),
    position BIGINT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (change_id, position)
);
CREATE FUNCTION refuse_address_change_event() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events of changes of address are append-only'; END $$;
CREATE TRIGGER address_change_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON address_change_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_address_change_event();

-- What was done because of a change, by the key of the effect: written with what it does, so that nothing is done twice.
CREATE TABLE address_change_step (
    change_id UUID NOT NULL REFERENCES address_change (id),
    effect TEXT NOT NULL,
    done_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (change_id, effect)
);

-- What the case system has to know, in the order in which it became true. `address` is encrypted with the key of the case.
CREATE TABLE case_change (
    position BIGINT NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_record (id),
    kind TEXT NOT NULL CHECK (kind IN ('hold_cards', 'release_cards', 'mailing_address', 'redirect_unmailed')),
    address BYTEA,
    made_at TIMESTAMPTZ NOT NULL
);

-- The address that the person gave for the case's mail, since when, by which change, and those that it had before; encrypted with
-- the key of the case. While it stands, no event of the feed brings an earlier address back.
ALTER TABLE case_record ADD COLUMN given_address BYTEA;
