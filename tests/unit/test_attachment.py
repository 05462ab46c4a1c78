"""Which files are let in, and under which name."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from pmcore.documents import html, markdown
from pmcore.domain import attachment as rules
from pmcore.domain.attachment import Attachment, Entry, FileRefused, FileType
from pmcore.domain.content import BadText, content_hash, normalise
from pmcore.domain.merge import merge
from pmcore.domain.progress import standing
from pmcore.domain.sections import BY_KEY, FILES
from pmcore.domain.vocabulary import SectionKey
from pmcore.domain.word_diff import section_diff
from tests.attached import GOOD, HTML, JPEG, PDF, PNG, SVG, TEXT, WEBP
from tests.factories import NOON

FILE = Entry(id=7, name="graph.png", caption="Connections", type=FileType.PNG, size=12, sha256="ab" * 32)
SECTION = BY_KEY[SectionKey.RESOLUTION]


class TestType:
    @pytest.mark.parametrize("name", GOOD)
    def test_what_it_is_and_says_it_is(self, name):
        assert rules.type_of(name, GOOD[name]) is rules.ENDINGS[name.rpartition(".")[2].lower()]

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("graph.png", JPEG),
            ("graph.jpg", PNG),
            ("graph.webp", PNG),
            ("graph.png", PDF),
            ("report.pdf", HTML),
            ("report.pdf", b" " + PDF),
            ("report.pdf", b"%PDF-1.7\n<script>"),
            ("graph.png", SVG),
            ("graph.png", PNG + HTML),
            ("graph.png", PNG[:-4]),
            ("graph.jpg", b"\xff\xd8\xff cut off"),
            ("graph.webp", WEBP + b"PK\x03\x04"),
            ("graph.webp", WEBP.replace(b"VP8L", b"AVI ")),
            ("sound.webp", WEBP.replace(b"WEBPVP8L", b"WAVEfmt ")),
            ("notes.txt", PNG),
            ("notes.txt", HTML),
            ("notes.txt", b"\n\t<?xml version='1.0'?><svg/>"),
            ("notes.txt", b"\xef\xbb\xbf<HTML>"),
            ("data.csv", SVG),
            ("data.csv", "значение".encode("cp1251")),
            ("data.csv", "a;b".encode("utf-16")),
            ("data.csv", b"a;\0b"),
        ],
    )
    def test_anything_else_is_refused(self, name, data):
        with pytest.raises(FileRefused) as refused:
            rules.type_of(name, data)
        assert refused.value.field == "file"

    @pytest.mark.parametrize("name", ["evil.svg", "page.html", "x.gif", "a.png.exe", "script.js", "book.xlsx"])
    def test_other_endings_are_refused_whatever_is_inside(self, name):
        with pytest.raises(FileRefused, match="Only PNG"):
            rules.type_of(name, PNG)

    def test_nothing_and_too_much(self):
        with pytest.raises(FileRefused, match="empty"):
            rules.type_of("a.txt", b"")
        with pytest.raises(FileRefused, match=r"10\.0 MB; one may have 10 MB"):
            rules.type_of("a.txt", b"a" * (rules.MAX_FILE + 1))
        assert rules.type_of("a.txt", b"a" * rules.MAX_FILE) is FileType.TEXT

    def test_a_log_may_speak_of_html(self):
        assert rules.type_of("a.log", TEXT + HTML) is FileType.TEXT


class TestName:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("graph.png", "graph.png"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\anna\\graph.png", "graph.png"),
            ("график за ночь.png", "график за ночь.png"),
            ("й.png", "й.png"),
            ("a\r\nSet-Cookie: x=1.png", "a Set-Cookie_ x=1.png"),
            ('a"; filename="b.exe.png', "a_; filename=_b.exe.png"),
            ("a\u202egnp.txt", "agnp.txt"),
            ("a\x00b\x1b.txt", "ab.txt"),
            ("...hidden.txt", "hidden.txt"),
            ("a<b>|?*.csv", "a_b____.csv"),
            ("a" * 300 + ".png", "a" * 116 + ".png"),
        ],
    )
    def test_is_one_on_every_system(self, typed, kept):
        assert rules.name_of(typed) == kept

    @pytest.mark.parametrize("typed", ["", "graph", ".png", "/", "..", "a/.png", "\u200b.png", " . png"])
    def test_needs_a_name_and_an_ending(self, typed):
        with pytest.raises(FileRefused):
            rules.name_of(typed)


class TestRoom:
    def test_a_caption_is_one_line(self):
        assert rules.caption_of("  The pool\r\n ran dry ") == "The pool ran dry"
        with pytest.raises(FileRefused, match="301 characters"):
            rules.caption_of("a" * 301)
        with pytest.raises(BadText):
            rules.caption_of("a" * 3_000)

    def test_ends(self):
        rules.require_room(count=99, total=rules.MAX_TOTAL - 5, size=5)
        with pytest.raises(FileRefused, match="100 MB together"):
            rules.require_room(count=1, total=rules.MAX_TOTAL - 5, size=6)
        with pytest.raises(FileRefused, match="100 files"):
            rules.require_room(count=100, total=0, size=1)


class TestInTheSection:
    def test_named_and_read_back(self):
        content = rules.with_entries({"immediate_fix": "x"}, [FILE])
        assert rules.entries(content) == (FILE,)
        assert rules.entries(content)[0].is_picture
        assert rules.with_entries(content, []) == {"immediate_fix": "x"}
        assert rules.entries({}) == ()

    def test_by_what_is_stored(self):
        stored = Attachment(
            id=7, postmortem_id=1, section=SectionKey.RESOLUTION, name="graph.png", type=FileType.PNG, size=12,
            sha256="ab" * 32, by_id=1, at=NOON,
        )  # fmt: skip
        assert rules.entry(stored, "Connections") == FILE

    def test_they_are_signed_with_it(self):
        bare = normalise(SECTION, {"immediate_fix": "x"})
        assert FILES not in bare
        assert content_hash(rules.with_entries(bare, [FILE])) != content_hash(bare)
        assert content_hash(rules.with_entries(rules.with_entries(bare, [FILE]), [])) == content_hash(bare)

    def test_a_merge_keeps_those_that_are_stored(self):
        base = normalise(SECTION, {"immediate_fix": "x"})
        merged = merge(
            SECTION,
            base=base,
            mine={**base, "validation": "y"},
            theirs=normalise(SECTION, rules.with_entries(base, [FILE])),
        )
        assert rules.entries(merged.content) == (FILE,)
        assert merged.content["validation"] == "y"
        assert FILES not in merge(SECTION, base=base, mine=base, theirs=base).content

    def test_a_section_with_a_picture_is_not_empty(self):
        assert standing(SECTION, {}).is_empty
        assert not standing(SECTION, rules.with_entries({}, [FILE])).is_empty

    def test_the_history_says_what_came(self):
        (change,) = section_diff(SECTION, {}, rules.with_entries({}, [FILE]))
        assert change.field == FILES
        assert "graph.png: Connections" in change.pieces[0].text


class TestInTheDocument:
    def test_a_picture_says_what_it_shows(self):
        hostile = replace(FILE, name='"><script>.png', caption='" onerror="alert(1)')
        shown = html.attached(hostile)
        assert '<img src="/file/7" alt="&quot; onerror=&quot;alert(1)">' in shown
        assert 'alt="graph.png"' in html.attached(replace(FILE, caption=""))

    def test_one_from_elsewhere_is_not_loaded(self):
        assert "evil" not in html._clean('<img src="https://evil.example/x.png"><img src="//evil.example/file/7">')
        assert "evil" not in html._clean('<img src="/file/7/../../evil">')

    def test_everything_else_is_a_link_with_its_size(self):
        big = replace(FILE, name="report.pdf", type=FileType.PDF, size=3 * rules.MEGABYTE, caption="")
        assert ">report.pdf</a> (3.0 MB)" in html.attached(big)

    def test_markdown_cannot_be_broken_out_of(self):
        hostile = replace(FILE, name="a](http://evil.example) (b.png", caption="](http://evil.example)")
        (picture, _, _) = markdown._file(hostile).split("\n")
        (token,) = MarkdownIt().parse(picture)[1].children
        assert (token.type, token.attrs["src"]) == ("image", "files/7-a%5D%28http%3A//evil.example%29%20%28b.png")
