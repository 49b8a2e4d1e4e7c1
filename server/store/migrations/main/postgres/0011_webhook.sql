-- Where a machine wants to hear of changes: one address for each client. The secret that signs is encrypted: unlike a
-- password it has to be read again.
CREATE TABLE webhook (
    id UUID NOT NULL PRIMARY KEY,
    client_id UUID NOT NULL REFERENCES api_client (id),
    url TEXT NOT NULL,
    secret BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    removed_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX webhook_of_client ON webhook (client_id) WHERE removed_at IS NULL;

-- Of which numbers. Whether there is such a case, and whether it may be shown, is not decided here: a number that nobody has
-- is subscribed to like any other.
CREATE TABLE subscription (
    id UUID NOT NULL PRIMARY KEY,
    webhook_id UUID NOT NULL REFERENCES webhook (id),
    receipt_number TEXT COLLATE "C" NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    UNIQUE (webhook_id, receipt_number)
);
CREATE INDEX subscription_by_number ON subscription (receipt_number, id);
