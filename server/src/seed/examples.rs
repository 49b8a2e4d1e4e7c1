//! The well-known cases of the demo: the agency's published staging receipts, each with a story of its own. Days count
//! back from the day of the demo.

use super::Example;
use super::protected::Mark;

/// A case with a fixed number, form and history.
#[derive(Debug)]
pub(super) struct FixedCase {
    pub(super) form: &'static str,
    pub(super) category: Option<&'static str>,
    /// Action codes, each with its age in days.
    pub(super) steps: &'static [(&'static str, u64)],
    /// Where it is, if not where its prefix says; and where it goes if it is sent to a field office.
    pub(super) center: Option<&'static str>,
    pub(super) goes_to: Option<&'static str>,
    pub(super) in_spanish: bool,
    pub(super) mark: Option<Mark>,
    /// Only the first line states the marker, as of a source that tells changes.
    pub(super) mark_once: bool,
}

type Steps = &'static [(&'static str, u64)];

pub(super) const fn fixed(form: &'static str, category: &'static str, steps: Steps) -> FixedCase {
    let category = if category.is_empty() { None } else { Some(category) };
    FixedCase { form, category, steps, center: None, goes_to: None, in_spanish: false, mark: None, mark_once: false }
}

const fn example(
    receipt_number: &'static str,
    form: &'static str,
    category: &'static str,
    steps: Steps,
    note_en: &'static str,
    note_es: &'static str,
) -> Example {
    Example { receipt_number, note_en, note_es, case: fixed(form, category, steps) }
}

impl Example {
    const fn in_spanish(mut self) -> Self {
        self.case.in_spanish = true;
        self
    }

    const fn at(mut self, office: &'static str) -> Self {
        self.case.center = Some(office);
        self
    }

    const fn goes_to(mut self, office: &'static str) -> Self {
        self.case.goes_to = Some(office);
        self
    }

    const fn of_asylum(mut self) -> Self {
        self.case.mark = Some(Mark::Form("I-589", None));
        self
    }
}

/// Every published staging receipt. The first twelve show each stage and what is special about the demo, and no more than
/// four of them lie close together; whoever reads many neighbours of a number in an hour is slowed down.
#[rustfmt::skip]
pub const EXAMPLES: &[Example] = &[
    example("LIN9999106501", "I-90", "", &[("IAF", 4)],
        "Just received", "Recién recibido").at("NBC"),
    example("SRC9999102777", "I-765", "C09", &[("IAF", 27), ("FNA", 6)],
        "A fingerprint appointment is coming up", "Pronto hay una cita para tomar las huellas dactilares"),
    example("EAC9999103405", "N-400", "", &[("IAF", 215), ("FNA", 190), ("FNB", 171), ("FTA0", 16)],
        "An officer is working on it", "Un oficial está trabajando en el caso").at("NBC"),
    example("SRC9999132710", "I-485", "IMMEDIATE_RELATIVE", &[("IAA", 265), ("FNA", 240), ("FNB", 222), ("IK", 14)],
        "We asked for more evidence", "Pedimos más pruebas"),
    example("EAC9999103403", "I-130", "SPOUSE", &[("IAA", 410), ("FT0", 62), ("DA", 12)],
        "Approved", "Aprobado"),
    example("SRC9999132719", "I-539", "F1", &[("IAA", 233), ("IK", 148), ("HA", 104), ("EA", 22), ("IFA", 20)],
        "Denied", "Denegado"),
    example("LIN9999106498", "I-765", "C09", &[("IAF", 192), ("FNA", 170), ("FNB", 153), ("DA", 11), ("LDA", 8), ("LEA", 5)],
        "The post office delivered the card", "El correo entregó la tarjeta"),
    example("SRC9999102785", "N-400", "",
        &[("IAF", 424), ("FNA", 398), ("FNB", 380), ("FJ", 120), ("HG", 76), ("DA", 41), ("MEC", 8)],
        "Finished: the certificate was given in person", "Terminado: el certificado se entregó en persona"),
    example("EAC9999103410", "I-485", "EMPLOYMENT", &[("IAA", 308), ("FNA", 280), ("FNB", 262), ("IP", 18)],
        "Sent to another office", "Enviado a otra oficina").goes_to("WAS"),
    example("LIN9999106504", "I-821D", "RENEWAL", &[("IAF", 124), ("FNA", 101), ("FNB", 84), ("DA", 9)],
        "Approved; deferred action", "Aprobado; acción diferida").in_spanish(),
    example("SRC9999132694", "I-129F", "", &[("AFAB", 10)],
        "Sent back: the form was not signed", "Devuelto: faltaba la firma en el formulario"),
    example("EAC9999103416", "I-90", "", &[("IAF", 214), ("DA", 62), ("LDA", 58), ("LEA", 55), ("LFA", 21)],
        "The post office brought the card back to us", "El correo nos devolvió la tarjeta"),

    // With a history.
    example("EAC9999103404", "I-131", "", &[("IAA", 155), ("DA", 17), ("MBC", 14), ("MEA", 11)],
        "The post office is returning a travel document", "El correo está devolviendo un documento de viaje"),
    example("EAC9999103411", "I-751", "JOINT", &[("IAA", 388), ("IMAF", 360), ("FNB", 341), ("FHB", 33)],
        "Ready to be scheduled for an interview", "Listo para programar una entrevista"),
    example("EAC9999103419", "N-400", "", &[("IAF", 312), ("FNA", 290), ("FNB", 273), ("FJ", 12)],
        "An interview is coming up", "Pronto hay una entrevista"),
    example("LIN9999106499", "I-140", "E26", &[("IAA", 61), ("PA", 60), ("IKP", 44), ("HAP", 23), ("DA", 6)],
        "Premium processing, approved", "Procesamiento prioritario, aprobado"),
    example("LIN9999106505", "I-485", "DIVERSITY", &[("IAA", 335), ("FNA", 312), ("FNB", 294), ("FJ", 45), ("HE", 21), ("FM", 7)],
        "The interview has a new date", "La entrevista tiene una nueva fecha"),
    example("LIN9999106506", "I-130", "SIBLING", &[("IAA", 512), ("DA", 48), ("KO", 26)],
        "Approved and sent to the visa office", "Aprobado y enviado a la oficina de visas"),
    example("SRC9999102778", "I-765", "C08", &[("IAA", 82), ("FNA", 63), ("FNB", 46)],
        "Fingerprints were taken", "Se tomaron las huellas dactilares").of_asylum(),
    example("SRC9999102779", "I-90", "", &[("IAF", 133), ("DA", 9), ("LDA", 3)],
        "A card is being made", "Se está produciendo una tarjeta"),
    example("SRC9999102780", "I-485", "IMMEDIATE_RELATIVE",
        &[("AALB", 540), ("IAA", 536), ("FNA", 510), ("FNB", 493), ("FTA0", 300), ("FJ", 96), ("HG", 61),
        ("DA", 33), ("LDA", 30), ("LEA", 27)],
        "A long history", "Un historial largo"),
    example("SRC9999102781", "I-131", "", &[("IAA", 202), ("II", 9)],
        "A letter explains what we plan to do", "Una carta explica lo que pensamos hacer"),
    example("SRC9999102782", "I-129F", "", &[("IAA", 405), ("EA", 121), ("IFA", 119), ("AGA", 16)],
        "Denied, then opened again", "Denegado y después abierto otra vez"),
    example("SRC9999102783", "I-589", "", &[("IAA", 301), ("FNA", 280), ("FNB", 262)],
        "An asylum case", "Un caso de asilo").of_asylum(),
    example("SRC9999102784", "I-751", "JOINT", &[("IAA", 208), ("IT", 30)],
        "Withdrawn", "Retirado"),
    example("SRC9999102786", "N-400", "", &[("IAF", 322), ("FNB", 280), ("FJ", 48), ("FL", 7)],
        "The person did not come to the interview", "La persona no vino a la entrevista"),
    example("SRC9999102787", "I-130", "SPOUSE", &[("IAA", 261), ("HB", 12)],
        "A letter came back to us", "Nos devolvieron una carta"),

    // Without a history: one event.
    example("EAC9999103400", "I-765", "C10", &[("IAA", 6)], "Just received", "Recién recibido"),
    example("EAC9999103402", "I-131", "", &[("IAF", 9)],
        "Received; the notice was emailed", "Recibido; el aviso se envió por correo electrónico"),
    example("EAC9999103406", "I-140", "E37", &[("PA", 3)],
        "Premium processing was asked for", "Se pidió procesamiento prioritario"),
    example("EAC9999103407", "I-485", "DIVERSITY", &[("ABA", 12)], "Fees were waived", "No hay que pagar las tarifas"),
    example("EAC9999103408", "N-400", "", &[("AALB", 2)], "Arrived at the mail center", "Llegó al centro de correo"),
    example("EAC9999103409", "I-539", "B2", &[("AFAC", 15)], "Sent back: the fee was wrong", "Devuelto: la tarifa no era correcta"),
    example("EAC9999103412", "I-130", "SPOUSE", &[("IAA", 700)],
        "Waiting for longer than normal", "Espera más de lo normal").at("NBC"),
    example("EAC9999103413", "I-765", "C09", &[("LEA", 2)], "The card is in the mail", "La tarjeta está en el correo"),
    example("EAC9999103414", "I-90", "", &[("LDA", 3)], "A card is being made", "Se está produciendo una tarjeta"),
    example("EAC9999103415", "I-131", "", &[("MBC", 4)],
        "A travel document is being made", "Se está produciendo un documento de viaje"),
    example("EAC9999103420", "I-751", "JOINT", &[("IN", 5)],
        "A photo and fingerprint appointment is coming up", "Pronto hay una cita para foto y huellas"),
    example("EAC9999103421", "I-129F", "", &[("FBA", 11)], "Papers were missing", "Faltaban papeles"),
    example("EAC9999103424", "I-140", "E16", &[("FC", 13)], "We may take an approval back", "Podríamos retirar una aprobación"),
    example("EAC9999103425", "N-400", "", &[("FJ", 4)], "An interview is coming up", "Pronto hay una entrevista"),
    example("EAC9999103426", "I-485", "EMPLOYMENT", &[("KH", 45)],
        "Waits for a court case", "Espera por un caso en los tribunales"),
    example("EAC9999103428", "I-824", "", &[("IAA", 33)], "Received", "Recibido"),
    example("EAC9999103429", "N-600", "", &[("IAA", 120)], "Received", "Recibido"),
    example("EAC9999103431", "I-129", "H1B", &[("IEE", 7)],
        "Approved; the letter was emailed", "Aprobado; la carta se envió por correo electrónico"),
    example("EAC9999103432", "I-765", "C09", &[("AFAD", 19)],
        "Sent back: an old version of the form", "Devuelto: una versión anterior del formulario"),
    example("LIN9999106507", "I-485J", "", &[("CA", 14)], "Received at another office", "Recibido en otra oficina"),
    example("SRC9999132695", "I-765", "C26", &[("AFAI", 8)],
        "Sent back: no signature and a wrong fee", "Devuelto: sin firma y con la tarifa equivocada"),
    example("SRC9999132706", "N-565", "", &[("IG", 9)], "A copy of a letter was mailed", "Se envió copia de una carta"),
    example("SRC9999132707", "I-290B", "", &[("OB", 26)], "An appeal was dismissed", "Una apelación fue desestimada"),
];
