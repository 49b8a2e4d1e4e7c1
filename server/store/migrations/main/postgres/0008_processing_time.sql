-- What was published about a form, a category and an office. Of editions with one publication date the last recorded counts;
-- nothing is overwritten. Times are in halves of their unit.
CREATE TABLE processing_time (
    form TEXT COLLATE "C" NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    office TEXT COLLATE "C" NOT NULL,
    published_on TEXT COLLATE "C" NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    upper_halves BIGINT,
    upper_unit TEXT CHECK (upper_unit IN ('Days', 'Weeks', 'Months')),
    lower_halves BIGINT,
    lower_unit TEXT CHECK (lower_unit IN ('Days', 'Weeks', 'Months')),
    inquiry_date TEXT,
    category_en TEXT NOT NULL,
    category_es TEXT NOT NULL,
    note_en TEXT NOT NULL,
    note_es TEXT NOT NULL,
    PRIMARY KEY (form, category, office, published_on, recorded_at)
);
