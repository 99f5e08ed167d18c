"""What the HTML of every page must be. Each fault is a sentence that says what to do."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib

UNRESOLVED = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|\bUndefined\b|>\s*None\s*<|\bobject at 0x")
SKIPPED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")


def faults(html: str, *, lender: str, fragment: bool = False) -> list[str]:
    """Everything wrong with this page (or, where `fragment`, with this piece of one)."""
    found = [f"unresolved template text: {match[0]!r}" for match in UNRESOLVED.finditer(html)]
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    if fragment:
        root = parser.parseFragment(html)
    else:
        root = parser.parse(html)
        found += _document_faults(root, lender)
    found += [f"invalid HTML at line {line}: {code} {facts}" for (line, _), code, facts in parser.errors]
    for rule in (_inline_faults, _id_faults, _field_faults, _form_faults, _image_faults, _link_faults):
        found += rule(root)
    return found


def text_of(node: Element) -> str:
    """The words of an element, spaces folded."""
    return " ".join("".join(node.itertext()).split())


def _document_faults(root: Element, lender: str) -> Iterator[str]:
    if not root.get("lang"):
        yield "<html> has no lang: extend a layout of web/shared/templates/layouts"
    headings = root.findall(".//h1")
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements; a page has exactly one"
    elif not text_of(headings[0]):
        yield "the h1 is empty"
    title = root.findtext(".//title") or ""
    if lender not in title:
        yield f"the title {title!r} does not name the lender ({lender})"
    if len(root.findall(".//main")) != 1:
        yield "a page has exactly one <main>"
    if root.find(".//meta[@name='viewport']") is None:
        yield "no viewport: extend a layout of web/shared/templates/layouts"


def _inline_faults(root: Element) -> Iterator[str]:
    for node in _elements(root):
        if node.tag == "style":
            yield "a <style> element: write the rule in a stylesheet of web/shared/static"
        if node.tag == "script" and not node.get("src"):
            yield "an inline <script>: put it in a file of web/shared/static"
        for name in node.attrib:
            if name == "style":
                yield f"<{node.tag}> has a style attribute: use a class"
            if str(name).startswith("on"):
                yield f"<{node.tag}> has {name}: listen in a file of web/shared/static"


def _id_faults(root: Element) -> Iterator[str]:
    ids = Counter(node.get("id") for node in _elements(root) if node.get("id"))
    for name, count in ids.items():
        if count > 1:
            yield f"id {name!r} is used {count} times"
    for node in _elements(root):
        for attribute in POINTERS:
            for name in (node.get(attribute) or "").split():
                if name not in ids:
                    yield f"<{node.tag} {attribute}={name!r}> points to nothing on this page"


def _field_faults(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label") if text_of(label)}
    wrapped = {id(field) for label in root.iter("label") if text_of(label) for field in label.iter()}
    for node in _elements(root):
        if node.tag not in ("input", "select", "textarea") or node.get("type", "text") in SKIPPED_INPUTS:
            continue
        named = node.get("aria-label") or node.get("aria-labelledby")
        if not named and node.get("id") not in labelled and id(node) not in wrapped:
            yield f"field {node.get('name')!r} has no label: use the field component"


def _form_faults(root: Element) -> Iterator[str]:
    for form in root.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        if not any(field.get("name") == "csrfmiddlewaretoken" and field.get("value") for field in form.iter("input")):
            yield f"the POST form to {form.get('action') or 'its own address'!r} has no CSRF field"
        if urlsplit(form.get("action") or "").netloc:
            yield f"the form posts to another site: {form.get('action')}"
    for button in root.iter("button"):
        if not (text_of(button) or button.get("aria-label")):
            yield "a button without words"


def _image_faults(root: Element) -> Iterator[str]:
    for image in root.iter("img"):
        if image.get("alt") is None:
            yield f"image {image.get('src')} has no alt (empty where it is decoration)"
    for drawing in root.iter("svg"):
        if drawing.get("aria-hidden") != "true" and drawing.get("role") != "img":
            yield "an svg is neither aria-hidden nor role=img"


def _link_faults(root: Element) -> Iterator[str]:
    for link in root.iter("a"):
        address = link.get("href")
        if address is None or address == "#" or address.startswith("javascript:"):
            yield f"the link {text_of(link)!r} leads nowhere: {address}"
        if not text_of(link) and not link.get("aria-label") and link.find(".//img") is None:
            yield f"the link to {address} has no words"


def _elements(root: Element) -> Iterator[Element]:
    """All of them but comments, whose tag is a function."""
    return (node for node in root.iter() if isinstance(node.tag, str))
