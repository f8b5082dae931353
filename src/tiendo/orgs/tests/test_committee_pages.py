"""Pages of committees, and of the acts on units, posts and committees."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from makers import a_person, a_unit
from tiendo.access.capabilities import Role
from tiendo.kit import clock
from tiendo.orgs.actions_committees import appoint, form_committee, open_post, rule_composition
from tiendo.orgs.composition import Share
from tiendo.orgs.models import Committee, Kind, Placement, Post, Tenure, Unit

SPRING = date(2025, 3, 1)


@pytest.fixture
def council(cast):
    return formed(cast)


@pytest.fixture
def office(client, cast):
    client.force_login(cast.office)
    return client


def formed(cast, name="River Council", beneath=None, type_=Committee.Type.COUNCIL):
    return form_committee(
        "", {"vi": name, "en": name}, by=cast.office, beneath=beneath or cast.committee, on=SPRING,
        type=type_, level=Committee.Level.CENTRAL, basis="6/2025",
    )  # fmt: skip


def seated(cast, unit, kind=Post.Kind.MEMBER, *, person=None, **facts):
    post = open_post(unit, kind, by=cast.office)
    return appoint(person or a_person("Lê Văn Hòa"), post, by=cast.office, on=SPRING, **facts)


def text(page):
    return page.content.decode()


ACTS = {  # every act's page: what it is about, and words that it takes
    "orgs:founding": ("unit", {"vi": "Sở Sông", "kind": "department"}),
    "orgs:name": ("unit", {"language": "vi", "text": "Hội đồng Suối"}),
    "orgs:place": ("unit", {"tree": "state", "beneath": "Ministry of Roads"}),
    "orgs:post": ("unit", {"kind": "member", "title": "Rapporteur"}),
    "orgs:forming": (
        "unit",
        {"en": "Working Group", "type": "working_group", "level": "central"},
    ),
    "orgs:tenure": ("post", {"person": "Lê Văn Hòa"}),
    "orgs:closing": ("post", {}),
    "orgs:ending": ("tenure", {}),
    "orgs:group": ("tenure", {"group": "expert"}),
    "orgs:composition": ("committee", {"least_scientist": "1/3", "largest": "9"}),
    "orgs:standing_office": ("committee", {"unit": "Ministry of Roads"}),
    "orgs:committee_ending": ("committee", {}),
}


@pytest.fixture
def subjects(cast, council):
    empty = open_post(council.unit, Post.Kind.DEPUTY, by=cast.office)
    tenure = seated(cast, council.unit, group="scientist")
    return {"unit": council.unit, "post": empty, "tenure": tenure, "committee": council}


def address(name, subjects):
    return reverse(name, args=[subjects[ACTS[name][0]].pk])


class TestActs:
    @pytest.mark.parametrize("name", ACTS)
    def test_the_office_acts_by_a_form_and_is_led_on(self, office, subjects, name):
        url = address(name, subjects)

        form = office.get(url)
        answer = office.post(url, {"on": "2025-10-01", **ACTS[name][1]})

        assert form.status_code == 200
        assert answer.status_code == 302, text(answer)

    @pytest.mark.parametrize("name", ACTS)
    def test_who_may_only_look_is_refused(self, client, cast, subjects, name):
        client.force_login(cast.lead)

        assert client.get(address(name, subjects)).status_code == 403
        assert client.post(address(name, subjects), ACTS[name][1]).status_code == 403

    @pytest.mark.parametrize("name", ACTS)
    def test_nobody_is_asked_to_sign_in_and_what_is_not_there_is_not_there(
        self, client, office, subjects, name
    ):
        assert office.get(reverse(name, args=[10**12])).status_code == 404
        client.logout()
        assert client.get(address(name, subjects)).status_code == 302

    @pytest.mark.parametrize("name", ACTS)
    @pytest.mark.parametrize("on", ["", "31-31-2025", "x\x00", "99999-01-01"])
    def test_a_day_that_is_none_is_said_beside_its_field_with_nothing_lost(
        self, office, subjects, name, on
    ):
        answer = office.post(
            address(name, subjects), {**ACTS[name][1], "on": on, "basis": "7/2025"}
        )

        assert answer.status_code == 422
        assert "_error" in text(answer)
        if "basis" in text(answer):
            assert "7/2025" in text(answer)

    @pytest.mark.parametrize("name", ACTS)
    def test_an_act_before_anything_stood_is_refused_in_words(self, office, subjects, name):
        answer = office.post(address(name, subjects), {"on": "1999-01-01", **ACTS[name][1]})

        assert answer.status_code in (409, 422), text(answer)
        assert "t-wrong" in text(answer) or "t-notice" in text(answer)


class TestNaming:
    def test_two_of_one_name_are_offered_and_the_chosen_one_is_taken(self, office, cast, subjects):
        twins = [seated(cast, cast.ministry, person=a_person("Trần Bình")).person for _ in "ab"]
        url = address("orgs:tenure", subjects)
        given = {"person": "tran binh", "on": "2025-10-01"}

        offered = office.post(url, given)
        answer = office.post(url, {**given, "person_for": "tran binh", "person_is": twins[1].pk})

        assert offered.status_code == 422
        assert all(twin.username in text(offered) for twin in twins)
        assert answer.status_code == 302
        assert Tenure.objects.filter(post=subjects["post"], person=twins[1]).exists()

    def test_who_has_no_post_is_found_only_by_the_whole_sign_in_name(self, office, subjects):
        newcomer = a_person("Phan Mới")
        url = address("orgs:tenure", subjects)

        by_name = office.post(url, {"person": "Phan Mới", "on": "2025-10-01"})
        by_account = office.post(url, {"person": newcomer.username, "on": "2025-10-01"})

        assert by_name.status_code == 422
        assert "whole sign-in name" in text(by_name)
        assert by_account.status_code == 302

    def test_somebody_outside_ones_reach_is_not_offered(self, client, cast, subjects):
        local = a_person("Local", role=Role.STANDING_OFFICE, over=cast.province)
        seated(cast, cast.ministry, person=a_person("Trần Bình"))
        post = open_post(cast.province, Post.Kind.MEMBER, by=cast.office)
        client.force_login(local)

        answer = client.post(
            reverse("orgs:tenure", args=[post.pk]), {"person": "Trần", "on": "2025-10-01"}
        )

        assert answer.status_code == 422
        assert "Bình" not in text(answer).replace(
            "Trần Bình", "Bình" if "Trần Bình" in text(answer) else ""
        )

    def test_a_unit_in_doubt_is_offered_with_its_place(self, office, cast, subjects):
        twins = [a_unit("Twin River", under=over) for over in (cast.ministry, cast.province)]
        url = address("orgs:standing_office", subjects)
        given = {"unit": "Twin River", "on": "2025-10-01"}

        offered = office.post(url, given)
        answer = office.post(url, {**given, "unit_for": "Twin River", "unit_is": twins[1].pk})

        assert "Which one is meant?" in text(offered)
        assert "Hill Province" in text(offered)
        assert answer.status_code == 302
        assert subjects["committee"].standing_offices.get().unit == twins[1]


class TestList:
    def test_committees_of_the_day_are_listed_with_their_heads(self, office, cast, council):
        seated(cast, council.unit, Post.Kind.HEAD, person=a_person("Chair Person"))

        now = text(office.get(reverse("orgs:committees")))
        before = text(office.get(reverse("orgs:committees"), {"on": "2025-02-28"}))

        assert "River Council" in now
        assert "Chair Person" in now
        assert "River Council" not in before
        assert "No committee like this" in before

    @pytest.mark.parametrize(
        ("asked", "seen"),
        [({"type": "council"}, True), ({"type": "steering"}, False), ({"level": "commune"}, False),
         ({"q": "river"}, True), ({"q": "zzz"}, False), ({"type": "x"}, True), ({"page": "99"}, True)],
    )  # fmt: skip
    def test_the_list_is_narrowed(self, office, council, asked, seen):
        page = office.get(reverse("orgs:committees"), asked)

        assert ("River Council" in text(page)) is seen
        assert page.status_code == (422 if asked.get("type") == "x" else 200)

    def test_twenty_committees_ask_as_much_as_one(
        self, office, cast, council, django_assert_num_queries, django_assert_max_num_queries
    ):
        url = reverse("orgs:committees")
        seated(cast, council.unit, Post.Kind.HEAD)
        office.get(url)
        with django_assert_max_num_queries(20) as few:
            office.get(url)
        for number in range(19):
            seated(cast, formed(cast, f"Council {number}").unit, Post.Kind.HEAD)
        with django_assert_num_queries(len(few.captured_queries)):
            office.get(url)


class TestCommittee:
    def ruled(self, cast, council, **facts):
        share = Share("scientist", least=Fraction(1, 3))
        rule_composition(council, [share], by=cast.office, on=SPRING, **facts)

    def page(self, who, council, **asked):
        return text(who.get(reverse("orgs:committee", args=[council.pk]), asked))

    def test_it_shows_its_members_by_post_and_whom_it_serves(self, office, cast, council):
        seated(cast, council.unit, Post.Kind.HEAD, person=a_person("Chair Person"))
        open_post(council.unit, Post.Kind.DEPUTY, by=cast.office)

        page = self.page(office, council)

        for words in ("Chair Person", "Vacant", "Steering Committee", "6/2025", "Advisory council"):
            assert words in page

    def test_it_says_what_its_composition_lacks_and_who_can_mend_it(self, office, cast, council):
        self.ruled(cast, council, largest=9)
        head = seated(cast, council.unit, Post.Kind.HEAD, group="manager").person
        seated(cast, council.unit, group="manager")

        page = self.page(office, council)

        assert "The composition is not as ruled" in page
        assert "1 is missing" in page
        assert "at least 1/3: 1" in page
        assert f"{head.name} (Head)" in page.replace("\n", "")

    def test_once_balanced_it_says_so(self, office, cast, council):
        self.ruled(cast, council)
        seated(cast, council.unit, group="scientist")

        assert "The composition is as ruled" in self.page(office, council)

    def test_members_whose_group_nobody_wrote_down_are_counted_apart(self, office, cast, council):
        self.ruled(cast, council)
        seated(cast, council.unit)

        page = self.page(office, council)

        assert "It depends on members whose group is not written down" in page
        assert "The group of 1 member is not written down" in page

    def test_it_is_shown_as_of_a_day_and_one_that_ended_as_it_last_stood(
        self, office, cast, council
    ):
        seated(cast, council.unit, person=a_person("Early Bird"), ends_on=date(2025, 6, 1))

        assert "Early Bird" in self.page(office, council, on="2025-05-01")
        assert "Early Bird" not in self.page(office, council, on="2025-06-01")
        assert "Enter a valid date" in self.page(office, council, on="x")

    def test_groups_and_teams_beneath_it_are_named(self, office, cast, council):
        formed(cast, "Team of the Council", council.unit, Committee.Type.SUPPORT_TEAM)

        assert "Team of the Council" in self.page(office, council)

    def test_who_may_not_arrange_sees_no_acts(self, client, cast, council):
        seated(cast, council.unit)
        client.force_login(cast.lead)

        page = self.page(client, council)

        assert "Lê Văn Hòa" in page
        assert "Open a post" not in page
        assert reverse("orgs:committee_ending", args=[council.pk]) not in page

    def test_twenty_members_ask_as_much_as_one(
        self, office, cast, council, django_assert_num_queries, django_assert_max_num_queries
    ):
        self.ruled(cast, council)
        seated(cast, council.unit, group="scientist")
        formed(cast, "Team 0", council.unit, Committee.Type.SUPPORT_TEAM)
        self.page(office, council)
        with django_assert_max_num_queries(40) as few:
            self.page(office, council)
        for number in range(1, 20):
            seated(cast, council.unit, group="manager")
            formed(cast, f"Team {number}", council.unit, Committee.Type.SUPPORT_TEAM)
        with django_assert_num_queries(len(few.captured_queries)):
            self.page(office, council)

    def test_a_rule_is_written_in_percent_or_as_a_part_and_read_back(self, office, council):
        url = reverse("orgs:composition", args=[council.pk])
        given = {"on": clock.today().isoformat(), "least_scientist": "30 %", "most_manager": "1/3"}

        wrong = office.post(url, {**given, "least_scientist": "many"})
        office.post(url, given)
        again = text(office.get(url))

        assert wrong.status_code == 422
        assert 'value="many"' in text(wrong)
        assert "Write a share" in text(wrong)
        assert 'value="30\N{NO-BREAK SPACE}%"' in again
        assert 'value="1/3"' in again

    @pytest.mark.parametrize("pk", ["0", str(10**25)])
    def test_a_committee_that_is_none_is_not_there(self, office, pk):
        assert office.get(f"/committees/{pk}/").status_code == 404


class TestUnitPages:
    def test_a_units_page_names_its_committees_and_offers_acts(self, office, cast, council):
        page = text(office.get(reverse("orgs:unit", args=[cast.committee.pk])))

        assert "River Council" in page
        assert reverse("orgs:founding", args=[cast.committee.pk]) in page

    def test_the_tree_is_switched(self, office, cast):
        for unit, parent in ((cast.ministry, None), (cast.province, cast.ministry)):
            path = f"{parent.pk}/{unit.pk}/" if parent else f"{unit.pk}/"
            Placement.objects.create(
                unit=unit, parent=parent, tree="sector", path=path, starts_on=SPRING
            )

        sector = text(office.get(reverse("orgs:units"), {"tree": "sector"}))
        state = text(office.get(reverse("orgs:units")))
        wrong = office.get(reverse("orgs:units"), {"tree": "family"})

        assert "Hill Province" in sector
        assert "Ministry of Roads" not in sector
        assert "Ministry of Roads" in state
        assert wrong.status_code == 422
        assert "in its sector under" in text(
            office.get(reverse("orgs:unit", args=[cast.province.pk]))
        )

    def test_a_founded_unit_gets_a_key_of_its_own(self, office, cast):
        url = reverse("orgs:founding", args=[cast.ministry.pk])
        for _ in "ab":
            office.post(url, {"vi": "Sở Sông", "kind": "department", "on": "2025-10-01"})

        keys = set(Unit.objects.filter(kind=Kind.DEPARTMENT).values_list("key", flat=True))
        assert keys == {f"{cast.ministry.key}.so-song", f"{cast.ministry.key}.so-song-2"}
