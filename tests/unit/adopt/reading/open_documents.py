"""OpenDocument spreadsheets for tests, as LibreOffice writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

__all__ = ["open_cell", "open_document"]

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name, uri in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
    )
)
_MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def open_cell(value: Any, shown: str = "", more: str = "", inner: str = "") -> str:
    """Return the XML of a cell.

    :param shown: what is shown of the value, where that is something else.
    """
    if value == "" and not more and not inner:
        return "<table:table-cell/>"
    kind, text = "string", str(value)
    if isinstance(value, bool):
        kind, text = f'boolean" office:boolean-value="{str(value).lower()}', str(value).upper()
    elif isinstance(value, int | float):
        kind = f'float" office:value="{value!r}'
    elif isinstance(value, date):
        kind = f'date" office:date-value="{value.isoformat()}'
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in escape(shown or text).split("\n"))
    return (
        f'<table:table-cell office:value-type="{kind}" {more}>{inner}{paragraphs}'
        "</table:table-cell>"
    )


def open_document(
    rows: Sequence[Sequence[Any]],
    *,
    columns: str = "",
    more: str = "",
    styles: str = "",
    mimetype: str = _MIMETYPE,
    manifest: str = "",
    before: str = "",
) -> bytes:
    """Return a document with one sheet.

    :param rows: their cells, as values or as XML that begins with ``<table:``.
    :param more: what follows behind the rows, and behind the sheet.
    """
    lines = "".join(
        "<table:table-row>"
        + "".join(
            cell if isinstance(cell, str) and cell.startswith("<table:") else open_cell(cell)
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {_SPACES} '
        'xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        '<office:body><office:spreadsheet><table:table table:name="Accounts">'
        f"{columns}{lines}{more}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest or "<manifest/>")
        archive.writestr("meta.xml", "<meta><title>canary</title></meta>")
    return out.getvalue()
