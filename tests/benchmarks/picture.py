"""How the cost of an operation grows with the number of orders, as a picture: SVG, drawn here."""

import math
from collections.abc import Sequence
from html import escape

from tests.benchmarks.figures import Figure

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 60, 250, 24, 44
SHOWN = ("first page json", "first page page", "deep page json", "search by word json", "search by number json",
         "first page json as supplier", "a supplier reads one order")  # fmt: skip
COLOURS = ("#0054a6", "#2fb344", "#d63939", "#f76707", "#7950f2", "#17a2b8", "#495057")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#6c7a91}.grid{stroke:#8a97ab;stroke-opacity:.25}"
    ".line{fill:none;stroke-width:2}"
)


def drawn(figures: Sequence[Figure]) -> str:
    """Processor milliseconds of one operation over the number of orders, tenfold from step to step."""
    lines = {name: _points(figures, name) for name in SHOWN}
    lines = {name: points for name, points in lines.items() if points}
    sizes = sorted({orders for points in lines.values() for orders, _cpu in points})
    most = _round(max(cpu for points in lines.values() for _orders, cpu in points))
    body = [*_grid(sizes, most)]
    for place, (name, points) in enumerate(lines.items()):
        body += _line(place, name, [(_x(orders, sizes), _y(cpu, most)) for orders, cpu in points])
    title = "Processor time of one operation by number of orders"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">\n'
        f"<style>{STYLE}</style>\n" + "\n".join(body) + "\n</svg>\n"
    )


def _points(figures: Sequence[Figure], name: str) -> list[tuple[int, float]]:
    return sorted((each.orders, each.cpu_ms or 0.0) for each in figures if each.name[3:] == name)


def _round(value: float) -> float:
    step = 10 ** math.floor(math.log10(value))
    return math.ceil(value / step) * step


def _x(orders: int, sizes: Sequence[int]) -> float:
    least, most = math.log10(sizes[0]), math.log10(sizes[-1])
    share = (math.log10(orders) - least) / (most - least) if most > least else 0.5
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(cpu: float, most: float) -> float:
    return HEIGHT - BOTTOM - cpu / most * (HEIGHT - TOP - BOTTOM)


def _grid(sizes: Sequence[int], most: float) -> list[str]:
    body = []
    for step in range(5):
        at, value = _y(most * step / 4, most), most * step / 4
        body.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        body.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>')
    for size in sizes:
        body.append(f'<text x="{_x(size, sizes):.1f}" y="{HEIGHT - 22}" text-anchor="middle">{size:,}</text>')
    body.append(f'<text x="{LEFT - 8}" y="14">CPU ms of one operation</text>')
    return [*body, f'<text x="{LEFT}" y="{HEIGHT - 6}">orders</text>']


def _line(place: int, name: str, points: Sequence[tuple[float, float]]) -> list[str]:
    colour, at = COLOURS[place % len(COLOURS)], TOP + 20 + place * 22
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points)
    legend = WIDTH - RIGHT + 16
    return [
        f'<path class="line" stroke="{colour}" d="{path}"/>{dots}',
        f'<line stroke="{colour}" stroke-width="2" x1="{legend}" x2="{legend + 22}" y1="{at}" y2="{at}"/>'
        f'<text x="{legend + 30}" y="{at + 4}">{escape(name)}</text>',
    ]
