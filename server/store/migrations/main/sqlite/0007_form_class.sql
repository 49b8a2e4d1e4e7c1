-- Whether a case's form protects nobody, as far as the import knew. It decides nothing: of an ordinary case without markers a
-- look-up reads in one statement what it tells.
ALTER TABLE case_record ADD COLUMN form_class TEXT NOT NULL DEFAULT 'protected' CHECK (form_class IN ('ordinary', 'protected'));
