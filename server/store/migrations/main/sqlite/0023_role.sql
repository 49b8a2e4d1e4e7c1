-- The roles of partner sharing. SQLite changes no CHECK, so the tables are made anew with what was in them.
CREATE TABLE kept_proposal (grant_id BLOB NOT NULL PRIMARY KEY) STRICT;
INSERT INTO kept_proposal (grant_id) SELECT grant_id FROM provider_proposal;
DROP TABLE provider_proposal;

CREATE TABLE new_role_grant (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'siio', 'quality_reviewer', 'administrator', 'auditor',
        'raio_officer', 'fdns_analyst', 'icts_analyst', 'icts_reviewer', 'obim_analyst', 'counsel', 'privacy_officer',
        'agreements_manager', 'records_officer')),
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
    CHECK (agreed_at IS NULL OR agreed_by IS NOT NULL OR basis = 'first' OR role NOT IN ('siio', 'administrator', 'auditor',
        'icts_reviewer', 'counsel', 'privacy_officer', 'agreements_manager', 'records_officer')),
    CHECK (basis <> 'first' OR (role = 'administrator' AND proposed_by IS NULL))
) STRICT;
INSERT INTO new_role_grant (id, account_id, role, office, starts_at, ends_at, basis, proposed_at, proposed_by, agreed_at, agreed_by)
SELECT id, account_id, role, office, starts_at, ends_at, basis, proposed_at, proposed_by, agreed_at, agreed_by FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE new_role_grant RENAME TO role_grant;
CREATE INDEX role_grant_by_account ON role_grant (account_id, id);
CREATE INDEX role_grant_waiting ON role_grant (id) WHERE agreed_at IS NULL;
CREATE UNIQUE INDEX one_first_administrator ON role_grant (basis) WHERE basis = 'first' AND ends_at IS NULL;

CREATE TABLE provider_proposal (
    grant_id BLOB NOT NULL PRIMARY KEY REFERENCES role_grant (id)
) STRICT;
INSERT INTO provider_proposal (grant_id) SELECT grant_id FROM kept_proposal;
DROP TABLE kept_proposal;

-- Nothing refers to these.
CREATE TABLE new_provider_grant (
    session_id BLOB NOT NULL REFERENCES officer_session (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'quality_reviewer', 'raio_officer', 'fdns_analyst',
        'icts_analyst', 'obim_analyst')),
    office TEXT NOT NULL,
    PRIMARY KEY (session_id, role, office)
) STRICT;
INSERT INTO new_provider_grant (session_id, role, office) SELECT session_id, role, office FROM provider_grant;
DROP TABLE provider_grant;
ALTER TABLE new_provider_grant RENAME TO provider_grant;
