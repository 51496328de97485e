"""A page of the portal that needs nobody: its style, its pictures and no script, all in one text.

Owns the replacing of what our own templates refer to by what stands there. Pure; knows only what
the portal itself writes (templates/base.html) and would not do for pages of others.
"""

import base64
import re
from collections.abc import Mapping

from portal.assets import Document

_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
_SCRIPT = re.compile(r"<script\b[^>]*></script>")
_ICON = re.compile(r'<link rel="icon"[^>]*>')
_URL = re.compile(r'url\("?(/[^")]+)"?\)')
_SPRITE = "/pictures.svg"


def whole(html: str, files: Mapping[str, Document]) -> str:
    """`files` by address, as portal.assets.load gives them."""
    html = _ICON.sub("", _SCRIPT.sub("", html))
    html = _SHEET.sub(lambda hit: _style(hit[1], files), html)
    html = re.sub(r'href="/pictures\.svg#', 'href="#', html)
    return re.sub(r"(<body[^>]*>)", lambda hit: hit[1] + _sprite(files), html, count=1)


def _style(address: str, files: Mapping[str, Document]) -> str:
    """What is not the portal's own (the look of a release) is left out."""
    found = files.get(address.partition("?")[0])
    if found is None:
        return ""
    text = _URL.sub(lambda hit: f'url("{_data(hit[1], files)}")', found.body.decode())
    return f"<style>{text}</style>"


def _data(address: str, files: Mapping[str, Document]) -> str:
    found = files.get(address)
    if found is None:
        return "data:,"
    return f"data:{found.kind};base64,{base64.b64encode(found.body).decode()}"


def _sprite(files: Mapping[str, Document]) -> str:
    """The symbols themselves, unseen: a page may not take them from elsewhere."""
    found = files.get(_SPRITE)
    symbols = re.findall(r"<symbol\b.*?</symbol>", found.body.decode(), re.DOTALL) if found else []
    return f'<svg hidden width="0" height="0">{"".join(symbols)}</svg>'
