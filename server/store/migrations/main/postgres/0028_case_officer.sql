-- The officer to whom a case is assigned, by the feed or by a supervisor. The newest row counts.
CREATE TABLE case_officer (
    id UUID NOT NULL PRIMARY KEY,
    case_id UUID NOT NULL REFERENCES case_record (id),
    -- None: nobody any more.
    officer_id UUID,
    -- None: the feed said so.
    assigned_by UUID,
    assigned_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX case_officer_of_case ON case_officer (case_id, assigned_at, id);
CREATE INDEX case_officer_of_officer ON case_officer (officer_id);
