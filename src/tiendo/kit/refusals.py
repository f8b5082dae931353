"""A refusal is an answer: a sentence in the person's language that says what to do."""


class Refused(Exception):
    """Something a person asked for and cannot have; `str()` is the sentence to show."""

    code = "refused"
    status = 409

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Invalid(Refused):
    """What was typed cannot be taken as it is; `field` says where."""

    code = "invalid"
    status = 422


class Forbidden(Refused):
    """The person may see this and may not do it."""

    code = "forbidden"
    status = 403


class ProofWanted(Forbidden):
    """The person may do this once they have said again who they are; `way` is where they say it."""

    code = "prove-again"

    def __init__(self, message: str, *, way: str) -> None:
        super().__init__(message)
        self.way = way


class Busy(Refused):
    """Too much at once; the same thing asked a little later goes through."""

    code = "busy"
    status = 503


class ChangedMeanwhile(Refused):
    """Somebody else was faster; `since` holds the record's entries the loser has not seen."""

    code = "changed-meanwhile"

    def __init__(self, message: str, *, since: tuple[object, ...] = ()) -> None:
        super().__init__(message)
        self.since = since
