"""Passwords that many people use: the file that is shipped, and how it is made.

`python -m milepost.plumbing.blocklist` writes it anew from the list in the installed Django (19,640 passwords of known
leaks, most used first) and the words below. Hardly any of these is long enough for us; so people who must make one
longer do what people do: they double it, put two together, or add a number, and the file holds what comes of that.
The same words give the same file.
"""

import gzip
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain, permutations
from pathlib import Path

import django.contrib.auth

FILE = Path(__file__).with_name("blocklist.txt.gz")
SOURCE = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")
FITS = 12
"""Shorter ones are refused for their length, whoever asks."""

VEHICLE_MAKES = (
    "alfa romeo", "aston martin", "audi", "bentley", "bmw", "citroen", "cupra", "dacia", "ferrari", "fiat", "ford",
    "honda", "hyundai", "infiniti", "isuzu", "iveco", "jaguar", "jeep", "kia", "lamborghini", "land rover", "lexus",
    "lotus", "maserati", "mazda", "mclaren", "mercedes", "mercedes benz", "mini cooper", "mitsubishi", "nissan", "opel",
    "peugeot", "polestar", "porsche", "range rover", "renault", "rolls royce", "saab", "seat", "skoda", "smart",
    "ssangyong", "subaru", "suzuki", "tesla", "toyota", "triumph", "vauxhall", "volkswagen", "volvo", "yamaha",
)  # fmt: skip
"""What stands on the drive: the first guess of anybody who wants into an account about a car."""
OTHERS = (
    "spring", "summer", "autumn", "winter", "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "liverpool", "manchester united", "manchester", "arsenal",
    "chelsea", "tottenham", "everton", "celtic", "rangers", "newcastle", "london", "birmingham", "leeds", "glasgow",
    "cardiff", "car finance", "my car", "letmein", "welcome", "correct horse battery staple", "the quick brown fox",
    "to be or not to be", "may the force be with you", "nothing to see here", "one two three four five",
)  # fmt: skip
DOUBLED, PAIRED, SUFFIXED = 3_000, 75, 400
"""How many of the most used are doubled (and trebled), put together two by two, and given an ending."""
ENDINGS = (
    "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "2020", "2021", "2022", "2023",
    "2024", "2025", "2026", "2027", "007", "00", "01", "11", "69", "99", "123123", "111", "1111", "qwerty", "abc",
    "xyz",
)  # fmt: skip


def letters(password: str) -> str:
    """What counts in a comparison: small letters and digits, without what stands between them."""
    return re.sub(r"[\W_]", "", password.casefold()) or password


@cache
def words() -> frozenset[str]:
    """The words that common passwords are made of."""
    return _parts()[0]


@cache
def long_ones() -> frozenset[str]:
    """The common passwords of twelve letters and more."""
    return _parts()[1]


def build() -> str:
    """The text of the file: the words, an empty line, the long ones; each in the order in which it was found."""
    with gzip.open(SOURCE, "rt", encoding="utf-8") as lines:
        known = list(dict.fromkeys(letters(line.strip()) for line in lines if line.strip()))
    ours = [letters(word) for word in chain(VEHICLE_MAKES, OTHERS)]
    base = list(dict.fromkeys(chain(known, ours)))
    made = dict.fromkeys(entry for entry in chain(base, _made(known, ours)) if len(entry) >= FITS)
    return "\n".join([*base, "", *made]) + "\n"


def write() -> None:
    """Write the file. No time of day goes into it, so that it changes when the words do."""
    FILE.write_bytes(gzip.compress(build().encode(), 9, mtime=0))


def _made(known: list[str], ours: list[str]) -> Iterator[str]:
    for word in chain(known[:DOUBLED], ours):
        yield word * 2
        yield word * 3
    best = [word for word in known if len(word) >= 4 and not word.isdigit()][:PAIRED]
    for first, second in permutations(best, 2):
        yield first + second
    for word in chain(known[:SUFFIXED], ours):
        for ending in ENDINGS:
            yield word + ending
            yield word * 2 + ending


@cache
def _parts() -> tuple[frozenset[str], frozenset[str]]:
    base, _, made = gzip.decompress(FILE.read_bytes()).decode().partition("\n\n")
    return frozenset(base.split()), frozenset(made.split())


if __name__ == "__main__":
    write()
