from datetime import timedelta
from decimal import Decimal

import pytest

from makers import a_grant, a_person, a_post, a_unit
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.kit.permission import can
from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused
from tiendo.ledger.models import Entry
from tiendo.ledger.sentences import sentence
from tiendo.orgs.models import Kind, Placement, Succession, Tenure, Unit, UnitCode
from tiendo.reforms import actions
from tiendo.reforms.models import Reform
from tiendo.reforms.plan import read_plan
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Kind as Reforming
from tiendo.reforms.tests.conftest import BASIS, a_reform, a_report, a_task
from tiendo.tasks import actions as tasks
from tiendo.tasks.models import Part, Report
from tiendo.tasks.states import OPEN, Status


def lead_of(task):
    return type(task).objects.get(pk=task.pk).lead


def exists(unit, on):
    return Unit.objects.as_of(on).filter(pk=unit.pk).exists()


class TestPreparing:
    def test_the_office_prepares_before_the_day_and_nothing_moves(self, land):
        task = a_task(land, lead=land.north)

        reform = a_reform(land, on=land.today + timedelta(days=30))

        assert (reform.unit, reform.status) == (land.country, "prepared")
        assert lead_of(task).unit == land.north
        assert Unit.objects.get(pk=land.north.pk).ends_on is None
        assert "was prepared" in sentence(Entry.objects.about(reform).last())

    def test_only_an_office_above_all_that_is_touched_prepares(self, land):
        local = a_person("Office of South", role=Role.STANDING_OFFICE, over=land.south)

        for person in (local, land.head, land.cast.committee_head):
            with pytest.raises(Forbidden):
                a_reform(land, by=person)

        assert not Reform.objects.exists()

    def test_who_is_concerned_does_not_see_it_before_it_is_carried_out(self, land):
        reform = a_reform(land)
        assert reform not in Reform.objects.visible_to(land.head)
        assert reform in Reform.objects.visible_to(land.cast.committee_head)

        actions.carry_out(reform, by=land.office)

        assert reform in Reform.objects.visible_to(land.head)

    @pytest.mark.parametrize(
        ("kind", "plan", "said"),
        [
            (Reforming.MERGE, {"units": [1]}, "the one that takes over"),
            (Reforming.SPLIT, {"units": [1], "heirs": [{"unit": 1}]}, "at least two"),
            (Reforming.MOVE, {"units": [1]}, "hang beneath then"),
            (Reforming.RENAME, {"units": [1]}, "its new name"),
            (Reforming.CHANGE_KIND, {"units": [1]}, "the kind they become"),
            (Reforming.ABOLISH, {"level": "district"}, "is abolished"),
            (Reforming.MERGE, {"units": [1], "heirs": [{"unit": -1}]}, "does not found"),
            (Reforming.MERGE, {"units": [9_000_000], "heirs": [{"unit": 1}]}, "no unit with"),
        ],
    )
    def test_a_plan_that_is_not_whole_is_refused_in_words(self, land, kind, plan, said):
        with pytest.raises(Invalid, match=said):
            a_reform(land, kind, **plan)

    def test_a_plan_of_strange_words_is_refused(self):
        for strange in ({"unit": 1}, {"units": ["x"]}, [], {"new": [{"kind": "moon"}]}):
            with pytest.raises(Invalid):
                read_plan(strange)

    def test_a_legal_text_is_cited_and_linked_when_it_is_registered(self, land):
        from makers import a_document

        text = a_document(land.cast, symbol="202/2025/QH15")
        assert a_reform(land).document == text
        with pytest.raises(Invalid, match="legal text"):
            actions.prepare(
                Reforming.MERGE, by=land.secretary, on=land.today, basis=" ",
                plan=read_plan({"units": [land.north.pk], "heirs": [{"unit": land.south.pk}]}),
            )  # fmt: skip


class TestRevising:
    def test_whoever_revised_last_answers_for_the_plan(self, land):
        reform = a_reform(land)

        actions.revise(
            reform, by=land.office, on=reform.on, basis=BASIS, plan=read_plan(reform.plan)
        )

        with pytest.raises(Forbidden, match="Somebody else"):
            actions.carry_out(reform, by=land.office)
        actions.carry_out(reform, by=land.secretary)

    def test_an_editor_who_saw_an_older_plan_loses(self, land):
        reform = a_reform(land)
        for _n in range(2):
            plan = read_plan(reform.plan)
            given = {"by": land.secretary, "on": reform.on, "basis": BASIS, "plan": plan, "saw": 1}
            if _n:
                with pytest.raises(ChangedMeanwhile):
                    actions.revise(reform, **given)
            else:
                actions.revise(reform, **given)

    def test_what_was_carried_out_is_not_revised(self, land):
        reform = a_reform(land)
        actions.carry_out(reform, by=land.office)

        with pytest.raises(Refused, match="Carried out"):
            actions.revise(
                reform, by=land.office, on=reform.on, basis=BASIS, plan=read_plan(reform.plan)
            )
        with pytest.raises(Refused, match="Carried out"):
            actions.drop(reform, by=land.office, reason="No")
        with pytest.raises(Refused, match="Carried out"):
            actions.carry_out(reform, by=land.office)


class TestDropping:
    def test_it_stays_listed_with_its_reason(self, land):
        reform = a_reform(land)
        with pytest.raises(Invalid):
            actions.drop(reform, by=land.office, reason=" ")

        actions.drop(reform, by=land.office, reason="The Assembly voted otherwise")

        assert Reform.objects.visible_to(land.office).get().reason.startswith("The Assembly")
        with pytest.raises(Refused, match="Dropped"):
            actions.carry_out(reform, by=land.office)


class TestCarryingOut:
    def test_open_work_passes_with_its_dates_and_done_work_stays(self, land):
        task, finished = a_task(land, lead=land.north), a_task(land, lead=land.north)
        tasks.verify(a_report(finished.lead, land.head), by=land.cast.verifier)
        old = task.lead
        tasks.accept(old, by=land.head)

        reform = actions.carry_out(a_reform(land), by=land.office)

        old.refresh_from_db()
        heir = lead_of(task)
        assert (old.status, old.handed_to) == (Status.TRANSFERRED, heir)
        assert (heir.unit, heir.status) == (land.south, Status.ISSUED)
        assert (heir.first_due_on, heir.product) == (old.first_due_on, old.product)
        assert list(heir.came_from.all()) == [old]
        assert lead_of(finished).unit == land.north
        assert Reform.objects.get(pk=reform.pk).outcome["parts"] == [[old.pk, heir.pk]]
        assert "handed to South: 202/2025/QH15" in sentence(Entry.objects.about(task).last())

    def test_the_tree_changes_and_organs_find_their_counterparts(self, land):
        actions.carry_out(a_reform(land), by=land.office)

        eve = land.today - timedelta(days=1)
        assert exists(land.north, eve)
        assert not exists(land.north, land.today)
        assert set(Succession.objects.values_list("old", "new")) == {
            (land.north.pk, land.south.pk),
            (land.party.pk, land.other_party.pk),
        }
        assert Placement.objects.as_of(land.today).get(unit=land.commune).parent == land.south

    def test_roles_pass_to_the_heir_and_end_over_the_old(self, land):
        actions.carry_out(a_reform(land), by=land.office)

        assert Role.OFFICER in Grant.objects.filter(person=land.clerk, unit=land.south).values_list(
            "role", flat=True
        )
        assert can(land.clerk, "tasks.report", land.south)
        assert can(land.clerk, "tasks.report", land.north)  # their history comes with the heir
        old = Grant.objects.get(person=land.clerk, unit=land.north)
        assert old.ends_on == land.today

    def test_two_heads_are_a_conflict_until_somebody_chooses(self, land):
        a_person("Head of South", role=Role.UNIT_HEAD, over=land.south)
        reform = a_reform(land)
        conflict = previewed(reform).conflicts[0]
        assert "Head of North beside Head of South" in conflict.words
        with pytest.raises(Refused, match="more than one"):
            actions.carry_out(reform, by=land.office)

        grant = Grant.objects.get(person=land.head)
        plan = {**reform.plan, "grants": {grant.pk: {"role": "officer"}}}
        actions.revise(reform, by=land.secretary, on=reform.on, basis=BASIS, plan=read_plan(plan))
        actions.carry_out(reform, by=land.office)

        assert can(land.head, "tasks.report", land.south)
        assert not can(land.head, "tasks.answer", land.south)

    def test_nobody_gains_by_a_choice(self, land):
        grant = Grant.objects.get(person=land.clerk)
        plan = {
            "units": [land.north.pk], "heirs": [{"unit": land.south.pk}],
            "grants": {grant.pk: {"role": "administrator"}},
        }  # fmt: skip
        actions.carry_out(a_reform(land, **plan), by=land.office)

        roles = Grant.objects.filter(person=land.clerk, unit=land.south)
        assert [g.role for g in roles] == ["officer"]

    def test_posts_close_and_people_stay(self, land):
        later = Tenure.objects.create(
            post=a_post(land.north, "Deputy"), person=land.clerk,
            starts_on=land.today + timedelta(days=9),
        )  # fmt: skip
        actions.carry_out(a_reform(land), by=land.office)

        land.seat.refresh_from_db()
        assert land.seat.closed_on == land.today
        assert Tenure.objects.get(person=land.head).ends_on == land.today
        assert not Tenure.objects.filter(pk=later.pk).exists()
        said = [sentence(e) for e in Entry.objects.filter(act="orgs.never_began")]
        assert "Clerk of North does not take the post “Deputy”" in said[0]
        assert land.head.is_active

    def test_a_role_that_came_with_a_post_that_closes_goes_with_it_or_to_who_sat_there(self, land):
        over_north = Grant.objects.create(
            role=Role.VERIFIER, unit=land.north, post=land.seat, starts_on=land.today - timedelta(9)
        )
        elsewhere = Grant.objects.create(
            role=Role.VERIFIER, unit=land.cast.ministry, post=land.seat,
            starts_on=land.today - timedelta(9),
        )  # fmt: skip
        actions.carry_out(a_reform(land), by=land.office)

        for grant in (over_north, elsewhere):
            grant.refresh_from_db()
            assert grant.ends_on == land.today
        assert Grant.objects.get(role=Role.VERIFIER, person=land.head).unit == land.south

    def test_a_role_that_was_to_begin_later_begins_over_the_heir(self, land):
        later = a_grant(
            Role.OFFICER, land.north, land.cast.nobody, starts_on=land.today + timedelta(days=5)
        )
        actions.carry_out(a_reform(land), by=land.office)

        assert not Grant.objects.filter(pk=later.pk).exists()
        grant = Grant.objects.get(person=land.cast.nobody)
        assert (grant.unit, grant.starts_on) == (land.south, land.today + timedelta(days=5))

    def test_duties_to_verify_pass(self, land):
        task = a_task(land, lead=land.cast.ministry, verifier=land.north)

        actions.carry_out(a_reform(land), by=land.office)

        assert lead_of(task).verifier == land.south
        assert "South verifies" in sentence(Entry.objects.about(task).last())

    def test_nobody_ends_up_verifying_their_own_work(self, land):
        task = a_task(land, lead=land.south, verifier=land.north)
        reform = a_reform(land)

        conflict = previewed(reform).conflicts[0]
        assert "does not stand outside it" in conflict.words
        assert conflict.options[0].value == str(land.country.pk)  # the next higher first
        plan = {**reform.plan, "verifiers": {task.lead.pk: land.country.pk}}
        actions.revise(reform, by=land.secretary, on=reform.on, basis=BASIS, plan=read_plan(plan))
        actions.carry_out(reform, by=land.office)

        assert lead_of(task).verifier == land.country

    def test_what_moves_along_does_not_verify_the_one_it_hangs_beneath_then(self, land):
        a_task(land, lead=land.south, verifier=land.commune)

        assert "Riverside would verify" in previewed(a_reform(land)).conflicts[0].words

    def test_a_report_that_waits_is_judged_where_it_was_sent_and_passes_when_it_comes_back(
        self, land
    ):
        task = a_task(land, lead=land.north)
        report = a_report(task.lead, land.head)

        actions.carry_out(a_reform(land), by=land.office)
        assert lead_of(task).unit == land.north

        report = Report.objects.get(pk=report.pk)
        tasks.send_back(report, by=land.cast.verifier, reason="evidence", note="Signature missing")
        heir = lead_of(task)
        assert (heir.unit, heir.status) == (land.south, Status.ISSUED)
        assert heir.came_from.get().reports.get() == report

    def test_a_report_that_waits_and_is_accepted_is_done_by_who_did_it(self, land):
        task = a_task(land, lead=land.north)
        report = a_report(task.lead, land.head)
        actions.carry_out(a_reform(land), by=land.office)

        tasks.verify(report, by=land.cast.verifier)

        assert (lead_of(task).unit, lead_of(task).status) == (land.north, Status.DONE)

    def test_two_parts_of_one_task_meet_in_the_heir_and_can_be_joined_once(self, land):
        task = a_task(land, lead=land.north, helpers=(land.south,))
        reform = a_reform(land)
        assert len(previewed(reform).work.meetings) == 1

        actions.carry_out(reform, by=land.office)

        lead, helper = (
            Part.objects.get(task=task, unit=land.south, role=role) for role in ("lead", "with")
        )
        with pytest.raises(Refused, match="A lead part goes on"):
            tasks.join(lead, helper, by=land.office, reason="One unit")
        tasks.join(helper, lead, by=land.office, reason="One unit")
        assert lead.came_from.count() == 2
        with pytest.raises(Refused):
            tasks.join(helper, lead, by=land.office, reason="Again")

    def test_a_draft_names_the_heir(self, land):
        from makers import a_draft

        draft = a_draft(land.cast, unit=land.north)

        actions.carry_out(a_reform(land), by=land.office)

        assert lead_of(draft).unit == land.south
        assert "names South in place of North" in sentence(Entry.objects.about(draft).last())
        tasks.issue(draft, by=land.office)

    def test_a_draft_that_named_both_names_the_heir_once(self, land):
        from makers import a_programme

        task = tasks.draft(
            a_programme(land.cast), by=land.office, title="Both",
            lead=tasks.PartWording(unit=land.north, verifier=land.committee),
            co_parts=(tasks.PartWording(unit=land.south, verifier=land.committee),),
        )  # fmt: skip
        actions.carry_out(a_reform(land), by=land.office)

        assert [(p.unit, p.role) for p in Part.objects.filter(task=task)] == [(land.south, "lead")]

    def test_a_request_for_another_date_goes_along(self, land):
        task = a_task(land, lead=land.north)
        part = task.lead
        tasks.accept(part, by=land.head)
        tasks.ask_extension(
            part, by=land.head, asked_on=part.due_on + timedelta(9), reason="The flood"
        )
        actions.carry_out(a_reform(land), by=land.office)

        asked = lead_of(task).extensions.get()
        tasks.decide_extension(asked, by=land.cast.committee_head, granted=True, note="Yes")
        assert lead_of(task).due_on == part.due_on + timedelta(9)
        assert lead_of(task).first_due_on == part.first_due_on

    def test_not_before_its_day(self, land):
        reform = a_reform(land, on=land.today + timedelta(days=1))

        with pytest.raises(Refused, match="It can be carried out from that day on"):
            actions.carry_out(reform, by=land.office)

        assert Reform.objects.get().is_prepared

    def test_two_people_are_needed(self, land):
        reform = a_reform(land)

        with pytest.raises(Forbidden, match="Somebody else must carry it out"):
            actions.carry_out(reform, by=land.secretary)
        with pytest.raises(Forbidden):
            actions.carry_out(reform, by=land.cast.committee_head)

        administrator = a_person("Admin", role=Role.ADMINISTRATOR, over=land.country)
        actions.carry_out(reform, by=administrator)

    def test_in_a_told_database_one_person_may_try_both(self, land, monkeypatch):
        reform = a_reform(land)
        monkeypatch.setattr(actions, "told", lambda: "a story")

        assert actions.carry_out(reform, by=land.secretary).status == "carried_out"

    def test_what_changed_since_the_preview_was_seen_must_be_seen_first(self, land):
        reform = a_reform(land)
        seen = previewed(reform).fingerprint
        a_task(land, lead=land.north)

        with pytest.raises(ChangedMeanwhile, match="Look at it again"):
            actions.carry_out(reform, by=land.office, seen=seen)
        actions.carry_out(reform, by=land.office, seen=previewed(reform).fingerprint)

    def test_carried_out_late_it_is_true_from_its_day_but_not_before_a_parts_own_steps(self, land):
        task = a_task(land, lead=land.north)  # issued today, after the reform's day
        reform = a_reform(land, on=land.today - timedelta(days=5))

        actions.carry_out(reform, by=land.office)

        moves = [m.true_on for p in Part.objects.filter(task=task) for m in p.moves.all()]
        assert set(moves) == {land.today}
        assert Unit.objects.get(pk=land.north.pk).ends_on == land.today - timedelta(days=5)

    def test_a_merger_into_a_new_unit_founds_it(self, land):
        task = a_task(land, lead=land.north, helpers=(land.south,))
        new = {"names": {"vi": "Cả hai", "en": "Both"}, "kind": "province", "code": "99"}
        plan = {
            "units": [land.north.pk, land.south.pk], "heirs": [{"unit": -1}],
            "new": [{**new, "beneath": land.country.pk}],
        }  # fmt: skip
        reform = a_reform(land, **plan)
        assert previewed(reform).work.passing[0].unit.name == "Both"

        actions.carry_out(reform, by=land.office)

        both = Unit.objects.get(key__startswith=f"{land.country.key}.ca-hai")
        assert (both.kind, both.begins_on) == (Kind.PROVINCE, land.today)
        assert UnitCode.objects.get(unit=both).code == "99"
        assert lead_of(task).unit == both
        assert Placement.objects.as_of(land.today).get(unit=land.commune).parent == both
        assert not Part.objects.filter(status__in=OPEN, unit__in=[land.north, land.south]).exists()

    def test_a_split_sends_each_part_where_it_was_chosen_to_go(self, land):
        one, two = a_task(land, lead=land.north), a_task(land, lead=land.north)
        plan = {
            "units": [land.north.pk],
            "heirs": [{"unit": -1, "share": "0.7"}, {"unit": -2, "share": "0.3"}],
            "new": [
                {"names": {"vi": name}, "kind": "province", "beneath": land.country.pk}
                for name in ("East", "West")
            ],
            "parts": {two.lead.pk: -2},
            "children": {land.commune.pk: -2},
        }  # fmt: skip
        actions.carry_out(a_reform(land, Reforming.SPLIT, **plan), by=land.office)

        assert (lead_of(one).unit.name, lead_of(two).unit.name) == ("East", "West")
        assert Placement.objects.as_of(land.today).get(unit=land.commune).parent.name == "West"
        shares = Succession.objects.filter(old=land.north).order_by("pk")
        assert [row.share for row in shares] == [Decimal("0.7"), Decimal("0.3")]

    def test_a_level_is_abolished_and_its_work_goes_to_the_unit_above(self, land):
        districts = [a_unit(f"District {n}", under=land.north, kind=Kind.DISTRICT) for n in "ab"]
        village = a_unit("Village", under=districts[0], kind=Kind.COMMUNE)
        task = a_task(land, lead=districts[0])
        plan = {"level": "district", "beneath": land.country.pk}

        reform = actions.carry_out(a_reform(land, Reforming.ABOLISH, **plan), by=land.office)

        assert reform.outcome["counts"]["ended"] == 2
        assert lead_of(task).unit == land.north
        assert Placement.objects.as_of(land.today).get(unit=village).parent == land.north

    def test_units_that_go_on_move_are_renamed_or_become_another_kind(self, land):
        beneath = {"units": [land.commune.pk], "beneath": land.south.pk}
        actions.carry_out(a_reform(land, Reforming.MOVE, **beneath), by=land.office)
        assert Unit.objects.get(pk=land.commune.pk).path.startswith(land.south.path)

        names = {"units": [land.commune.pk], "names": {"vi": "Chợ Mới"}, "code": "777"}
        actions.carry_out(a_reform(land, Reforming.RENAME, **names), by=land.office)
        assert land.commune.name_on(land.today, "vi") == "Chợ Mới"

        becomes = {"units": [land.commune.pk], "becomes": "ward"}
        actions.carry_out(a_reform(land, Reforming.CHANGE_KIND, **becomes), by=land.office)
        assert Unit.objects.get(pk=land.commune.pk).kind == Kind.WARD
        assert UnitCode.objects.get(unit=land.commune).code == "777"

    def test_a_move_that_would_put_a_verifier_beneath_its_doer_is_a_conflict(self, land):
        a_task(land, lead=land.south, verifier=land.commune)
        reform = a_reform(land, Reforming.MOVE, units=[land.commune.pk], beneath=land.south.pk)

        assert "Riverside would verify" in previewed(reform).conflicts[0].words

    @pytest.mark.parametrize(
        ("kind", "given", "said"),
        [
            (Reforming.MOVE, {"beneath": "self"}, "beneath itself"),
            (Reforming.CHANGE_KIND, {"becomes": "province"}, "already of this kind"),
            (Reforming.ABOLISH, {"level": "ward", "beneath": "self"}, "no unit of the kind"),
        ],
    )
    def test_what_the_tree_would_refuse_is_named_before_the_day(self, land, kind, given, said):
        plan = {name: land.north.pk if value == "self" else value for name, value in given.items()}
        if kind != Reforming.ABOLISH:
            plan["units"] = [land.north.pk]
        reform = a_reform(land, kind, on=land.today + timedelta(days=9), **plan)

        assert said in previewed(reform).conflicts[0].words
