import json
from dataclasses import replace

from pmcore.domain.action_item import ActionItem
from tests.unit.test_documents import INCIDENT, ITEM, content


def test_is_plain_json_in_the_missions_order():
    frozen = content(items=(replace(ITEM, number=2), ITEM))
    assert json.loads(json.dumps(frozen)) == frozen
    assert list(frozen["sections"])[:2] == ["summary", "details"]
    assert [item["number"] for item in frozen["items"]] == ["1", "2"]


def test_keeps_how_people_were_called():
    assert content()["header"]["people"]["1"] == {"name": "Anna Petrova", "role": "engineer"}
    assert content()["header"]["people"]["3"] == {"name": "Gone Guest", "role": ""}


def test_says_of_each_role_who_signed():
    signed, unsigned, _ = content()["signatures"]
    assert (signed["user_id"], signed["standing"], signed["at"]) == ("2", "valid", "2025-12-14T12:00:00+00:00")
    assert (unsigned["user_id"], unsigned["standing"], unsigned["at"]) == ("", "missing", "")


def test_what_is_not_said_is_empty():
    bare: ActionItem = replace(ITEM, owner_id=None, due_on=None)
    assert (content(items=(bare,))["items"][0]["owner_id"], content(items=(bare,))["items"][0]["due_on"]) == ("", "")
    assert content(incident=replace(INCIDENT, title=""))["header"]["title"] == ""
