"""The component sheet: every component is on it, and it is a page like any other."""

import re

from django.template import engines
from django.template.backends.jinja2 import Jinja2

from tests.support.page_client import PageClient


def test_it_answers(business_day):
    assert PageClient().get("/demo/components/").heading == "Component sheet"


def test_every_component_is_on_it():
    engine = engines["jinja2"]
    assert isinstance(engine, Jinja2)
    environment = engine.env
    assert environment.loader is not None
    sheet, _, _ = environment.loader.get_source(environment, "component_sheet.html")
    layouts = "".join(
        environment.loader.get_source(environment, f"layouts/{name}.html")[0]
        for name in ("base", "public", "signed_in")
    )
    for file in ("content", "money", "form", "shell", "explained"):
        source, _, _ = environment.loader.get_source(environment, f"components/{file}.html")
        for name in re.findall(r"{% macro ([a-z]\w*)\(", source):
            assert re.search(rf"\b{name}\(", sheet + layouts), f"{name} of {file}.html is not on the component sheet"
