"""The coupled problem that the peers and Frond solve: Hong & Viswanathan's lithium, in um and s.

Film of lithium on the left (x = 0), reservoir on the right, periodic along y; a bump in the middle of the film.

    d(xi)/dt = -L (dg/dxi - kappa lap xi) - L_eta h'(xi) [ exp(f e/2) - c exp(-f e/2) ],   e = V - phi
    d(c)/dt  = div( eps D (grad c + f c grad phi) ) / eps - (c_s/c_0) d(xi)/dt / eps
    0        = div( eps sigma grad phi ) - F c_s d(xi)/dt

g = W xi^2 (1-xi)^2, h' = 30 xi^2 (1-xi)^2, eps = 1 - xi; c in units of c_0 = 1 mol/L. At x = 64 um c = 1 and phi = 0.
The metal has one potential, V; the reaction is driven by the potential of the electrolyte beside it.
"""

import numpy as np

N = 256
LENGTH = 64.0
H = LENGTH / N
MOBILITY = 6.25  # L, 1/s per MJ/m^3
KAPPA = 0.3  # of the same normalisation, um^2
WELL = 2.4
RATE = 0.001  # L_eta, 1/s
FARADAY_RT = 38.69  # f, 1/V
DIFFUSIVITY = 317.9  # um^2/s
RATIO = 76.4  # c_s/c_0
CHARGE = 0.00737  # F c_s
CONDUCTIVITY = 1.19
VOLTAGE = -0.25
END = 0.2  # s
STEP = 0.01  # s
FILM, RADIUS = 20.0, 5.0
FLOOR = 1e-3  # eps below which a cell takes no part


def initial():
    """xi of a film with half a circle on it; x is the first axis."""
    x = (np.arange(N) + 0.5) * H
    grid_x, grid_y = np.meshgrid(x, x, indexing="ij")
    distance = np.minimum(
        grid_x - FILM, np.hypot(grid_x - FILM, grid_y - LENGTH / 2) - RADIUS
    )
    width = np.sqrt(KAPPA / (2 * WELL))
    return 1 / (1 + np.exp(np.clip(distance / width, -40, 40)))


def summary(name, steps, seconds, xi, phi):
    """One line that all peers print: name, steps, seconds, mean thickness, tip, potential in mid-electrolyte."""
    middle = xi[:, N // 2]
    i = np.nonzero(middle >= 0.5)[0].max()
    tip = (i + 0.5 + (middle[i] - 0.5) / (middle[i] - middle[i + 1])) * H
    potential = phi[3 * N // 4, :].mean()
    print(
        f"{name},{steps},{seconds:.4f},{xi.sum() * H * H / LENGTH:.5f},{tip:.5f},{potential:.6f}",
        flush=True,
    )
