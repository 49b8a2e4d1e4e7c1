//! What every answer says beside the officer's words, in both languages.

use crate::locale::Locale;
use crate::service_request::RequestKind;

/// The words of an answer's frame.
pub(super) struct Wording {
    pub title: &'static str,
    /// Before the day, and after it: where a representative is shown, and where none is.
    pub on: &'static str,
    pub shown: &'static str,
    pub not_shown: &'static str,
    pub person: &'static str,
    pub they_are: &'static str,
    pub representative: &'static str,
    pub form: &'static str,
    pub filed_on: &'static str,
    pub receipt_number: &'static str,
    pub request_number: &'static str,
    pub beneficiary: &'static str,
    pub a_number: &'static str,
    pub kind: &'static str,
    pub status: &'static str,
    pub interim: &'static str,
    pub call: &'static str,
    pub address: &'static str,
    pub address_title: &'static str,
    pub from: &'static str,
}

const EN: Wording = Wording {
    title: "About your request",
    on: "On",
    shown: "you, or the representative shown below, contacted us about your case. Some of the key information given to us at that \
            time was the following:",
    not_shown: "you, or somebody for you, contacted us about your case. Some of the key information given to us at that time was \
                the following:",
    person: "Person who contacted us",
    they_are: "They said that they are",
    representative: "Representative",
    form: "Case type",
    filed_on: "Filing date",
    receipt_number: "Receipt number",
    request_number: "Request number",
    beneficiary: "Beneficiary",
    a_number: "A-Number",
    kind: "Type of service requested",
    status: "The status of this service request is:",
    interim: "This is not our last answer. We will write to you again.",
    call: "We told you this by telephone. This is what we said:",
    address: "If you move, tell us within 10 days. You can do it on our website under “Change of address”, or by telephone.",
    address_title: "If you move",
    from: "This answer comes from",
};

const ES: Wording = Wording {
    title: "Sobre su solicitud",
    on: "El",
    shown: "usted, o el representante que se indica abajo, se comunicó con nosotros sobre su caso. Parte de la información \
            principal que nos dio entonces es la siguiente:",
    not_shown: "usted, o alguien por usted, se comunicó con nosotros sobre su caso. Parte de la información principal que nos dio \
                entonces es la siguiente:",
    person: "Persona que nos contactó",
    they_are: "Dijo que es",
    representative: "Representante",
    form: "Tipo de caso",
    filed_on: "Fecha de presentación",
    receipt_number: "Número de recibo",
    request_number: "Número de la solicitud",
    beneficiary: "Beneficiario",
    a_number: "Número A",
    kind: "Tipo de servicio solicitado",
    status: "El estado de esta solicitud de servicio es:",
    interim: "Esta no es nuestra última respuesta. Le escribiremos otra vez.",
    call: "Se lo dijimos por teléfono. Esto es lo que dijimos:",
    address: "Si se muda, avísenos en un plazo de 10 días. Puede hacerlo en nuestro sitio web, en “Cambio de dirección”, o por \
              teléfono.",
    address_title: "Si se muda",
    from: "Esta respuesta viene de",
};

pub(super) const fn of(locale: Locale) -> &'static Wording {
    match locale {
        Locale::En => &EN,
        Locale::Es => &ES,
    }
}

/// What somebody is to the case, as forms ask it (`requester`).
pub(super) fn requester(key: &str, locale: Locale) -> Option<&'static str> {
    Some(match key {
        "applicant" => locale.pick("the applicant", "el solicitante"),
        "petitioner" => locale.pick("the petitioner", "el peticionario"),
        "representative" => locale.pick("the representative", "el representante"),
        _ => return None,
    })
}

/// What requests of a kind are about, as a letter says it.
pub(super) const fn kind(kind: RequestKind, locale: Locale) -> &'static str {
    use RequestKind as K;
    let (en, es) = match kind {
        K::OutsideNormalTime => ("A case that takes longer than the posted time", "Un caso que tarda más que el tiempo publicado"),
        K::NoticeNotReceived => ("A notice that did not come", "Un aviso que no llegó"),
        K::CardNotReceived => ("A card that did not come", "Una tarjeta que no llegó"),
        K::DocumentNotReceived => ("A document that did not come", "Un documento que no llegó"),
        K::TypographicError => ("A mistake of ours in print", "Un error de imprenta nuestro"),
        K::Accommodation => ("Help at an appointment because of a disability", "Ayuda en una cita por una discapacidad"),
        K::BeneficiaryChange => ("A change about the beneficiary", "Un cambio sobre el beneficiario"),
        K::NoReceiptNotice => ("A receipt notice that did not come", "Un aviso de recibo que no llegó"),
        K::NoAutomatedInformation => {
            ("A number that our telephone and website do not know", "Un número que nuestro teléfono y nuestro sitio no conocen")
        }
        K::DosReview => ("A recommendation of the Department of State", "Una recomendación del Departamento de Estado"),
        K::CaseStatus => ("The status of a case", "El estado de un caso"),
        K::ChangeOfAddress => ("A change of address", "Un cambio de dirección"),
        K::ReceiptNoticeError => ("A mistake on a receipt notice", "Un error en un aviso de recibo"),
        K::Expedite => ("A case that should go first", "Un caso que debería ir primero"),
    };
    locale.pick(en, es)
}
