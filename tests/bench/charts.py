"""Line charts as SVG, drawn by hand: a picture of what people compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 230, 48, 48
COLOURS = ("#0b6e99", "#c2571a", "#3b7d3b", "#7a4fa3", "#8a8a8a")
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; a dashed one is a limit."""

    name: str
    points: Points
    dashed: bool = False


def chart(title: str, x_name: str, y_name: str, lines: Sequence[Line]) -> str:
    """The lines on common axes that begin at 0."""
    points = [point for line in lines for point in line.points]
    x_step, y_step = (_step(max((point[at] for point in points), default=1.0)) for at in (0, 1))
    x_end = _end(max((x for x, _ in points), default=1.0), x_step)
    y_end = _end(max((y for _, y in points), default=1.0), y_step)

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return LEFT + across * x / x_end, HEIGHT - BOTTOM - down * y / y_end

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="15" fill="#222222">{escape(title)}</text>',
    ]
    parts += [
        _grid_line(place(0, y), place(x_end, y), _number(y), "end", -8, 4) for y in _ticks(y_end, y_step)
    ]
    parts += [
        _grid_line(place(x, 0), place(x, y_end), _number(x), "middle", 0, 18) for x in _ticks(x_end, x_step)
    ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(_label(middle, HEIGHT - 10, x_name, "middle"))
    parts.append(_label(LEFT - 50, TOP - 10, y_name, "start"))
    for number, line in enumerate(lines):
        parts += _drawn(line, COLOURS[number % len(COLOURS)], [place(*one) for one in line.points])
    parts += _legend(lines)
    return "\n".join([*parts, "</svg>", ""])


def _drawn(line: Line, colour: str, places: list[tuple[float, float]]) -> list[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
    drawn = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>']
    if not line.dashed and len(places) < 20:
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    return drawn


def _legend(lines: Sequence[Line]) -> list[str]:
    left, parts = WIDTH - RIGHT + 16, []
    for number, line in enumerate(lines):
        y, colour = TOP + 12 + 20 * number, COLOURS[number % len(COLOURS)]
        dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
        ends = f'x1="{left}" y1="{y - 4}" x2="{left + 22}" y2="{y - 4}"'
        parts.append(f'<line {ends} stroke="{colour}" stroke-width="2"{dashes}/>')
        parts.append(_label(left + 28, y, line.name, "start"))
    return parts


def _grid_line(
    start: tuple[float, float], end: tuple[float, float], name: str, anchor: str, right: int, down: int
) -> str:
    line = f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" stroke="#dddddd"/>'
    return line + _label(start[0] + right, start[1] + down, name, anchor)


def _label(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#444444" text-anchor="{anchor}">{escape(words)}</text>'


def _step(largest: float) -> float:
    """1, 2 or 5 times a power of ten, so that there are five to ten of them."""
    power = 1.0
    while power * 10 <= largest:
        power *= 10
    while power > largest > 0:
        power /= 10
    return next(power * one for one in (0.1, 0.2, 0.5, 1.0, 2.0) if largest / (power * one) <= 8)


def _end(largest: float, step: float) -> float:
    count = int(largest / step)
    return step * (count if count * step >= largest and count else count + 1)


def _ticks(end: float, step: float) -> list[float]:
    return [step * one for one in range(int(end / step + 0.5) + 1)]


def _number(value: float) -> str:
    return f"{value:g}"
