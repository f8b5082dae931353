import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from makers import a_draft, a_unit, an_issued
from tiendo.kit import clock
from tiendo.kit.refusals import ChangedMeanwhile, Refused
from tiendo.ledger import origin
from tiendo.ledger.models import Entry
from tiendo.ledger.record import record, version_of
from tiendo.ledger.sentences import sentence


@pytest.fixture
def an_entry(db):
    with transaction.atomic():
        return record("orgs.founded", a_unit(), by=None, name="Ministry of Rivers")


def refused_by_the_database(sql: str) -> None:
    faults = (DatabaseError, IntegrityError)
    with pytest.raises(faults, match="append-only"), transaction.atomic(), connection.cursor() as c:
        c.execute(sql)


class TestTheRecordIsLocked:
    @pytest.mark.parametrize(
        "sql", ["UPDATE ledger_entry SET act = 'x'", "DELETE FROM ledger_entry"]
    )
    def test_the_database_itself_refuses_to_rewrite_history(self, an_entry, sql):
        refused_by_the_database(sql)

        assert Entry.objects.get(pk=an_entry.pk).act == "orgs.founded"

    @pytest.mark.parametrize("sql", ["UPDATE tasks_move SET note = 'x'", "DELETE FROM tasks_move"])
    def test_the_journal_of_moves_is_locked_too(self, cast, sql):
        task = an_issued(cast)

        refused_by_the_database(sql)

        assert task.lead.moves.count() == 1

    @pytest.mark.parametrize("table", ["ledger_entry", "tasks_move"])
    def test_nobody_empties_a_journal_at_a_stroke(self, an_entry, table):
        if connection.vendor == "sqlite":
            refused_by_the_database("DELETE FROM ledger_entry")  # SQLite has no TRUNCATE
        else:
            refused_by_the_database(f"TRUNCATE {table} CASCADE")

        assert Entry.objects.count() == 1

    @pytest.mark.parametrize("number", ["id", "NULL"])
    def test_an_entry_is_not_replaced_by_another(self, an_entry, number):
        columns = "at, act, subject, version, by, post, path, facts, told"
        other = "at, 'x', subject, version, by, post, path, facts, told"
        key = "id" if number == "id" or connection.vendor == "sqlite" else "subject, version"
        refused_by_the_database(
            overwriting("ledger_entry", f"id, {columns}", f"{number}, {other}", key)
        )

        assert Entry.objects.get().act == "orgs.founded"

    def test_a_move_is_not_replaced_by_another(self, cast):
        task = an_issued(cast)
        columns = "id, part_id, was, status, at, true_on, unit_id, by_id, note"

        refused_by_the_database(overwriting("tasks_move", columns, columns, "id"))

        assert task.lead.moves.count() == 1


def overwriting(table: str, columns: str, values: str, key: str) -> str:
    """The engine's own way of putting a row in the place of another."""
    if connection.vendor == "sqlite":
        return f"REPLACE INTO {table} ({columns}) SELECT {values} FROM {table}"
    if "NULL" in values:  # PostgreSQL numbers a row only when its number is left out
        columns, values = columns.removeprefix("id, "), values.removeprefix("NULL, ")
    last = columns.rpartition(", ")[2]
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} "
        f"ON CONFLICT ({key}) DO UPDATE SET {last} = excluded.{last}"
    )


@transaction.atomic
def half_done(task, by):
    record("tasks.reworded", task, by=by, title="Other words")
    raise ZeroDivisionError


class TestVersions:
    def test_each_act_about_a_thing_is_its_next_version(self, cast):
        task = a_draft(cast)

        versions = [entry.version for entry in Entry.objects.about(task)]

        assert versions == [1]
        assert version_of(an_issued(cast)) == 2

    def test_an_editor_who_saw_an_older_version_loses_and_sees_what_came_since(self, cast):
        task = an_issued(cast)

        with pytest.raises(ChangedMeanwhile) as lost, transaction.atomic():
            record("tasks.reworded", task, by=cast.office, saw=1, title="Other words")

        assert [entry.act for entry in lost.value.since] == ["tasks.issued"]
        assert version_of(task) == 2

    def test_an_act_outside_a_transaction_is_a_fault_of_ours(self, several_connections):
        unit = a_unit()

        with pytest.raises(RuntimeError, match="inside the action's transaction"):
            record("orgs.founded", unit, by=None, name="x")

    def test_an_act_that_fails_leaves_no_entry(self, cast):
        task = a_draft(cast)

        with pytest.raises(ZeroDivisionError):
            half_done(task, cast.office)

        assert version_of(task) == 1

    def test_two_who_write_about_one_thing_at_once_both_enter_the_record(self, several_connections):
        unit = a_unit()

        def write() -> None:
            try:
                with transaction.atomic():
                    record("orgs.founded", unit, by=None, name="x")
            finally:
                connection.close()

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()

        assert [e.version for e in Entry.objects.about(unit)] == [1, 2, 3, 4]


class TestTheClock:
    def test_only_a_told_database_may_set_the_clock(self, cast):
        unit = a_unit()

        then = clock.telling(datetime(2025, 1, 20, tzinfo=UTC))
        with pytest.raises(RuntimeError, match="told database"), transaction.atomic(), then:
            record("orgs.founded", unit, by=None, name="x")

        assert version_of(unit) == 0

    def test_a_told_database_says_so_in_every_entry(self, db):
        origin.told.cache_clear()
        stands_at = datetime(2025, 11, 5, 1, tzinfo=UTC)
        origin.begin_story(stands_at)
        try:
            moment = datetime(2025, 1, 20, tzinfo=UTC)
            with transaction.atomic(), clock.telling(moment):
                entry = record("orgs.founded", a_unit(), by=None, name="x")
            assert (entry.at, entry.told) == (moment, True)
            assert clock.now() - stands_at < timedelta(minutes=1)
        finally:
            origin.told.cache_clear()

    def test_no_story_is_told_into_a_database_that_has_a_past(self, an_entry):
        with pytest.raises(Refused):
            origin.begin_story(datetime(2025, 11, 5, tzinfo=UTC))

    def test_production_tells_no_story(self, db, settings):
        origin.told.cache_clear()
        settings.PRODUCTION = True

        with pytest.raises(Refused):
            origin.begin_story(datetime(2025, 11, 5, tzinfo=UTC))
        assert origin.offset() == timedelta(0)


class TestSentences:
    def test_an_entry_is_a_whole_sentence_with_its_days_written_out(self, cast):
        from django.utils.translation import override

        entry = Entry.objects.about(an_issued(cast)).last()

        with override("en"):
            told = sentence(entry)

        assert told.startswith("The task was issued to Ministry of Rivers, due ")
        assert "%" not in told
        assert entry.facts["due_on"] not in told

    def test_what_an_old_entry_did_not_say_is_a_dash(self, db):
        told = sentence(Entry(act="tasks.issued", facts={}))

        assert "–" in told
