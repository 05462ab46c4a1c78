"""The summary as text for other programs: it reads well, and what people typed does nothing there."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pmcore.documents import copies, outline
from pmcore.words import speaking
from tests.unit.test_documents import content

LINK = "https://pm.example/read?id=1&edition=1"
EVIL = (
    "@here @channel <!everyone> <@U123> <https://evil.example|click> *b* _i_ ~s~ ```never closed \n> quote\r\n"
    "{code} [~anna] [x|http://evil.example] !http://evil.example/p.png! ||h|| \\{noformat} h1. x\u2028bq. y --strike--"
)


def made(**changes):
    return copies.of(content(**changes), status=outline.PUBLISHED, link=LINK)


def test_slack_reads_well_without_its_link():
    assert made().slack == (
        "*Post-mortem P0-001 Mail is down*\n"
        "P0 · email-service · 2025-12-14 10:00:00 MSK (UTC+3) · 12 min · 📝 Published, edition 1\n"
        "\n"
        "• *Incident:* Mail could not be sent.\n"
        "• *Impact:* 500 users, 12 minutes.\n"
        "• *Root Cause:* The pool was too small.\n"
        "• *Resolution:* A larger pool.\n"
        "• *Prevention:* The pool is watched.\n"
        "\n" + LINK
    )


def test_jira_has_its_own_markup():
    text = made(summary={"resolution": "Set `DB_POOL_SIZE` to 50."}).jira
    assert text.startswith("h3. Post-mortem P0-001 Mail is down\n\n* *Severity:* P0\n* *Service:* email-service\n")
    assert "\n* *Status:* 📝 Published, edition 1\n\n* *Incident:* Mail could not be sent.\n" in text
    assert "* *Resolution:* Set {{DB_POOL_SIZE}} to 50.\n" in text
    assert text.endswith("\n\n" + LINK)


def test_a_mail_has_no_markup():
    text = made(summary={"resolution": "Set `DB_POOL_SIZE` to 50."}).mail
    assert text.startswith("Post-mortem P0-001 Mail is down\n\nSeverity: P0\nService: email-service\n")
    assert "\n\nResolution:\n  Set DB_POOL_SIZE to 50.\n" in text
    assert text.endswith("\n\nThe whole post-mortem: " + LINK)


def test_fields_that_say_something_come_along_and_blank_ones_do_not():
    changed = {"summary": {"decision": "Buy it.", "impact": "  "}}
    for text in (made(**changed).slack, made(**changed).jira, made(**changed).mail):
        assert "Decision Needed" in text
        assert "Impact" not in text


def test_a_draft_names_no_edition():
    draft = content()
    draft["header"]["published_at"] = ""
    text = copies.of(draft, status=outline.DRAFT, link=LINK).slack
    assert "🟡 Draft\n" in text
    assert "edition 1" not in text


def test_they_are_english_whoever_copies():
    with speaking("ru"):
        assert made() == made()
        assert "*Incident:*" in made().slack


def hostile():
    return made(summary=dict.fromkeys(("incident", "impact", "root_cause", "resolution", "prevention"), EVIL))


def test_slack_is_not_told_to_call_or_link():
    text = hostile().slack
    assert not re.search(r"@(here|channel|everyone|U123)", text)
    assert not re.search(r"<[!@#a-z]", text)
    assert "`" not in text
    assert len(text.splitlines()) == len(made().slack.splitlines())
    assert copies.slack_text("me@mail.example and a@here") == "me@mail.example and a＠here"
    assert copies.slack_text("a * b, snake_case, `SELECT *`") == "a * b, snake_case, `SELECT *`"
    assert copies.slack_text("*b* c") == "\u2060*b* c"


def test_jira_starts_no_macro_link_mention_or_picture():
    text = hostile().jira
    assert len(text.splitlines()) == len(made().jira.splitlines())
    without_ours = text.replace("* *", "")
    assert not re.search(r"(?<!\\)[{}\[\]|!]", without_ours)
    assert "\\\\" not in text
    assert "&#92;\\{noformat" in text
    assert "\\--strike\\--" not in text
    assert copies.jira_text("10-50, snake_case, a-b") == "10-50, snake_case, a-b"


def test_a_mail_keeps_its_lines():
    assert len(hostile().mail.splitlines()) == len(made().mail.splitlines())


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="@{}[]|!\\`<>*_-~?# \nhere\u200b\u2060", max_size=40))
def test_no_text_gets_out_of_its_line(text):
    slack, jira = copies.slack_text(text), copies.jira_text(text)
    assert not re.search(r"@(here|channel|everyone)|(?<!\w)@|<[!@#a-z]", slack)
    assert slack.count("`") % 2 == 0
    braces = re.sub(r"\{\{(?:\\.|[^{}\\])*\}\}", "", jira)
    assert not re.search(r"(?<!\\)(?:\\\\)*[{}\[\]|!]", braces)
    for one in (slack, jira, copies.mail_text(text)):
        assert len(one.splitlines()) < 2


@pytest.mark.parametrize("make", [copies.slack_text, copies.jira_text, copies.mail_text])
def test_plain_words_stay_as_they_are(make):
    typed = "Почта не отправлялась 12 минут, availability >99% at 10 AM (2x normal); 100 of 500."
    assert make(typed) == typed
