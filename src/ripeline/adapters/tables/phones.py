"""Telephone numbers by the rules of the pinned package phonenumbers, which is imported when a number is first read."""

from functools import lru_cache

from ripeline.vocabulary.phones import Phone, PhoneRules

LONGEST_PHONE = 64
"""Longer texts hold more than a number. They are not read, and would cost time."""

PLUS = "+\uff0b"
"""What a number begins with that names its country: in letters of two widths."""

PART_OF = {"AC": "SH", "TA": "SH"}
"""Places with numbers of their own that ISO 3166-1 knows as parts of a country."""


def phone_rules(countries: frozenset[str]) -> PhoneRules:
    """Return the rules, with the codes that a country may have."""

    @lru_cache(maxsize=2**12)
    def read_once(text: str, country: str | None) -> Phone | None:
        return _read(text, country, countries)

    def read(text: str, country: str | None) -> Phone | None:
        return None if len(text) > LONGEST_PHONE else read_once(text, country)

    return PhoneRules(read, _version)


def _version() -> str:
    import phonenumbers  # noqa: PLC0415 - 30 ms that only definitions pay which read numbers

    return phonenumbers.__version__


def _read(text: str, country: str | None, countries: frozenset[str]) -> Phone | None:
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        homeless = error.error_type == error.INVALID_COUNTRY_CODE and not set(PLUS).intersection(text)
        return None if homeless else Phone(valid=False)
    if not phonenumbers.is_valid_number(number):
        return Phone(valid=False)
    region = phonenumbers.region_code_for_number(number) or ""
    code = PART_OF.get(region, region)
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Phone(valid=True, plain=plain, country=code if code in countries else None)
