"""Time to solution: the error of a case against the size of cells, the length of steps and the tolerances.

  study.py [main] [needle] [islands-3d]      all by default

An error is the largest relative difference from the last run of the series, over the points of the case: equivalent
thicknesses, or times for the needle. Histories are interpolated linearly. Steps and tolerances are factors on the
defaults.
"""

import csv
import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path

FROND, PLACE = ".build/release/frond", Path(".build/solution")
LIMIT = 600  # seconds for a run
THICKNESS, TIME = "equivalent_thickness_m", "time_s"
QUANTITIES = {
    "roughness": "roughness_rms_m",
    "height": "max_height_m",
    "current": "current_density_A_per_m2",
    "time": TIME,
    "thickness": THICKNESS,
}
# File, settings, the column that is held equal, points in it, cells from long to short, cell of the other series.
CASES = {
    "main": (
        "configs/sodium-on-nisb-no-barrier.yaml",
        {"box.width": "60 nm", "protocol.0.until": "{thickness: 40 nm}"},
        THICKNESS,
        {"open, 10 nm": (10e-9,), "closed, 30 and 40 nm": (30e-9, 40e-9)},
        ("3 nm", "2 nm", "1.5 nm", "1 nm", "0.75 nm", "0.5 nm"),
        "1 nm",
    ),
    "needle": (
        "configs/sodium-needle.yaml",
        {"protocol.0.until": "{time: 6 s}"},
        TIME,
        {"2, 4, 6 s": (2, 4, 6)},
        ("80 nm", "55.6 nm", "40 nm", "27.8 nm", "20 nm"),
        "40 nm",
    ),
    "islands-3d": (
        "configs/sodium-on-nisb-no-barrier.yaml",
        {
            "box.width": "60 nm",
            "box.depth": "60 nm",
            "box.height": "60 nm",
            "protocol.0.until": "{thickness: 9 nm}",
        },
        THICKNESS,
        {"5, 7, 9 nm": (5e-9, 7e-9, 9e-9)},
        ("1.875 nm", "1.25 nm", "0.9375 nm", "0.625 nm"),
        "0.9375 nm",
    ),
}


def steps(factor):
    """Settings for steps of the default's length times a factor."""
    return {
        "numerics.maximum_front_step": 0.15 * factor,
        "numerics.front_tolerance": 1e-3 * factor**2,
        "numerics.maximum_salt_change": 0.05 * factor,
    }


def tolerances(factor):
    return {"numerics.potential_tolerance": 1e-3 * factor, "numerics.salt_tolerance": 1e-4 * factor}


def series(cells, cell):
    """Title, and variations by name, of each series; the last variation is the reference."""
    at = {"box.cell": cell}
    yield "cells", {name: {"box.cell": name} for name in cells}
    yield f"steps ({cell} cells)", {
        **{f"{factor:g}": at | steps(factor) for factor in (4, 2, 1, 0.5, 0.25)},
        "2/15, tolerances / 100": at | steps(2 / 15) | tolerances(0.01),
    }
    yield f"tolerances ({cell} cells)", {
        f"{factor:g}": at | tolerances(factor) for factor in (10, 3, 1, 0.1, 0.01)
    }


@functools.cache
def run(file, settings):
    """The columns of the history and the seconds of a run; None for one that failed."""
    folder = PLACE / "run"
    shutil.rmtree(folder, ignore_errors=True)
    words = [FROND, "run", file, "--threads", "2", "--quiet", "--out", str(folder)]
    for key, value in (*settings, ("output.pictures", "false"), ("output.fields", "false")):
        words += ["--set", f"{key}={value}"]
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=LIMIT)
    except subprocess.CalledProcessError as failure:
        print(f"{file} {dict(settings)}: {failure.stderr.decode().strip()}", file=sys.stderr)
        return None
    except subprocess.TimeoutExpired:
        print(f"{file} {dict(settings)}: not done in {LIMIT} s", file=sys.stderr)
        return None
    with open(folder / "history.csv") as lines:
        rows = list(csv.DictReader(lines))
    columns = {name: [float(row[name]) for row in rows] for name in rows[0]}
    return columns, json.loads((folder / "run.json").read_text())["parts"][-1]["wallTime"]


def value(columns, name, by, point):
    """A column where another first reaches a point."""
    x, y = columns[by], columns[name]
    i = next((i for i in range(1, len(x)) if x[i] >= point), len(x) - 1)
    return y[i - 1] + (point - x[i - 1]) * (y[i] - y[i - 1]) / (x[i] - x[i - 1])


def study(name):
    file, settings, by, groups, cells, cell = CASES[name]
    measured = {title: column for title, column in QUANTITIES.items() if column != by}
    print(f"\n{name}: {file}")
    print(" " * 47 + "".join(f"  {group:40}" for group in groups).rstrip())
    for title, variations in series(cells, cell):
        runs = {key: run(file, tuple((settings | change).items())) for key, change in variations.items()}
        reference = list(runs.values())[-1]
        heads = "".join(f"{head:>10}" for head in measured)
        print(f"{title:30}steps     CG  seconds" + len(groups) * ("  " + heads))
        for key, made in runs.items():
            if made is None or reference is None:
                print(f"  {key:28} " + ("no end" if made is None else "no reference"))
                continue
            columns, seconds = made
            iterations = sum(columns["potential_iterations"]) + sum(columns["salt_iterations"])
            line = f"  {key:26}{columns['step'][-1]:7.0f}{iterations:7.0f}{seconds:9.2f}"
            for points in groups.values():
                line += "  " + "".join(
                    f"{max(abs(value(columns, c, by, p) / value(reference[0], c, by, p) - 1) for p in points):10.1e}"
                    for c in measured.values()
                )
            print(line, flush=True)


chosen = sys.argv[1:] or list(CASES)
for case in chosen:
    if case not in CASES:
        print(f"{case}: expected one of {', '.join(CASES)}", file=sys.stderr)
        sys.exit(2)
for case in chosen:
    study(case)
