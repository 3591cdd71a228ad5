"""Reads the lines of the codes, coarse steps before fine ones, and prints them as a table."""

import sys

from problem import END, N, VOLTAGE, initial, thickness_and_tip

ORDER = {"NumPy and SciPy": 2, "FiPy": 1}

rows = []
for text in sys.stdin:
    name, steps, *numbers = text.strip().split(",")
    rows.append((name, int(steps), *map(float, numbers)))
# Frond's steps, far shorter ones, and half as long cells.
frond, short, small = [row for row in rows if row[0] == "Frond"]
rows.remove(small)
start, tip_start = thickness_and_tip(initial())


def limit(name):
    """The tip of a code for steps of no length, from its two finest runs."""
    if name == "Frond":
        return short[4]
    coarse, fine = [row for row in rows if row[0] == name][-2:]
    return fine[4] + (fine[4] - coarse[4]) / ((fine[1] / coarse[1]) ** ORDER[name] - 1)


def error(row):
    """Of the tip, by the length of the steps, nm."""
    return 1e3 * abs(row[4] - limit(row[0]))


def off(row):
    """Percent of what grew, of what the tip moved, of the potential."""
    growth = (row[3] - short[3]) / (short[3] - start)
    motion = (row[4] - short[4]) / (short[4] - tip_start)
    return [100 * x for x in (growth, motion, row[5] / short[5] - 1)]


print(f"{N} x {N} cells, {END} s at {VOLTAGE} V, one thread each")
print("                             seconds      times Frond's           um                  V"
      "   percent off short-step Frond  tip, nm: error")
print("code              steps   in all   ms/step  in all  a step  thickness        tip  potential"
      "   growth    tip  potential    of the steps")
for row in rows:
    name, steps, seconds, thickness, tip, potential = row
    growth, motion, volts = off(row)
    print(
        f"{name:16}{steps:7}{seconds:9.2f}{1e3 * seconds / steps:10.1f}{seconds / frond[2]:8.1f}"
        f"{seconds / steps / frond[2] * frond[1]:8.1f}{thickness:11.5f}{tip:11.5f}{potential:11.6f}"
        f"{growth:z9.2f}{motion:z7.2f}{volts:z11.2f}"
        + (f"{'reference':>16}" if row is short else f"{error(row):16.4f}")
    )

numpy = [row for row in rows if row[0] == "NumPy and SciPy"]
fipy = rows[-1]
finer = error(fipy) / error(numpy[-1])
print(f"""
Frond chooses its steps; the others' all have the same length.
For the error of Frond's steps, some thousandths of a nm,
  NumPy and SciPy, of second order, take {numpy[-1][1]} steps and {numpy[-1][2] / frond[2]:.1f} times Frond's time;
  FiPy, of first order, would take {finer:.0f} times its {fipy[1]} steps, {finer * fipy[2] / frond[2]:.0e} times Frond's time.
The cells leave more: on half as long ones Frond's tip is at {small[4]:.5f} um, {1e3 * abs(small[4] - short[4]):.2f} nm off.
For an error of the steps below that
  NumPy and SciPy take {numpy[0][1]} steps and {numpy[0][2] / frond[2]:.1f} times Frond's time.""")
