//! The demo's editions of processing times, as `portico import processing-times` reads them: invented, like everything else.

use chrono::{Datelike, Months, NaiveDate};

/// A time: form, category with its names, office, months.
type Time = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TIMES: &[Time] = &[
    ("I-90", "C", "All card replacements", "Todos los reemplazos de tarjeta", "NBC", "13.5"),
    ("I-129F", "129F", "Fiancé(e) of a citizen", "Prometido de un ciudadano", "NBC", "8"),
    ("I-130", "SPOUSE", "Spouse", "Cónyuge", "NBC", "14.5"),
    ("I-130", "SPOUSE", "Spouse", "Cónyuge", "VSC", "35"),
    ("I-130", "SIBLING", "Brother or sister", "Hermano o hermana", "NBC", "87.5"),
    ("I-131", "131", "All travel documents", "Todos los documentos de viaje", "NBC", "16"),
    ("I-140", "E16", "Extraordinary ability", "Capacidad extraordinaria", "NSC", "12"),
    ("I-140", "E26", "Advanced degree", "Título avanzado", "NSC", "9.5"),
    ("I-485", "FAMILY", "Based on family", "Por familia", "NBC", "20"),
    ("I-485", "FAMILY", "Based on family", "Por familia", "WAS", "18.5"),
    ("I-485", "FAMILY", "Based on family", "Por familia", "NYC", "27"),
    ("I-485", "FAMILY", "Based on family", "Por familia", "LOS", "22.5"),
    ("I-485", "EMPLOYMENT", "Based on work", "Por trabajo", "NBC", "11"),
    ("I-485", "EMPLOYMENT", "Based on work", "Por trabajo", "WAS", "10.5"),
    ("I-751", "JOINT", "Filed together", "Presentado en conjunto", "YSC", "24"),
    ("I-765", "C09", "While a green card is pending", "Mientras se decide la residencia", "NBC", "7"),
    ("I-765", "C09", "While a green card is pending", "Mientras se decide la residencia", "TSC", "6.5"),
    ("I-765", "C09", "While a green card is pending", "Mientras se decide la residencia", "NSC", "6.5"),
    ("I-765", "C08", "While asylum is pending", "Mientras se decide el asilo", "NBC", "2.5"),
    ("N-400", "N400", "All applications", "Todas las solicitudes", "NBC", "9"),
    ("N-400", "N400", "All applications", "Todas las solicitudes", "WAS", "6.5"),
    ("N-400", "N400", "All applications", "Todas las solicitudes", "NYC", "10"),
    ("N-400", "N400", "All applications", "Todas las solicitudes", "LOS", "8"),
];
const HEADER: &str = "form,category,category_en,category_es,office,upper,lower,unit,inquiry_date,published,note_en,note_es";

/// The editions of this month and of the one before, as of a day.
pub fn processing_times(today: NaiveDate) -> String {
    let mut lines = vec![HEADER.to_owned()];
    for ago in [1, 0] {
        let first = today.checked_sub_months(Months::new(ago)).and_then(|day| day.with_day(1)).unwrap_or(today);
        lines.extend(TIMES.iter().map(|time| line(time, first)));
    }
    lines.join("\n") + "\n"
}

fn line((form, category, en, es, office, months): &Time, published: NaiveDate) -> String {
    // Whoever has waited half as long again may ask.
    let whole: u32 = months.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(1);
    let inquiry_date = published.checked_sub_months(Months::new(whole + whole / 2)).unwrap_or(published);
    format!("{form},{category},{en},{es},{office},{months},,Months,{inquiry_date},{published},,")
}
