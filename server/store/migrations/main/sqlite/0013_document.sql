-- What people attached. The bytes lie in object storage under `object_key`. They, `name` and `sha256` are encrypted with the key
-- of the case: destroying it destroys its documents. `holder_id` is a draft, and later the request that came of it. `slot` keeps
-- a holder from having more documents than it may, whoever sends at the same moment. A draft's documents expire with it.
CREATE TABLE document (
    id BLOB NOT NULL PRIMARY KEY,
    holder_id BLOB NOT NULL,
    slot INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 5),
    case_id BLOB NOT NULL REFERENCES case_record (id),
    name BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'pdf')),
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    scan TEXT NOT NULL CHECK (scan IN ('not_scanned', 'clean')),
    object_key BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    UNIQUE (holder_id, slot)
) STRICT;
CREATE INDEX document_of_case ON document (case_id);
CREATE INDEX document_by_expiry ON document (expires_at) WHERE expires_at IS NOT NULL;

-- Objects that no document has: on their way in, or to be deleted. An object is noted here before it is stored, and again when
-- its document is deleted; so none is ever without a row, and nobody has to look for what was left behind.
CREATE TABLE loose_object (
    object_key BLOB NOT NULL PRIMARY KEY,
    delete_at TEXT NOT NULL
) STRICT;
CREATE INDEX loose_object_by_time ON loose_object (delete_at);
