-- How much a client may ask, in each second and in each day of Greenwich time.
ALTER TABLE api_client ADD COLUMN per_second BIGINT NOT NULL DEFAULT 5 CHECK (per_second > 0);
ALTER TABLE api_client ADD COLUMN per_day BIGINT NOT NULL DEFAULT 1000 CHECK (per_day > 0);

-- Requests of a day that servers took for themselves, in blocks: what each still has of its block it keeps in memory.
CREATE TABLE api_lease (
    client_id UUID NOT NULL REFERENCES api_client (id),
    day TEXT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (client_id, day)
);
