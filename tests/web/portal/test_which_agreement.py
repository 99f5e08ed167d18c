"""A short address without the agreement."""

import pytest
from django.urls import reverse

from tests.support.cast import Cast


@pytest.mark.parametrize("page", ["agreement", "schedule", "payments", "settlement"])
def test_it_leads_to_the_only_agreement(cast: Cast, page: str):
    only = reverse(page, args=[cast.priya.agreement])
    assert cast.priya.client().get(reverse(f"my_{page}"), status=302).goes_to == only


@pytest.mark.parametrize("page", ["agreement", "schedule", "payments", "settlement"])
def test_with_several_it_asks_which(cast: Cast, page: str):
    asked = cast.owen.client().get(reverse(f"my_{page}"))
    assert asked.heading == "Which agreement?"
    ways = {link for link in asked.links.values() if "/agreements/" in link}
    assert reverse(page, args=[cast.owen.agreement]) in ways
    assert len(ways) == 2
