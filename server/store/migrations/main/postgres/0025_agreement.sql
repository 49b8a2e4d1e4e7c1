-- Versions of the agreement with a partner. A document is never changed: another version is.
CREATE TABLE agreement_version (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'GB', 'NZ')),
    version BIGINT NOT NULL,
    document TEXT NOT NULL,
    document_sha256 BYTEA NOT NULL,
    -- The first day on which it holds, once two people have signed it.
    from_day TEXT NOT NULL,
    drafted_by UUID NOT NULL,
    drafted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, version)
);

-- Privacy and counsel sign, each once, and neither of them wrote it.
CREATE TABLE agreement_signature (
    partner TEXT NOT NULL,
    version BIGINT NOT NULL,
    capacity TEXT NOT NULL CHECK (capacity IN ('privacy', 'counsel')),
    officer_id UUID NOT NULL,
    document_sha256 BYTEA NOT NULL,
    -- Of the dry run that the signer saw.
    dry_run_sha256 BYTEA NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, version, capacity),
    UNIQUE (partner, version, officer_id),
    FOREIGN KEY (partner, version) REFERENCES agreement_version (partner, version)
);

-- A version that is not to be signed any more, or does not hold any more.
CREATE TABLE agreement_withdrawal (
    partner TEXT NOT NULL,
    version BIGINT NOT NULL,
    officer_id UUID NOT NULL,
    withdrawn_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, version),
    FOREIGN KEY (partner, version) REFERENCES agreement_version (partner, version)
);

CREATE FUNCTION refuse_agreement_version_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'versions of agreements are append-only'; END $$;
CREATE TRIGGER agreement_version_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_version_change();

CREATE FUNCTION refuse_agreement_signature_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'signatures are append-only'; END $$;
CREATE TRIGGER agreement_signature_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_signature_change();

CREATE FUNCTION refuse_agreement_withdrawal_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'withdrawals are append-only'; END $$;
CREATE TRIGGER agreement_withdrawal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_withdrawal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_withdrawal_change();
CREATE FUNCTION refuse_signature_of_author() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF EXISTS (SELECT 1 FROM agreement_version WHERE partner = NEW.partner AND version = NEW.version
               AND (drafted_by = NEW.officer_id OR document_sha256 <> NEW.document_sha256)) THEN
        RAISE EXCEPTION 'somebody else signs, and what they saw';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_is_not_signed_by_its_author BEFORE INSERT ON agreement_signature
FOR EACH ROW EXECUTE FUNCTION refuse_signature_of_author();
