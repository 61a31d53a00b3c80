"""A content file as a page with numbered lines, so that the panel can link to one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{path}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/chat.css">
</head>
<body class="source">
<main>
<h1>{path}</h1>
<ol>
{lines}
</ol>
</main>
</body>
</html>
"""


def source_page(path: str, lines: Sequence[str]) -> str:
    """Return HTML; line 12 is at `#L12`, where the style sheet marks it."""
    numbered = (
        f'<li id="L{number}"><code>{escape(line)}</code></li>' for number, line in enumerate(lines, 1)
    )
    return _PAGE.format(path=escape(path), lines="\n".join(numbered))
