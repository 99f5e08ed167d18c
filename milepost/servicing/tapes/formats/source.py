"""Opening the file of a tape: plain or gzip, UTF-8 with or without its mark, and a fingerprint of every byte read."""

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple, cast

BLOCK = 1 << 20
LONGEST_LINE = 256_000
_ALIEN = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unusable(Exception):
    """The file as a whole cannot be taken in; nothing of it was. `line` is where it went wrong, 0 for the beginning."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


class Line(NamedTuple):
    """One physical line: its number, its text without the line end, and what is wrong with it ("" when nothing is)."""

    number: int
    text: str
    fault: str = ""


class _Fingerprinted(io.RawIOBase):
    """A binary file that remembers the hash of what was read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        block = self.file.read(len(buffer))
        self.digest.update(block)
        buffer[: len(block)] = block
        return len(block)


@dataclass
class Source:
    """One file of a tape, read once from beginning to end. Raises Unusable as it is opened or on the way."""

    path: Path
    encoding: str = "utf-8"
    raw: _Fingerprinted = field(init=False)
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.raw = _Fingerprinted(self.path.open("rb"))
            with self.path.open("rb") as file:
                self.head = file.read(4)
        except OSError as error:
            raise Unusable(f"{self.path} cannot be read: {error.strerror}.") from error
        if not self.head:
            raise Unusable(f"{self.path.name} is empty.")

    @property
    def content_hash(self) -> str:
        """SHA-256 of all bytes; meaningful once the file has been read to its end."""
        while self.raw.read(BLOCK):
            pass
        return self.raw.digest.hexdigest()

    def binary(self) -> IO[bytes]:
        """The bytes, unpacked where the file is gzip."""
        buffered = io.BufferedReader(self.raw, BLOCK)
        if self.head[:2] == b"\x1f\x8b":
            return cast(IO[bytes], gzip.open(buffered, "rb"))
        if self.head[:4] == b"PK\x03\x04":
            raise Unusable(f"{self.path.name} is a ZIP archive or a spreadsheet. Save it as CSV (UTF-8) and send that.")
        if self.path.name.casefold().endswith(".gz"):
            raise Unusable(f"{self.path.name} is named as a gzip archive and is none. Name it after what it is.")
        return buffered

    def blocks(self) -> Iterator[bytes]:
        """The unpacked bytes in blocks. A file that ends too early is refused as a whole."""
        stream = self.binary()
        try:
            while block := stream.read(BLOCK):
                yield block
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Unusable(self._cut_short(), 0) from error

    def lines(self) -> Iterator[Line]:
        """Physical lines. One that is too long, wrongly encoded or holds NUL comes with a fault, shortened."""
        stream = self.binary()
        number = 0
        try:
            while raw := stream.readline(LONGEST_LINE):
                number += 1
                if number == 1:
                    raw = self._without_mark(raw)
                if len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
                    length = len(raw) + _skip_line(stream)
                    shown = raw.decode(self.encoding, "replace").replace("\x00", "\ufffd").replace("\x1f", "\ufffd")
                    yield Line(number, shown, f"the line is {length:,} bytes long; at most {LONGEST_LINE:,} are read")
                    continue
                yield self._line(number, raw)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Unusable(self._cut_short(), number) from error

    def _line(self, number: int, raw: bytes) -> Line:
        try:
            line = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            place = f"byte 0x{raw[error.start]:02X} at place {error.start + 1}"
            fault = f"the line is not {self.encoding.upper()} ({place}); save the file as UTF-8"
            shown = raw.decode("utf-8", "replace").replace("\x00", "\ufffd").replace("\x1f", "\ufffd")
            return Line(number, shown, fault)
        if "\x00" in line or "\x1f" in line:
            shown = line.replace("\x00", "\ufffd").replace("\x1f", "\ufffd")
            return Line(number, shown, "the line holds a NUL or another control character")
        return Line(number, line)

    def _without_mark(self, raw: bytes) -> bytes:
        if raw.startswith(_ALIEN):
            raise Unusable(f"{self.path.name} is UTF-16 or UTF-32 text. Save it as CSV (UTF-8) and send that.")
        if raw.count(b"\r") > 1 and b"\n" not in raw:
            raise Unusable(f"{self.path.name} ends its lines as old Macintosh files did. Save it as CSV (UTF-8).")
        return raw.removeprefix(codecs.BOM_UTF8)

    def _cut_short(self) -> str:
        return f"{self.path.name} ends too early: the gzip archive is cut short or damaged. Ask for it again."


def _skip_line(stream: IO[bytes]) -> int:
    """Read to the end of the line, however far, keeping nothing."""
    skipped = 0
    while part := stream.readline(BLOCK):
        skipped += len(part)
        if part.endswith(b"\n"):
            break
    return skipped
