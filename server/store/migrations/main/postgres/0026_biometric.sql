-- Photographs, and fingerprints, irises and faces in files. Added and ended, never changed, never deleted.
CREATE TABLE profile_biometric (
    id UUID NOT NULL PRIMARY KEY,
    profile_id UUID NOT NULL REFERENCES profile (id),
    kind TEXT NOT NULL CHECK (kind IN ('photograph', 'fingerprints', 'iris', 'face')),
    position TEXT NOT NULL,
    captured_at TEXT NOT NULL CHECK (captured_at IN ('upload', 'interview', 'case')),
    case_id UUID REFERENCES case_record (id),
    captured_on DATE NOT NULL,
    quality BIGINT CHECK (quality BETWEEN 0 AND 100),
    format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'nist_itl')),
    bytes BIGINT NOT NULL,
    added_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    -- The correction that ended it, which says why.
    ended_by UUID,
    content BYTEA NOT NULL,
    CHECK ((captured_at = 'case') = (case_id IS NOT NULL)),
    CHECK ((kind = 'photograph') = (format <> 'nist_itl')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX profile_biometric_of_profile ON profile_biometric (profile_id, recorded_at, id);

-- Somebody stood before an officer, was told by a notice what for, and IDENT was asked who it is. Fingerprints that were taken only to
-- search are in no table: `prints_destroyed_at` says when they were gone, and no search ends without it.
CREATE TABLE profile_verification (
    id UUID NOT NULL PRIMARY KEY,
    profile_id UUID NOT NULL REFERENCES profile (id),
    officer_id UUID NOT NULL,
    notice TEXT NOT NULL CHECK (notice IN ('en', 'es')),
    acknowledged_at TIMESTAMPTZ NOT NULL,
    enrolment TEXT NOT NULL CHECK (enrolment IN ('enrol', 'search')),
    asked_by TEXT NOT NULL CHECK (asked_by IN ('prints', 'fin', 'prints_and_fin')),
    -- What was taken then, and is kept.
    photograph_id UUID REFERENCES profile_biometric (id),
    prints_id UUID REFERENCES profile_biometric (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'matched', 'not_matched', 'unanswered')),
    ended_at TIMESTAMPTZ,
    prints_destroyed_at TIMESTAMPTZ,
    -- FIN and encounter, as IDENT told them.
    identity BYTEA,
    -- What IDENT told beside, for the officer to look at. It is IDENT's, and is gone after the visit.
    shown BYTEA,
    photograph_format TEXT CHECK (photograph_format IN ('jpeg', 'png')),
    photograph BYTEA,
    CHECK ((state = 'asked') = (ended_at IS NULL)),
    CHECK ((state IN ('matched', 'not_matched')) = (identity IS NOT NULL)),
    CHECK (prints_destroyed_at IS NULL OR prints_id IS NULL),
    CHECK (state = 'asked' OR asked_by = 'fin' OR prints_id IS NOT NULL OR prints_destroyed_at IS NOT NULL),
    CHECK ((photograph IS NULL) = (photograph_format IS NULL))
);
CREATE INDEX profile_verification_of_profile ON profile_verification (profile_id, acknowledged_at, id);
CREATE INDEX profile_verification_asked ON profile_verification (acknowledged_at) WHERE state = 'asked';
CREATE INDEX profile_verification_shown ON profile_verification (ended_at) WHERE shown IS NOT NULL;

-- A fact may be stated by IDENT.
ALTER TABLE profile_fact ADD COLUMN verification_id UUID REFERENCES profile_verification (id);
ALTER TABLE profile_fact DROP CONSTRAINT profile_fact_check;
ALTER TABLE profile_fact ADD CONSTRAINT profile_fact_check CHECK (num_nonnulls(case_id, correction_id, verification_id) = 1);
