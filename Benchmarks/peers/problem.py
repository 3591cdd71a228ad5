"""The coupled problem that the peers and Frond solve: Hong & Viswanathan's lithium, in um and s, with the numbers of
configs/published/hong-2018.yaml.

Film of lithium on the left (x = 0), reservoir on the right, periodic along y; a bump in the middle of the film.

    d(xi)/dt = -L (dg/dxi - kappa lap xi) - L_eta h'(xi) [ exp(f e/2) - c exp(-f e/2) ],   e = V - phi
    d(c)/dt  = div( eps D (grad c + f c grad phi) ) / eps - (c_s/c_0) d(xi)/dt / eps
    0        = div( eps sigma grad phi ) - F c_s d(xi)/dt

g = W xi^2 (1-xi)^2, h' = 30 xi^2 (1-xi)^2, eps = 1 - xi; c in units of c_0 = 1 mol/L. At x = 64 um c = 1 and phi = 0.
The metal has one potential, V; the reaction is driven by the potential of the electrolyte beside it.
"""

import os

import numpy as np

N = 256
LENGTH = 64.0
H = LENGTH / N
STEP = float(os.environ.get("STEP", 0.01))  # s
END = 0.2  # s
VOLTAGE = -0.25

F = 96485.33212
MOLAR_VOLUME = 13.0e-6  # m^3/mol
FARADAY_RT = F / (8.314462618 * 300)  # f, 1/V
MOBILITY = 2.5  # L, um^3/(pJ s)
WELL = 6.0  # W, pJ/um^3
KAPPA = 0.75  # pJ/um
WIDTH = np.sqrt(KAPPA / (2 * WELL))
RATE = 11.06 * MOLAR_VOLUME / (6 * WIDTH * 1e-6 * F)  # L_eta, 1/s, from the exchange current
DIFFUSIVITY = 319.7  # D, um^2/s
RATIO = 1e-3 / MOLAR_VOLUME  # c_s/c_0
CHARGE = 1e-12 * F / MOLAR_VOLUME  # F c_s, A s/um^3 (sigma in S/m, lengths in um)
CONDUCTIVITY = 1.19  # sigma, S/m
FILM, RADIUS = 20.0, 5.0
PROBE = (3 * N // 4 + 0.5) * H
FLOOR = 1e-3  # eps below which a cell takes no part


def initial():
    """xi of a film with half a circle on it; x is the first axis."""
    x = (np.arange(N) + 0.5) * H
    grid_x, grid_y = np.meshgrid(x, x, indexing="ij")
    distance = np.minimum(
        grid_x - FILM, np.hypot(grid_x - FILM, grid_y - LENGTH / 2) - RADIUS
    )
    return 1 / (1 + np.exp(np.clip(distance / WIDTH, -40, 40)))


def height(column):
    """Where xi passes 1/2 in a column; ln(xi/(1 - xi)) is a straight line through a flat front."""
    i = np.nonzero(column >= 0.5)[0].max()
    low, high = np.log(column[i : i + 2] / (1 - column[i : i + 2]))
    return (i + 0.5 + low / (low - high)) * H


def thickness_and_tip(xi):
    """Mean thickness and largest height, um."""
    return xi.sum() * H * H / LENGTH, max(height(column) for column in xi.T)


def line(name, steps, seconds, thickness, tip, potential):
    """What each code prints, for `table.py`; the potential is the mean at PROBE."""
    print(f"{name},{steps},{seconds:.4f},{thickness:.8f},{tip:.8f},{potential:.8f}", flush=True)


def summary(name, steps, seconds, xi, phi):
    line(name, steps, seconds, *thickness_and_tip(xi), phi[3 * N // 4].mean())
