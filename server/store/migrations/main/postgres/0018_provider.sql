-- Whom the agency's identity provider means: an account by the provider's own name and a keyed hash of what it calls the person,
-- which may be an e-mail address.
CREATE TABLE provider_identity (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    issuer TEXT NOT NULL,
    subject_mac BYTEA NOT NULL,
    linked_at TIMESTAMPTZ NOT NULL,
    UNIQUE (issuer, subject_mac)
);

-- The roles that the provider named when a session began. They hold in that session and go with it. Those that a second person has
-- to agree to are never here.
CREATE TABLE provider_grant (
    session_id UUID NOT NULL REFERENCES officer_session (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'quality_reviewer')),
    office TEXT NOT NULL,
    PRIMARY KEY (session_id, role, office)
);

-- Grants that the provider proposed. They end at the first sign-in at which it does not name the role any more.
CREATE TABLE provider_proposal (
    grant_id UUID NOT NULL PRIMARY KEY REFERENCES role_grant (id)
);
