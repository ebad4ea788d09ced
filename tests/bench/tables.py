"""Figures in aligned columns, as text and as Markdown."""

from collections.abc import Sequence


def text(value: object) -> str:
    """A figure with as many digits as one reads: three significant ones, whole from 100 on."""
    if isinstance(value, float):
        size = abs(value)
        return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def aligned(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table for the terminal: figures to the right, words to the left."""
    cells = [list(headings), *([text(one) for one in row] for row in rows)]
    columns = [_column([row[at] for row in cells]) for at in range(len(headings))]
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def markdown(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The same for a page."""
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    return "\n".join([*lines, *(f"| {' | '.join(text(one) for one in row)} |" for row in rows)])


def _column(cells: list[str]) -> list[str]:
    width = max(map(len, cells))
    figures = all(one[:1].isdigit() or one == "-" for one in cells[1:])
    return [one.rjust(width) if figures else one.ljust(width) for one in cells]
