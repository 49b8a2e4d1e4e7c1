-- What is read to callers, with every version that there was. `content` is the script as JSON, without personal data; `saved` tells two
-- who write at once apart. Of a script one version at a time is being written or read by a second person. It is read to callers from
-- `valid_from` on, until a later one is, or until `ends_on`.
CREATE TABLE call_script (
    id UUID NOT NULL PRIMARY KEY,
    script TEXT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'published', 'dropped')),
    saved BIGINT NOT NULL,
    content TEXT NOT NULL,
    written_by UUID NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    reviewed_by UUID,
    reviewed_at TIMESTAMPTZ,
    note TEXT,
    valid_from TEXT,
    ends_on TEXT,
    UNIQUE (script, number),
    CHECK (reviewed_by IS NULL OR reviewed_by <> written_by),
    CHECK ((state = 'published') = (valid_from IS NOT NULL))
);
CREATE UNIQUE INDEX call_script_under_way ON call_script (script) WHERE state IN ('draft', 'in_review');
CREATE INDEX call_script_published ON call_script (valid_from) WHERE state = 'published';

-- Calls. `walk` is the way through the script's version as JSON: keys of nodes, and no words. `caller` (what they said of their case) and
-- `notes` are encrypted, and emptied a day after the call ended.
CREATE TABLE agent_call (
    id UUID NOT NULL PRIMARY KEY,
    officer_id UUID NOT NULL,
    office TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('en', 'es')),
    began_at TIMESTAMPTZ NOT NULL,
    saved BIGINT NOT NULL,
    version_id UUID REFERENCES call_script (id),
    walk TEXT NOT NULL,
    verified TEXT NOT NULL CHECK (verified IN ('nothing', 'receipt', 'person', 'representative')),
    case_id UUID REFERENCES case_record (id),
    caller BYTEA,
    notes BYTEA,
    ending TEXT CHECK (ending IN ('answered', 'request', 'transferred', 'broken_off')),
    ended_at TIMESTAMPTZ,
    request_id UUID REFERENCES service_request (id),
    CHECK ((ending IS NULL) = (ended_at IS NULL)),
    CHECK ((coalesce(ending, '') = 'request') = (request_id IS NOT NULL))
);
CREATE INDEX agent_call_open ON agent_call (officer_id, began_at) WHERE ended_at IS NULL;
CREATE INDEX agent_call_left ON agent_call (began_at) WHERE ended_at IS NULL;
CREATE INDEX agent_call_handed ON agent_call (office, ended_at) WHERE ending = 'transferred';
CREATE INDEX agent_call_to_empty ON agent_call (ended_at) WHERE caller IS NOT NULL OR notes IS NOT NULL;
CREATE INDEX agent_call_of_request ON agent_call (request_id) WHERE request_id IS NOT NULL;
