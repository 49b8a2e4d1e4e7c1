-- Versions of the agreement with a partner. A document is never changed: another version is.
CREATE TABLE agreement_version (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    document_sha256 BLOB NOT NULL,
    -- The first day on which it holds, once two people have signed it.
    from_day TEXT NOT NULL,
    drafted_by BLOB NOT NULL,
    drafted_at TEXT NOT NULL,
    PRIMARY KEY (partner, version)
) STRICT;

-- Privacy and counsel sign, each once, and neither of them wrote it.
CREATE TABLE agreement_signature (
    partner TEXT NOT NULL,
    version INTEGER NOT NULL,
    capacity TEXT NOT NULL CHECK (capacity IN ('privacy', 'counsel')),
    officer_id BLOB NOT NULL,
    document_sha256 BLOB NOT NULL,
    -- Of the dry run that the signer saw.
    dry_run_sha256 BLOB NOT NULL,
    signed_at TEXT NOT NULL,
    PRIMARY KEY (partner, version, capacity),
    UNIQUE (partner, version, officer_id),
    FOREIGN KEY (partner, version) REFERENCES agreement_version (partner, version)
) STRICT;

-- A version that is not to be signed any more, or does not hold any more.
CREATE TABLE agreement_withdrawal (
    partner TEXT NOT NULL,
    version INTEGER NOT NULL,
    officer_id BLOB NOT NULL,
    withdrawn_at TEXT NOT NULL,
    PRIMARY KEY (partner, version),
    FOREIGN KEY (partner, version) REFERENCES agreement_version (partner, version)
) STRICT;

CREATE TRIGGER agreement_version_is_never_changed BEFORE UPDATE ON agreement_version BEGIN
    SELECT RAISE(ABORT, 'versions of agreements are append-only');
END;
CREATE TRIGGER agreement_version_is_never_deleted BEFORE DELETE ON agreement_version BEGIN
    SELECT RAISE(ABORT, 'versions of agreements are append-only');
END;

CREATE TRIGGER agreement_signature_is_never_changed BEFORE UPDATE ON agreement_signature BEGIN
    SELECT RAISE(ABORT, 'signatures are append-only');
END;
CREATE TRIGGER agreement_signature_is_never_deleted BEFORE DELETE ON agreement_signature BEGIN
    SELECT RAISE(ABORT, 'signatures are append-only');
END;

CREATE TRIGGER agreement_withdrawal_is_never_changed BEFORE UPDATE ON agreement_withdrawal BEGIN
    SELECT RAISE(ABORT, 'withdrawals are append-only');
END;
CREATE TRIGGER agreement_withdrawal_is_never_deleted BEFORE DELETE ON agreement_withdrawal BEGIN
    SELECT RAISE(ABORT, 'withdrawals are append-only');
END;
CREATE TRIGGER agreement_is_not_signed_by_its_author BEFORE INSERT ON agreement_signature
WHEN EXISTS (SELECT 1 FROM agreement_version WHERE partner = NEW.partner AND version = NEW.version
             AND (drafted_by = NEW.officer_id OR document_sha256 <> NEW.document_sha256)) BEGIN
    SELECT RAISE(ABORT, 'somebody else signs, and what they saw');
END;
