-- What somebody asks the agency to look into (SRMT), however it came in. `content` is what they told, encrypted with the key of the
-- case. `submission_id` is of the form that was sent: sent twice, it is one request. Requests of a kind about a case are counted by
-- `round`; one that is made because another was not answered in time `follows` it. What happened to a request stands in
-- `service_request_event`; `state`, `office` and `due_on` are as the newest event leaves them, for lists.
CREATE TABLE service_request (
    id UUID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    case_id UUID NOT NULL REFERENCES case_record (id),
    kind TEXT NOT NULL CHECK (kind IN ('outside_normal_time', 'notice_not_received', 'card_not_received', 'document_not_received',
          'typographic_error', 'accommodation', 'beneficiary_change', 'no_receipt_notice', 'no_automated_information',
          'dos_review', 'case_status', 'change_of_address', 'receipt_notice_error', 'expedite')),
    round BIGINT NOT NULL,
    follows UUID REFERENCES service_request (id),
    source TEXT NOT NULL CHECK (source IN ('e_req', 'telephone', 'letter', 'walk_in')),
    submission_id UUID NOT NULL UNIQUE,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    content BYTEA NOT NULL,
    state TEXT NOT NULL,
    office TEXT,
    target_days BIGINT NOT NULL,
    target_count TEXT NOT NULL CHECK (target_count IN ('calendar', 'business')),
    due_on TEXT NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    UNIQUE (case_id, kind, round)
);
CREATE INDEX service_request_by_due ON service_request (due_on, id);

-- Never changed, and counted by `position` from 0: of two changes at once one finds its place taken. `event` is without personal data; what somebody added in words is in `content`, encrypted with the key of the case.
CREATE TABLE service_request_event (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES service_request (id),
    position BIGINT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    content BYTEA,
    UNIQUE (request_id, position)
);
CREATE FUNCTION refuse_request_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events of requests are append-only'; END $$;
CREATE TRIGGER service_request_event_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON service_request_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_request_change();

-- More kinds of messages.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN
    ('follow_request', 'case_change', 'follower_message', 'subscription', 'webhook_event', 'request_routing',
     'request_mail', 'draft_mail', 'reminder', 'address_change', 'address_mail', 'address_letter'));
