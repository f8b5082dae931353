"""Jobs for tests with real processes: they leave a line in a file each time they begin."""

import time
from pathlib import Path


def leave_a_line(place: str, word: str) -> None:
    with Path(place).open("a") as file:
        file.write(f"{word}\n")


def sleep_the_first_time(place: str) -> None:
    """Begun, it takes longer than its worker lives; begun again, it ends."""
    first = not Path(place).exists()
    leave_a_line(place, "begun")
    if first:
        time.sleep(60)
    leave_a_line(place, "ended")
