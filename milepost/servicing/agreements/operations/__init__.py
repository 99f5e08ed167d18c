"""What is done to agreements. `take_in` writes agreements that come from a tape, with their books;
`extend` continues them from a later tape."""

from milepost.servicing.agreements.operations.extend import correct_vehicle, extend
from milepost.servicing.agreements.operations.take_in import NewAgreement, NewParty, NewStanding, NewVehicle, take_in

__all__ = ["NewAgreement", "NewParty", "NewStanding", "NewVehicle", "correct_vehicle", "extend", "take_in"]
