from datetime import date, timedelta

import pytest

from makers import a_grant, a_person, a_post, a_unit
from tiendo.access.actions import delegate, give
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.access.why import may_be_told, why
from tiendo.kit import clock
from tiendo.orgs.models import Succession, Tenure
from tiendo.people.models import Person


def said(answer):
    return [way.sentences for way in answer.ways]


class TestWays:
    def test_a_grant_is_told_with_its_giver_and_days(self, cast):
        today = clock.today()
        commune = a_unit("Commune", under=cast.ministry)
        give(Role.OFFICER, cast.ministry, by=cast.lead, person=cast.nobody, starts_on=today)

        answer = why(cast.nobody, "tasks.report", commune)

        assert answer.may
        assert answer.words == "report on a task for the unit"
        (sentences,) = said(answer)
        assert sentences[0] == "Lead Nam gave Nobody the role “Officer” over Ministry of Rivers."
        assert sentences[1].startswith("It holds from ")
        assert sentences[1].endswith("without a last day.")
        assert sentences[2] == "Commune lies beneath Ministry of Rivers."

    def test_the_unit_itself(self, cast):
        assert (
            said(why(cast.lead, "tasks.report", cast.ministry))[0][-1] == "That is this very unit."
        )

    def test_a_post_is_told_with_its_tenure(self, cast):
        post = a_post(cast.ministry, "Minister")
        Grant.objects.create(
            role=Role.UNIT_HEAD, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1),
            given_by=cast.office,
        )  # fmt: skip
        Tenure.objects.create(post=post, person=cast.nobody, starts_on=date(2024, 3, 1))

        (sentences,) = said(why(cast.nobody, "tasks.answer", cast.ministry))

        assert sentences[0] == (
            "Office Hoa gave the post “Minister” of Ministry of Rivers the role “Unit head” over Ministry of Rivers."
        )
        assert sentences[2] == "Nobody sits in this post."
        assert "1\u00a0Mar\u00a02024" in sentences[3]

    def test_a_delegation_is_told_with_who_delegated_and_why(self, cast):
        post, holder, today = a_post(cast.ministry, "Minister"), a_person("An"), clock.today()
        Grant.objects.create(
            role=Role.UNIT_HEAD, unit=cast.ministry, post=post, starts_on=date(2020, 1, 1)
        )
        Tenure.objects.create(post=post, person=holder, starts_on=date(2020, 1, 1))
        delegate(
            post, by=holder, deputy=cast.nobody, starts_on=today,
            ends_on=today + timedelta(days=5), reason="Abroad",
        )  # fmt: skip

        (sentences,) = said(why(cast.nobody, "tasks.answer", cast.ministry))

        assert "nobody is on record as its giver" in sentences[0]
        assert sentences[2] == ("An, who sits in this post, delegated its rights to Nobody: Abroad")
        assert "stops on" in sentences[3]

    def test_the_heirs_way_names_every_step(self, cast):
        first, second = a_unit("First", under=cast.country), a_unit("Second", under=cast.country)
        inside = a_unit("Inside", under=first)
        Succession.objects.create(old=first, new=second, on=date(2024, 1, 1))
        Succession.objects.create(old=second, new=cast.ministry, on=date(2025, 7, 1))

        (sentences,) = said(why(cast.lead, "tasks.report", inside))

        assert sentences[2:] == [
            "Inside lay beneath First.",
            "First was merged into Second on 1\u00a0Jan\u00a02024; who answers for the heir reaches its past.",
            "Second was merged into Ministry of Rivers on 1\u00a0Jul\u00a02025; who answers for the heir reaches its past.",
        ]

    def test_the_console(self, cast):
        (sentences,) = said(why(Person.objects.operator(), "access.grant", cast.ministry))
        assert "console" in sentences[0]


class TestWhyNot:
    def test_another_place(self, cast):
        answer = why(cast.lead, "tasks.report", cast.province)

        assert not answer.may
        assert answer.missing == [
            "Lead Nam may do this over Ministry of Rivers, and this place does not lie there."
        ]
        assert answer.givers == [
            "Stranger Phúc, Unit head over Hill Province",
            "Office Hoa, Standing office over Country",
        ]

    def test_another_role(self, cast):
        answer = why(cast.officer, "tasks.answer", cast.ministry)

        assert answer.missing == [
            "Officer Mai holds the role “Officer” over Ministry of Rivers, which does not let them do this.",
            "These roles let somebody do this: Unit head.",
        ]
        assert answer.givers == ["Office Hoa, Standing office over Country"]

    def test_no_role_and_a_closed_account(self, cast):
        assert why(cast.nobody, "tasks.view", cast.ministry).missing[0] == (
            "Nobody holds no role today."
        )
        cast.lead.is_active = False
        assert why(cast.lead, "tasks.view", cast.ministry).missing == [
            "The account of Lead Nam is closed."
        ]

    def test_the_heirs_office_can_give_over_what_was_merged(self, cast):
        old = a_unit("Old", under=None)
        Succession.objects.create(old=old, new=cast.ministry, on=date(2025, 7, 1))

        assert "Lead Nam, Unit head over Ministry of Rivers" in (
            why(cast.nobody, "tasks.report", old).givers
        )

    def test_the_post_that_could_give_is_named_by_who_sits_there(self, cast):
        post = a_post(cast.province, "Chief")
        a_grant(Role.OFFICER, cast.province, cast.nobody)
        Grant.objects.create(
            role=Role.UNIT_HEAD, unit=cast.province, post=post, starts_on=date(2020, 1, 1)
        )
        Tenure.objects.create(post=post, person=cast.officer, starts_on=date(2020, 1, 1))

        givers = why(cast.lead, "tasks.report", cast.province).givers
        assert "Officer Mai, Unit head over Hill Province" in givers


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("office", True),
        ("inspector", True),
        ("lead", True),
        ("stranger", False),
        ("officer", False),
    ],
)
def test_about_others_only_who_may_see_rights_there(cast, who, told):
    assert may_be_told(getattr(cast, who), cast.verifier, cast.ministry) is told
    assert may_be_told(cast.verifier, cast.verifier, cast.ministry)
