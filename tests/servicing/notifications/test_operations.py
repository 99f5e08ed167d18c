"""Telling people."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import engines

from milepost.demo.models import OutboxMessage
from milepost.plumbing.errors import Unavailable
from milepost.servicing.notifications import operations
from milepost.servicing.notifications.channels import Message
from milepost.servicing.notifications.models import Notification
from milepost.servicing.notifications.states import Channel, Kind
from tests.support import people, queue

AT = datetime(2026, 11, 22, 9, 29, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "name": "Priya Shah", "code": "482913", "until": "9:39am", "token": "t" * 43, "at": "today",
    "device": "Chrome on Mac", "how": "Your password", "user_name": "priyas", "agreement": "7034 1182 55",
    "what": "An authenticator app was added",
    "tries": 4, "more": False, "is_kept": True,
}  # fmt: skip
CHANNELS = {
    Kind.INVITATION: (Channel.EMAIL, Channel.LETTER),
    Kind.CONFIRM_EMAIL: (Channel.EMAIL,),
    Kind.RESET_PASSWORD: (Channel.EMAIL,),
}


@pytest.fixture(autouse=True)
def _messages_are_kept(settings: Any) -> None:
    settings.EMAIL_BACKEND = "milepost.demo.outbox.EmailBackend"


def deliver(**more: Any) -> None:
    words: dict[str, Any] = {
        "key": "k", "kind": Kind.SIGN_IN_CODE, "user_id": 7, "channel": Channel.TEXT, "address": "+447700900318",
        "facts": FACTS, "at": AT,
    }  # fmt: skip
    operations.deliver(**{**words, **more})


def test_it_is_recorded_without_its_words(db: None) -> None:
    deliver()
    row = Notification.objects.get()
    assert row.state == "SENT"
    assert row.sent_at == AT
    assert "482913" not in str(list(Notification.objects.values()))
    assert "482913" in OutboxMessage.objects.get().body


def test_once_sent_it_is_not_sent_again(db: None) -> None:
    deliver()
    deliver()
    deliver(key="another")
    assert OutboxMessage.objects.count() == 2


def test_a_gateway_that_is_away_is_recorded_and_tried_again(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(message: Message) -> None:
        raise Unavailable("timeout")

    with monkeypatch.context() as patch:
        patch.setitem(operations.SENDERS, Channel.TEXT, away)
        with pytest.raises(Unavailable):
            deliver()
    assert Notification.objects.get().state == "FAILED"
    deliver()
    assert Notification.objects.get().state == "SENT"


def test_queued_it_goes_with_the_transaction(db: None) -> None:
    operations.send.defer(
        key="k",
        kind="PASSWORD_CHANGED",
        user_id=7,
        channel="EMAIL",
        address=people.EMAIL,
        facts={"name": "", "at": "today"},
    )
    assert queue.run_waiting() == 1
    assert OutboxMessage.objects.get().to == people.EMAIL


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_said_on_its_channels(kind: Kind, settings: Any) -> None:
    for channel in CHANNELS.get(kind, (Channel.EMAIL, Channel.TEXT)):
        message = operations.message(kind=kind, channel=channel, to="x", facts=FACTS)
        for words in (message.subject, message.text, message.html):
            assert "{{" not in words
            assert "Undefined" not in words
            assert "&amp;" not in words.replace(message.html, "")
        if channel is Channel.TEXT:
            assert len(message.text) <= 306
            assert "http" not in message.text
        if channel is Channel.EMAIL:
            assert message.subject
            assert message.html.startswith("<!doctype html>")
            assert "pay" not in [word for word in message.html.split('href="')[1:] if "/pay" in word]
            assert "<script" not in message.html


def test_a_name_with_markup_is_only_a_name(settings: Any) -> None:
    facts = {**FACTS, "name": "<b>Eve</b> & Co"}
    message = operations.message(kind=Kind.PASSWORD_CHANGED, channel=Channel.EMAIL, to="x", facts=facts)
    assert "<b>Eve" not in message.html
    assert "&lt;b&gt;Eve" in message.html
    assert "Hello <b>Eve</b> & Co." in message.text


def test_a_newline_in_a_fact_starts_no_header(settings: Any) -> None:
    facts = {**FACTS, "code": "1\nBcc: eve@example.com"}
    assert "\n" not in operations.message(kind=Kind.SIGN_IN_CODE, channel=Channel.EMAIL, to="x", facts=facts).subject


def test_the_templates_are_all_ours() -> None:
    for kind in Kind:
        template = engines["jinja2"].get_template(
            f"notifications/{kind.value.lower()}.subject.txt"
            if CHANNELS.get(kind, (Channel.EMAIL,))[0] is Channel.EMAIL
            else ""
        )
        assert template is not None
