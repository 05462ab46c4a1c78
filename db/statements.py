"""What a statement reads and what it changes, by its SQL: tables, columns, and of which post-mortem.

A name is "table" where its rows count and "table.column" where what stands in them does. A statement that reads only
rows of one post-mortem, because a condition of it says so, has "table.column@10" and "table.column@*" instead. A change
has the plain name, and "@10" or, where its rows may be of any, "@*". So what was read and what was changed have a name
in common just when the change may make the answer wrong. On doubt a statement reads and changes any row, and one that
is not understood changes everything.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from db.models import Base

EVERYTHING = "*"
Names = frozenset[str]

_TABLES = frozenset(Base.metadata.tables)
#: Tables whose rows belong to a post-mortem, or to whatever the audit names, with the column that says to which.
_BELONGS = {table.name: "postmortem_id" for table in Base.metadata.tables.values() if "postmortem_id" in table.columns}
_BELONGS |= {"postmortem": "id", "audit": "target"}

_QUALIFIED = re.compile(r'"?(\w+)"?\."?(\w+)"?')
_ALIAS = re.compile(r'"?(\w+)"? AS "?(\w+)"?')
_SOURCE = re.compile(r'(?:FROM|JOIN|UPDATE|,)\s+"?(\w+)"?(?: AS "?(\w+)"?)?(?=\s|,|\)|$)')
_WRITES = re.compile(r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)"?')
_SET = re.compile(r'(?:SET |, ?)"?(\w+)"?\s*=', re.I)
_ROW = re.compile(r'\s*INSERT(?: OR \w+)? INTO "?\w+"? \(([^()]*)\) VALUES \(([?, ]*)\)(?: RETURNING [^()]*)?\s*$')
_ONLY_READS = re.compile(r"\s*(SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN)\b")
_TEXT = re.compile(r"'[^']*'")
_UNSURE = re.compile(r"\b(OR|CASE|BETWEEN)\b")
_NEXT = re.compile(r"\b(?:UNION|EXCEPT|INTERSECT)\b")  #: another SELECT on the same level
_CLAUSES = re.compile(r"\b(WHERE|ON|HAVING|SELECT|FROM|SET|GROUP|ORDER)\b")


class Said(NamedTuple):
    """Names, and those that are of one owner, with the place of its id among the parameters."""

    names: Names
    owned: tuple[tuple[Names, int], ...] = ()


def read_by(statement: str, parameters: Any) -> Names:
    """What it reads, run with these values."""
    said = _reads(statement)
    if not said.owned:
        return said.names
    found = set(said.names)
    for names, place in said.owned:
        owners = _owners(parameters, place)
        if EVERYTHING in owners:
            found |= names
        else:
            found.update(f"{name}@{owner}" for name in names for owner in (*owners, EVERYTHING))
    return frozenset(found)


def changed_by(statement: str, parameters: Any) -> Names:
    """What it changes, run with these values."""
    said = _changes(statement)
    found = set(said.names)
    for name in said.names:
        if name.partition(".")[0] in _BELONGS:
            found.add(f"{name}@{EVERYTHING}")
    for names, place in said.owned:
        found |= names
        found.update(f"{name}@{owner}" for name in names for owner in _owners(parameters, place))
    return frozenset(found)


def _owners(parameters: Any, place: int) -> Sequence[Any]:
    """The ids; any, where they cannot be told."""
    rows = parameters if isinstance(parameters, list) else [parameters]
    try:
        return [row[place] if isinstance(row[place], int | str) else EVERYTHING for row in rows]
    except (IndexError, KeyError, TypeError):
        return [EVERYTHING]


@lru_cache(maxsize=4096)
def _reads(statement: str) -> Said:
    """The tables and the columns that it names; all columns of a table of which it qualifies none."""
    aliases = {alias: table for table, alias in _ALIAS.findall(statement) if table in _TABLES}
    named = {table: table for table in _TABLES.intersection(re.findall(r"\w+", statement))} | aliases
    columns: dict[str, set[str]] = {}
    for whose, column in _QUALIFIED.findall(statement):
        if whose in named:
            columns.setdefault(whose, set()).add(f"{named[whose]}.{column}")
    for table in set(named.values()) - {named[whose] for whose in columns}:
        columns[table] = {f"{table}.{column.name}" for column in Base.metadata.tables[table].columns}
    plain, owned = set[str](), []
    for whose, table in named.items():
        place = _owner_of_all(statement, table, whose)
        found = columns.get(whose, set()) | {table}
        if place is None and (whose in columns or whose not in aliases):
            plain |= found
        elif place is not None:
            owned.append((frozenset(found), place))
    return Said(frozenset(plain), tuple(owned))


@lru_cache(maxsize=1024)
def _changes(statement: str) -> Said:
    """The columns that an UPDATE sets, and those that follow them; the tables whose rows come or go."""
    found = _WRITES.match(statement)
    if found is None:
        return Said(frozenset() if _ONLY_READS.match(statement) else frozenset({EVERYTHING}))
    verb, table = found.groups()
    if table not in _TABLES:
        return Said(frozenset({EVERYTHING}))
    if verb == "UPDATE":
        columns = frozenset(_SET.findall(statement))
        if not columns:
            return Said(frozenset({EVERYTHING}))
        own = frozenset(f"{table}.{column}" for column in columns | _computed(table, columns))
        moves = _BELONGS.get(table) in columns
        return _said(own, frozenset(_follow(table, columns)), None if moves else _owner(statement, table))
    own = frozenset({table})
    if verb == "DELETE FROM":
        return _said(own, frozenset(_gone_with(table)) - own, _owner(statement, table))
    return _said(own, frozenset(), _place_in_row(statement, table))


def _said(own: Names, others: Names, place: int | None) -> Said:
    return Said(own | others) if place is None else Said(others, ((own, place),))


def _owner_of_all(statement: str, table: str, alias: str) -> int | None:
    """Where the id of the owner stands among the parameters, if what a SELECT calls so are rows of one only."""
    if table not in _BELONGS:
        return None
    plain = _TEXT.sub("''", statement)
    sources = [known or name for name, known in _SOURCE.findall(plain) if name == table]
    mentions = re.findall(rf'(?<![.\w"])"?{table}\b"?(?!\.)', plain)
    is_clear = sources.count(alias) == 1 and len(mentions) == len(sources)
    return _owner(statement, table, alias) if is_clear else None


def _owner(statement: str, table: str, alias: str = "") -> int | None:
    """The same of the rows under this name: a condition that must hold for all of them compares their owner."""
    if table not in _BELONGS:
        return None
    plain = _TEXT.sub("''", statement)
    condition = re.compile(rf'\b(?:WHERE|AND) "?{alias or table}"?\."?{_BELONGS[table]}"? = \?(?=\s|\)|$)')
    for match in condition.finditer(plain):
        before, after = _level(plain[: match.start()], -1), _NEXT.split(_level(plain[match.end() :], 1))[0]
        if (alias or table) not in (known or name for name, known in _SOURCE.findall(before)):
            continue  # said of a row of the query around this one
        clause = _CLAUSES.split(f"{before} {match[0].split()[0]}")  # words before, its keyword, words in it
        if len(clause) > 1 and clause[-2] == "WHERE" and not _UNSURE.search(f"{clause[-1]} {after}"):
            return plain.count("?", 0, match.end()) - 1
    return None


def _level(text: str, step: int) -> str:
    """What stands on the level of the parentheses where the text begins; read backwards where the step is -1."""
    depth, kept = 0, []
    opens, closes = "()" if step > 0 else ")("
    for letter in text[::step]:
        if letter == opens:
            depth += 1
        elif letter == closes:
            depth -= 1
            if depth < 0:
                break
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)[::step]


def _place_in_row(statement: str, table: str) -> int | None:
    """The same of a row that comes."""
    row = _ROW.match(statement)
    if row is None or table not in _BELONGS or _BELONGS[table] == "id":
        return None
    columns = [column.strip(' "') for column in row[1].split(",")]
    values = row[2].split(",")
    if _BELONGS[table] not in columns or len(columns) != len(values):
        return None
    return columns.index(_BELONGS[table])


def _computed(table: str, columns: Names) -> Names:
    """The columns that the database fills in from these of their row."""
    return frozenset(
        column.name
        for column in Base.metadata.tables[table].columns
        if column.computed is not None and columns.intersection(re.findall(r"\w+", str(column.computed.sqltext)))
    )


def _follow(table: str, columns: Names) -> Iterator[str]:
    """The columns of others that are set when these are, and what the database computes from those."""
    for other in Base.metadata.tables.values():
        following = frozenset(
            key.parent.name
            for key in other.foreign_keys
            if key.onupdate and key.column.table.name == table and key.column.name in columns
        )
        for column in following | _computed(other.name, following):
            yield f"{other.name}.{column}"


def _gone_with(table: str) -> Iterator[str]:
    """The table, and those whose rows go or change with its rows."""
    waiting, seen = [table], {table}
    while waiting:
        gone = waiting.pop()
        yield gone
        for other in Base.metadata.tables.values():
            if other.name not in seen and any(
                key.column.table.name == gone and key.ondelete for key in other.foreign_keys
            ):
                seen.add(other.name)
                waiting.append(other.name)
