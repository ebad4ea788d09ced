"""Draws the products' pictures as SVG."""

from collections.abc import Callable
from functools import cache

from agent_ui.shop.drawings import DRAWINGS

GLOW = "#ffe3a0"
_SHARED = {"w": "#c2935f", "m": "#9fabb3", "g": GLOW, "k": "#6f9d58"}
_PALETTES: dict[str, tuple[str, dict[str, str]]] = {
    "HOM": ("#f4e8da", {"a": "#cc7d4b", "b": "#74452b", "c": "#f0c795", "d": "#fffaf1"}),
    "KIT": ("#e2edee", {"a": "#44848d", "b": "#23525a", "c": "#b6d5d8", "d": "#f8fcfc"}),
    "DSK": ("#eae7f3", {"a": "#7466b0", "b": "#3f3670", "c": "#c9c1e8", "d": "#fbfaff"}),
    "GAR": ("#e5efdf", {"a": "#5f924c", "b": "#335c29", "c": "#bfdaaf", "d": "#f9fdf6"}),
    "TRV": ("#f6e6e0", {"a": "#c65f51", "b": "#76302a", "c": "#f1bfb2", "d": "#fff8f5"}),
}


@cache
def picture(sku: str) -> str | None:
    """The product's picture, or None if nobody has drawn it."""
    shapes = DRAWINGS.get(sku)
    if shapes is None:
        return None
    ground, colours = _PALETTES[sku[:3]]
    palette = {**_SHARED, **colours}
    drawn = "".join(_drawn(shape.split(), palette) for shape in shapes.split("; "))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200">'
        f'<rect width="200" height="200" fill="{ground}"/>'
        '<ellipse cx="100" cy="172" rx="74" ry="8" fill="#000" opacity=".07"/>'
        f'<g stroke-linecap="round" stroke-linejoin="round">{drawn}</g></svg>'
    )


def _drawn(words: list[str], palette: dict[str, str]) -> str:
    return _KINDS[words[0]](words[1:], palette)


def _rectangle(words: list[str], palette: dict[str, str]) -> str:
    x, y, width, height, radius, colour = words
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{palette[colour]}"/>'


def _ellipse(words: list[str], palette: dict[str, str]) -> str:
    x, y, rx, ry, colour = words
    faint = ' opacity=".6"' if colour == "g" else ""
    return f'<ellipse cx="{x}" cy="{y}" rx="{rx}" ry="{ry}" fill="{palette[colour]}"{faint}/>'


def _filled(words: list[str], palette: dict[str, str]) -> str:
    colour, *path = words
    faint = ' opacity=".6"' if colour == "g" else ""
    return f'<path d="{" ".join(path)}" fill="{palette[colour]}"{faint}/>'


def _line(words: list[str], palette: dict[str, str]) -> str:
    colour, width, *path = words
    stroke = f'stroke="{palette[colour]}" stroke-width="{width}"'
    return f'<path d="{" ".join(path)}" fill="none" {stroke}/>'


_KINDS: dict[str, Callable[[list[str], dict[str, str]], str]] = {
    "R": _rectangle,
    "E": _ellipse,
    "P": _filled,
    "L": _line,
}
