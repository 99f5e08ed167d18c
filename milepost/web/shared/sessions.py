"""Sessions in the database, read by one plain statement: every page does, and the ORM would cost more than the row."""

import re
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from milepost.plumbing import clock

KEY = re.compile("[0-9a-z]{32}")


class SessionStore(db.SessionStore):
    """Django's own, but for how a session is loaded."""

    def _validate_session_key(self, key: str | None) -> bool:
        """Only what this server could have given: anything else in the cookie is nobody's session."""
        return bool(key and KEY.fullmatch(key))

    def load(self) -> dict[str, Any]:
        """What the session holds; an unknown or expired key begins an empty one under a new key."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, clock.now()],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found

    def get_expiry_date(self, **when: Any) -> datetime:
        """When it runs out, counted from our clock's now: so it also says when the session was last saved."""
        when.setdefault("modification", clock.now())
        return super().get_expiry_date(**when)
