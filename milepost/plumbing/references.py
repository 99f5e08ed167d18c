"""References that people read out: ten digits for an agreement, a prefix and seven characters for the rest.

The last digit is a check digit (ISO 7064 MOD 11,10), which catches every single wrong digit and nearly every swap.
References other than an agreement's are computed from the row's id, so nothing stores or indexes them.
"""

import re

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U to misread
_SPACE = len(ALPHABET) ** 6
_STEP = 663_608_941  # odd, so it has an inverse modulo 2**30: neighbours in the table look unlike each other
_BACK = pow(_STEP, -1, _SPACE)


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 digit that completes `digits`."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_agreement_number(text: str) -> bool:
    """Ten digits of which the last is the check digit; spaces and hyphens are the reader's."""
    digits = tidy(text)
    return bool(re.fullmatch(r"[0-9]{10}", digits)) and check_digit(digits[:9]) == digits[9]


def agreement_number(serial: int) -> str:
    """The ten digits of the agreement with this nine-digit serial number."""
    digits = f"{serial:09d}"
    if len(digits) != 9:
        raise ValueError(f"An agreement's serial number has nine digits, not {serial}")
    return digits + check_digit(digits)


def tidy(text: str) -> str:
    """What a person typed, without the spaces and hyphens she put in to read it."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", text).upper()


def grouped(agreement_number: str) -> str:
    """An agreement number as we print it: 7034 1182 55."""
    return f"{agreement_number[:4]}\u00a0{agreement_number[4:8]}\u00a0{agreement_number[8:]}"


def reference(prefix: str, row_id: int) -> str:
    """The reference of a row, such as PY8K2M4Q7 for a payment. Ids up to 2**30 - 1."""
    if not 0 < row_id < _SPACE:
        raise ValueError(f"No {prefix} reference for id {row_id}")
    number = row_id * _STEP % _SPACE
    letters = ""
    for _ in range(6):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return f"{prefix}{letters}{check_digit(str(row_id))}"


def row_id(prefix: str, text: str) -> int | None:
    """The id behind a reference, or None when it is not one of ours."""
    match = re.fullmatch(f"{prefix}([{ALPHABET}]{{6}})([0-9])", tidy(text))
    if match is None:
        return None
    number = 0
    for letter in match[1]:
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    found = number * _BACK % _SPACE
    return found if found and check_digit(str(found)) == match[2] else None
