"""Whose agreement it is, for somebody who has not signed in yet."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from milepost.plumbing import references
from milepost.servicing.agreements.states import PartyRole


def user_for_invitation(agreement_reference: str, birth_date: date, postcode: str) -> int | None:
    """The user behind an agreement number, a birth date and a postcode, or None.

    These three only say whose agreement it is: what proves the person is a code sent to a contact already on file.
    The statement does the same work whether or not there is such an agreement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.user_id FROM agreements_agreement a
            JOIN agreements_party p ON p.agreement_id = a.id
            JOIN customers_customer c ON c.id = p.customer_id AND c.birth_date = %s
            JOIN customers_postaladdress d ON d.customer_id = c.id AND d.valid_to = DATE '9999-12-31'
                 AND d.postcode_folded = %s
            WHERE a.reference = %s
            LIMIT 1
            """,
            [birth_date, "".join(postcode.split()).upper()[:12], references.tidy(agreement_reference)[:10]],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def users_to_invite(agreement_numbers: Sequence[str] | None) -> list[int]:
    """The users behind these agreements (or, without numbers, all of the book) who have not joined, in order of id.

    Nameless customers of a tape without people are left out: nobody can be reached there.
    """
    numbers = None if agreement_numbers is None else [references.tidy(number) for number in agreement_numbers]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT c.user_id FROM customers_customer c
            JOIN identity_user u ON u.id = c.user_id AND u.joined_at IS NULL AND u.is_active
            JOIN agreements_party p ON p.customer_id = c.id AND p.role = ANY(%s)
            JOIN agreements_agreement a ON a.id = p.agreement_id AND (%s::text[] IS NULL OR a.reference = ANY(%s))
            WHERE c.family_name <> '' ORDER BY c.user_id
            """,
            [[PartyRole.BORROWER.value, PartyRole.JOINT.value], numbers, numbers],
        )
        return [user_id for (user_id,) in cursor.fetchall()]
