-- Photographs, and fingerprints, irises and faces in files. Added and ended, never changed, never deleted.
CREATE TABLE profile_biometric (
    id BLOB NOT NULL PRIMARY KEY,
    profile_id BLOB NOT NULL REFERENCES profile (id),
    kind TEXT NOT NULL CHECK (kind IN ('photograph', 'fingerprints', 'iris', 'face')),
    position TEXT NOT NULL,
    captured_at TEXT NOT NULL CHECK (captured_at IN ('upload', 'interview', 'case')),
    case_id BLOB REFERENCES case_record (id),
    captured_on TEXT NOT NULL,
    quality INTEGER CHECK (quality BETWEEN 0 AND 100),
    format TEXT NOT NULL CHECK (format IN ('jpeg', 'png', 'nist_itl')),
    bytes INTEGER NOT NULL,
    added_by BLOB NOT NULL,
    recorded_at TEXT NOT NULL,
    ended_at TEXT,
    -- The correction that ended it, which says why.
    ended_by BLOB,
    -- The last column: SQLite goes through what is large to get to what stands behind it.
    content BLOB NOT NULL,
    CHECK ((captured_at = 'case') = (case_id IS NOT NULL)),
    CHECK ((kind = 'photograph') = (format <> 'nist_itl')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE INDEX profile_biometric_of_profile ON profile_biometric (profile_id, recorded_at, id);

-- Somebody stood before an officer, was told by a notice what for, and IDENT was asked who it is. Fingerprints that were taken only to
-- search are in no table: `prints_destroyed_at` says when they were gone, and no search ends without it.
CREATE TABLE profile_verification (
    id BLOB NOT NULL PRIMARY KEY,
    profile_id BLOB NOT NULL REFERENCES profile (id),
    officer_id BLOB NOT NULL,
    notice TEXT NOT NULL CHECK (notice IN ('en', 'es')),
    acknowledged_at TEXT NOT NULL,
    enrolment TEXT NOT NULL CHECK (enrolment IN ('enrol', 'search')),
    asked_by TEXT NOT NULL CHECK (asked_by IN ('prints', 'fin', 'prints_and_fin')),
    -- What was taken then, and is kept.
    photograph_id BLOB REFERENCES profile_biometric (id),
    prints_id BLOB REFERENCES profile_biometric (id),
    state TEXT NOT NULL CHECK (state IN ('asked', 'matched', 'not_matched', 'unanswered')),
    ended_at TEXT,
    prints_destroyed_at TEXT,
    -- FIN and encounter, as IDENT told them.
    identity BLOB,
    -- What IDENT told beside, for the officer to look at. It is IDENT's, and is gone after the visit.
    shown BLOB,
    photograph_format TEXT CHECK (photograph_format IN ('jpeg', 'png')),
    photograph BLOB,
    CHECK ((state = 'asked') = (ended_at IS NULL)),
    CHECK ((state IN ('matched', 'not_matched')) = (identity IS NOT NULL)),
    CHECK (prints_destroyed_at IS NULL OR prints_id IS NULL),
    CHECK (state = 'asked' OR asked_by = 'fin' OR prints_id IS NOT NULL OR prints_destroyed_at IS NOT NULL),
    CHECK ((photograph IS NULL) = (photograph_format IS NULL))
) STRICT;
CREATE INDEX profile_verification_of_profile ON profile_verification (profile_id, acknowledged_at, id);
CREATE INDEX profile_verification_asked ON profile_verification (acknowledged_at) WHERE state = 'asked';
CREATE INDEX profile_verification_shown ON profile_verification (ended_at) WHERE shown IS NOT NULL;

-- A fact may be stated by IDENT. SQLite changes no CHECK, so the table is made anew with what was in it, and the one that refers to it.
CREATE TABLE kept_profile_key (
    kind TEXT NOT NULL,
    token BLOB NOT NULL,
    profile_id BLOB NOT NULL,
    fact_id BLOB NOT NULL,
    PRIMARY KEY (kind, token, profile_id, fact_id)
) STRICT, WITHOUT ROWID;
INSERT INTO kept_profile_key (kind, token, profile_id, fact_id) SELECT kind, token, profile_id, fact_id FROM profile_key;
DROP TABLE profile_key;

CREATE TABLE new_profile_fact (
    id BLOB NOT NULL PRIMARY KEY,
    profile_id BLOB NOT NULL REFERENCES profile (id),
    kind TEXT NOT NULL,
    value BLOB NOT NULL,
    case_id BLOB,
    correction_id BLOB,
    verification_id BLOB REFERENCES profile_verification (id),
    recorded_at TEXT NOT NULL,
    ended_at TEXT,
    -- The correction that ended it; an end without one came with the feed.
    ended_by BLOB,
    CHECK ((case_id IS NOT NULL) + (correction_id IS NOT NULL) + (verification_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO new_profile_fact (id, profile_id, kind, value, case_id, correction_id, recorded_at, ended_at, ended_by)
SELECT id, profile_id, kind, value, case_id, correction_id, recorded_at, ended_at, ended_by FROM profile_fact;
DROP TABLE profile_fact;
ALTER TABLE new_profile_fact RENAME TO profile_fact;
CREATE INDEX profile_fact_of_profile ON profile_fact (profile_id, recorded_at, id);

CREATE TABLE profile_key (
    kind TEXT NOT NULL,
    token BLOB NOT NULL,
    profile_id BLOB NOT NULL REFERENCES profile (id),
    fact_id BLOB NOT NULL REFERENCES profile_fact (id),
    PRIMARY KEY (kind, token, profile_id, fact_id)
) STRICT, WITHOUT ROWID;
INSERT INTO profile_key (kind, token, profile_id, fact_id) SELECT kind, token, profile_id, fact_id FROM kept_profile_key;
DROP TABLE kept_profile_key;
CREATE INDEX profile_key_of_fact ON profile_key (fact_id);
