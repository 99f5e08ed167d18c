"""Every template compiles, is written in our language, and is drawn by something."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from jinja2 import Environment, meta, nodes

from tests.support import sources

SUFFIXES = (".html", ".txt")
DJANGO_LANGUAGE = re.compile(r"\{%\s*(load|url|csrf_token|static|trans|blocktrans|with\s+\w+\.\w+\s+as)\b")
INLINE = re.compile(r"""\sstyle=|<style[\s>]|<script(?![^>]*\ssrc=)|\son[a-z]+=["']|javascript:""")
"""What the content security policy would block."""
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false")
CONSTANT = re.compile(r"\b[A-Z_]+\[\w+\]\s*\|\s*safe\b")
"""Markup from a table of the template's own, such as the drawings of icons: nothing that a person typed."""


def _environment() -> Environment:
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    return engine.env


def _templates() -> list[str]:
    return sorted(name for name in _environment().list_templates() if name.endswith(SUFFIXES))


def _source(name: str) -> tuple[str, Path]:
    environment = _environment()
    assert environment.loader is not None
    source, path, _ = environment.loader.get_source(environment, name)
    return source, Path(path or "")


@pytest.mark.parametrize("name", _templates())
def test_every_template_compiles_and_names_what_exists(name: str):
    environment = _environment()
    environment.get_template(name)
    tree = environment.parse(_source(name)[0])
    known = set(_templates())
    missing = [other for other in meta.find_referenced_templates(tree) if other and other not in known]
    assert not missing, f"{name} names templates that do not exist: {missing}"
    unknown = [used.name for used in tree.find_all(nodes.Filter) if used.name not in environment.filters]
    assert not unknown, f"{name} uses filters that do not exist: {unknown}. Add them to plumbing/formats.py"


@pytest.mark.parametrize("name", _templates())
def test_every_template_is_ours_and_obeys_the_policy(name: str):
    source, path = _source(name)
    assert path.is_relative_to(sources.PACKAGE), f"{name} comes from a library: {path}"
    assert not DJANGO_LANGUAGE.search(source), f"{name} is written in Django's template language: write Jinja2"
    if "/notifications/" in path.as_posix() or "email" in path.name:
        return  # a message is styled where it stands: mail programs know no style sheets
    if found := INLINE.search(source):
        pytest.fail(f"{name}: {found[0]!r}. Styles go to a style sheet, scripts to a file")


@pytest.mark.parametrize("name", [name for name in _templates() if name.endswith(".html")])
def test_text_stays_escaped(name: str):
    source = CONSTANT.sub("", _source(name)[0])
    found = UNESCAPED.search(source)
    assert found is None, f"{name}: `safe` lets what a person typed become markup: pass plain text"


def test_every_template_is_drawn_by_something():
    everything = "\n".join(path.read_text() for path in sources.files(".py", ".html", ".txt", under="milepost/"))
    orphans = []
    for name in _templates():
        stem = Path(name).name.partition(".")[0]  # a message is named by its kind, which is upper case in Python
        if name not in everything and not re.search(rf"""["'/]{stem}\b|\b{stem.upper()}\b""", everything):
            orphans.append(name)
    assert not orphans, f"Nothing draws these templates; remove them or the page is missing: {orphans}"


def test_every_static_file_that_a_template_names_exists():
    named = {
        (name, path)
        for name in _templates()
        for path in re.findall(r"""static\(\s*["']([^"']+)["']\s*\)""", _source(name)[0])
    }
    missing = sorted(f"{name}: {path}" for name, path in named if finders.find(path) is None)
    assert not missing, f"Templates name static files that do not exist: {missing}"
