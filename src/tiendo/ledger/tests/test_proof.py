import json
import random
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from tiendo.ledger import proof, root_of


def by_the_book(leaves):
    """RFC 9162, 2.1.1, word by word: the slow definition."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = by_the_book(leaves[:split]), by_the_book(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


LEAVES = [proof.leaf(str(n).encode()) for n in range(70)]


class TestTrees:
    # the seven inputs and roots that implementations of certificate transparency test with
    INPUTS = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
    ROOTS = (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    )

    def test_the_roots_known_from_certificate_transparency(self):
        leaves = [proof.leaf(bytes.fromhex(one)) for one in self.INPUTS]

        assert tuple(proof.root(leaves[: n + 1]).hex() for n in range(7)) == self.ROOTS

    @pytest.mark.parametrize("size", range(70))
    def test_a_root_is_that_of_the_definition(self, size):
        assert proof.root(LEAVES[:size]) == by_the_book(LEAVES[:size])

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 33, 70])
    def test_every_path_leads_to_the_root_and_from_no_other_place(self, size):
        leaves = LEAVES[:size]
        for place in range(size):
            siblings = proof.path(leaves, place)
            assert proof.climbed(leaves[place], place, size, siblings) == proof.root(leaves)
            for other in set(range(size)) - {place}:
                assert lost(leaves[place], other, size, siblings) != proof.root(leaves)

    def test_a_path_too_short_or_too_long_is_refused(self):
        siblings = proof.path(LEAVES, 5)
        for wrong in (siblings[:-1], [*siblings, LEAVES[0]]):
            with pytest.raises(ValueError, match="path is too"):
                proof.climbed(LEAVES[5], 5, 70, wrong)

    def test_a_node_is_never_taken_for_a_leaf(self):
        told = LEAVES[0] + LEAVES[1]

        assert proof.leaf(told) != proof.node(LEAVES[0], LEAVES[1])


def lost(leaf, place, size, siblings):
    try:
        return proof.climbed(leaf, place, size, siblings)
    except ValueError:
        return None


class TestBytes:
    ROW = (7, 1_700_000_000_000_001, "tasks.issued", "tasks.task:3", 2, "people.person:1", "",
           "1/3/", False, {"b": "Hà 𝒟\n", "a": [1, None, True]})  # fmt: skip

    def test_the_bytes_of_an_entry_are_these_for_ever(self):
        assert proof.canonical(proof.entry_told(self.ROW)) == (
            b'{"act":"tasks.issued","at":1700000000000001,"by":"people.person:1",'
            b'"facts":{"a":[1,null,true],"b":"H\\u00e0 \\ud835\\udc9f\\n"},"format":"tiendo.entry.1",'
            b'"number":7,"path":"1/3/","post":"","subject":"tasks.task:3","told":false,"version":2}'
        )

    def test_the_order_of_facts_changes_nothing(self):
        turned = (*self.ROW[:-1], dict(reversed(self.ROW[-1].items())))

        assert proof.entry_leaf(turned) == proof.entry_leaf(self.ROW)

    def test_one_letter_changes_the_leaf(self):
        lot = random.Random(3)
        for _ in range(200):
            row = list(self.ROW)
            place = lot.randrange(len(row))
            row[place] = {"a": lot.random()} if place == 9 else f"{row[place]}x"
            assert proof.entry_leaf(row) != proof.entry_leaf(self.ROW)

    def test_half_a_pair_and_huge_numbers_do_not_stop_it(self):
        told = {"a": "\ud800", "b": 10**40}

        assert json.loads(proof.canonical(told)) == told


class TestRootOfRows:
    ROWS = ({"name": "Lào Cai", "on": date(2025, 7, 1)}, ["vn", Decimal("0.50"), None])

    def test_it_is_the_root_of_a_tree_over_the_rows_in_their_order(self):
        leaves = [
            proof.leaf(b'{"name":"L\\u00e0o Cai","on":"2025-07-01"}'),
            proof.leaf(b'["vn","0.50",null]'),
        ]
        assert root_of(self.ROWS) == by_the_book(leaves).hex()
        assert root_of(reversed(self.ROWS)) != root_of(self.ROWS)

    def test_no_row_has_a_root_too(self):
        assert root_of([]) == sha256(b"").hexdigest()
