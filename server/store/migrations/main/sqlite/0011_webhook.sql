-- Where a machine wants to hear of changes: one address for each client. The secret that signs is encrypted: unlike a
-- password it has to be read again.
CREATE TABLE webhook (
    id BLOB NOT NULL PRIMARY KEY,
    client_id BLOB NOT NULL REFERENCES api_client (id),
    url TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX webhook_of_client ON webhook (client_id) WHERE removed_at IS NULL;

-- Of which numbers. Whether there is such a case, and whether it may be shown, is not decided here: a number that nobody has
-- is subscribed to like any other.
CREATE TABLE subscription (
    id BLOB NOT NULL PRIMARY KEY,
    webhook_id BLOB NOT NULL REFERENCES webhook (id),
    receipt_number TEXT NOT NULL,
    since TEXT NOT NULL,
    UNIQUE (webhook_id, receipt_number)
) STRICT;
CREATE INDEX subscription_by_number ON subscription (receipt_number, id);
