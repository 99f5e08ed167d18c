"""What every answer carries, whichever page gave it."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from milepost.web.shared import errors

PERMISSIONS = ", ".join(
    f"{power}=()"
    for power in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)


METHODS = ("GET", "HEAD", "POST")
NOT_ALLOWED = 405


def page_rules(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing is kept by a browser or a proxy but static files, which never come this far."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request) if request.method in METHODS else errors.not_allowed(request)
        if response.status_code == NOT_ALLOWED and not response.content:
            response = errors.not_allowed(request, response.headers.get("Allow", ""))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        patch_vary_headers(response, ("Cookie", "HX-Request"))
        return response

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, (OperationalError, InterfaceError)):
            return errors.maintenance(request)
        return None

    answer.process_exception = process_exception  # type: ignore[attr-defined]
    return answer
