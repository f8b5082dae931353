"""Where each of them begins, what each finds in the bar, and where a page says it stands."""

import re

import pytest
from django.urls import reverse

from makers import a_document, a_person, an_issued
from tiendo.access.capabilities import Role


def bar(client, person, page="/units/"):
    """The addresses of this person's bar."""
    client.force_login(person)
    shown = (
        client.get(page).content.decode().partition('<nav class="t-nav"')[2].partition("</nav>")[0]
    )
    return re.findall(r'href="(/[^"]*)"', shown)


def trail(client, person, page):
    """The words of the crumbs."""
    client.force_login(person)
    shown = (
        client.get(page)
        .content.decode()
        .partition('<nav class="t-crumbs"')[2]
        .partition("</nav>")[0]
    )
    return [re.sub(r"<[^>]*>", "", item) for item in re.findall(r"<li.*?</li>", shown)]


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.STANDING_OFFICE, "/stocktake/"),
        (Role.COMMITTEE_HEAD, "/stocktake/"),
        (Role.MEMBER, "/stocktake/"),
        (Role.INSPECTOR, "/stocktake/"),
        (Role.INTEGRATION, "/stocktake/"),
        (Role.UNIT_HEAD, "/my-work/"),
        (Role.OFFICER, "/my-work/"),
        (Role.VERIFIER, "/my-work/"),
        (Role.EXPERT, "/documents/"),
    ],
)
def test_everybody_begins_where_their_work_is(cast, client, role, first):
    person = a_person("Lan", role=role, over=cast.country)
    client.force_login(person)

    answer = client.get(reverse("web:home"))

    assert answer["Location"] == first
    assert client.get(first).status_code == 200


def test_whoever_holds_no_role_begins_with_what_is_open_to_all(cast, client):
    client.force_login(cast.nobody)

    assert client.get("/")["Location"] == "/documents/"


def test_the_bar_holds_only_what_opens(cast, client):
    assert bar(client, cast.nobody) == ["/documents/", "/units/", "/committees/"]
    assert {"/stocktake/", "/my-work/", "/tasks/", "/desk/"} <= set(bar(client, cast.office))
    assert "/my-work/" not in bar(client, cast.inspector)
    assert "/desk/" not in bar(client, cast.lead)


def test_every_place_of_the_bar_opens(cast, client):
    for person in (cast.office, cast.lead, cast.verifier, cast.inspector, cast.nobody):
        for place in bar(client, person):
            assert client.get(place).status_code == 200, (person, place)


def test_a_page_says_where_it_stands(cast, client):
    task = an_issued(cast)

    assert trail(client, cast.office, task.get_absolute_url())[0] == "Tasks"
    assert len(trail(client, cast.office, task.get_absolute_url())) == 2
    assert trail(client, cast.office, "/figures/tasks.cells/")[0] == "Stocktake"
    assert trail(client, cast.office, f"/parts/{task.lead.pk}/report/")[0] == "Tasks"
    assert trail(client, cast.office, f"/documents/{a_document(cast).pk}/")[0] == "Documents"
    assert trail(client, cast.office, "/search/") == ["First page"]
    assert trail(client, cast.office, "/units/")[0] == "Units"


def test_who_is_not_signed_in_sees_no_bar(client, db):
    assert "t-nav" not in client.get("/account/login/").content.decode()
