-- Staff of the agency. `password_hash` is Argon2id in its own text form; an account without one cannot sign in with a password.
-- Accounts of the demo are marked: they are never served to others than this machine.
CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    sign_in_name TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email BYTEA,
    office TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    origin TEXT NOT NULL CHECK (origin IN ('agency', 'demo')),
    password_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    signed_in_at TIMESTAMPTZ
);

-- A role at an office, from an instant until another. It holds once `agreed_at` is set: at once for most roles, and for those that
-- open other people's accounts, work or acts only by a second person, who is neither the proposer nor who gets it. Nobody
-- (`proposed_by` without a value) is an operator with a shell. The first administrator has nobody to agree: one at a time is `first`.
CREATE TABLE role_grant (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'siio', 'quality_reviewer', 'administrator', 'auditor')),
    office TEXT NOT NULL,
    starts_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ,
    basis TEXT NOT NULL CHECK (basis IN ('agreement', 'first')),
    proposed_at TIMESTAMPTZ NOT NULL,
    proposed_by UUID REFERENCES account (id),
    agreed_at TIMESTAMPTZ,
    agreed_by UUID REFERENCES account (id),
    CHECK (proposed_by IS NULL OR proposed_by <> account_id),
    CHECK (agreed_by IS NULL OR (agreed_by <> account_id AND (proposed_by IS NULL OR agreed_by <> proposed_by))),
    CHECK (agreed_at IS NULL OR agreed_by IS NOT NULL OR basis = 'first' OR role NOT IN ('siio', 'administrator', 'auditor')),
    CHECK (basis <> 'first' OR (role = 'administrator' AND proposed_by IS NULL))
);
CREATE INDEX role_grant_by_account ON role_grant (account_id, id);
CREATE INDEX role_grant_waiting ON role_grant (id) WHERE agreed_at IS NULL;
CREATE UNIQUE INDEX one_first_administrator ON role_grant (basis) WHERE basis = 'first' AND ends_at IS NULL;

-- Sessions of the console. Of the token only its hash is kept; it is another one after each sign-in and step-up. `client` names
-- a browser and a system, nothing about who or where.
CREATE TABLE officer_session (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account_id UUID NOT NULL REFERENCES account (id),
    method TEXT NOT NULL CHECK (method IN ('totp', 'passkey', 'provider')),
    client TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ NOT NULL,
    stepped_up_at TIMESTAMPTZ,
    locked_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX officer_session_by_account ON officer_session (account_id, id);
CREATE INDEX officer_session_by_end ON officer_session (ends_at);

-- What somebody has besides a password. `content` is the secret of an authenticator or the public part of a passkey, encrypted;
-- `last_count` only grows: the time step of the newest code that was used, so that a code is used once, or how often a passkey says it
-- was used, so that a copy of it is found out; 0 for passkeys that do not count. `credential` is a passkey's hash.
CREATE TABLE second_factor (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name TEXT NOT NULL,
    content BYTEA NOT NULL,
    credential BYTEA UNIQUE,
    last_count BIGINT NOT NULL DEFAULT 0,
    added_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    CHECK ((kind = 'passkey') = (credential IS NOT NULL))
);
CREATE INDEX second_factor_by_account ON second_factor (account_id, id);

-- Between two steps of signing in or setting up: the state, encrypted, for a few minutes, under the token of what it belongs to: a
-- password that was right, a session, an enrolment. One of a kind for each.
CREATE TABLE sign_in_step (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    kind TEXT NOT NULL,
    account_id UUID REFERENCES account (id),
    content BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    UNIQUE (token_hash, kind)
);
CREATE INDEX sign_in_step_by_expiry ON sign_in_step (expires_at);

-- A one-time way in for somebody who has no password and second factor yet, or not any more. Two people are needed; the token is
-- made when the second agrees. The first administrator's is made by an operator with a shell.
CREATE TABLE enrolment (
    id UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES account (id),
    cause TEXT NOT NULL CHECK (cause IN ('first', 'new', 'recovery')),
    token_hash BYTEA UNIQUE,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID REFERENCES account (id),
    agreed_at TIMESTAMPTZ,
    agreed_by UUID REFERENCES account (id),
    expires_at TIMESTAMPTZ NOT NULL,
    CHECK (opened_by IS NULL OR opened_by <> account_id),
    CHECK (agreed_by IS NULL OR (agreed_by <> account_id AND (opened_by IS NULL OR agreed_by <> opened_by))),
    CHECK (token_hash IS NULL OR agreed_by IS NOT NULL OR (cause = 'first' AND opened_by IS NULL))
);
-- One for each account.
CREATE UNIQUE INDEX enrolment_of_account ON enrolment (account_id);
CREATE INDEX enrolment_by_expiry ON enrolment (expires_at);

-- Tries to sign in that failed or are not known to have succeeded, under a keyed hash of the name: also of names that nobody has.
CREATE TABLE sign_in_name_lock (
    name_mac BYTEA NOT NULL PRIMARY KEY,
    touched_at TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ
);
CREATE TABLE sign_in_attempt (
    id UUID NOT NULL PRIMARY KEY,
    name_mac BYTEA NOT NULL,
    attempted_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_attempt_by_name ON sign_in_attempt (name_mac, attempted_at);
CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (attempted_at);
