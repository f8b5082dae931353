"""The reform of 1 July 2025 where the pack has already moved the tree: only what the rooms own is handed over."""

from datetime import date, timedelta

import pytest

from makers import a_grant, a_person, a_post
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.orgs.models import Kind, Placement, Succession, Tenure, Unit, UnitName
from tiendo.orgs.takeovers import Told
from tiendo.reforms import actions
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import read_plan
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind as Reforming
from tiendo.tasks import actions as tasks
from tiendo.tasks.actions import PartWording
from tiendo.tasks.models import Part

DAY, BASIS = date(2025, 7, 1), "202/2025/QH15"


@pytest.fixture
def centre(vn):
    return a_person("Văn phòng", role=Role.STANDING_OFFICE, over=vn("vn"))


@pytest.fixture
def secretary(vn):
    return a_person("Thư ký", role=Role.STANDING_OFFICE, over=vn("vn"))


def merger(vn, by, old, heir):
    plan = read_plan({"units": [vn(old).pk], "heirs": [{"unit": vn(heir).pk}]})
    return actions.prepare(Reforming.MERGE, by=by, on=DAY, basis=BASIS, plan=plan)


def a_task(vn, by, *units):
    """An issued task of the centre's, led by the first of these units."""
    programme = tasks.open_programme(
        vn("vn.csc"), by=by, symbol=f"57-{Part.objects.count()}", title="Đột phá"
    )
    wording = [
        PartWording(
            unit=vn(key), by_head=True, product="Danh mục", verifier=vn("vn.csc"),
            due_on=clock.today() + timedelta(days=30),
        )
        for key in units
    ]  # fmt: skip
    task = tasks.draft(
        programme, by=by, title="Lập danh mục", lead=wording[0], co_parts=tuple(wording[1:]),
        measure="số", authority="Ký", responsibility="Chịu trách nhiệm",
    )  # fmt: skip
    Unit.objects.filter(key__in=units).update(ends_on=None)  # it was issued while they stood
    tasks.issue(type(task).objects.get(pk=task.pk), by=by)
    return task


def as_it_was(vn, *keys):
    Unit.objects.filter(key__in=keys).update(ends_on=DAY)


class TestTheMergersOfJuly:
    @pytest.mark.parametrize(("old", "heir"), [("ha-giang", "tuyen-quang"), ("yen-bai", "lao-cai")])
    def test_the_tree_says_so_already_and_nothing_of_it_is_written_twice(
        self, vn, secretary, centre, old, heir
    ):
        before = [m.objects.count() for m in (Succession, Placement, UnitName)]
        reform = merger(vn, secretary, f"vn.p.{old}", f"vn.p.{heir}")

        preview = previewed(reform)
        assert preview.conflicts == []
        assert preview.changes.is_told
        heirs = {e.unit.key: e.heir.key for e in preview.endings}
        for organ in ("", ".party", ".dost"):
            assert heirs[f"vn.p.{old}{organ}"] == f"vn.p.{heir}{organ}"
        actions.carry_out(reform, by=centre)

        assert [m.objects.count() for m in (Succession, Placement, UnitName)] == before
        assert Reform.objects.get().outcome["counts"]["ended"] == len(preview.endings)

    def test_communes_and_districts_that_ended_with_it_hand_over_too(self, vn, secretary):
        endings = previewed(merger(vn, secretary, "vn.p.ha-giang", "vn.p.tuyen-quang")).endings
        by_kind = {
            kind: [e for e in endings if e.unit.kind == kind]
            for kind in (Kind.DISTRICT, Kind.COMMUNE)
        }

        assert len(by_kind[Kind.DISTRICT]) == 11
        assert {e.heir.key for e in by_kind[Kind.DISTRICT]} == {"vn.p.tuyen-quang"}
        assert all(e.told == Told.WHOLLY for e in endings)
        assert len(by_kind[Kind.COMMUNE]) > 150
        assert all(e.heir.key.endswith(".2025") for e in by_kind[Kind.COMMUNE])

    def test_work_roles_and_posts_pass_to_tuyen_quang(self, vn, secretary, centre):
        old, heir = vn("vn.p.ha-giang"), vn("vn.p.tuyen-quang")
        task = a_task(vn, centre, "vn.p.ha-giang")
        own = a_task(vn, centre, "vn.p.ha-giang.dost")
        as_it_was(vn, "vn.p.ha-giang", "vn.p.ha-giang.dost")
        officer = a_person("Hà Giang")
        a_grant(Role.OFFICER, old, officer, starts_on=date(2025, 1, 2))
        post = a_post(old, "Phó Chủ tịch")
        Tenure.objects.create(post=post, person=officer, starts_on=date(2025, 1, 2))

        actions.carry_out(merger(vn, secretary, "vn.p.ha-giang", "vn.p.tuyen-quang"), by=centre)

        assert task.parts.get(unit=heir).status == "issued"
        assert own.parts.get(unit=vn("vn.p.tuyen-quang.dost")).came_from.count() == 1
        assert Grant.objects.get(person=officer, unit=old).ends_on == DAY
        assert Grant.objects.get(person=officer, unit=heir).starts_on == DAY
        assert Tenure.objects.get(person=officer).ends_on == DAY

    def test_another_heir_than_the_trees_is_a_conflict(self, vn, secretary, centre):
        reform = merger(vn, secretary, "vn.p.ha-giang", "vn.p.lao-cai")

        assert "Tuyen Quang" in previewed(reform).conflicts[0].words

    def test_the_level_of_districts_is_told_as_abolished(self, vn, secretary):
        plan = read_plan({"level": "district", "beneath": vn("vn.p.tuyen-quang").pk})
        reform = actions.prepare(Reforming.ABOLISH, by=secretary, on=DAY, basis=BASIS, plan=plan)

        endings = previewed(reform).endings
        districts = [e for e in endings if e.unit.kind == Kind.DISTRICT]
        assert {e.heir.key for e in districts} == {"vn.p.tuyen-quang"}
        assert {e.told for e in districts} == {Told.ENDED}
        assert len(districts) == 7
