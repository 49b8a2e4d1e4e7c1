CREATE TABLE api_client (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT
) STRICT;

CREATE TABLE api_token (
    token_hash BLOB NOT NULL PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES api_client (id),
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX api_token_by_expiry ON api_token (expires_at);
