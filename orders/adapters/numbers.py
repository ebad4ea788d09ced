"""Phone numbers as people write them, read with Google's libphonenumber rules."""

import phonenumbers

_LONGEST = 64


class PhoneNumberParser:
    """`orders.ports.NumberParser` on the phonenumbers library.

    A number passes if its length is possible in its country. Whether a range is in service is not asked:
    metadata lags behind carriers, and a number nobody has simply finds nobody.
    """

    def e164(self, raw: str, default_region: str) -> str | None:
        """The number in E.164 form, or None.

        Digits that are no national number are tried as an international one without its plus sign.
        """
        written = raw.strip()
        if len(written) > _LONGEST:
            return None
        national = _possible(written, default_region)
        if national is None and written.isdigit():
            return _possible(f"+{written}", None)
        return national


def _possible(written: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
