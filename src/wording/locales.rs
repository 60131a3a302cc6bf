//! Windows locale numbers (LCID), as Skype for Business writes them into its blocks.
//!
//! Source: MS-LCID §2.2, for the languages that we have wording for. The first row of a
//! language is the one that stands for its tag without a region.

/// The language of a locale number.
pub(crate) fn language_of_lcid(lcid: u16) -> Option<&'static str> {
    LOCALES.iter().find(|(number, _)| *number == lcid).map(|(_, tag)| *tag)
}

/// The locale number for a tag that has wording; that of English for any other.
pub(crate) fn lcid_of(tag: &str) -> u16 {
    let exact = LOCALES.iter().find(|(_, known)| known.eq_ignore_ascii_case(tag));
    let wording = super::find(tag);
    let same =
        || LOCALES.iter().find(|(_, known)| wording.is_some() && super::find(known) == wording);
    exact.or_else(same).map_or(ENGLISH_US, |(number, _)| *number)
}

const ENGLISH_US: u16 = 1033;

pub(super) const LOCALES: &[(u16, &str)] = &[
    (ENGLISH_US, "en-US"),
    (2057, "en-GB"),
    (3081, "en-AU"),
    (4105, "en-CA"),
    (5129, "en-NZ"),
    (6153, "en-IE"),
    (7177, "en-ZA"),
    (16393, "en-IN"),
    (18441, "en-SG"),
    (13321, "en-PH"),
    (17417, "en-MY"),
    (15369, "en-HK"),
    (8201, "en-JM"),
    (10249, "en-BZ"),
    (11273, "en-TT"),
    (12297, "en-ZW"),
    (1031, "de-DE"),
    (2055, "de-CH"),
    (3079, "de-AT"),
    (4103, "de-LU"),
    (5127, "de-LI"),
    (1036, "fr-FR"),
    (2060, "fr-BE"),
    (3084, "fr-CA"),
    (4108, "fr-CH"),
    (5132, "fr-LU"),
    (6156, "fr-MC"),
    (3082, "es-ES"),
    (1034, "es-ES"),
    (2058, "es-MX"),
    (4106, "es-GT"),
    (5130, "es-CR"),
    (6154, "es-PA"),
    (7178, "es-DO"),
    (8202, "es-VE"),
    (9226, "es-CO"),
    (10250, "es-PE"),
    (11274, "es-AR"),
    (12298, "es-EC"),
    (13322, "es-CL"),
    (14346, "es-UY"),
    (15370, "es-PY"),
    (16394, "es-BO"),
    (17418, "es-SV"),
    (18442, "es-HN"),
    (19466, "es-NI"),
    (20490, "es-PR"),
    (21514, "es-US"),
    (1046, "pt-BR"),
    (2070, "pt-PT"),
    (1040, "it-IT"),
    (2064, "it-CH"),
    (1043, "nl-NL"),
    (2067, "nl-BE"),
    (1030, "da-DK"),
    (1053, "sv-SE"),
    (2077, "sv-FI"),
    (1044, "nb-NO"),
    (2068, "nn-NO"),
    (1035, "fi-FI"),
    (1045, "pl-PL"),
    (1029, "cs-CZ"),
    (1055, "tr-TR"),
    (1049, "ru-RU"),
    (2073, "ru-MD"),
    (1058, "uk-UA"),
    (1041, "ja-JP"),
    (2052, "zh-CN"),
    (4100, "zh-SG"),
    (1028, "zh-TW"),
    (3076, "zh-HK"),
    (5124, "zh-MO"),
    (1042, "ko-KR"),
    (1025, "ar-SA"),
    (2049, "ar-IQ"),
    (3073, "ar-EG"),
    (4097, "ar-LY"),
    (5121, "ar-DZ"),
    (6145, "ar-MA"),
    (7169, "ar-TN"),
    (8193, "ar-OM"),
    (9217, "ar-YE"),
    (10241, "ar-SY"),
    (11265, "ar-JO"),
    (12289, "ar-LB"),
    (13313, "ar-KW"),
    (14337, "ar-AE"),
    (15361, "ar-BH"),
    (16385, "ar-QA"),
    (1037, "he-IL"),
    (1081, "hi-IN"),
    (1066, "vi-VN"),
];
