"""What a later tape may do to an agreement."""

from datetime import date

import pytest

from milepost.finance.calendars import FOREVER
from milepost.plumbing.errors import InvariantBroken
from milepost.plumbing.transactions import transaction
from milepost.servicing.agreements import operations
from milepost.servicing.agreements.models import Standing, Vehicle
from milepost.servicing.agreements.operations import NewStanding, NewVehicle
from milepost.servicing.agreements.states import Status
from tests.support import agreements

pytestmark = pytest.mark.django_db
LATER = NewStanding(Status.LIVE, 23, date(2027, 1, 14), 363_30, 106_00, 22 * 363_30, 22 * 363_30, 1_673_000, FOREVER)


def test_the_standing_moves_on_and_counts_its_revision():
    made = agreements.make(agreements.priya_terms(), product="PCP")
    with transaction():
        assert operations.extend(agreement_id=made.id, standing=LATER, revision=1) == 2
    standing = Standing.objects.get(agreement_id=made.id)
    assert (standing.next_number, standing.principal_outstanding, standing.schedule_version) == (23, 1_673_000, 1)


def test_an_agreement_that_has_moved_here_is_not_continued():
    made = agreements.make(agreements.priya_terms(), product="PCP")
    with pytest.raises(InvariantBroken, match="revision 1, not 5"), transaction():
        operations.extend(agreement_id=made.id, standing=LATER, revision=5)


def test_a_car_is_corrected():
    made = agreements.make(agreements.priya_terms(), product="PCP", vehicle=NewVehicle(registration="LX25 KCD"))
    with transaction():
        operations.correct_vehicle(agreement_id=made.id, new=NewVehicle(registration="PR1 YAS", make="Averley"))
    assert Vehicle.objects.get(agreement_id=made.id).registration == "PR1 YAS"
