"""What is done to agreements. `take_in` writes agreements that come from a tape, with their books; `extend` continues
them from a later tape. Whatever moves money goes through `post` or a verb of the same parts: transfers and standing."""

from milepost.servicing.agreements.operations.accept_settlement_quote import accept_settlement_quote
from milepost.servicing.agreements.operations.acts import NoSuchAmount, Recorded
from milepost.servicing.agreements.operations.charge_default_sum import charge_default_sum
from milepost.servicing.agreements.operations.correct_rate import correct_rate
from milepost.servicing.agreements.operations.extend import correct_vehicle, extend
from milepost.servicing.agreements.operations.issue_settlement_quote import Issued, issue_settlement_quote
from milepost.servicing.agreements.operations.lock import lock
from milepost.servicing.agreements.operations.pay_out import pay_out
from milepost.servicing.agreements.operations.post import post
from milepost.servicing.agreements.operations.record_due import record_due
from milepost.servicing.agreements.operations.record_receipt import record_receipt
from milepost.servicing.agreements.operations.record_return import record_return
from milepost.servicing.agreements.operations.reverse import reverse
from milepost.servicing.agreements.operations.take_in import NewAgreement, NewParty, NewStanding, NewVehicle, take_in
from milepost.servicing.agreements.operations.waive_default_sum import waive_default_sum
from milepost.servicing.agreements.operations.withdraw_settlement_quote import withdraw_settlement_quote

__all__ = [
    "Issued", "NewAgreement", "NewParty", "NewStanding", "NewVehicle", "NoSuchAmount", "Recorded",
    "accept_settlement_quote", "charge_default_sum", "correct_rate", "correct_vehicle", "extend",
    "issue_settlement_quote", "lock", "pay_out", "post", "record_due", "record_receipt", "record_return",
    "reverse", "take_in", "waive_default_sum", "withdraw_settlement_quote",
]  # fmt: skip
