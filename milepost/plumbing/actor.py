"""Who acts. Every operation is told, and the audit log keeps it."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    CUSTOMER = "CUSTOMER"
    AGENT = "AGENT"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person by user id, or the system by the name of what runs (`import`, `close`, `worker`)."""

    kind: ActorKind
    user_id: int | None = None
    name: str = ""

    @classmethod
    def customer(cls, user_id: int) -> "Actor":
        return cls(ActorKind.CUSTOMER, user_id)

    @classmethod
    def agent(cls, user_id: int) -> "Actor":
        return cls(ActorKind.AGENT, user_id)

    @classmethod
    def system(cls, name: str) -> "Actor":
        return cls(ActorKind.SYSTEM, None, name)
