"""The tour: which pages are one page, what it walks, and its contact sheet."""

import pytest

from milepost.cli import tour, visitor

OWEN = visitor.Person("owen", "Owen", "CUSTOMER", "o@example.com", "x", ("7034121169", "7029550014"), "")


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        ("/overview/", "/overview/"),
        ("/agreements/7034121169/schedule/", "/agreements/7034121169/schedule/"),
        ("/agreements/7034118255/", "/agreements/*/"),
        ("/agreements/7034121169/payments/PY8K2M4Q7/", "/agreements/7034121169/payments/*/"),
        ("/invitation/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", "/invitation/*/"),
        ("/agreements/7034121169/schedule/?show=paid", "/agreements/7034121169/schedule/?show=paid"),
    ],
)
def test_pages_that_differ_in_a_reference_alone_are_one_page(address: str, shape: str):
    assert tour.shape(address, OWEN) == shape


def test_it_walks_what_needs_nothing_filled_in():
    found = list(tour.addresses())
    assert {"/", "/sign-in/", "/overview/", "/forgot-password/"} <= set(found)
    assert not [
        address for address in found if "<" in address or address.startswith(("/demo/", "/health/", "/sign-out/"))
    ]


def test_the_contact_sheet_shows_each_person_once_and_escapes(tmp_path):
    walked = tour.Tour("http://localhost:1", tmp_path, ())
    for address in ("/", "/help/"):
        walked.sights.append(
            tour.Sight("Anybody", address, "A <b>title</b>", {"390 light": "a.png"}, ("said <i>no</i>",))
        )
    sheet = tour.index(walked)
    assert sheet.count("<h2>Anybody</h2>") == 1
    assert "<b>title" not in sheet
    assert "<i>no" not in sheet
    assert sheet.count('src="a.png"') == 2
