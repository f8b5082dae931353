"""What the story promises: provinces merge and nothing is lost, a deputy acts for a post, an ended role gives nothing."""

import tempfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db.models import Count, F, Q
from django.test import TestCase, override_settings
from django.urls import reverse

from tiendo.access.backend import held
from tiendo.access.capabilities import ALLOWED, Role
from tiendo.access.models import Grant
from tiendo.config.country import load_country
from tiendo.demo import story
from tiendo.documents.models import Document
from tiendo.figures.ask import Scope, ask_several
from tiendo.figures.registry import FIGURES
from tiendo.intake.models import Proposal
from tiendo.kit import clock
from tiendo.kit.permission import roots
from tiendo.kit.refusals import Forbidden
from tiendo.ledger.models import Entry
from tiendo.ledger.origin import told
from tiendo.orgs import matching
from tiendo.orgs.history import history_of
from tiendo.orgs.models import Post, Tenure, Unit
from tiendo.people.models import Person
from tiendo.reforms import actions as reforms
from tiendo.reforms.models import Reform
from tiendo.reforms.preview import previewed
from tiendo.reforms.states import Status as Reforming
from tiendo.tasks import actions
from tiendo.tasks.models import Evidence, Extension, Part, Programme, Task
from tiendo.tasks.states import NOT_YET, OPEN, Status
from tiendo.web.cast import demo_accounts

MERGERS = date(2025, 7, 1)
EVE = datetime(2025, 6, 30, 23, 59, tzinfo=ZoneInfo(settings.TIME_ZONE))
OLD_AND_HEIR = (("vn.p.ha-giang", "vn.p.tuyen-quang"), ("vn.p.yen-bai", "vn.p.lao-cai"))
PROVINCES = [key for pair in OLD_AND_HEIR for key in pair]


def figures_of_the_eve():
    """Every figure, true and known on the evening before the mergers: of the country, and of each province."""
    country = unit("vn").path
    return {key: said(country, None if key == "vn" else unit(key)) for key in ("vn", *PROVINCES)}


def said(country, province):
    scope = Scope((country,), unit=province and province.path)
    answers = ask_several(tuple(FIGURES), scope, EVE.date(), EVE)
    return {key: (answer.numbers, answer.rows) for key, answer in answers.items()}


def unit(key):
    return Unit.objects.get(key=key)


def who(name):
    return Person.objects.get(username=name)


def ended():
    """What ended with the mergers."""
    return Unit.objects.filter(ends_on=MERGERS)


class TestTheStory(TestCase):
    """Told once; what a test does in it is taken back."""

    @classmethod
    def setUpTestData(cls):
        cls.addClassCleanup(matching.forget)
        cls.addClassCleanup(told.cache_clear)
        files = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.on_the_eve = None
        with override_settings(MEDIA_ROOT=files):
            with story.begin():
                list(load_country("vn"))
            for at in story.happening("http://localhost:8000"):
                if cls.on_the_eve is None and at > EVE:
                    cls.on_the_eve = figures_of_the_eve()

    # The breadth of it ----------------------------------------------------------------------------

    def test_sixty_tasks_stand_in_every_state_a_part_can_have(self):
        assert Task.objects.count() >= 60
        assert set(Part.objects.values_list("status", flat=True)) == set(Status)

    def test_what_every_office_meets_has_happened(self):
        assert set(Extension.objects.values_list("granted", flat=True)) == {True, False, None}
        used = Evidence.objects.values("digest").annotate(
            n=Count("report__part__task", distinct=True)
        )
        assert used.filter(n__gt=1).count() == 1, "one file stands under two tasks"

    def test_the_resolution_was_read_into_tasks_that_keep_their_sentences(self):
        read = Document.objects.get(symbol="907-NQ/BCĐTW", original=None)
        assert {one.language for one in read.translations.all()} == {"en", "fr", "ru"}
        drafted = Proposal.objects.filter(intake__document=read, task__isnull=False)
        assert drafted.count() == 18
        assert all(one.quote in read.text for one in drafted)

    # The mergers ----------------------------------------------------------------------------------

    def test_each_was_prepared_by_one_person_and_carried_out_on_the_day_by_another(self):
        carried_out = Reform.objects.filter(status=Reforming.CARRIED_OUT)
        assert carried_out.count() == 3
        assert not carried_out.filter(prepared_by=F("carried_out_by")).exists()
        assert {clock.day_of(one.carried_out_at) for one in carried_out} == {MERGERS}
        assert all(clock.day_of(one.prepared_at) < MERGERS for one in carried_out)

    def test_what_was_known_the_evening_before_is_what_is_said_of_it_now(self):
        now, then = figures_of_the_eve(), self.on_the_eve
        busy = {place for place in then if then[place]["tasks.cells"][0]["all"]}
        assert busy == {"vn", "vn.p.ha-giang", "vn.p.tuyen-quang", "vn.p.yen-bai"}
        for place, figures in then.items():
            for key, answer in figures.items():
                assert now[place][key] == answer, f"{key} of {place}"

    def test_open_work_went_on_with_the_heirs(self):
        passed = Part.objects.filter(status=Status.TRANSFERRED, unit__in=ended())
        heirs = set(passed.values_list("unit__key", "handed_to__unit__key"))
        assert heirs == {*OLD_AND_HEIR, ("vn.p.ha-giang.dost", "vn.p.tuyen-quang.dost")}

    def test_no_part_no_duty_and_no_draft_is_left_with_a_unit_that_has_ended(self):
        going_on = Part.objects.filter(status__in=OPEN | NOT_YET)
        assert not going_on.filter(Q(unit__in=ended()) | Q(verifier__in=ended())).exists()
        draft = going_on.get(task__title__contains="khởi nghiệp", status__in=NOT_YET)
        assert draft.unit.key == "vn.p.lao-cai"

    def test_what_was_done_stays_with_who_did_it(self):
        for old, _heir in OLD_AND_HEIR:
            done = Part.objects.filter(unit__path__startswith=unit(old).path, status=Status.DONE)
            assert done.exists(), old

    def test_a_report_that_waited_was_verified_by_the_heir(self):
        waited = Part.objects.get(task__title__contains="quế")
        assert (waited.unit.key, waited.status) == ("vn.p.yen-bai.dost", Status.DONE)
        assert waited.verifier.key == "vn.p.lao-cai"

    def test_no_role_no_post_and_no_seat_outlives_its_unit(self):
        going_on = Q(ends_on__isnull=True) | Q(ends_on__gt=MERGERS)
        assert not Grant.objects.filter(going_on, unit__in=ended()).exists()
        assert not Tenure.objects.filter(going_on, post__unit__in=ended()).exists()
        assert not Post.objects.filter(closed_on__isnull=True, unit__in=ended()).exists()

    def test_their_heads_work_on_as_officers_of_the_heir(self):
        for name, heir in (("hagiang", "vn.p.tuyen-quang"), ("yenbai", "vn.p.lao-cai")):
            own = [right for right in held(who(name)) if right.is_own]
            assert [(right.role, right.grant.unit.key) for right in own] == [(Role.OFFICER, heir)]

    def test_the_old_units_page_says_where_everything_went(self):
        self.client.force_login(who("inspector"))
        for old, heir in OLD_AND_HEIR:
            page = self.client.get(reverse("orgs:unit", args=[unit(old).pk])).content.decode()
            reform = Reform.objects.filter(concerned=unit(old)).get(concerned=unit(heir))
            assert reform.get_absolute_url() in page
            assert reverse("orgs:unit", args=[unit(heir).pk]) in page

    def test_nobody_arranges_what_has_ended(self):
        self.client.force_login(who("tq.office"))
        for key, status in (("vn.p.ha-giang", False), ("vn.p.tuyen-quang", True)):
            page = self.client.get(reverse("orgs:unit", args=[unit(key).pk])).content.decode()
            assert (reverse("orgs:founding", args=[unit(key).pk]) in page) == status

    def test_the_history_of_an_old_province_tells_how_it_ended_in_the_readers_language(self):
        self.client.force_login(who("tuyenquang"))
        old = unit("vn.p.ha-giang")
        page = self.client.get(reverse("web:history", args=[f"orgs.unit:{old.pk}"]))
        words = page.content.decode()
        reform = Reform.objects.filter(concerned=old).get(concerned=unit("vn.p.tuyen-quang"))
        numbers = {line.subject for line in page.context["lines"]}
        assert f"reforms.reform:{reform.pk}" in numbers
        assert "Cấp phó" in words or "Phó" in words
        assert "Deputy head" not in words

    def test_the_heirs_office_reads_what_the_old_province_wrote_and_planned(self):
        office = who("tq.office")
        assert Document.objects.visible_to(office).filter(unit=unit("vn.p.ha-giang")).exists()
        assert Programme.objects.visible_to(office).filter(symbol="57-HG").exists()

    # A deputy, and a role that ended --------------------------------------------------------------

    def test_a_deputy_accepts_for_the_post_and_the_record_says_so(self):
        deputy, task = who("hagiang"), Task.objects.get(title__contains="xã vùng cao Tuyên Quang")
        accepted = Entry.objects.about(task).get(act="tasks.accepted")
        post = Post.objects.get(tenures__person=who("tuyenquang"))
        assert accepted.by == f"people.person:{deputy.pk}"
        assert accepted.post == f"orgs.post:{post.pk}"
        line = next(one for one in history_of(task) if one.number == accepted.pk)
        assert deputy.name in line.person != deputy.name

    def test_a_deputy_acts_for_the_post_in_the_storys_present_too(self):
        assert [right.acts_for.unit.key for right in held(who("hagiang")) if not right.is_own] == [
            "vn.p.tuyen-quang"
        ]

    def test_a_role_that_ended_gives_nothing_any_more(self):
        planning = who("planning")
        part = Part.objects.get(unit__key="vn.m.planning-investment")
        assert Grant.objects.ever_held_by(planning).exists()
        assert not any(roots(planning, capability) for capability in ALLOWED)
        assert not Task.objects.visible_to(planning).exists()
        with pytest.raises(Forbidden):
            actions.accept(part, by=planning)
        self.client.force_login(planning)
        assert self.client.get(part.task.get_absolute_url()).status_code == 404

    # What one may try -----------------------------------------------------------------------------

    def test_a_reform_waits_that_another_person_may_carry_out(self):
        waiting = Reform.objects.get(status=Reforming.PREPARED)
        preview = previewed(waiting)
        assert not preview.conflicts
        assert preview.counts["parts"] == preview.counts["grants"] == 1

        reforms.carry_out(waiting, by=who("tq.office"), seen=preview.fingerprint)

        handed_on = Part.objects.get(unit__key="vn.c.00694.2025", task__above=None)
        assert handed_on.task.title == "Đặt màn hình tra cứu hồ sơ tại phường Hà Giang 2"
        assert Grant.objects.filter(unit=handed_on.unit, person=who("hagiang2")).exists()

    def test_a_neighbour_finds_no_draft_of_lao_cais(self):
        drafts = Task.objects.filter(programme__symbol="57-LC")
        assert drafts.count() == 2
        for name, status in (("lc.office", 200), ("tq.office", 404), ("tuyenquang", 404)):
            self.client.force_login(who(name))
            for draft in drafts:
                answer = self.client.get(draft.get_absolute_url())
                assert answer.status_code == status, name

    # At the door ----------------------------------------------------------------------------------

    def test_everybody_who_can_sign_in_is_named_at_the_door_and_on_the_console(self):
        page = self.client.get(reverse("account_login")).content.decode()
        console = story.accounts("http://localhost")
        for person in story.script()["person"]:
            assert f'data-sign-in-as="{person["username"]}"' in page
            assert f"  {person['username']} " in console

    def test_the_door_asks_no_more_for_many_than_for_few(self):
        with self.assertNumQueries(4):
            demo_accounts()

    # Papers ---------------------------------------------------------------------------------------

    def test_a_draft_is_out_for_opinions_and_nobody_else_sees_it(self):
        draft = Document.objects.get(status="opinions")
        answers = draft.opinion_requests.values_list("opinions__answer", flat=True)
        assert {"partly", ""} <= set(answers)
        assert draft.provisions.filter(kind="row").exists()
        for name, sees in (("office", True), ("most", True), ("laocai", False)):
            assert Document.objects.visible_to(who(name)).filter(pk=draft.pk).exists() == sees

    def test_a_text_has_a_translation_a_relation_and_a_graded_neighbour(self):
        conclusion = Document.objects.get(symbol="901-TB/BCĐTW", original=None)
        assert conclusion.translations.get().file_name.endswith(".docx")
        assert conclusion.bonds_from.get().kind == "implements"
        graded = Document.objects.get(symbol="907-BC/BCĐTW")
        assert not Document.objects.visible_to(who("laocai")).filter(pk=graded.pk).exists()
