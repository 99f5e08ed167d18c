"""Where the demonstration's (and the tests') messages go, and the page that shows them, codes and all.

Nothing real imports this: production settings refuse to name it, and the app that holds its table is not installed.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from milepost.demo import people
from milepost.demo.models import OutboxMessage
from milepost.plumbing import clock
from milepost.web.shared import pages

SHOWN = 100
CODE = re.compile(r"(?<![0-9A-Z#-])(?:[0-9]{6}|[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3})(?![0-9A-Z-])")
LINK = re.compile(r"https?://[^\s<>\"]+/(?:reset|invitation)/[A-Za-z0-9_-]{12,}/")


class EmailBackend(BaseEmailBackend):
    """Django's e-mail, into the outbox."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for mail in messages:
            html = next((str(part[0]) for part in getattr(mail, "alternatives", []) if part[1] == "text/html"), "")
            for address in mail.recipients():
                _keep("EMAIL", address, str(mail.subject), str(mail.body), html)
        return len(messages)


def send_text(to: str, body: str) -> None:
    """A text message, into the outbox."""
    _keep("TEXT", to, "", body)


def send_letter(to: str, subject: str, body: str) -> None:
    """A letter, into the outbox."""
    _keep("LETTER", to, subject, body)


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Every message sent, newest first."""
    to = request.GET.get("to", "").replace("\0", "").strip()
    rows = OutboxMessage.objects.order_by("-id")
    if to:
        rows = rows.filter(to__iexact=to)
    shown = [{**_plain(row), "at": row.sent_at, "html": row.html} for row in rows[:SHOWN]]
    return pages.render(request, "demo/outbox.html", {"messages": shown, "to": to})


@require_safe
def outbox_json(request: HttpRequest) -> JsonResponse:
    """The same for scripts: `to` an address, `after` a message's id or a moment."""
    rows = OutboxMessage.objects.order_by("-id")
    if to := request.GET.get("to", "").replace("\0", "").strip():
        rows = rows.filter(to__iexact=to)
    if after := request.GET.get("after", "").strip():
        moment = None if after.isdigit() else _moment(after)
        if moment is None and not after.isdigit():
            return JsonResponse(
                {"error": "after must be a message's id or a moment such as 2026-11-22T09:30:00Z"}, status=400
            )
        rows = rows.filter(sent_at__gt=moment) if moment else rows.filter(id__gt=min(int(after), 2**62))
    return JsonResponse([_plain(row) for row in rows[:SHOWN]], safe=False)


@require_safe
def people_json(request: HttpRequest) -> JsonResponse:
    """Everybody who can sign in here. All of them are invented."""
    names = ("key", "name", "role", "login", "password", "totp_uri", "agreements", "story")
    return JsonResponse([{name: _value(person, name) for name in names} for person in people.people()], safe=False)


def _keep(channel: str, to: str, subject: str, body: str, html: str = "") -> None:
    OutboxMessage.objects.create(
        sent_at=clock.now(), channel=channel, to=to[:254], subject=subject[:254], body=body, html=html
    )


def _plain(row: OutboxMessage) -> dict[str, Any]:
    link = LINK.search(row.body)
    code = CODE.search(LINK.sub("", row.body))
    return {
        "id": row.id,
        "sent_at": row.sent_at.isoformat(),
        "channel": row.channel,
        "to": row.to,
        "subject": row.subject,
        "body": row.body,
        "code": code[0] if code else None,
        "link": link[0] if link else None,
    }


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=clock.now().tzinfo)


def _value(person: object, name: str) -> Any:
    value = getattr(person, name)
    return list(value) if name == "agreements" else value if value != "" or name != "totp_uri" else None
