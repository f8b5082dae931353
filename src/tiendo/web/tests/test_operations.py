"""The page of the API: every operation of the document, readable without a program."""

import json

import pytest

from tiendo.web.api import document
from tiendo.web.operations import holds

PAGE = "/api/v1/docs"


def test_every_operation_is_told_with_what_it_takes_and_tells(client, cast):
    client.force_login(cast.office)

    page = client.get(PAGE).content.decode()

    told = json.loads(document())["paths"]
    for address, methods in told.items():
        assert address in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for word in ("overrule", "Idempotency-Key", "If-Match", "list of ProvisionOut", "openapi.json"):
        assert word in page


def test_the_page_of_keys_leads_there(client, cast):
    client.force_login(cast.office)

    assert f'href="{PAGE}"' in client.get("/account/tokens/").content.decode()


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date"}, "date"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/PartOut"}}, "list of PartOut"),
        ({"enum": ["", "P1M"]}, "“” | P1M"),
        ({"const": True}, "True"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map of integer"),
        ({"allOf": [{"$ref": "#/components/schemas/UnitRef"}]}, "UnitRef"),
        ({}, "anything"),
    ],
)
def test_what_a_word_holds_is_said_in_a_few_characters(schema, words):
    assert holds(schema) == words
