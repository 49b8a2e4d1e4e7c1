-- Reference texts. A change is a new row; the newest row recorded by a moment is the text of that moment. `origin` tells
-- what an agency edited from what was shipped: an upgrade never replaces an edited text.
CREATE TABLE status_text (
    status TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('shipped', 'edited')),
    stage TEXT NOT NULL,
    deadline_days BIGINT,
    deadline_for TEXT CHECK (deadline_for IN ('person', 'call')),
    title_en TEXT NOT NULL,
    title_es TEXT NOT NULL,
    description_en TEXT NOT NULL,
    description_es TEXT NOT NULL,
    next_en TEXT NOT NULL,
    next_es TEXT NOT NULL,
    PRIMARY KEY (status, recorded_at),
    CHECK ((deadline_days IS NULL) = (deadline_for IS NULL))
);

-- Which status an action code shows; NULL: not public.
CREATE TABLE action_code (
    code TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('shipped', 'edited')),
    status TEXT,
    PRIMARY KEY (code, recorded_at)
);

CREATE TABLE form_name (
    form TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('shipped', 'edited')),
    name_en TEXT NOT NULL,
    name_es TEXT NOT NULL,
    PRIMARY KEY (form, recorded_at)
);

CREATE TABLE office (
    code TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('service_center', 'field_office', 'asylum_office', 'application_support_center', 'other')),
    zip_prefixes TEXT NOT NULL,
    PRIMARY KEY (code, recorded_at)
);
