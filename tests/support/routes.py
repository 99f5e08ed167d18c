"""Every address the site answers, flat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    route: str
    view_module: str
    parts: tuple[str, ...]
    """The names of what varies in it."""


def every_route() -> Iterator[Route]:
    """Each pattern of the site's addresses, in order."""
    yield from _flat(get_resolver().url_patterns, "")


def _flat(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, route)
        else:
            converters = tuple(pattern.pattern.converters)
            yield Route(pattern.name or "", route, _module(pattern.callback), converters)


def _module(view: Callable[..., Any]) -> str:
    """Where a view is written, under whatever wraps it."""
    return getattr(view, "view_class", view).__module__
