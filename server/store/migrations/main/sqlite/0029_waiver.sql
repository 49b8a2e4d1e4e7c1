-- Consent, a memorandum of the Secretary, an exception of a statute: what lets something be told that a class of protection keeps
-- back. One person proposes it, another agrees.
CREATE TABLE protection_waiver (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('consent', 'secretary_memorandum', 'statute')),
    -- Whose consent it is.
    profile_id BLOB REFERENCES profile (id),
    classes TEXT NOT NULL,
    partners TEXT NOT NULL,
    from_day TEXT NOT NULL,
    to_day TEXT,
    document_sha256 BLOB NOT NULL,
    proposed_by BLOB NOT NULL,
    proposed_at TEXT NOT NULL,
    agreed_by BLOB,
    agreed_at TEXT,
    ended_by BLOB,
    ended_at TEXT,
    CHECK ((kind = 'consent') = (profile_id IS NOT NULL)),
    CHECK ((agreed_by IS NULL) = (agreed_at IS NULL)),
    CHECK (agreed_by IS NULL OR agreed_by <> proposed_by)
) STRICT;
CREATE INDEX protection_waiver_of_profile ON protection_waiver (profile_id);
