from datetime import date, timedelta

import pytest

from makers import a_grant, a_person, a_post, a_unit
from tiendo.access.actions import end, give
from tiendo.access.backend import shortest
from tiendo.access.capabilities import ALLOWED, MAY_GIVE, WORDS, Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.kit.permission import WholeTree, can, require, roots
from tiendo.kit.refusals import Forbidden, Invalid
from tiendo.orgs.models import Succession, Tenure
from tiendo.people.models import Person
from tiendo.tasks.models import Task


class TestRoots:
    def test_a_grant_covers_all_beneath_its_node_and_nothing_beside(self, cast):
        commune = a_unit("Commune", under=cast.ministry)

        assert can(cast.lead, "tasks.report", commune)
        assert not can(cast.lead, "tasks.report", cast.other_ministry)
        assert not can(cast.lead, "tasks.report", cast.country)

    def test_paths_are_compared_with_their_closing_slash(self, cast):
        cast.ministry.path, cast.province.path = "1/3/", "1/34/"
        cast.ministry.save()

        assert not can(cast.lead, "tasks.report", cast.province)
        assert can(cast.lead, "tasks.report", cast.ministry)

    def test_a_role_gives_only_what_the_table_says(self, cast):
        assert not can(cast.officer, "tasks.answer", cast.ministry)
        assert can(cast.officer, "tasks.report", cast.ministry)

    def test_the_heir_reaches_what_was_merged_into_it(self, cast):
        old = a_unit("Merged Ministry", under=cast.country)
        assert not can(cast.lead, "tasks.report", old)

        Succession.objects.create(old=old, new=cast.ministry, on=date(2025, 3, 1), is_default=True)

        assert can(cast.lead, "tasks.report", old)
        assert not can(cast.stranger, "tasks.report", old)

    def test_an_heir_of_an_heir_reaches_both(self, cast):
        grandparent, parent = a_unit("A", under=cast.country), a_unit("B", under=cast.country)
        Succession.objects.create(old=grandparent, new=parent, on=date(2024, 1, 1))
        Succession.objects.create(old=parent, new=cast.ministry, on=date(2025, 1, 1))

        assert can(cast.lead, "tasks.report", grandparent)

    def test_an_ended_grant_stops_working_the_next_day_it_is_asked(self, cast):
        grant = Grant.objects.get(person=cast.lead)
        assert can(cast.lead, "tasks.report", cast.ministry)

        grant.ends_on = clock.today()
        grant.save()

        assert not can(cast.lead, "tasks.report", cast.ministry)

    def test_a_grant_to_a_post_goes_with_whoever_sits_in_it(self, cast):
        post, person = a_post(cast.province), a_person("Deputy")
        Grant.objects.create(
            role=Role.UNIT_HEAD, unit=cast.province, post=post, starts_on=date(2020, 1, 1)
        )
        tenure = Tenure.objects.create(post=post, person=person, starts_on=date(2020, 1, 1))
        assert can(person, "tasks.report", cast.province)

        tenure.ends_on = clock.today()
        tenure.save()

        assert not can(person, "tasks.report", cast.province)

    def test_somebody_who_may_no_longer_sign_in_reaches_nothing(self, cast):
        cast.lead.is_active = False

        assert roots(cast.lead, "tasks.view") == ()

    def test_the_console_reaches_the_whole_tree_as_administrator_only(self, db):
        operator = Person.objects.operator()

        assert can(operator, "orgs.load_pack", WholeTree())
        assert not operator.has_usable_password()
        with pytest.raises(Forbidden):
            require(operator, "tasks.verify", a_unit())

    def test_a_root_beneath_another_is_left_out(self):
        assert shortest(["1/", "1/3/", "2/4/", "2/45/"]) == ("1/", "2/4/", "2/45/")

    def test_list_and_check_never_disagree(self, cast):
        from makers import an_issued

        task = an_issued(cast)

        for person in (cast.office, cast.lead, cast.stranger, cast.inspector, cast.nobody):
            listed = Task.objects.visible_to(person).filter(pk=task.pk).exists()
            checked = can(person, "tasks.view", task) or any(
                can(person, "tasks.view", part) for part in task.parts.all()
            )
            assert listed == checked


class TestGiving:
    def test_the_office_gives_a_role_beneath_its_node(self, cast):
        grant = give(
            Role.OFFICER, cast.ministry, by=cast.office, person=cast.nobody, starts_on=clock.today()
        )

        assert grant.given_by == cast.office
        assert can(cast.nobody, "tasks.report", cast.ministry)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COMMITTEE_HEAD, Role.INSPECTOR])
    def test_nobody_gives_what_they_lack(self, cast, role):
        with pytest.raises(Forbidden, match="not yours to give"):
            give(role, cast.ministry, by=cast.office, person=cast.nobody, starts_on=clock.today())

        assert not Grant.objects.filter(person=cast.nobody).exists()

    def test_nobody_gives_a_role_to_themselves(self, cast):
        operator = Person.objects.operator()
        give(
            Role.ADMINISTRATOR,
            cast.country,
            by=operator,
            person=cast.nobody,
            starts_on=clock.today(),
        )

        with pytest.raises(Forbidden, match="to yourself"):
            give(
                Role.VERIFIER,
                cast.ministry,
                by=cast.nobody,
                person=cast.nobody,
                starts_on=clock.today(),
            )

        assert not can(cast.nobody, "tasks.verify", cast.ministry)

    def test_nobody_gives_outside_their_subtree(self, cast):
        with pytest.raises(Forbidden):
            give(
                Role.OFFICER,
                cast.province,
                by=cast.lead,
                person=cast.nobody,
                starts_on=clock.today(),
            )

        assert not Grant.objects.filter(person=cast.nobody).exists()

    def test_a_role_goes_to_one_person_or_one_post(self, cast):
        with pytest.raises(Invalid):
            give(Role.OFFICER, cast.ministry, by=cast.office, starts_on=clock.today())

    def test_a_grant_is_ended_by_who_may_give_it(self, cast):
        grant = a_grant(Role.OFFICER, cast.ministry, cast.nobody)

        with pytest.raises(Forbidden):
            end(grant, by=cast.stranger, on=clock.today())
        end(grant, by=cast.lead, on=clock.today())

        assert not can(cast.nobody, "tasks.report", cast.ministry)

    def test_a_grant_ends_after_it_begins(self, cast):
        grant = give(
            Role.OFFICER, cast.ministry, by=cast.office, person=cast.nobody, starts_on=clock.today()
        )

        with pytest.raises(Invalid):
            end(grant, by=cast.office, on=clock.today() - timedelta(days=1))


class TestTheTable:
    def test_an_inspector_writes_nothing(self):
        held = {capability for capability, roles in ALLOWED.items() if Role.INSPECTOR in roles}

        assert held == {
            "access.view",
            "documents.view",
            "figures.view",
            "intake.view",
            "ledger.read",
            "reforms.view",
            "tasks.view",
            "tasks.view_graded",
        }

    def test_an_administrator_holds_no_power_over_the_work(self):
        held = {capability for capability, roles in ALLOWED.items() if Role.ADMINISTRATOR in roles}

        assert not any(c.startswith(("tasks.", "intake.", "documents.")) for c in held)

    def test_only_those_who_may_grant_give_roles(self):
        assert set(MAY_GIVE) == ALLOWED["access.grant"]

    def test_whoever_a_giver_can_make_a_giver_gives_no_more_than_the_giver(self):
        for giver, given in MAY_GIVE.items():
            for role in given:
                assert MAY_GIVE.get(role, set()) <= given, (giver, role)

    def test_who_assigns_does_not_report_and_who_reports_does_not_verify(self):
        assert not ALLOWED["tasks.issue"] & ALLOWED["tasks.report"]
        assert not ALLOWED["tasks.verify"] & ALLOWED["tasks.report"]

    def test_every_capability_has_words(self):
        assert set(WORDS) == set(ALLOWED)
