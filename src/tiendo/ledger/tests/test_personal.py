import json

import pytest
from django.db import transaction
from django.utils.translation import override

from makers import BEGINNING, a_person, a_post, a_unit
from tiendo.access.actions import give
from tiendo.access.capabilities import Role
from tiendo.ledger.models import Entry, Personal, key_of
from tiendo.ledger.proof import personal_hash
from tiendo.ledger.record import record
from tiendo.ledger.sentences import sentence
from tiendo.orgs.actions_committees import appoint, leave
from tiendo.people.models import Person

NAME = "Phạm Thị Hồng"


@pytest.fixture
def given(db):
    over = a_unit()
    grant = give(
        Role.OFFICER, over, by=Person.objects.operator(), person=a_person(NAME), starts_on=BEGINNING
    )
    return Entry.objects.about(grant).get()


class TestPersonalFacts:
    def test_a_name_stands_beside_the_facts_and_only_its_hash_within(self, given):
        beside = given.personal.get()

        assert NAME not in json.dumps(given.facts, ensure_ascii=False)
        assert given.facts["to"] == {"personal": personal_hash(beside.salt, NAME)}
        assert beside.whose == key_of(Person.objects.get(name=NAME))

    def test_the_sentence_says_the_name_as_long_as_it_is_kept(self, given):
        with override("en"):
            assert sentence(given).startswith(f"{NAME} was given the role")
            Personal.objects.all().delete()
            assert sentence(Entry.objects.get(pk=given.pk)).startswith("(erased) was given")

    def test_two_same_names_have_two_hashes(self, given):
        with transaction.atomic():
            other = record("access.given", a_unit(), by=None, personal={"to": NAME})

        assert other.facts["to"] != given.facts["to"]

    def test_who_took_and_left_a_post_can_be_erased_too(self, db):
        operator, person = Person.objects.operator(), a_person(NAME)
        tenure = appoint(person, a_post(a_unit()), by=operator, on=BEGINNING)
        leave(tenure, by=operator, on=BEGINNING.replace(year=2001))

        told = list(Entry.objects.about(tenure))

        assert [sentence(entry).count(NAME) for entry in told] == [1, 1]
        assert not any(NAME in json.dumps(e.facts, ensure_ascii=False) for e in told)

    def test_a_list_asks_for_all_names_at_once(self, given, django_assert_num_queries):
        with transaction.atomic():
            for _ in range(20):
                record("access.given", a_unit(), by=None, personal={"to": NAME})

        with django_assert_num_queries(2):
            told = [sentence(entry) for entry in Entry.objects.with_words()]

        assert sum(NAME in words for words in told) == 21


class TestExactFacts:
    @pytest.mark.parametrize("fact", [0.5, [1, 2.5], {"a": {"b": 1.0}}])
    def test_a_broken_number_is_a_fault_of_ours(self, db, fact):
        with pytest.raises(TypeError, match="exact"), transaction.atomic():
            record("orgs.founded", a_unit(), by=None, name=fact)

        assert not Entry.objects.exists()
