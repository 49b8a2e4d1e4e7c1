-- A person, whatever cases they have. Profiles of one person have one root: `root_id` is its own id until it is merged.
CREATE TABLE profile (
    id UUID NOT NULL PRIMARY KEY,
    root_id UUID NOT NULL REFERENCES profile (id),
    data_key_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX profile_by_root ON profile (root_id);

-- Which person a party of a case is. What the feed says of the party goes to this profile.
CREATE TABLE profile_case (
    case_id UUID NOT NULL REFERENCES case_record (id),
    role TEXT NOT NULL CHECK (role IN ('applicant', 'petitioner', 'beneficiary')),
    profile_id UUID NOT NULL REFERENCES profile (id),
    linked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (case_id, role)
);
CREATE INDEX profile_case_of_profile ON profile_case (profile_id);

-- Cases that the feed changed and whose people were not looked at since.
CREATE TABLE profile_pending (
    case_id UUID NOT NULL PRIMARY KEY REFERENCES case_record (id),
    noted_at TIMESTAMPTZ NOT NULL
);

-- One fact, stated by a case or by a correction. Ended, never changed, never deleted.
CREATE TABLE profile_fact (
    id UUID NOT NULL PRIMARY KEY,
    profile_id UUID NOT NULL REFERENCES profile (id),
    kind TEXT NOT NULL,
    value BYTEA NOT NULL,
    case_id UUID,
    correction_id UUID,
    recorded_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    -- The correction that ended it; an end without one came with the feed.
    ended_by UUID,
    CHECK ((case_id IS NULL) <> (correction_id IS NULL))
);
CREATE INDEX profile_fact_of_profile ON profile_fact (profile_id, recorded_at, id);

-- By what somebody is found: keyed hashes, which tell nothing without the key.
CREATE TABLE profile_key (
    kind TEXT NOT NULL,
    token BYTEA NOT NULL,
    profile_id UUID NOT NULL REFERENCES profile (id),
    fact_id UUID NOT NULL REFERENCES profile_fact (id),
    PRIMARY KEY (kind, token, profile_id, fact_id)
);
CREATE INDEX profile_key_of_fact ON profile_key (fact_id);

-- Changes of facts, merges and splits: one person proposes, another agrees.
CREATE TABLE profile_correction (
    id UUID NOT NULL PRIMARY KEY,
    profile_id UUID NOT NULL REFERENCES profile (id),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'agreed', 'refused', 'withdrawn')),
    change TEXT NOT NULL CHECK (change IN ('end', 'add', 'merge', 'split')),
    -- The fact that ends, or the profile that is merged or split off.
    subject_id UUID,
    fact_kind TEXT,
    value BYTEA,
    reason BYTEA NOT NULL,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    CHECK ((state = 'proposed') = (decided_by IS NULL)),
    CHECK (decided_by IS NULL OR state = 'withdrawn' OR decided_by <> proposed_by)
);
CREATE INDEX profile_correction_of_profile ON profile_correction (profile_id, proposed_at);
CREATE INDEX profile_correction_waiting ON profile_correction (proposed_at) WHERE state = 'proposed';

-- What each merge moved, so that it can be undone whatever came after it.
CREATE TABLE profile_merge (
    correction_id UUID NOT NULL REFERENCES profile_correction (id),
    profile_id UUID NOT NULL REFERENCES profile (id),
    PRIMARY KEY (correction_id, profile_id)
);
CREATE INDEX profile_merge_of_profile ON profile_merge (profile_id);

-- Whoever opens a profile says what for; that stands beside every read in the audit log.
CREATE TABLE profile_visit (
    officer_id UUID NOT NULL,
    profile_id UUID NOT NULL REFERENCES profile (id),
    purpose TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (officer_id, profile_id)
);

-- Each person has a data key, as each case has.
DROP INDEX data_key_of_service;
CREATE UNIQUE INDEX data_key_of_service ON data_key (purpose) WHERE purpose NOT IN ('case', 'profile');
