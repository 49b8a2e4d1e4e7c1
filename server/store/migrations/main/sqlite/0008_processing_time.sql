-- What was published about a form, a category and an office. Of editions with one publication date the last recorded counts;
-- nothing is overwritten. Times are in halves of their unit.
CREATE TABLE processing_time (
    form TEXT NOT NULL,
    category TEXT NOT NULL,
    office TEXT NOT NULL,
    published_on TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    upper_halves INTEGER,
    upper_unit TEXT CHECK (upper_unit IN ('Days', 'Weeks', 'Months')),
    lower_halves INTEGER,
    lower_unit TEXT CHECK (lower_unit IN ('Days', 'Weeks', 'Months')),
    inquiry_date TEXT,
    category_en TEXT NOT NULL,
    category_es TEXT NOT NULL,
    note_en TEXT NOT NULL,
    note_es TEXT NOT NULL,
    PRIMARY KEY (form, category, office, published_on, recorded_at)
) STRICT, WITHOUT ROWID;
