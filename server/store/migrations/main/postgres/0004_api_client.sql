CREATE TABLE api_client (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);

CREATE TABLE api_token (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES api_client (id),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX api_token_by_expiry ON api_token (expires_at);
