#!/usr/bin/env python3
"""Draws dealership.svg from what `tenure value` prints, read as JSON from standard input:

    tenure value examples/02_dealership/dealership.toml --format json | docs/pictures/draw_dealership.py > docs/pictures/dealership.svg

What each scenario has added over the baseline, cumulated and discounted, month by month.
"""

import itertools
import json
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 420, 60, 190, 64, 46
COLOURS = {"farm": "#1b7837", "hunt": "#b35806", "half and half": "#35508f"}


def cumulated_lead(scenario, baseline):
    """Cumulated discounted cash flow over the baseline, in millions."""
    flows = zip(scenario["trace"]["discounted_cash_flow"], baseline["trace"]["discounted_cash_flow"])
    return [total / 1e6 for total in itertools.accumulate(ours - theirs for ours, theirs in flows)]


def first_lasting_lead(lead):
    """The month from which on the lead stays at or above 0."""
    behind = [month for month, value in enumerate(lead) if value < 0]
    return behind[-1] + 1 if behind else 0


class Axes:
    def __init__(self, months, low, high):
        self.months, self.low, self.high = months, low, high

    def x(self, month):
        return LEFT + (WIDTH - LEFT - RIGHT) * month / (self.months - 1)

    def y(self, value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low)


def text(x, y, words, anchor="start", size=13, colour="#333", weight="normal"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}" '
            f'font-weight="{weight}">{escape(words)}</text>')


def grid(axes):
    for value in range(axes.low, axes.high + 1, 2):
        y = axes.y(value)
        yield (f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
               f'stroke="{"#666" if value == 0 else "#ddd"}"/>')
        yield text(LEFT - 8, y + 4, f"{value}", "end")
    for year in range(0, axes.months // 12 + 1, 5):
        yield text(axes.x(min(12 * year, axes.months - 1)), HEIGHT - BOTTOM + 20, f"year {year}", "middle")


def curve(axes, name, lead):
    points = " ".join(f"{axes.x(month):.1f},{axes.y(value):.1f}" for month, value in enumerate(lead))
    colour = COLOURS[name]
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
    yield text(axes.x(axes.months - 1) + 8, axes.y(lead[-1]) + 4, f"{name}  {lead[-1]:+.1f} M", colour=colour, weight="bold")
    month = first_lasting_lead(lead)
    yield f'<circle cx="{axes.x(month):.1f}" cy="{axes.y(lead[month]):.1f}" r="5" fill="white" stroke="{colour}" stroke-width="2.5"/>'


def picture(valuation):
    scenarios = {scenario["name"]: scenario for scenario in valuation["scenarios"]}
    leads = {name: cumulated_lead(scenarios[name], scenarios["baseline"]) for name in COLOURS}
    low = int(min(min(lead) for lead in leads.values()) // 2 * 2)
    high = int(-(-max(max(lead) for lead in leads.values()) // 2) * 2)
    axes = Axes(valuation["horizon"], low, high)
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           f'font-family="Helvetica, Arial, sans-serif">')
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield text(LEFT, 28, "Four million dollars: farm, hunt, or both?", size=18, weight="bold")
    yield text(LEFT, 48, "Value added over doing nothing, cumulated and discounted, million USD. Circles: paid back.", colour="#666")
    yield from grid(axes)
    for name, lead in leads.items():
        yield from curve(axes, name, lead)
    yield "</svg>"


if __name__ == "__main__":
    print("\n".join(picture(json.load(sys.stdin))))
