"""Exports that are CSV: with a header, or, of old versions of some programs, without one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

import msgspec

from rolecall.errors import OverLimitError, UnreadableError
from rolecall.vault.exports.csv_layouts import (
    BOOKKEEPING,
    PARTS,
    CsvLayout,
    column_key,
    layout_of,
)
from rolecall.vault.exports.entry import (
    BINS,
    MOST_ENTRIES,
    Entry,
    EntryDraft,
    EntryKind,
    EntryState,
    as_list,
    as_mapping,
    as_text,
)
from rolecall.vault.exports.paired_rows import is_paired, paired_rows

__all__ = ["read_csv_export"]

_DELIMITERS = ",;\t"
_MOST_COLUMNS = 500
_CUSTOM = frozenset({"fields", "custom fields"})
_SEPARATED = frozenset(
    {"login uri", "url", "urls", "additional urls", "autofillurls", "website address"}
)
_KINDS: dict[str, EntryKind] = {
    **dict.fromkeys(("note", "securenote", "secure note"), "note"),
    **dict.fromkeys(("creditcard", "credit card", "card"), "card"),
    **dict.fromkeys(("identity", "personal info", "alias"), "identity"),
}
_NOTE_ADDRESS = "http://sn"
"""The address that LastPass gives to a note."""


def read_csv_export(text: str, name: str) -> tuple[str, list[Entry]] | None:
    """Return the program that wrote a CSV text, and its entries; ``None`` where it is no export.

    :raises UnreadableError: the quotes of it do not fit together; there are too many entries.
    """
    csv.field_size_limit(131_072)
    first, _, _ = text.partition("\n")
    for delimiter in _DELIMITERS:
        header = next(csv.reader([first], delimiter=delimiter), [])
        if len(header) > _MOST_COLUMNS:
            raise OverLimitError(f"{name}: has more than {_MOST_COLUMNS} columns")
        if is_paired(header):
            break
        layout = layout_of(header)
        if layout is not None:
            rows = _rows(text, name, delimiter, backslash=_escapes(layout, text))
            next(rows)
            return layout.program, [made for row in rows if (made := _entry(layout, *row))]
    return paired_rows(_rows(text, name, ",", backslash=False))


def _escapes(layout: CsvLayout, text: str) -> bool:
    """Tell whether a backslash guards what follows: KeePass does it so, and nobody else.

    KeePass puts every cell in quotes, and nothing behind a backslash but a quote or another one.
    What a spreadsheet saved under the same header does not, and has backslashes that mean it.
    """
    if layout.program != "KeePass" or not text.startswith('"'):
        return False
    return not re.search(r'\\(?!["\\])', re.sub(r'\\["\\]', "", text))


def _rows(
    text: str, name: str, delimiter: str, *, backslash: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with its number."""
    lines = (f"{line}\n" for line in text.removesuffix("\n").split("\n"))
    rows = csv.reader(
        lines,
        strict=True,
        delimiter=delimiter,
        doublequote=not backslash,
        escapechar="\\" if backslash else None,
    )
    number = 0
    try:
        for number, row in enumerate(rows, 1):
            if number > MOST_ENTRIES + 1:
                raise OverLimitError(f"{name}: has more than {MOST_ENTRIES:,} entries")
            if any(row):
                yield number, row
    except csv.Error as error:
        why = "a cell is too long" if "larger" in str(error) else "the quotes do not fit together"
        raise UnreadableError(f"{name}:{rows.line_num}: {why}") from None


def _entry(layout: CsvLayout, number: int, row: list[str]) -> Entry | None:
    keys = layout.keys
    cells = dict(reversed(list(zip(keys, row, strict=False))))
    draft = EntryDraft(number, _kind(layout, cells))
    titled = next((key for key in layout.titles if cells.get(key, "").strip()), "")
    draft.title = cells.get(titled, "")
    draft.state = _state(cells)
    beyond = row[len(keys) :]
    if layout.program == "Keeper":
        starts = [at for at, key in enumerate(keys) if key.startswith("custom field")]
        _take_pairs(draft, row[starts[0] :] if starts else beyond)
        keys, beyond = keys[: starts[0]] if starts else keys, []
    if any(cell.strip() for cell in beyond):
        # Somebody's comma without quotes: nobody can tell which cell is the password.
        draft.leave("a row with more cells than the header")
        return draft.whole()
    for key, cell in zip(keys, row, strict=False):
        if key != titled or not titled:
            _take(draft, key, cell)
    email = cells.get("email", "")
    known = any(cells.get(key, "").strip() for key in cells if PARTS.get(key) == "username")
    draft.take("other" if known else "username", "email", email)
    return draft.whole()


def _take(draft: EntryDraft, key: str, cell: str) -> None:
    if not key:
        # It is no field of any program, but it may be a secret.
        draft.take("other", "field", cell)
    elif key in BOOKKEEPING or key == "email":
        return
    elif key in _CUSTOM:
        _take_custom(draft, cell)
    elif key in _SEPARATED:
        if cell.strip() != _NOTE_ADDRESS:
            for address in _addresses(cell):
                draft.take("address", key, address)
    else:
        draft.take(PARTS.get(key, "other"), key, cell)


def _kind(layout: CsvLayout, cells: dict[str, str]) -> EntryKind:
    if cells.get("url", "").strip() == _NOTE_ADDRESS:
        return "note"
    # 1Password once had the name of a folder in the column.
    if layout.program.startswith("1Password"):
        return "login"
    return _KINDS.get(column_key(cells.get("type", "")), "login")


def _state(cells: dict[str, str]) -> EntryState:
    """Return whether an entry is in use: what is in a bin is no current password."""
    if cells.get("archived", "").strip().casefold() in ("true", "1", "yes"):
        return "archived"
    if cells.get("archiveddate", "").strip():
        return "archived"
    places = (cells.get(key, "") for key in ("group", "folder", "grouping", "vault", "category"))
    parts = {part.strip().casefold() for place in places for part in re.split(r"[/\\]", place)}
    return "in the bin" if parts & BINS else "current"


def _addresses(cell: str) -> Sequence[str]:
    """Return the addresses of a cell: programs put several into one, or a list of JSON."""
    return [part for part in re.split(r"[,\s\"\[\]]+", cell) if part]


def _take_custom(draft: EntryDraft, cell: str) -> None:
    """Take the fields that somebody made, of one cell: a line each, or a list of JSON."""
    if cell.lstrip().startswith("["):
        try:
            found = msgspec.json.decode(cell.encode())
        except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
            found = None
        if found is not None:
            for field in map(as_mapping, as_list(found)):
                draft.take("other", as_text(field.get("label")), as_text(field.get("value")))
            return
    fields: list[list[str]] = []
    for line in cell.splitlines():
        label, colon, value = line.partition(": ")
        if colon or not fields:
            fields.append([label if colon else "field", value if colon else line])
        else:
            fields[-1][1] += f"\n{line}"
    for label, value in fields:
        draft.take("other", label, value)


def _take_pairs(draft: EntryDraft, pairs: Sequence[str]) -> None:
    """Take the fields that Keeper has behind its own columns: a name, then its value."""
    for label, value in zip(pairs[::2], pairs[1::2], strict=False):
        draft.take("other", label or "field", value)
    if len(pairs) % 2:
        draft.take("other", "field", pairs[-1])
