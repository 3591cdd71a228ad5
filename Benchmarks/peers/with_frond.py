"""The problem with Frond, which chooses its own steps; arguments are handed on to `frond run`."""

import csv
import json
import subprocess
import sys
import tempfile

from problem import *

case = {
    "protocol.0.hold": f"{VOLTAGE} V",
    "protocol.0.until": f"{{time: {END} s}}",
    "kinetics.noise": "none",
    "seeds": f"{{film: {FILM} um, caps: [{{x: {LENGTH / 2} um, z: {FILM} um, radius: {RADIUS} um}}]}}",
    "output.pictures": "false",
    "output.fields": "false",
}
settings = [word for key, value in case.items() for word in ("--set", f"{key}={value}")]
with tempfile.TemporaryDirectory() as folder:
    command = [".build/release/frond", "run", "configs/published/hong-2018.yaml", "--threads", "1", "--quiet"]
    subprocess.run([*command, "--out", folder + "/run", *settings, *sys.argv[1:]], check=True)
    with open(folder + "/run/run.json") as file:
        seconds = json.load(file)["parts"][-1]["wallTime"]
    with open(folder + "/run/history.csv") as file:
        last = list(csv.DictReader(file))[-1]
thickness, tip = (float(last[key]) * 1e6 for key in ("equivalent_thickness_m", "max_height_m"))
# All of the current passes the height where the peers measure phi, and phi is 0 at the end.
potential = -float(last["current_density_A_per_m2"]) / CONDUCTIVITY * (LENGTH - PROBE) * 1e-6
line("Frond", int(last["step"]), seconds, thickness, tip, potential)
