-- Staff of the agency. `password_hash` is Argon2id in its own text form; an account without one cannot sign in with a password.
-- Accounts of the demo are marked: they are never served to others than this machine.
CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    sign_in_name TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email BLOB,
    office TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    origin TEXT NOT NULL CHECK (origin IN ('agency', 'demo')),
    password_hash TEXT,
    created_at TEXT NOT NULL,
    signed_in_at TEXT
) STRICT;

-- A role at an office, from an instant until another. It holds once `agreed_at` is set: at once for most roles, and for those that
-- open other people's accounts, work or acts only by a second person, who is neither the proposer nor who gets it. Nobody
-- (`proposed_by` without a value) is an operator with a shell. The first administrator has nobody to agree: one at a time is `first`.
CREATE TABLE role_grant (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'siio', 'quality_reviewer', 'administrator', 'auditor')),
    office TEXT NOT NULL,
    starts_at TEXT NOT NULL,
    ends_at TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('agreement', 'first')),
    proposed_at TEXT NOT NULL,
    proposed_by BLOB REFERENCES account (id),
    agreed_at TEXT,
    agreed_by BLOB REFERENCES account (id),
    CHECK (proposed_by IS NULL OR proposed_by <> account_id),
    CHECK (agreed_by IS NULL OR (agreed_by <> account_id AND (proposed_by IS NULL OR agreed_by <> proposed_by))),
    CHECK (agreed_at IS NULL OR agreed_by IS NOT NULL OR basis = 'first' OR role NOT IN ('siio', 'administrator', 'auditor')),
    CHECK (basis <> 'first' OR (role = 'administrator' AND proposed_by IS NULL))
) STRICT;
CREATE INDEX role_grant_by_account ON role_grant (account_id, id);
CREATE INDEX role_grant_waiting ON role_grant (id) WHERE agreed_at IS NULL;
CREATE UNIQUE INDEX one_first_administrator ON role_grant (basis) WHERE basis = 'first' AND ends_at IS NULL;

-- Sessions of the console. Of the token only its hash is kept; it is another one after each sign-in and step-up. `client` names
-- a browser and a system, nothing about who or where.
CREATE TABLE officer_session (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    method TEXT NOT NULL CHECK (method IN ('totp', 'passkey', 'provider')),
    client TEXT NOT NULL,
    created_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    stepped_up_at TEXT,
    locked_at TEXT,
    revoked_at TEXT
) STRICT;
CREATE INDEX officer_session_by_account ON officer_session (account_id, id);
CREATE INDEX officer_session_by_end ON officer_session (ends_at);

-- What somebody has besides a password. `content` is the secret of an authenticator or the public part of a passkey, encrypted;
-- `last_count` only grows: the time step of the newest code that was used, so that a code is used once, or how often a passkey says it
-- was used, so that a copy of it is found out; 0 for passkeys that do not count. `credential` is a passkey's hash.
CREATE TABLE second_factor (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    credential BLOB UNIQUE,
    last_count INTEGER NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    used_at TEXT,
    CHECK ((kind = 'passkey') = (credential IS NOT NULL))
) STRICT;
CREATE INDEX second_factor_by_account ON second_factor (account_id, id);

-- Between two steps of signing in or setting up: the state, encrypted, for a few minutes, under the token of what it belongs to: a
-- password that was right, a session, an enrolment. One of a kind for each.
CREATE TABLE sign_in_step (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL,
    kind TEXT NOT NULL,
    account_id BLOB REFERENCES account (id),
    content BLOB NOT NULL,
    expires_at TEXT NOT NULL,
    UNIQUE (token_hash, kind)
) STRICT;
CREATE INDEX sign_in_step_by_expiry ON sign_in_step (expires_at);

-- A one-time way in for somebody who has no password and second factor yet, or not any more. Two people are needed; the token is
-- made when the second agrees. The first administrator's is made by an operator with a shell.
CREATE TABLE enrolment (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    cause TEXT NOT NULL CHECK (cause IN ('first', 'new', 'recovery')),
    token_hash BLOB UNIQUE,
    opened_at TEXT NOT NULL,
    opened_by BLOB REFERENCES account (id),
    agreed_at TEXT,
    agreed_by BLOB REFERENCES account (id),
    expires_at TEXT NOT NULL,
    CHECK (opened_by IS NULL OR opened_by <> account_id),
    CHECK (agreed_by IS NULL OR (agreed_by <> account_id AND (opened_by IS NULL OR agreed_by <> opened_by))),
    CHECK (token_hash IS NULL OR agreed_by IS NOT NULL OR (cause = 'first' AND opened_by IS NULL))
) STRICT;
-- One for each account.
CREATE UNIQUE INDEX enrolment_of_account ON enrolment (account_id);
CREATE INDEX enrolment_by_expiry ON enrolment (expires_at);

-- Tries to sign in that failed or are not known to have succeeded, under a keyed hash of the name: also of names that nobody has.
CREATE TABLE sign_in_name_lock (
    name_mac BLOB NOT NULL PRIMARY KEY,
    touched_at TEXT NOT NULL,
    locked_until TEXT
) STRICT;
CREATE TABLE sign_in_attempt (
    id BLOB NOT NULL PRIMARY KEY,
    name_mac BLOB NOT NULL,
    attempted_at TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_attempt_by_name ON sign_in_attempt (name_mac, attempted_at);
CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (attempted_at);
