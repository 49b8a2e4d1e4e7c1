-- Consent, a memorandum of the Secretary, an exception of a statute: what lets something be told that a class of protection keeps
-- back. One person proposes it, another agrees.
CREATE TABLE protection_waiver (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('consent', 'secretary_memorandum', 'statute')),
    -- Whose consent it is.
    profile_id UUID REFERENCES profile (id),
    classes TEXT NOT NULL,
    partners TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    document_sha256 BYTEA NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    agreed_by UUID,
    agreed_at TIMESTAMPTZ,
    ended_by UUID,
    ended_at TIMESTAMPTZ,
    CHECK ((kind = 'consent') = (profile_id IS NOT NULL)),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by)
);
CREATE INDEX protection_waiver_of_profile ON protection_waiver (profile_id);
