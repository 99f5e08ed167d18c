"""The steps of signing in, for tests that need more than one."""

from tests.support import people
from tests.support.page_client import PageClient


def password_step(client: PageClient, login: str = people.EMAIL, password: str = people.PASSWORD, **more: str) -> str:
    """Type e-mail and password; where that leads."""
    return client.post("/sign-in/", {"login": login, "password": password, **more}).goes_to


def sign_in(client: PageClient, login: str = people.EMAIL, to: str = people.PHONE, **more: str) -> str:
    """Both steps; where they lead."""
    assert password_step(client, login) == "/sign-in/code/"
    return client.post("/sign-in/code/", {"code": people.last_code(to), **more}).goes_to
