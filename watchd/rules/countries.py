"""The names of countries by the codes Trakt gives, of those most series come from."""

_NAMES = {
    "ar": "Argentina", "at": "Austria", "au": "Australia", "bd": "Bangladesh", "be": "Belgium", "br": "Brazil", "ca": "Canada",
    "ch": "Switzerland", "cl": "Chile", "cn": "China", "co": "Colombia", "cz": "Czech Republic", "de": "Germany",
    "dk": "Denmark", "eg": "Egypt", "es": "Spain", "fi": "Finland", "fr": "France", "gb": "United Kingdom", "gr": "Greece",
    "hk": "Hong Kong", "hu": "Hungary", "ie": "Ireland", "il": "Israel", "in": "India", "is": "Iceland", "it": "Italy",
    "jp": "Japan", "kr": "South Korea", "mx": "Mexico", "my": "Malaysia", "ng": "Nigeria", "nl": "Netherlands", "no": "Norway",
    "nz": "New Zealand", "ph": "Philippines", "pk": "Pakistan", "pl": "Poland", "pt": "Portugal", "ro": "Romania",
    "ru": "Russia", "se": "Sweden", "sg": "Singapore", "th": "Thailand", "tr": "Turkey", "tw": "Taiwan", "ua": "Ukraine",
    "us": "United States", "vn": "Vietnam", "za": "South Africa",
}  # fmt: skip


def country(code: str) -> str:
    """The English name; of a country that is not known here its code."""
    return _NAMES.get(code.lower(), code.upper())
