"""Rows of an ABS-EE EX-102 file: one `assets` element a loan, read as a stream; nothing but the present loan is kept.

Declarations of entities and document types are refused: no such file has them, and every known XML bomb does.
"""

from collections.abc import Iterator, Sequence
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces
from xml.sax.xmlreader import AttributesNSImpl, Locator, XMLReader

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from milepost.servicing.tapes.formats.source import Source, Unusable
from milepost.servicing.tapes.formats.tables import Header, Row, folded
from milepost.servicing.tapes.formats.values import LONGEST_CELL

ROW = "assets"
DEEPEST = 12


class _Loans(ContentHandler):
    """Collects the children of each `assets` element as a row."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__()
        self.locator: Locator | None = None
        self.width = len(columns)
        self.places = {folded(column): place for place, column in enumerate(columns)}
        self.rows: list[Row] = []
        self.loans = 0
        self.depth = 0
        self.line = 0
        self.cells: list[str] | None = None
        self.place: int | None = None
        self.parts: list[str] = []
        self.length = 0
        self.fault = ""

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 (the library calls it)
        self.locator = locator

    def startElementNS(  # noqa: N802 (the library calls it)
        self, name: tuple[str | None, str], qname: str | None, attrs: AttributesNSImpl
    ) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unusable(f"The XML is nested more than {DEEPEST} elements deep.", self._line())
        if self.cells is None:
            if name[1] == ROW:
                self.cells, self.line, self.fault = [""] * self.width, self._line(), ""
                self.loans += 1
            return
        self.place, self.parts, self.length = self.places.get(folded(name[1])), [], 0

    def characters(self, content: str) -> None:
        if self.place is None or self.cells is None:
            return
        self.length += len(content)
        if self.length <= LONGEST_CELL:
            self.parts.append(content)
        else:
            self.fault = f"an element is longer than {LONGEST_CELL:,} characters"
            self.parts = self.parts[:1]

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:  # noqa: N802 (the library calls it)
        self.depth -= 1
        if self.cells is None:
            return
        if name[1] == ROW and self.place is None:
            self.rows.append(Row(self.line, self.cells, self.fault))
            self.cells = None
        elif self.place is not None:
            word = "".join(self.parts).strip()[:LONGEST_CELL].replace("\x1f", "\ufffd")
            held = self.cells[self.place]
            self.cells[self.place] = f"{held}; {word}" if held else word
            self.place = None

    def _line(self) -> int:
        return int(self.locator.getLineNumber() or 0) if self.locator else 0


def read(source: Source, columns: Sequence[str]) -> tuple[Header, Iterator[Row]]:
    """The rows of an XML file in the columns that the format knows; other elements are left out."""
    header = Header(tuple(columns), tuple(range(len(columns))), len(columns))
    return header, _rows(source, columns)


def _feed(parser: XMLReader, block: bytes, source: Source) -> None:
    try:
        parser.feed(block)  # type: ignore[attr-defined]
    except DefusedXmlException:
        raise
    except (LookupError, ValueError) as error:
        raise Unusable(
            f"{source.path.name} says that it is in an encoding that is not known here ({error}). Save it as UTF-8.", 1
        ) from error


def _rows(source: Source, columns: Sequence[str]) -> Iterator[Row]:
    handler = _Loans(columns)
    parser = create_parser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    parser.setFeature(feature_namespaces, True)
    handler.setDocumentLocator(parser)
    parser.setContentHandler(handler)
    try:
        for block in source.blocks():
            for start in range(0, len(block), 65_536):
                _feed(parser, block[start : start + 65_536], source)
                yield from handler.rows
                handler.rows.clear()
        parser.close()
    except DefusedXmlException as error:
        raise Unusable(
            f"{source.path.name} declares a document type or entities, which no loan file needs "
            "and attacks use. Refused.",
            handler._line(),
        ) from error
    except SAXParseException as error:
        reason = str(error.getMessage())
        raise Unusable(f"{source.path.name} is not whole XML: {reason}.", int(error.getLineNumber() or 0)) from error
    yield from handler.rows
    if not handler.loans:
        raise Unusable(f"{source.path.name} has no <{ROW}> element: it is not an ABS-EE EX-102 loan file.")
