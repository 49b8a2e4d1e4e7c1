-- There are terms with IDENT, too, a system of our own department: what may be added to it.
ALTER TABLE agreement_version DROP CONSTRAINT agreement_version_partner_check;
ALTER TABLE agreement_version ADD CONSTRAINT agreement_version_partner_check CHECK (partner IN ('AU', 'CA', 'NZ', 'GB', 'IDENT'));
