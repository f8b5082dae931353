"""The light of late of due. Pure; whole numbers, so that 5 % is exactly 5 %."""

VERSION = "1"
GREEN_TO, YELLOW_TO = 5, 15  # percent of what fell due


def light(late: int, due: int, given: int) -> str:
    """green, yellow, red; not_due when nothing of what was given has fallen due; not_applicable when nothing was given."""
    if given == 0:
        return "not_applicable"
    if due == 0:
        return "not_due"
    if late * 100 <= GREEN_TO * due:
        return "green"
    return "yellow" if late * 100 <= YELLOW_TO * due else "red"
