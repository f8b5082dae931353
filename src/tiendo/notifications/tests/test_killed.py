"""With real processes: killed at any moment and run by several, each thing is told once and no letter goes out twice."""

import random
import subprocess
import time
from collections import Counter

import pytest

from tiendo.config.tests.houses import TIENDO, a_house, kill, python, wait_until
from tiendo.notifications.tests.catcher import catching

TASKS, READERS = 30, 8  # those of the ministry
FURNISH = f"""
from makers import Cast, a_person, an_issued
from tiendo.access.capabilities import Role
from django.utils import timezone
from tiendo.notifications.models import Heard
from tiendo.people.models import Person
cast = Cast()
for number in range(6):
    a_person(f"Officer {{number}}", role=Role.OFFICER, over=cast.ministry)
for person in Person.objects.filter(is_operator=False):
    Person.objects.filter(pk=person.pk).update(email=f"p{{person.pk}}@tiendo.example", language="en")
for number in range({TASKS}):
    an_issued(cast, title=f"Clear the records of year {{number}}")
"""
HEAR = """
import sys
from tiendo.kit import clock
from tiendo.notifications import hearing
hearing.AT_ONCE = 3
print("begun", flush=True)
while hearing.hear_up_to(clock.now()):
    pass
print("ended", flush=True)
"""
TOLD = """
from django.db.models import Count
from tiendo.notifications.models import Notice
for person, key, times in Notice.objects.values_list("person", "key").annotate(times=Count("pk")):
    print(person, key, times)
"""
WRITE = """
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo
from django.conf import settings
from tiendo.kit import clock
from tiendo.notifications import letters
from tiendo.notifications.models import Letter, Notice
here = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE))
Notice.objects.update(at=here - timedelta(days=2))
letters.write_at(here.replace(hour=9))
print(*Letter.objects.values_list("pk", flat=True))
"""
SEND = """
from tiendo.notifications import letters
print("begun", flush=True)
letters.send([int(n) for n in "NUMBERS".split()])
print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    for one in a_house(tmp_path_factory.mktemp("house")):
        python(one, FURNISH)
        yield one


def begun(house, text, **more):
    """A process of the house that has come as far as its first line."""
    process = subprocess.Popen(
        [str(TIENDO), "shell", "--no-imports", "-c", text],
        env=house.env | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "begun\n", process.communicate()[1]
    return process


def ended(process):
    """Whether it came to its end by itself."""
    said, complaint = process.communicate(timeout=90)
    assert process.returncode == 0, complaint
    return said.endswith("ended\n")


def test_each_thing_is_told_once_though_the_job_is_killed_at_any_moment(house):
    chance, killed = random.Random(57), 0
    for _ in range(5):
        process = begun(house, HEAR)
        time.sleep(chance.uniform(0, 0.08))
        killed += process.poll() is None
        kill(process.pid)
        process.communicate()
    assert killed
    both = [begun(house, HEAR) for _ in range(2)]
    assert all(ended(one) for one in both)

    lines = [line.split() for line in python(house, TOLD).splitlines()]
    assert {times for _person, _key, times in lines} == {"1"}
    assert set(Counter(person for person, _key, _times in lines).values()) == {TASKS}
    assert len(lines) == READERS * TASKS


def test_no_letter_goes_out_twice_though_the_sender_is_killed(house):
    with catching(seconds=0.15) as catcher:
        mail = {
            "TIENDO_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}?plain",
            "TIENDO_EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        }
        numbers = python(house, WRITE).strip()
        assert len(numbers.split()) == READERS
        send = SEND.replace("NUMBERS", numbers)
        for taken in (1, 2):
            process = begun(house, send, **mail)
            wait_until(lambda taken=taken: len(catcher.letters) >= taken)  # and before it knows
            kill(process.pid)
            process.communicate()
        assert all(ended(one) for one in [begun(house, send, **mail) for _ in range(2)])

        readers = Counter(letter["To"] for letter in catcher.letters)
        assert len(readers) == READERS  # the two that were cut off had arrived: nobody asked again
        assert all(times == 1 for times in readers.values()), readers
        assert all("30 notices" in letter["Subject"] for letter in catcher.letters)
        assert "- Clear the records of year 7" in catcher.letters[0].get_content()
