"""Units, committees and posts over the API: the same acts and rights as the pages."""

import json
from datetime import date
from decimal import Decimal

import pytest

from makers import a_person, a_unit
from tiendo.orgs.actions import dissolve
from tiendo.orgs.models import Committee, Post, Tenure, Unit, UnitCode

JUNE, JULY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


def send(client, path, **body):
    return client.post(path, json.dumps(body, default=str), content_type="application/json")


def formed(client, cast, **facts):
    given = {
        "beneath": cast.committee.pk, "names": {"en": "River Council"}, "type": "council",
        "level": "central", "on": "2025-03-01",
    }  # fmt: skip
    return send(client, "/api/v1/committees", **{**given, **facts})


class TestUnits:
    def test_a_unit_is_founded_renamed_and_moved(self, office, cast):
        found = send(
            office, "/api/v1/units", beneath=cast.ministry.pk, kind="department",
            names={"vi": "Sở Sông"}, on="2025-03-01", legal_basis="1/2025",
        )  # fmt: skip
        pk = found.json()["id"]
        named = send(
            office, f"/api/v1/units/{pk}/names", language="vi", text="Sở Suối", on="2025-07-01"
        )
        moved = send(
            office,
            f"/api/v1/units/{pk}/placements",
            beneath=cast.other_ministry.pk,
            on="2025-07-01",
        )

        assert [a.status_code for a in (found, named, moved)] == [201, 201, 201]
        assert named.json()["name"] == "Sở Suối"
        assert moved.json()["parents"]["state"]["id"] == cast.other_ministry.pk

    def test_who_may_not_is_forbidden_and_what_is_not_there_named(self, client, cast):
        client.force_login(cast.lead)
        given = {"kind": "department", "names": {"vi": "Sở"}, "on": "2025-03-01"}

        assert send(client, "/api/v1/units", beneath=cast.ministry.pk, **given).status_code == 403
        assert send(client, "/api/v1/units", beneath=10**12, **given).status_code == 422
        assert (
            send(
                client, f"/api/v1/units/{10**12}/names", language="vi", text="x", on="2025-03-01"
            ).status_code
            == 404
        )
        assert (
            send(client, "/api/v1/units", beneath=cast.ministry.pk, odd=1, **given).status_code
            == 422
        )


class TestStanding:
    """Given a day and a mode, which units stand for which."""

    @pytest.fixture
    def split(self, cast):
        old = a_unit("Old Commune", under=cast.province)
        heirs = [
            (a_unit("North", under=cast.province), Decimal("0.6")),
            (a_unit("South", under=cast.province), Decimal("0.4")),
        ]
        UnitCode.objects.create(
            unit=old, system="gso", code="15", starts_on=date(2000, 1, 1), ends_on=JULY
        )
        UnitCode.objects.create(unit=heirs[1][0], system="gso", code="15", starts_on=JULY)
        dissolve(old, by=cast.office, on=JULY, heirs=heirs, basis="202/2025")
        return old, [heir for heir, _share in heirs]

    def ask(self, client, **asked):
        return client.get("/api/v1/units/standing", {"to": JULY, "limit": 500, **asked})

    def test_then_now_and_common(self, office, split):
        old, (north, south) = split
        answers = {
            mode: self.ask(office, day=JUNE, mode=mode, unit=old.pk).json()["items"][0]
            for mode in ("then", "now", "common")
        }

        stand = {mode: [one["id"] for one in row["stand"]] for mode, row in answers.items()}
        assert stand == {
            "then": [old.pk],
            "now": [north.pk, south.pk],
            "common": [north.pk, south.pk],
        }
        assert answers["now"]["counted"] == north.pk
        assert answers["now"]["shares"] == [
            {"unit": north.pk, "share": "0.6"}, {"unit": south.pk, "share": "0.4"},
        ]  # fmt: skip

    def test_a_code_is_asked_with_its_day(self, office, split):
        old, (_north, south) = split

        june = self.ask(office, day=JUNE, mode="now", code="15").json()["items"]
        july = self.ask(office, day=JULY, mode="now", code="15").json()["items"]

        assert [row["unit"]["id"] for row in june] == [old.pk]
        assert [row["unit"]["id"] for row in july] == [south.pk]

    def test_it_goes_on_after_its_bookmark_and_loses_nobody(self, office, cast, split):
        first = self.ask(office, day=JUNE, mode="now", limit=2).json()
        rest = self.ask(office, day=JUNE, mode="now", after=first["next"]).json()

        seen = [row["unit"]["id"] for row in first["items"] + rest["items"]]
        assert sorted(seen) == sorted(Unit.objects.as_of(JUNE).values_list("pk", flat=True))

    def test_a_comparison_backwards_and_an_unknown_mode_are_refused(self, office, cast):
        assert self.ask(office, day="2025-08-01", mode="now").status_code == 422
        assert self.ask(office, day=JUNE, mode="later").status_code == 422
        assert office.get("/api/v1/units/standing").status_code == 422

    def test_twenty_units_ask_as_much_as_one(
        self, office, cast, split, django_assert_num_queries, django_assert_max_num_queries
    ):
        self.ask(office, day=JUNE, mode="now", limit=1)
        with django_assert_max_num_queries(20) as few:
            self.ask(office, day=JUNE, mode="now", limit=1)
        for number in range(20):
            a_unit(f"Commune {number}", under=cast.province)
        with django_assert_num_queries(len(few.captured_queries)):
            self.ask(office, day=JUNE, mode="now")


class TestCommittees:
    def test_a_committee_is_formed_staffed_ruled_and_ended(self, office, cast):
        pk = formed(office, cast).json()["id"]
        unit = Committee.objects.get(pk=pk).unit_id
        person = a_person("Hoa Lê")
        post = send(office, f"/api/v1/units/{unit}/posts", kind="head", title="Chair").json()["id"]
        tenure = send(
            office,
            f"/api/v1/posts/{post}/tenures",
            person=person.username,
            on="2025-03-01",
            group="manager",
        )
        ruled = send(
            office, f"/api/v1/committees/{pk}/composition", on="2025-03-01",
            shares=[{"group": "scientist", "least": "1/3"}],
        )  # fmt: skip
        placed = send(
            office,
            f"/api/v1/tenures/{tenure.json()['id']}/groups",
            group="scientist",
            on="2025-03-01",
        )
        named = send(
            office,
            f"/api/v1/committees/{pk}/standing-offices",
            unit=cast.ministry.pk,
            on="2025-03-01",
        )
        shown = office.get(f"/api/v1/committees/{pk}", {"on": "2025-03-01"}).json()
        left = send(office, f"/api/v1/tenures/{tenure.json()['id']}/ending", on="2025-07-01")
        closed = send(office, f"/api/v1/posts/{post}/closing", on="2025-08-01")
        ended = send(office, f"/api/v1/committees/{pk}/ending", on="2025-09-01")

        answers = (tenure, ruled, placed, named, left, closed, ended)
        assert [answer.status_code for answer in answers] == [201] * 7
        assert ruled.json()["composition"]["lines"][0]["gap"] == 1
        assert shown["composition"]["verdict"] == "met"
        assert shown["posts"][0]["held_by"][0]["person"] == "Hoa Lê"
        assert shown["standing_office"]["id"] == cast.ministry.pk
        assert ended.json()["ends_on"] == "2025-09-01"

    def test_the_list_is_of_a_day_and_narrowed(self, office, cast):
        formed(office, cast)
        formed(office, cast, names={"en": "Team"}, type="support_team")

        assert len(office.get("/api/v1/committees").json()["items"]) == 2
        assert len(office.get("/api/v1/committees", {"type": "council"}).json()["items"]) == 1
        assert office.get("/api/v1/committees", {"on": "2025-02-28"}).json()["items"] == []
        assert office.get("/api/v1/committees", {"type": "x"}).status_code == 422

    def test_two_heads_are_refused_with_their_reason(self, office, cast):
        unit = Committee.objects.get(pk=formed(office, cast).json()["id"]).unit
        posts = [Post.objects.create(unit=unit, kind=Post.Kind.HEAD) for _ in "ab"]
        answers = [
            send(
                office, f"/api/v1/posts/{p.pk}/tenures", person=a_person().username, on="2025-03-01"
            )
            for p in posts
        ]

        assert [answer.status_code for answer in answers] == [201, 409]
        assert Tenure.objects.count() == 1

    @pytest.mark.parametrize(
        "body",
        [
            {"person": "nobody.at.all", "on": "2025-03-01"},
            {"person": " ", "on": "2025-03-01"},
            {"person": "x\x00", "on": "2025-03-01"},
            {"person": "x", "on": "never"},
            {"person": "x", "on": "2025-03-01", "group": "kings"},
        ],
    )
    def test_a_wrong_appointment_is_said_by_field(self, office, cast, body):
        post = Post.objects.create(unit=cast.ministry, kind=Post.Kind.MEMBER)

        assert send(office, f"/api/v1/posts/{post.pk}/tenures", **body).status_code == 422

    @pytest.mark.parametrize("part", ["1/0", "200 %", "half", "4/3", ""])
    def test_a_part_that_is_none_is_refused(self, office, cast, part):
        pk = formed(office, cast).json()["id"]
        share = {"group": "scientist", "least": part}

        answer = send(
            office, f"/api/v1/committees/{pk}/composition", on="2025-03-01", shares=[share]
        )
        assert answer.status_code == 422

    def test_the_posts_of_a_unit_are_those_of_the_day(self, office, cast):
        send(office, f"/api/v1/units/{cast.ministry.pk}/posts", kind="head", on="2025-07-01")

        before, since = (
            office.get(f"/api/v1/units/{cast.ministry.pk}/posts", {"on": day}).json()["items"]
            for day in (JUNE, JULY)
        )
        assert (len(before), len(since)) == (0, 1)

    def test_a_member_changes_nothing(self, client, cast, office):
        pk = formed(office, cast).json()["id"]
        client.force_login(cast.lead)

        assert client.get(f"/api/v1/committees/{pk}").status_code == 200
        assert formed(client, cast).status_code == 403
        assert send(client, f"/api/v1/committees/{pk}/ending", on="2025-09-01").status_code == 403

    def test_twenty_committees_ask_as_much_as_one(
        self, office, cast, django_assert_num_queries, django_assert_max_num_queries
    ):
        formed(office, cast)
        office.get("/api/v1/committees")
        with django_assert_max_num_queries(20) as few:
            office.get("/api/v1/committees")
        asked = len(few.captured_queries)
        for _ in range(19):
            formed(office, cast)
        with django_assert_num_queries(asked):
            office.get("/api/v1/committees")
