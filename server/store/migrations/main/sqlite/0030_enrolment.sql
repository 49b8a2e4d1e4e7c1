-- There are terms with IDENT, too, a system of our own department: what may be added to it. SQLite changes no CHECK, so the table is made
-- anew with what was in it, and those that refer to it.
CREATE TABLE kept_agreement_outcome AS
SELECT partner, version, outcome, ended_at, withdrawn_by, follows, first_signer, second_signer, in_force_from
FROM agreement_outcome;
DROP TABLE agreement_outcome;
CREATE TABLE kept_agreement_signature AS
SELECT partner, version, capacity, officer, author, document_hash, dry_run_hash, signed_at
FROM agreement_signature;
DROP TABLE agreement_signature;
CREATE TABLE kept_agreement_version AS
SELECT partner, version, follows, document, document_hash, holds_from, author, made_at
FROM agreement_version;
DROP TABLE agreement_version;

CREATE TABLE agreement_version (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'NZ', 'GB', 'IDENT')),
    version INTEGER NOT NULL,
    follows INTEGER NOT NULL,
    document TEXT NOT NULL,
    document_hash BLOB NOT NULL,
    holds_from TEXT NOT NULL,
    author BLOB NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (partner, version),
    UNIQUE (partner, version, follows),
    UNIQUE (partner, version, author, document_hash),
    CHECK (follows >= 0 AND follows < version)
) STRICT;
INSERT INTO agreement_version (partner, version, follows, document, document_hash, holds_from, author, made_at)
SELECT partner, version, follows, document, document_hash, holds_from, author, made_at FROM kept_agreement_version;
DROP TABLE kept_agreement_version;

-- Who signed a version, as what, and what they had seen: the document itself, and what past requests would have come to under it. Two
-- people sign, one in each capacity, and neither wrote it.
CREATE TABLE agreement_signature (
    partner TEXT NOT NULL,
    version INTEGER NOT NULL,
    capacity TEXT NOT NULL CHECK (capacity IN ('privacy', 'counsel')),
    officer BLOB NOT NULL,
    author BLOB NOT NULL,
    document_hash BLOB NOT NULL,
    dry_run_hash BLOB NOT NULL,
    signed_at TEXT NOT NULL,
    PRIMARY KEY (partner, version, capacity),
    UNIQUE (partner, version, officer),
    FOREIGN KEY (partner, version, author, document_hash) REFERENCES agreement_version (partner, version, author, document_hash),
    CHECK (officer <> author)
) STRICT;
INSERT INTO agreement_signature (partner, version, capacity, officer, author, document_hash, dry_run_hash, signed_at)
SELECT partner, version, capacity, officer, author, document_hash, dry_run_hash, signed_at FROM kept_agreement_signature;
DROP TABLE kept_agreement_signature;

-- What became of a version, once: two people signed it, or it was withdrawn. A signed version follows one that nothing else follows,
-- so that each was signed knowing what it takes the place of.
CREATE TABLE agreement_outcome (
    partner TEXT NOT NULL,
    version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('signed', 'withdrawn')),
    ended_at TEXT NOT NULL,
    withdrawn_by BLOB,
    follows INTEGER,
    first_signer BLOB,
    second_signer BLOB,
    in_force_from TEXT,
    PRIMARY KEY (partner, version),
    FOREIGN KEY (partner, version) REFERENCES agreement_version (partner, version),
    FOREIGN KEY (partner, version, follows) REFERENCES agreement_version (partner, version, follows),
    FOREIGN KEY (partner, version, first_signer) REFERENCES agreement_signature (partner, version, officer),
    FOREIGN KEY (partner, version, second_signer) REFERENCES agreement_signature (partner, version, officer),
    CHECK (first_signer <> second_signer),
    CHECK ((outcome = 'withdrawn') = (withdrawn_by IS NOT NULL)),
    CHECK ((outcome = 'signed') = (follows IS NOT NULL)),
    CHECK ((outcome = 'signed') = (first_signer IS NOT NULL)),
    CHECK ((outcome = 'signed') = (second_signer IS NOT NULL)),
    CHECK ((outcome = 'signed') = (in_force_from IS NOT NULL))
) STRICT;
INSERT INTO agreement_outcome (partner, version, outcome, ended_at, withdrawn_by, follows, first_signer, second_signer, in_force_from)
SELECT partner, version, outcome, ended_at, withdrawn_by, follows, first_signer, second_signer, in_force_from FROM kept_agreement_outcome;
DROP TABLE kept_agreement_outcome;
CREATE UNIQUE INDEX agreement_is_followed_once ON agreement_outcome (partner, follows) WHERE outcome = 'signed';

CREATE TRIGGER agreement_version_is_never_changed BEFORE UPDATE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
CREATE TRIGGER agreement_version_is_never_deleted BEFORE DELETE ON agreement_version
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
CREATE TRIGGER agreement_signature_is_never_changed BEFORE UPDATE ON agreement_signature
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
CREATE TRIGGER agreement_signature_is_never_deleted BEFORE DELETE ON agreement_signature
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
CREATE TRIGGER agreement_outcome_is_never_changed BEFORE UPDATE ON agreement_outcome
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
CREATE TRIGGER agreement_outcome_is_never_deleted BEFORE DELETE ON agreement_outcome
BEGIN SELECT RAISE(ABORT, 'agreements are append-only'); END;
