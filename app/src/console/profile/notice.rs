//! The notice that is read aloud before fingerprints or a photograph are taken to verify who somebody is (Form M-1061, OMB
//! 1615-0125). The words are ours: they say what the form's notice is for, and are not its text.

use shared::locale::Locale;

const ENGLISH: [&str; 4] = [
    "We would like to make sure that you are the person in our records. For this we may take your fingerprints and a photograph of you.",
    "We compare them with the records of the Department. What we learn is used for your case, and to protect you from somebody who \
     uses your name.",
    "Your fingerprints may be kept in these records. Where they may only be compared, they are destroyed right after.",
    "You may ask what we have about you, and have it corrected. Do you understand this?",
];

const SPANISH: [&str; 4] = [
    "Queremos asegurarnos de que usted es la persona que está en nuestros registros. Para esto podemos tomarle las huellas dactilares \
     y una fotografía.",
    "Las comparamos con los registros del Departamento. Lo que sepamos se usa para su caso, y para protegerle de quien use su nombre.",
    "Sus huellas dactilares pueden guardarse en esos registros. Si solo se pueden comparar, se destruyen enseguida.",
    "Usted puede preguntar qué tenemos sobre usted, y pedir que se corrija. ¿Entiende lo que le he dicho?",
];

/// The notice, paragraph by paragraph.
pub const fn paragraphs(locale: Locale) -> [&'static str; 4] {
    match locale {
        Locale::En => ENGLISH,
        Locale::Es => SPANISH,
    }
}
