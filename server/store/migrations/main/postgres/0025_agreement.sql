-- Agreements with partner countries, in all their versions. `document` is the file of the agreement, which holds nobody's data, and
-- `follows` the signed version in whose place it would come: 0 for the first. A version that has no outcome is a draft.
CREATE TABLE agreement_version (
    partner TEXT NOT NULL CHECK (partner IN ('AU', 'CA', 'NZ', 'GB')),
    version BIGINT NOT NULL,
    follows BIGINT NOT NULL,
    document TEXT NOT NULL,
    document_hash BYTEA NOT NULL,
    holds_from TEXT NOT NULL,
    author UUID NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, version),
    UNIQUE (partner, version, follows),
    UNIQUE (partner, version, author, document_hash),
    CHECK (follows >= 0 AND follows < version)
);

-- Who signed a version, as what, and what they had seen: the document itself, and what past requests would have come to under it. Two
-- people sign, one in each capacity, and neither wrote it.
CREATE TABLE agreement_signature (
    partner TEXT NOT NULL,
    version BIGINT NOT NULL,
    capacity TEXT NOT NULL CHECK (capacity IN ('privacy', 'counsel')),
    officer UUID NOT NULL,
    author UUID NOT NULL,
    document_hash BYTEA NOT NULL,
    dry_run_hash BYTEA NOT NULL,
    signed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (partner, version, capacity),
    UNIQUE (partner, version, officer),
    FOREIGN KEY (partner, version, author, document_hash) REFERENCES agreement_version (partner, version, author, document_hash),
    CHECK (officer <> author)
);

-- What became of a version, once: two people signed it, or it was withdrawn. A signed version follows one that nothing else follows,
-- so that each was signed knowing what it takes the place of.
CREATE TABLE agreement_outcome (
    partner TEXT NOT NULL,
    version BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('signed', 'withdrawn')),
    ended_at TIMESTAMPTZ NOT NULL,
    withdrawn_by UUID,
    follows BIGINT,
    first_signer UUID,
    second_signer UUID,
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
);
CREATE UNIQUE INDEX agreement_is_followed_once ON agreement_outcome (partner, follows) WHERE outcome = 'signed';

CREATE FUNCTION refuse_agreement_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'agreements are append-only'; END $$;
CREATE TRIGGER agreement_version_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_version
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_change();
CREATE TRIGGER agreement_signature_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_change();
CREATE TRIGGER agreement_outcome_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON agreement_outcome
FOR EACH STATEMENT EXECUTE FUNCTION refuse_agreement_change();

-- Who changes agreements holds this row: the second of two who sign at once sees the first one's signature.
INSERT INTO installation (name, value) VALUES ('agreement_lock', '');
