"""The bell, the list, the wishes, the ladder on a task's page, and the same over the API."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makers import a_person, an_accepted, an_issued
from tiendo.access.capabilities import Role
from tiendo.access.models import Grant
from tiendo.kit import clock
from tiendo.notifications import actions, hearing
from tiendo.notifications.models import Notice, Preference
from tiendo.people.actions import open_token
from tiendo.people.models import Scope
from tiendo.tasks.models import Part

PAGE = "/notices/"
WISHES = {
    "due": "digest", "given": "now", "asked": "digest", "answered": "bell", "climbed": "digest",
    "digest_hour": "8", "quiet_from": "19", "quiet_until": "7", "budget": "3",
}  # fmt: skip


@pytest.fixture
def told_cast(cast):
    cast.task = an_issued(cast)
    hearing.hear_up_to(clock.now())
    return cast


def page(client, person, address=PAGE):
    client.force_login(person)
    return client.get(address).content.decode()


def my_notice(person):
    return Notice.objects.get(person=person)


class TestNotices:
    def test_the_bell_counts_what_is_unread_and_the_list_says_it(self, client, told_cast):
        text = page(client, told_cast.lead)
        assert "1 unread notice" in text
        assert "Clear the paper backlog" in text
        assert "The task was issued to Ministry of Rivers" in text

    def test_the_bell_counts_in_a_language_of_three_plurals(self, client, told_cast):
        client.cookies["django_language"] = "ru"
        assert "1 непрочитанное" in page(client, told_cast.lead)

    def test_a_colleague_of_another_unit_sees_nothing(self, client, told_cast):
        text = page(client, told_cast.stranger)
        assert "unread notice" not in text
        assert "Nothing was told to you yet" in text

    def test_what_was_told_under_a_right_ends_with_it(self, client, told_cast):
        Grant.objects.filter(person=told_cast.lead).update(ends_on=clock.today())
        text = page(client, told_cast.lead)
        assert "unread notice" not in text
        assert "Clear the paper backlog" not in text

    def test_only_the_unread(self, client, told_cast):
        actions.mark_read(my_notice(told_cast.lead), by=told_cast.lead)
        assert "Clear the paper backlog" in page(client, told_cast.lead)
        assert "You have read everything" in page(client, told_cast.lead, PAGE + "?unread=1")

    def test_nobody_is_asked_in(self, client, told_cast):
        assert client.get(PAGE)["Location"].startswith("/account/login/")

    @pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 30, "²"])
    def test_a_page_that_is_none_is_the_first(self, client, told_cast, asked):
        assert "Clear the paper backlog" in page(client, told_cast.lead, f"{PAGE}?page={asked}")

    def test_twenty_notices_ask_as_much_as_one(self, client, told_cast):
        costs = []
        for number in (0, 19):
            for place in range(number):
                an_issued(told_cast, title=f"Clear the records of year {place}")
            hearing.hear_up_to(clock.now())
            client.force_login(told_cast.lead)
            with CaptureQueriesContext(connection) as asked:
                client.get(PAGE)
            costs.append(len(asked))
        assert costs[0] == costs[1]
        assert Notice.objects.filter(person=told_cast.lead).count() == 20


class TestReading:
    def test_one_is_put_aside_and_one_returns_to_where_one_was(self, client, told_cast):
        notice = my_notice(told_cast.lead)
        client.force_login(told_cast.lead)
        answer = client.post(f"/notices/{notice.pk}/reading/", {"next": PAGE + "?unread=1"})
        assert answer["Location"] == PAGE + "?unread=1"
        assert "unread notice" not in page(client, told_cast.lead)

    def test_it_leads_to_no_other_house(self, client, told_cast):
        client.force_login(told_cast.lead)
        notice = my_notice(told_cast.lead)
        answer = client.post(
            f"/notices/{notice.pk}/reading/", {"next": "https://elsewhere.example/"}
        )
        assert answer["Location"] == PAGE

    def test_another_person_s_is_not_there(self, client, told_cast):
        client.force_login(told_cast.office)
        notice = my_notice(told_cast.lead)
        assert client.post(f"/notices/{notice.pk}/reading/").status_code == 404
        notice.refresh_from_db()
        assert notice.read_at is None

    def test_all_up_to_what_stood_on_the_page(self, client, told_cast):
        seen = my_notice(told_cast.lead)
        an_issued(told_cast, title="Clear the records of last year")
        hearing.hear_up_to(clock.now())
        client.force_login(told_cast.lead)
        client.post("/notices/reading/", {"upto": seen.pk})
        assert "1 unread notice" in page(client, told_cast.lead)

    @pytest.mark.parametrize("upto", ["", "x", "-3", "9" * 40])
    def test_a_number_that_is_none_puts_nothing_aside(self, client, told_cast, upto):
        client.force_login(told_cast.lead)
        assert client.post("/notices/reading/", {"upto": upto}).status_code == 302
        assert my_notice(told_cast.lead).read_at is None


class TestWishes:
    def test_what_is_chosen_holds(self, client, told_cast):
        assert "How I am told" in page(client, told_cast.lead, "/notices/wishes/")
        assert client.post("/notices/wishes/", WISHES).status_code == 302
        chosen = Preference.objects.get(person=told_cast.lead)
        assert (chosen.given, chosen.digest_hour, chosen.budget) == ("now", 8, 3)

    @pytest.mark.parametrize(
        "wrong", [{"budget": "-1"}, {"budget": "900"}, {"digest_hour": "24"}, {"due": "loud"}, {"quiet_from": ""}]
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, client, told_cast, wrong):
        client.force_login(told_cast.lead)
        answer = client.post("/notices/wishes/", WISHES | wrong)
        assert answer.status_code == 422
        assert 'value="3"' in answer.content.decode() or "budget" in wrong
        assert not Preference.objects.exists()


class TestLadder:
    def late(self, cast, days):
        cast.member = a_person("Member Yến", role=Role.MEMBER, over=cast.committee)
        task = an_accepted(cast, title="Mend the old bridge")
        Part.objects.filter(task=task).update(due_on=clock.today() - timedelta(days=days))
        return f"/tasks/{task.pk}/"

    def test_the_clock_is_shown_with_who_stands_where(self, client, cast):
        text = page(client, cast.office, self.late(cast, 8))
        assert "In 6 days it is told to: Committee members" in text
        assert "The clock stands here" in text
        assert "Member Yến" in text
        assert "Officer Mai" in text

    def test_before_the_day_it_says_who_would_be_told(self, client, cast):
        text = page(client, cast.lead, self.late(cast, -8))
        assert "Whom it is told to if it is late" in text
        assert "The clock stands here" not in text

    def test_at_the_top_it_says_so(self, client, cast):
        assert "Late, and told up to the top" in page(client, cast.office, self.late(cast, 60))

    def test_an_empty_rung_says_so(self, client, cast):
        address = self.late(cast, 3)
        Grant.objects.filter(person=cast.member).delete()
        assert "Nobody stands here" in page(client, cast.office, address)

    def test_what_is_done_or_waits_has_no_clock(self, client, told_cast):
        from makers import a_submission

        task = a_submission(told_cast).part.task
        assert 'id="ladder"' not in page(client, told_cast.office, f"/tasks/{task.pk}/")


class TestApi:
    def key(self, person, scope=Scope.ALL):
        _token, secret = open_token(
            person,
            by=person,
            name="mine",
            scope=scope,
            expires_on=clock.today() + timedelta(days=3),
        )
        return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def test_it_lists_reads_and_goes_on(self, client, told_cast):
        an_issued(told_cast, title="Clear the records of last year")
        hearing.hear_up_to(clock.now())
        key = self.key(told_cast.lead)
        first = client.get("/api/v1/notices?limit=1", **key).json()
        assert first["items"][0]["act"] == "tasks.issued"
        second = client.get(f"/api/v1/notices?limit=1&after={first['next']}", **key).json()
        assert second["next"] is None

        answer = client.post(f"/api/v1/notices/{first['items'][0]['id']}/reading", **key)
        assert (answer.status_code, answer.json()["is_read"]) == (201, True)
        left = client.get("/api/v1/notices?unread=true", **key).json()["items"]
        assert [one["id"] for one in left] == [second["items"][0]["id"]]
        answer = client.post(
            "/api/v1/notices/reading",
            {"upto": left[0]["id"]},
            content_type="application/json",
            **key,
        )
        assert answer.json() == {"read": 1}

    def test_a_key_that_only_looks_changes_nothing(self, client, told_cast):
        key = self.key(told_cast.lead, Scope.READ)
        notice = my_notice(told_cast.lead)
        assert client.post(f"/api/v1/notices/{notice.pk}/reading", **key).status_code == 403
        change = client.patch(
            "/api/v1/notices/wishes", {"budget": 1}, content_type="application/json", **key
        )
        assert change.status_code == 403

    def test_wishes_are_read_and_changed_one_by_one(self, client, told_cast):
        key = self.key(told_cast.lead)
        assert client.get("/api/v1/notices/wishes", **key).json()["digest_hour"] == 7
        answer = client.patch(
            "/api/v1/notices/wishes",
            {"due": "now", "budget": 1},
            content_type="application/json",
            **key,
        )
        assert (answer.json()["due"], answer.json()["digest_hour"]) == ("now", 7)
        wrong = client.patch(
            "/api/v1/notices/wishes", {"budget": 99}, content_type="application/json", **key
        )
        assert wrong.status_code == 422

    def test_another_person_s_is_not_there(self, client, told_cast):
        notice = my_notice(told_cast.lead)
        key = self.key(told_cast.office)
        assert client.post(f"/api/v1/notices/{notice.pk}/reading", **key).status_code == 404

    def test_twenty_notices_ask_as_much_as_one(self, client, told_cast):
        key, costs = self.key(told_cast.lead), []
        for number in (0, 19):
            for place in range(number):
                an_issued(told_cast, title=f"Clear the records of year {place}")
            hearing.hear_up_to(clock.now())
            with CaptureQueriesContext(connection) as asked:
                client.get("/api/v1/notices", **key)
            costs.append(len(asked))
        assert (
            costs[0] == costs[1] or costs[0] == costs[1] + 1
        )  # the first also notes the key's day
