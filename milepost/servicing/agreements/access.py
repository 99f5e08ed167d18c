"""The only door from a signed-in person to an agreement."""

from dataclasses import dataclass

from django.db import connection

from milepost.plumbing import references
from milepost.servicing.agreements.states import PartyRole, Status


class NotYours(Exception):
    """No such agreement for this person. Whether someone else has it is not said: the answer is the same 404."""


@dataclass(frozen=True, slots=True)
class MyAgreement:
    """An agreement that a person may see, as the switcher shows it."""

    id: int
    reference: str
    product: str
    status: Status
    registration: str
    make: str
    model: str


SEEN_BY = [PartyRole.BORROWER.value, PartyRole.JOINT.value]


def agreements_of(user_id: int) -> list[MyAgreement]:
    """Every agreement this person stands in, live ones first, then the newest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, a.reference, a.product, s.status, coalesce(v.registration, ''), coalesce(v.make, ''),
                   coalesce(v.model, '')
            FROM customers_customer c
            JOIN agreements_party p ON p.customer_id = c.id AND p.role = ANY(%s)
            JOIN agreements_agreement a ON a.id = p.agreement_id
            JOIN agreements_standing s ON s.agreement_id = a.id
            LEFT JOIN agreements_vehicle v ON v.agreement_id = a.id
            WHERE c.user_id = %s
            ORDER BY s.status <> 'LIVE', a.agreed_on DESC, a.id DESC
            """,
            [SEEN_BY, user_id],
        )
        return [MyAgreement(row[0], row[1], row[2], Status(row[3]), *row[4:]) for row in cursor.fetchall()]


def agreement_of(user_id: int, reference: str) -> int:
    """The id of this person's agreement with this number. Raises NotYours, whether it is another's or nobody's."""
    if not references.is_agreement_number(reference):
        raise NotYours
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id FROM agreements_agreement a
            JOIN agreements_party p ON p.agreement_id = a.id AND p.role = ANY(%s)
            JOIN customers_customer c ON c.id = p.customer_id
            WHERE a.reference = %s AND c.user_id = %s
            """,
            [SEEN_BY, references.tidy(reference), user_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotYours
    agreement_id: int = row[0]
    return agreement_id
