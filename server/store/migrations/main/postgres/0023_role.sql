-- The roles of partner sharing.
ALTER TABLE role_grant DROP CONSTRAINT role_grant_role_check;
ALTER TABLE role_grant ADD CONSTRAINT role_grant_role_check CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio', 'siio',
    'quality_reviewer', 'administrator', 'auditor', 'raio_officer', 'fdns_analyst', 'icts_analyst', 'icts_reviewer', 'obim_analyst',
    'counsel', 'privacy_officer', 'agreements_manager', 'records_officer'));
-- Those that a second person has to agree to. It stands beside the constraint of before, which says less.
ALTER TABLE role_grant ADD CONSTRAINT role_grant_second_person CHECK (agreed_at IS NULL OR agreed_by IS NOT NULL OR basis = 'first'
    OR role NOT IN ('siio', 'administrator', 'auditor', 'icts_reviewer', 'counsel', 'privacy_officer', 'agreements_manager',
    'records_officer'));

ALTER TABLE provider_grant DROP CONSTRAINT provider_grant_role_check;
ALTER TABLE provider_grant ADD CONSTRAINT provider_grant_role_check CHECK (role IN ('tier_1_agent', 'tier_2_agent', 'iio',
    'quality_reviewer', 'raio_officer', 'fdns_analyst', 'icts_analyst', 'obim_analyst'));
