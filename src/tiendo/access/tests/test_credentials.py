"""What has ended stops working at the next request, in every kind of credential, by the clock or by somebody's act."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from makers import a_grant, a_person, a_post, an_issued
from tiendo.access.actions import delegate, end, end_delegation
from tiendo.access.capabilities import Role
from tiendo.access.models import Delegation, Grant
from tiendo.kit import clock
from tiendo.orgs.models import Tenure
from tiendo.people.actions import open_token

TOMORROW = timedelta(days=1)


def session(person):
    client = Client()
    client.force_login(person)
    return lambda task: client.get(f"/tasks/{task.pk}/").status_code


def key(person):
    with_days = {"name": "Script", "expires_on": clock.today() + timedelta(days=300)}
    _token, secret = open_token(person, by=person, **with_days)
    headers = {"Authorization": f"Bearer {secret}"}
    return lambda task: Client().get(f"/api/v1/tasks/{task.pk}", headers=headers).status_code


CREDENTIALS = {"session": session, "key": key}


def by_grant(cast, until):
    return a_grant(Role.OFFICER, cast.ministry, cast.nobody, ends_on=until)


def a_seat(cast):
    post = a_post(cast.ministry)
    Grant.objects.create(
        role=Role.UNIT_HEAD, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1)
    )
    return post


def by_tenure(cast, until):
    return Tenure.objects.create(
        post=a_seat(cast), person=cast.nobody, starts_on=date(2020, 1, 1), ends_on=until
    )


def by_delegation(cast, until):
    post, holder = a_seat(cast), a_person("Holder")
    Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
    days = {"starts_on": date(2020, 1, 1), "ends_on": until or clock.today() + TOMORROW * 300}
    return delegate(post, by=holder, deputy=cast.nobody, reason="Away", **days)


RIGHTS = {"grant": by_grant, "tenure": by_tenure, "delegation": by_delegation}


def end_now(right, cast):
    today = clock.today()
    if isinstance(right, Grant):
        end(right, by=cast.lead, on=today)
    elif isinstance(right, Delegation):
        end_delegation(right, by=right.given_by, on=today)
    else:
        Tenure.objects.filter(pk=right.pk).update(ends_on=today)


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("right", RIGHTS)
def test_what_somebody_ends_is_gone_at_the_next_request(cast, right, credential):
    task, held = an_issued(cast), RIGHTS[right](cast, None)
    ask = CREDENTIALS[credential](cast.nobody)
    assert ask(task) == 200

    end_now(held, cast)

    assert ask(task) == 404


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("right", RIGHTS)
def test_what_ends_by_its_day_is_gone_when_the_day_comes(cast, right, credential):
    task = an_issued(cast)
    RIGHTS[right](cast, clock.today() + TOMORROW)
    ask = CREDENTIALS[credential](cast.nobody)
    assert ask(task) == 200

    with time_machine.travel(clock.now() + TOMORROW, tick=False):
        if credential == "session":
            ask = session(cast.nobody)  # the session itself has aged; a fresh one sees no more
        assert ask(task) == 404


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_the_deputy_of_a_holder_who_left_reaches_nothing(cast, credential):
    task, delegation = an_issued(cast), by_delegation(cast, None)
    ask = CREDENTIALS[credential](cast.nobody)
    assert ask(task) == 200

    Tenure.objects.filter(pk=delegation.tenure_id).update(ends_on=clock.today())

    assert ask(task) == 404


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_closed_post_gives_nothing(cast, credential):
    task, tenure = an_issued(cast), by_tenure(cast, None)
    ask = CREDENTIALS[credential](cast.nobody)
    assert ask(task) == 200

    type(tenure.post).objects.filter(pk=tenure.post_id).update(closed_on=clock.today())

    assert ask(task) == 404
