"""Committees and the people in them: formed, appointed to, ruled, ended."""

from datetime import date
from fractions import Fraction

import pytest

from makers import a_person
from tiendo.access.capabilities import Role
from tiendo.kit.refusals import Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs import seats
from tiendo.orgs.actions import found
from tiendo.orgs.actions_committees import (
    appoint,
    close_post,
    end_committee,
    form_committee,
    leave,
    name_standing_office,
    open_post,
    place_in_group,
    rule_composition,
)
from tiendo.orgs.composition import Share
from tiendo.orgs.models import Committee, Group, Kind, Post, Tenure, Unit

SPRING, SUMMER, AUTUMN = date(2025, 3, 1), date(2025, 7, 1), date(2025, 10, 1)
THIRD = Fraction(1, 3)


@pytest.fixture
def council(cast):
    """An advisory council beneath the steering committee, since spring."""
    return formed(cast)


def formed(cast, *, by=None, key="test.council", beneath=None, **facts):
    given = {"type": Committee.Type.COUNCIL, "level": Committee.Level.CENTRAL, "basis": "6/2025"}
    return form_committee(
        key, {"vi": "Hội đồng Sông", "en": "River Council"}, by=by or cast.office,
        beneath=beneath or cast.committee, on=SPRING, **{**given, **facts},
    )  # fmt: skip


def seat(cast, committee, kind=Post.Kind.MEMBER, *, person=None, on=SPRING, **facts):
    post = open_post(committee.unit, kind, by=cast.office)
    return appoint(person or a_person("Member"), post, by=cast.office, on=on, **facts)


def last_sentence():
    return sentence(Entry.objects.order_by("-pk")[0])


class TestForming:
    def test_the_office_forms_a_committee_that_is_a_unit_of_its_own(self, cast, council):
        assert council.unit.kind == Kind.COMMITTEE
        assert council.path == f"{cast.committee.path}{council.unit.pk}/"
        assert council.serves == cast.committee
        assert council.unit in Unit.objects.within(cast.committee, on=SPRING)
        assert "Hội đồng Sông" in last_sentence()

    def test_a_unit_head_may_not_and_nothing_is_left_behind(self, cast):
        with pytest.raises(Forbidden):
            formed(cast, by=cast.lead)

        assert not Unit.objects.filter(key="test.council").exists()

    def test_it_may_serve_another_unit_than_the_one_above(self, cast):
        assert formed(cast, serves=cast.province).serves == cast.province

    def test_it_cannot_serve_what_does_not_stand_that_day(self, cast):
        cast.province.ends_on = SPRING
        cast.province.save()

        with pytest.raises(Refused, match="does not exist"):
            formed(cast, serves=cast.province)


class TestEnding:
    def test_it_ends_with_its_tenures_posts_and_rules(self, cast, council):
        tenure = seat(cast, council, group="scientist")
        name_standing_office(council, cast.ministry, by=cast.office, on=SPRING)
        rule_composition(council, [Share("scientist", THIRD)], by=cast.office, on=SPRING)

        end_committee(council, by=cast.office, on=SUMMER, basis="9/2025")
        tenure.refresh_from_db()

        assert tenure.ends_on == SUMMER
        assert tenure.post.__class__.objects.get(pk=tenure.post_id).closed_on == SUMMER
        assert not Unit.objects.as_of(SUMMER).filter(pk=council.unit.pk).exists()
        assert seats.groups_on(council.unit, SUMMER) == {}
        assert seats.rule_on(council.unit, date(2025, 6, 30))
        assert not seats.rule_on(council.unit, SUMMER)
        assert "ended" in last_sentence()

    def test_not_while_a_group_hangs_beneath_nor_before_it_began(self, cast, council):
        with pytest.raises(Invalid):
            end_committee(council, by=cast.office, on=SPRING)
        formed(cast, key="test.group", beneath=council.unit, type=Committee.Type.WORKING_GROUP)
        with pytest.raises(Refused, match="still hang"):
            end_committee(council, by=cast.office, on=SUMMER)

    def test_not_while_a_later_tenure_is_written_down(self, cast, council):
        seat(cast, council, on=AUTUMN)

        with pytest.raises(Refused, match="later day"):
            end_committee(council, by=cast.office, on=SUMMER)

    def test_a_member_may_not(self, cast, council):
        with pytest.raises(Forbidden):
            end_committee(council, by=cast.lead, on=SUMMER)


class TestStandingOffice:
    def test_another_takes_over_from_a_day_on(self, cast, council):
        name_standing_office(council, cast.ministry, by=cast.office, on=SPRING)
        name_standing_office(council, cast.other_ministry, by=cast.office, on=SUMMER)

        then = council.standing_offices.as_of(date(2025, 6, 30)).get()
        now = council.standing_offices.as_of(SUMMER).get()
        assert (then.unit, now.unit) == (cast.ministry, cast.other_ministry)

    def test_it_is_another_unit_and_not_the_one_it_is_already(self, cast, council):
        name_standing_office(council, cast.ministry, by=cast.office, on=SPRING)

        with pytest.raises(Invalid, match="its own"):
            name_standing_office(council, council.unit, by=cast.office, on=SUMMER)
        with pytest.raises(Refused, match="already"):
            name_standing_office(council, cast.ministry, by=cast.office, on=SUMMER)
        with pytest.raises(Refused, match="later day"):
            name_standing_office(council, cast.province, by=cast.office, on=SPRING)

    def test_a_member_may_not(self, cast, council):
        with pytest.raises(Forbidden):
            name_standing_office(council, cast.ministry, by=cast.lead, on=SPRING)


class TestPosts:
    def test_a_person_takes_a_post_and_leaves_it(self, cast, council):
        post = open_post(council.unit, Post.Kind.HEAD, by=cast.office, title="Chủ tịch")
        tenure = appoint(cast.nobody, post, by=cast.office, on=SPRING)
        leave(tenure, by=cast.office, on=SUMMER)

        assert post.tenures.as_of(date(2025, 6, 30)).exists()
        assert not post.tenures.as_of(SUMMER).exists()
        assert "Chủ tịch" in last_sentence()

    def test_nobody_holds_a_post_twice_or_backwards(self, cast, council):
        post = open_post(council.unit, Post.Kind.MEMBER, by=cast.office)
        tenure = appoint(cast.nobody, post, by=cast.office, on=SPRING)

        with pytest.raises(Refused, match="already holds"):
            appoint(cast.nobody, post, by=cast.office, on=SUMMER)
        with pytest.raises(Invalid):
            leave(tenure, by=cast.office, on=SPRING)
        with pytest.raises(Invalid):
            appoint(cast.lead, post, by=cast.office, on=SUMMER, ends_on=SUMMER)

    def test_who_has_left_does_not_leave_again_later(self, cast, council):
        tenure = leave(seat(cast, council), by=cast.office, on=SUMMER)

        with pytest.raises(Refused, match="already ended"):
            leave(tenure, by=cast.office, on=AUTUMN)

    def test_a_unit_head_opens_none_and_appoints_nobody(self, cast, council):
        post = open_post(council.unit, Post.Kind.MEMBER, by=cast.office)

        with pytest.raises(Forbidden):
            open_post(council.unit, Post.Kind.HEAD, by=cast.lead)
        with pytest.raises(Forbidden):
            appoint(cast.nobody, post, by=cast.lead, on=SPRING)

    def test_a_post_is_held_only_while_it_is_open(self, cast, council):
        post = open_post(council.unit, Post.Kind.MEMBER, by=cast.office, on=SUMMER)

        with pytest.raises(Refused, match="not open"):
            appoint(cast.nobody, post, by=cast.office, on=SPRING)
        tenure = appoint(cast.nobody, post, by=cast.office, on=SUMMER)
        with pytest.raises(Refused, match="End the tenure"):
            close_post(post, by=cast.office, on=AUTUMN)
        leave(tenure, by=cast.office, on=AUTUMN)
        close_post(post, by=cast.office, on=AUTUMN)
        with pytest.raises(Refused, match="already closed"):
            close_post(post, by=cast.office, on=AUTUMN)
        with pytest.raises(Refused, match="not open"):
            appoint(cast.nobody, post, by=cast.office, on=AUTUMN)

    def test_a_closed_post_is_shown_only_while_it_stood(self, cast, council):
        post = open_post(council.unit, Post.Kind.MEMBER, by=cast.office, on=SPRING)
        close_post(post, by=cast.office, on=SUMMER)

        assert seats.posts_of(council.unit, SPRING) == [post]
        assert seats.posts_of(council.unit, SUMMER) == []


class TestOneHead:
    def test_two_heads_at_once_are_refused_whatever_their_posts_are_called(self, cast, council):
        seat(cast, council, Post.Kind.HEAD, person=cast.nobody)
        other = open_post(council.unit, Post.Kind.HEAD, by=cast.office, title="Co-chair")

        with pytest.raises(Refused, match="Nobody holds the post"):
            appoint(cast.lead, other, by=cast.office, on=SUMMER)

        assert not other.tenures.exists()

    def test_the_next_head_begins_on_the_day_the_last_has_left(self, cast, council):
        first = seat(cast, council, Post.Kind.HEAD)
        leave(first, by=cast.office, on=SUMMER)

        assert seat(cast, council, Post.Kind.HEAD, on=SUMMER)
        with pytest.raises(Refused):
            seat(cast, council, Post.Kind.HEAD, on=date(2025, 6, 30))

    def test_one_written_down_for_later_limits_who_stands_in_before(self, cast, council):
        seat(cast, council, Post.Kind.HEAD, on=AUTUMN)

        with pytest.raises(Refused):
            seat(cast, council, Post.Kind.HEAD, on=SUMMER)
        assert seat(cast, council, Post.Kind.HEAD, on=SUMMER, ends_on=AUTUMN)

    def test_there_are_many_deputies_and_members(self, cast, council):
        for kind in (Post.Kind.DEPUTY, Post.Kind.DEPUTY, Post.Kind.MEMBER, Post.Kind.MEMBER):
            seat(cast, council, kind)

        assert Tenure.objects.filter(post__unit=council.unit).count() == 4


class TestComposition:
    def ruled(self, cast, council, **facts):
        shares = [Share(Group.SCIENTIST, least=THIRD), Share(Group.MANAGER, most=Fraction(1, 2))]
        return rule_composition(council, shares, by=cast.office, on=SPRING, **facts)

    def test_a_council_out_of_balance_is_shown_so_and_mended_by_an_appointment(self, cast, council):
        self.ruled(cast, council)
        seat(cast, council, group="manager")
        seat(cast, council, group="manager")

        short = seats.composition(council, SPRING).judgement
        assert (short.verdict, [line.gap for line in short.lines]) == ("short", [1, 1])

        seat(cast, council, group="scientist")
        seat(cast, council, group="scientist")
        assert seats.composition(council, SPRING).judgement.verdict == "met"

    def test_officers_and_the_office_head_work_for_it_and_are_no_members(self, cast, council):
        self.ruled(cast, council)
        seat(cast, council, Post.Kind.OFFICER)
        seat(cast, council, Post.Kind.OFFICE_HEAD)

        assert seats.composition(council, SPRING).judgement.size == 0

    def test_who_sits_in_two_posts_is_one_member(self, cast, council):
        self.ruled(cast, council)
        person = a_person()
        seat(cast, council, Post.Kind.MEMBER, person=person)
        seat(cast, council, Post.Kind.SECRETARY, person=person, group="scientist")

        assert seats.groups_on(council.unit, SPRING) == {person.pk: "scientist"}

    def test_a_group_is_dated_and_ends_with_the_tenure(self, cast, council):
        tenure = seat(cast, council, group="scientist")
        place_in_group(tenure, Group.ENTERPRISE, by=cast.office, on=SUMMER)
        leave(tenure, by=cast.office, on=AUTUMN)

        assert seats.groups_on(council.unit, date(2025, 6, 30)) == {tenure.person_id: "scientist"}
        assert seats.groups_on(council.unit, SUMMER) == {tenure.person_id: "enterprise"}
        assert seats.groups_on(council.unit, AUTUMN) == {}

    def test_a_group_is_corrected_on_its_first_day_and_not_behind_a_later_one(self, cast, council):
        tenure = seat(cast, council, group="scientist")
        place_in_group(tenure, Group.EXPERT, by=cast.office, on=SPRING)
        assert seats.groups_on(council.unit, SPRING) == {tenure.person_id: "expert"}

        place_in_group(tenure, Group.OTHER, by=cast.office, on=AUTUMN)
        with pytest.raises(Refused, match="later day"):
            place_in_group(tenure, Group.SCIENTIST, by=cast.office, on=SUMMER)
        with pytest.raises(Invalid, match="does not hold"):
            place_in_group(tenure, Group.SCIENTIST, by=cast.office, on=date(2025, 1, 1))
        with pytest.raises(Refused, match="already stands"):
            place_in_group(tenure, Group.OTHER, by=cast.office, on=AUTUMN)
        with pytest.raises(Forbidden):
            place_in_group(tenure, Group.SCIENTIST, by=cast.lead, on=AUTUMN)

    def test_a_binding_rule_refuses_the_seat_that_would_make_it_impossible(self, cast, council):
        self.ruled(cast, council, smallest=3, largest=3, is_binding=True)
        seat(cast, council, group="manager")
        seat(cast, council, group="enterprise")

        with pytest.raises(Refused, match="no longer be composed"):
            seat(cast, council, group="enterprise")
        with pytest.raises(Invalid, match="which group"):
            seat(cast, council)
        assert seat(cast, council, Post.Kind.OFFICER)
        assert seat(cast, council, group="scientist")

    def test_a_rule_that_does_not_bind_lets_every_appointment_pass(self, cast, council):
        self.ruled(cast, council, smallest=3, largest=3)
        for _ in range(3):
            seat(cast, council, group="manager")

        assert seats.composition(council, SPRING).judgement.verdict == "short"

    def test_another_rule_holds_from_its_day_on(self, cast, council):
        self.ruled(cast, council)
        rule_composition(council, [], by=cast.office, on=SUMMER, largest=9)

        assert seats.rule_on(council.unit, date(2025, 6, 30)).largest is None
        assert seats.rule_on(council.unit, SUMMER).largest == 9
        with pytest.raises(Refused, match="later day"):
            self.ruled(cast, council)

    @pytest.mark.parametrize(
        ("shares", "facts"),
        [
            ([], {}),
            ([Share("scientist", THIRD), Share("scientist", THIRD)], {}),
            ([Share("scientist", Fraction(2, 3)), Share("manager", Fraction(2, 3))], {}),
            ([Share("scientist", Fraction(3, 2))], {}),
            ([Share("scientist", Fraction(2, 3), THIRD)], {}),
            ([Share("scientist", THIRD)], {"is_binding": True}),
            ([Share("scientist", THIRD)], {"smallest": 5, "largest": 4}),
        ],
    )
    def test_a_rule_that_makes_no_sense_is_refused(self, cast, council, shares, facts):
        with pytest.raises(Invalid):
            rule_composition(council, shares, by=cast.office, on=SPRING, **facts)
        assert not council.rules.exists()

    def test_a_member_rules_nothing(self, cast, council):
        with pytest.raises(Forbidden):
            rule_composition(council, [], by=cast.lead, on=SPRING, largest=9)


class TestOwnProvince:
    def test_a_committee_beneath_a_province_is_never_above_it(self, cast):
        """ADR 16: whoever verifies must not hang beneath whoever does."""
        own = formed(cast, beneath=cast.province, level=Committee.Level.PROVINCIAL)
        desk = found(
            "test.desk", Kind.DEPARTMENT, {"vi": "Sở"}, by=cast.office, beneath=cast.province,
            on=SPRING,
        )  # fmt: skip

        assert own.path.startswith(cast.province.path)
        assert not own.path.startswith(desk.path)
        assert a_person(role=Role.VERIFIER, over=own.unit)
