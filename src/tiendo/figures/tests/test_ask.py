from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from makers import a_draft, a_programme, a_submission, an_accepted, an_issued
from tiendo.figures.ask import Pair, Scope, ask, ask_several, members
from tiendo.figures.registry import FIGURES
from tiendo.figures.tests.journal import DAWN, Step, days, done, issued, lay
from tiendo.kit import clock
from tiendo.kit.permission import roots
from tiendo.tasks import actions
from tiendo.tasks.states import OPEN, Status
from tiendo.tasks.timing import cell

MIDSUMMER = date(2025, 7, 1)
LATER = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def eyes_of(person, **chosen):
    return Scope(roots(person, "figures.view"), **chosen)


class TestTheFourCells:
    def test_the_public_table_of_2017_is_counted_from_its_rows(self, cast):
        due, sent = date(2025, 6, 30), DAWN + days(30)
        in_time = [issued(due_on=due), *done(issued(due_on=due), sent, sent + days(3))]
        tardy = [issued(due_on=due), *done(issued(due_on=due), DAWN + days(176), DAWN + days(178))]
        lay(
            cast,
            [in_time] * 14_068 + [tardy] * 1_983 + [[issued(due_on=date(2025, 9, 30))]] * 5_640,
        )
        lay(cast, [[issued(due_on=due)]] * 223)

        for known_at in (LATER, DAWN + days(200)):
            said = ask_several(
                ("tasks.cells", "tasks.of_due", "tasks.of_all"),
                eyes_of(cast.office),
                MIDSUMMER,
                known_at,
            )
            assert said["tasks.cells"].numbers["all"] == 21_914
            assert said["tasks.of_due"].percent == Decimal("98.63")
            assert said["tasks.of_all"].percent == Decimal("73.25")
            assert said["tasks.of_due"].denominator == 14_068 + 1_983 + 223

    def test_1132_given_and_485_done_as_the_founding_article_counts_them(self, cast):
        sent = DAWN + days(30)
        finished = [issued(), *done(issued(), sent, sent + days(3))]
        lay(cast, [finished] * 485 + [[issued(due_on=date(2025, 12, 31))]] * (1_132 - 485))

        numbers = ask("tasks.cells", eyes_of(cast.office), MIDSUMMER, LATER).numbers

        assert (numbers["all"], numbers["done"], numbers["open_late"]) == (1_132, 485, 0)

    def test_a_due_day_is_kept_until_its_last_minute(self, cast):
        lay(cast, [[issued(due_on=MIDSUMMER)]])

        def late_on(day):
            return ask("tasks.late", eyes_of(cast.office), day, LATER).number

        assert (late_on(MIDSUMMER), late_on(MIDSUMMER + days(1))) == (0, 1)

    def test_a_suspended_task_counts_as_open_and_a_dropped_one_stands_apart(self, cast):
        held, dropped = an_accepted(cast), an_accepted(cast)
        actions.suspend(held.lead, by=cast.office, reason="Waiting for the law")
        actions.drop(dropped, by=cast.office, reason="Merged into another")

        numbers = ask("tasks.cells", eyes_of(cast.office), clock.today(), clock.now()).numbers

        assert (numbers["all"], numbers["open_in_time"], numbers["dropped"]) == (1, 1, 1)

    def test_a_draft_never_counts_not_even_a_dropped_one(self, cast):
        a_draft(cast)
        actions.drop(a_draft(cast), by=cast.office, reason="Written twice")

        numbers = ask("tasks.cells", eyes_of(cast.office), clock.today(), clock.now()).numbers

        assert (numbers["all"], numbers["dropped"]) == (0, 0)

    def test_a_task_without_a_date_is_counted_in_all_and_said_apart(self, cast):
        lay(cast, [[issued(due_on=None)]])

        numbers = ask("tasks.cells", eyes_of(cast.office), MIDSUMMER, LATER).numbers

        assert (numbers["all"], numbers["no_date"], numbers["open_in_time"]) == (1, 1, 0)

    def test_a_task_shared_by_two_units_counts_once_and_its_parts_twice(self, cast):
        helper = actions.PartWording(unit=cast.other_ministry, verifier=cast.committee)
        task = a_draft(cast)
        actions.add_part(task, helper, "with")
        actions.issue(task, by=cast.office)

        said = ask_several(
            ("tasks.cells", "parts.cells"), eyes_of(cast.office), clock.today(), clock.now()
        )

        assert said["tasks.cells"].number == 1
        assert said["parts.cells"].number == 2

    def test_kept_first_date_does_not_forgive_an_extension(self, cast):
        first, granted = date(2025, 6, 30), date(2025, 8, 31)
        start = issued(due_on=first)
        moved = Step(Status.UNDER_WAY, DAWN + days(10), granted, first)
        in_new_time = [start, moved, *done(moved, DAWN + days(200), DAWN + days(205))]
        in_first_time = [start, *done(start, DAWN + days(20), DAWN + days(21))]
        lay(
            cast,
            [in_new_time, in_first_time, in_first_time, [start, moved], [issued(due_on=granted)]],
        )

        said = ask("tasks.kept_first_date", eyes_of(cast.office), date(2025, 8, 1), LATER)

        assert (said.numerator, said.denominator) == (2, 2 + 1 + 1)
        assert said.percent == Decimal("50.00")

    def test_nothing_to_divide_by_is_not_zero_percent(self, cast):
        lay(cast, [[issued(due_on=date(2025, 12, 31))]])

        said = ask_several(("tasks.of_due", "tasks.of_all"), eyes_of(cast.office), MIDSUMMER, LATER)

        assert said["tasks.of_due"].percent is None
        assert said["tasks.of_all"].percent == Decimal("0.00")


class TestThePast:
    def test_a_minute_before_the_verdict_the_task_is_open_and_after_it_done_on_the_day_it_was_sent(
        self, cast
    ):
        start = issued(due_on=date(2025, 6, 30))
        sent_at, judged_at = (
            datetime(2025, 6, 30, 9, tzinfo=UTC),
            datetime(2025, 7, 14, 3, tzinfo=UTC),
        )
        lay(cast, [[start, *done(start, sent_at, judged_at)]])

        def standing(on, known_at):
            numbers = ask("tasks.cells", eyes_of(cast.office), on, known_at).numbers
            return next(
                name for name in ("done_in_time", "open_in_time", "open_late") if numbers[name]
            )

        assert standing(date(2025, 7, 14), judged_at - MINUTE) == "open_late"
        assert standing(date(2025, 7, 14), judged_at) == "done_in_time"
        assert standing(date(2025, 6, 30), judged_at) == "done_in_time"
        assert standing(date(2025, 6, 29), judged_at) == "open_in_time"

    def test_the_same_two_dates_give_the_same_answer_for_ever(self, cast):
        kept = an_accepted(cast, title="Keep the archive")
        dropped = an_accepted(cast, title="Build the third archive")
        report = a_submission(cast, kept)
        day, moment = clock.today(), clock.now()
        keys = tuple(key for key in FIGURES if not key.startswith("documents"))

        def tell():
            answers = ask_several(keys, eyes_of(cast.office), day, moment)
            lists = {key: members(key, eyes_of(cast.office), day, moment) for key in keys}
            return {
                key: (said.numbers, said.rows, said.percent) for key, said in answers.items()
            }, lists

        told = tell()
        actions.verify(report, by=cast.verifier)
        actions.drop(dropped, by=cast.office, reason="Merged into another")
        extended = an_accepted(cast, title="Write the new decree")
        asked = actions.ask_extension(
            extended.lead, by=cast.lead, asked_on=extended.lead.due_on + days(9), reason="Rain"
        )
        actions.decide_extension(asked, by=cast.office, granted=True, note="It rained")
        actions.refuse(an_issued(cast).lead, by=cast.lead, reason="Not ours")

        assert tell() == told
        now = ask("tasks.cells", eyes_of(cast.office), day, clock.now()).numbers
        assert (now["done"], now["dropped"], now["all"]) == (1, 1, 3)

    @pytest.mark.parametrize("seed", range(6))
    def test_the_text_agrees_with_the_rule_for_one_row_on_any_journal(self, cast, seed):
        lot = Random(seed)
        journals = [a_life(lot) for _ in range(60)]
        lay(cast, journals)
        last = max(step.at for steps in journals for step in steps)

        for _ in range(12):
            on, known_at = (
                date(2025, 1, 1) + days(lot.randrange(420)),
                DAWN + days(lot.randrange(420)),
            )
            assert counted(cast, on, known_at) == by_hand(journals, on, known_at)
        after = clock.day_of(last) + days(1)
        assert counted(cast, after, last) == by_hand(journals, after, last)


def a_life(lot: Random) -> list[Step]:
    """A part's history drawn by lot: dates moved, sent, returned, judged, held, dropped."""
    at = DAWN + timedelta(hours=lot.randrange(24 * 90))
    due = lot.choice([None, clock.day_of(at) + days(lot.randrange(1, 200))])
    steps = [issued(at, due)]
    for _ in range(lot.randrange(6)):
        last = steps[-1]
        at = last.at + timedelta(hours=lot.randrange(1, 24 * 40))
        fate = lot.choice(["go on", "extend", "done", "suspend", "drop"])
        if fate == "done":
            return [*steps, *done(last, at, at + timedelta(hours=lot.randrange(1, 900)))]
        if fate == "drop":
            return [*steps, Step(Status.DROPPED, at, last.due_on, last.first_due_on)]
        status = Status.SUSPENDED if fate == "suspend" else Status.UNDER_WAY
        moved = last.due_on + days(20) if fate == "extend" and last.due_on else last.due_on
        steps.append(Step(status, at, moved, last.first_due_on))
    return steps


def counted(cast, on, known_at):
    numbers = ask("tasks.cells", eyes_of(cast.office), on, known_at).numbers
    names = ("done_in_time", "done_late", "open_in_time", "open_late", "no_date", "dropped")
    return {name: numbers[name] for name in names if numbers[name]}


def by_hand(journals, on, known_at):
    tally = {}
    for steps in journals:
        known = [step for step in steps if step.at <= known_at and step.true <= on]
        if known:
            name = cell_of(known[-1], on)
            tally[name] = tally.get(name, 0) + 1
    return tally


def cell_of(step, on):
    if step.status == Status.DROPPED:
        return "dropped"
    return str(cell(is_open=step.status in OPEN, due_on=step.due_on, done_on=step.done_on, on=on))


class TestWhoSees:
    def test_a_stranger_of_another_province_counts_none_of_it(self, cast):
        lay(cast, [[issued()]] * 3)

        assert ask("tasks.cells", eyes_of(cast.stranger), MIDSUMMER, LATER).number == 0
        assert members("tasks.cells", eyes_of(cast.stranger), MIDSUMMER, LATER) == []

    def test_somebody_without_any_grant_counts_nothing_at_all(self, cast):
        lay(cast, [[issued()]])

        assert eyes_of(cast.nobody).roots == ()
        for key in FIGURES:
            assert ask(key, eyes_of(cast.nobody), MIDSUMMER, LATER).number == 0

    def test_the_lead_counts_what_is_addressed_to_its_unit(self, cast):
        lay(cast, [[issued()]])
        lay(cast, [[issued()]] * 2, unit=cast.other_ministry)

        assert ask("tasks.cells", eyes_of(cast.lead), MIDSUMMER, LATER).number == 1
        assert ask("tasks.cells", eyes_of(cast.verifier), MIDSUMMER, LATER).number == 3

    def test_a_path_never_swallows_a_longer_number(self, cast):
        lay(cast, [[issued()]])
        look_alike = cast.ministry.path.rstrip("/")

        assert ask("tasks.cells", Scope((f"{look_alike[:-1]}/",)), MIDSUMMER, LATER).number == 0

    def test_the_set_may_be_a_programme_a_unit_or_the_key_tasks(self, cast):
        other = a_programme(cast, "59-NQ/TW")
        lay(cast, [[issued()]] * 2)
        lay(cast, [[issued()]] * 4, programme=other, is_key=True, unit=cast.other_ministry)

        def number(**chosen):
            return ask("tasks.cells", eyes_of(cast.office, **chosen), MIDSUMMER, LATER).number

        assert number(programme=other.pk) == 4
        assert number(unit=cast.ministry.path) == 2
        assert number(key_only=True) == 4
        assert number() == 6


class TestGroups:
    def test_lead_units_come_most_late_first_and_add_up_to_the_whole(self, cast):
        lay(cast, [[issued()]])
        lay(cast, [[issued()]] * 3 + [[issued(due_on=None)]], unit=cast.other_ministry)

        said = ask_several(
            ("tasks.by_unit", "tasks.by_programme"), eyes_of(cast.office), MIDSUMMER, LATER
        )
        rows = said["tasks.by_unit"].rows

        assert [(row["id"], row["open_late"]) for row in rows] == [
            (cast.other_ministry.pk, 3),
            (cast.ministry.pk, 1),
        ]
        assert sum(row["all"] for row in rows) == said["tasks.by_unit"].numbers["all"] == 5
        assert [row["all"] for row in said["tasks.by_programme"].rows] == [5]

    def test_every_number_opens_into_exactly_its_rows(self, cast):
        lot = Random(57)
        lay(cast, [a_life(lot) for _ in range(50)])
        lay(cast, [a_life(lot) for _ in range(20)], unit=cast.other_ministry, is_key=True)
        eyes = eyes_of(cast.office)
        answers = ask_several(("tasks.cells", "tasks.by_unit"), eyes, MIDSUMMER, LATER)

        def rows(key, **chosen):
            return len(members(key, eyes, MIDSUMMER, LATER, **chosen))

        for name, number in answers["tasks.cells"].numbers.items():
            if name not in {"id", "past_first", "due"}:
                assert rows("tasks.cells", cell=name) == number, name
        for row in answers["tasks.by_unit"].rows:
            assert rows("tasks.by_unit", cell="open_late", lead=row["id"]) == row["open_late"]
        for key in ("tasks.of_due", "tasks.of_all", "tasks.kept_first_date", "tasks.verified"):
            assert rows(key) == ask(key, eyes, MIDSUMMER, LATER).denominator, key
        for key in ("tasks.late", "tasks.key"):
            assert rows(key) == ask(key, eyes, MIDSUMMER, LATER).number, key

    def test_the_latest_comes_first_and_the_most_slipped_key_task(self, cast):
        first, granted = date(2025, 6, 20), date(2025, 12, 31)
        slipped = [issued(due_on=first), Step(Status.UNDER_WAY, DAWN + days(5), granted, first)]
        late = lay(cast, [[issued(due_on=date(2025, 6, 1))], [issued(due_on=first)]])
        key = lay(cast, [[issued(due_on=date(2025, 6, 1))], slipped], is_key=True)

        lates = members("tasks.late", eyes_of(cast.office), MIDSUMMER, LATER)
        keys = members("tasks.key", eyes_of(cast.office), MIDSUMMER, LATER)

        assert [row["days_late"] for row in lates] == [30, 30, 11]
        assert lates[-1]["task_id"] == late[1].pk
        assert [(row["task_id"], row["slip"]) for row in keys] == [
            (key[1].pk, 194),
            (key[0].pk, 30),
        ]

    def test_the_reasons_between_two_days_add_up_exactly(self, cast):
        lot = Random(68)
        lay(cast, [a_life(lot) for _ in range(120)])
        eyes, then = eyes_of(cast.office), Pair(date(2025, 4, 1), DAWN + days(85))

        said = ask("tasks.slipped", eyes, MIDSUMMER, LATER, since=then).numbers
        before = ask("tasks.late", eyes, then.true_on, then.known_at).number
        after = ask("tasks.late", eyes, MIDSUMMER, LATER).number

        joined = said["fell_due"] + said["returned"] + said["given_late"]
        parted = said["done_since"] + said["new_date"] + said["dropped_since"] + said["left"]
        assert before + joined - parted == after
        assert min(before, after, joined, parted) > 0
        for reason in ("fell_due", "done_since", "new_date", "dropped_since"):
            opened = members("tasks.slipped", eyes, MIDSUMMER, LATER, since=then, cell=reason)
            assert len(opened) == said[reason]


class TestDecisions:
    def test_an_unanswered_request_and_a_refused_part_wait_for_the_office(self, cast):
        extended, refused = an_accepted(cast), an_issued(cast)
        request = actions.ask_extension(
            extended.lead, by=cast.lead, asked_on=extended.lead.due_on + days(9), reason="Rain"
        )
        actions.refuse(refused.lead, by=cast.lead, reason="Not our duty")
        moment = clock.now()
        actions.decide_extension(request, by=cast.office, granted=False, note="Work faster")
        actions.reissue(refused.lead, by=cast.office, note="It is")

        then = ask("decisions.waiting", eyes_of(cast.office), clock.today(), moment)
        now = ask("decisions.waiting", eyes_of(cast.office), clock.today(), clock.now())

        assert [(row["kind"], row["reason"]) for row in then.rows] == [
            ("extension", "Rain"),
            ("refused", "Not our duty"),
        ]
        assert now.number == 0


class TestDocuments:
    def test_texts_in_force_on_the_day_are_counted_once(self, cast):
        from makers import a_document

        a_document(cast, issued_on=date(2025, 1, 20))
        a_document(cast, issued_on=date(2025, 9, 1))

        said = ask("documents.by_type", eyes_of(cast.office), MIDSUMMER, clock.now())

        assert said.number == 1
        assert len(members("documents.by_type", eyes_of(cast.office), MIDSUMMER, clock.now())) == 1


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_says_its_title_and_how_it_is_counted(key):
    figure = FIGURES[key]

    assert figure.key == key
    assert str(figure.title)
    assert str(figure.counted).endswith(".")
    assert str(figure.set_words)
    assert figure.version


class TestTheTally:
    """A live count is added up from the tally; asked of the journal it is the same."""

    KEYS = (
        "tasks.cells",
        "tasks.of_due",
        "tasks.kept_first_date",
        "parts.cells",
        "tasks.by_unit",
        "tasks.by_programme",
    )

    def asked(self, scope, **more):
        said = ask_several(self.KEYS, scope, clock.today(), clock.now(), **more)
        return {
            key: (one.numbers, one.before, sorted(map(repr, one.rows)), one.percent)
            for key, one in said.items()
        }

    def test_the_tally_and_the_journal_say_the_same(self, cast, monkeypatch):
        lot = Random(11)
        for _ in range(4):
            lay(cast, [a_life(lot) for _ in range(25)], is_key=lot.random() < 0.5)
        a_submission(cast)
        actions.drop(an_issued(cast), by=cast.office, reason="Twice")
        since = Pair(clock.today() - days(400), clock.now() - days(400))
        scopes = [
            eyes_of(cast.office),
            eyes_of(cast.office, key_only=True),
            eyes_of(cast.office, unit=cast.ministry.path),
            eyes_of(cast.office, programme=a_programme(cast).pk),
        ]
        by_tally = [self.asked(scope, since=since) for scope in scopes]
        monkeypatch.setattr("tiendo.figures.ask.sees_all", lambda scope: False)

        assert by_tally == [self.asked(scope, since=since) for scope in scopes]
        assert by_tally[0]["tasks.cells"][0]["all"] > 50

    def test_whoever_sees_a_part_of_the_tree_is_answered_from_its_rows(self, cast):
        an_accepted(cast)

        assert self.asked(eyes_of(cast.lead))["tasks.cells"][0]["all"] == 1
        assert self.asked(eyes_of(cast.stranger))["tasks.cells"][0]["all"] == 0

    def test_the_tally_is_not_asked_about_the_past(self, cast):
        before = clock.now()
        an_accepted(cast)

        numbers = ask("tasks.cells", eyes_of(cast.office), clock.today(), before).numbers

        assert numbers["all"] == 0
