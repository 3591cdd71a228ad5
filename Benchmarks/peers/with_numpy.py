"""The problem with NumPy and SciPy: backward differences of second order over fixed steps, transforms for xi, conjugate
gradients with a transform as preconditioner for c and phi."""

import time

import numpy as np
from scipy import fft
from scipy.sparse.linalg import LinearOperator, cg

from problem import *

# No flux at both ends for xi: DCT-II. For c and phi no flux on the left, fixed on the right: DCT-IV.
KY = 2 * np.pi * np.fft.rfftfreq(N, H)
K_FREE = (np.pi * np.arange(N) / LENGTH)[:, None] ** 2 + KY**2
KX_MIXED = np.pi * (np.arange(N) + 0.5) / LENGTH
K_MIXED = (2 - 2 * np.cos(KX_MIXED * H))[:, None] / H**2 + (2 - 2 * np.cos(KY * H)) / H**2


def faces(a):
    """Harmonic means of a at the faces: towards x + 1 (the last half a cell from the end), towards y + 1."""
    ax = np.zeros((N + 1, N))
    ax[1:N] = 2 * a[1:] * a[:-1] / (a[1:] + a[:-1] + 1e-300)
    ax[N] = 2 * a[-1]
    beside = np.roll(a, -1, 1)
    return ax, 2 * a * beside / (a + beside + 1e-300)


def flow(ax, ay, u):
    """-div(a grad u) per cell; u = 0 at x = 64."""
    flux_x = np.zeros((N + 1, N))
    flux_x[1:N] = ax[1:N] * (u[1:] - u[:-1])
    flux_x[N] = -ax[N] * u[-1]
    flux_y = ay * (np.roll(u, -1, 1) - u)
    return -(np.diff(flux_x, axis=0) + flux_y - np.roll(flux_y, 1, 1)) / H**2


def solve(ax, ay, diagonal, b, start, shift, eps, tolerance):
    """u with -div(a grad u) + diagonal u = b where there is electrolyte."""
    mask = eps > 0
    scale = np.where(mask, 1 / np.sqrt(np.maximum(eps, FLOOR)), 0)

    def matrix(v):
        u = v.reshape(N, N)
        return np.where(mask, flow(ax, ay, u) + diagonal * u, u).ravel()

    def preconditioner(v):
        r = v.reshape(N, N)
        modes = fft.rfft(fft.dct(scale * r, type=4, axis=0), axis=1) / (shift + K_MIXED)
        u = fft.idct(fft.irfft(modes, N, axis=1), type=4, axis=0)
        return np.where(mask, scale * u, r).ravel()

    operator = LinearOperator((N * N, N * N), matvec=matrix, dtype=float)
    inverse = LinearOperator((N * N, N * N), matvec=preconditioner, dtype=float)
    b = np.where(mask, b, start)
    u, info = cg(operator, b.ravel(), start.ravel(), rtol=0, atol=tolerance, M=inverse, maxiter=2000)
    assert info == 0, info
    return u.reshape(N, N)


def reaction(xi, c, phi):
    """Growth by the reaction and its derivative to phi."""
    e = FARADAY_RT / 2 * (VOLTAGE - phi)
    slope = RATE * 30 * xi**2 * (1 - xi) ** 2
    forward, back = np.exp(-e) * np.maximum(c, 0), np.exp(e)
    return slope * (forward - back), slope * FARADAY_RT / 2 * (forward + back)


def well(xi):
    return MOBILITY * WELL * 2 * xi * (1 - xi) * (1 - 2 * xi)


def porosity(xi):
    return np.where(1 - xi > FLOOR, np.minimum(1 - xi, 1), 0)


def potential(xi, c, guess, diffusion):
    """phi with the reaction linearised about a guess."""
    eps = porosity(xi)
    rate, answer = reaction(xi, c, guess)
    b = -CHARGE * (rate - answer * guess + diffusion - well(xi))
    return solve(*faces(CONDUCTIVITY * eps), CHARGE * answer, b, guess, 0, eps, 1e-8)


def diffused(b, lead, power):
    """(lead - L kappa lap)^power b."""
    modes = fft.rfft(fft.dct(b, axis=0), axis=1) * (lead + MOBILITY * KAPPA * K_FREE) ** power
    return fft.idct(fft.irfft(modes, N, axis=1), axis=0)


def step(first, xi, c, phi, before):
    """One step from xi, c, phi and the step before; the first is an Euler step."""
    xi0, c0, phi0, rest0 = before
    w = 0 if first else 1
    lead = (1 + w / 2) / STEP

    def past(u, u0):
        return ((1 + w) * u - w / 2 * u0) / STEP

    def ahead(u, u0):
        return np.where(porosity(xi) > 0, (1 + w) * u - w * u0, u)

    rest = reaction(xi, c, phi)[0] - well(xi)
    b = past(xi, xi0) + (1 + w) * rest - w * rest0
    new = diffused(b, lead, -1)
    growth = lead * new - past(xi, xi0)
    guess, salt = ahead(phi, phi0), ahead(c, c0)
    next_phi = potential(new, salt, guess, lead * new - b)

    # Salt, migration explicit.
    eps = porosity(new)
    mx, my = faces(DIFFUSIVITY * FARADAY_RT * eps * salt)
    ax, ay = faces(DIFFUSIVITY * eps)
    b = eps * past(c, c0) - flow(mx, my, guess) - RATIO * growth
    b[-1] += ax[N] / H**2
    next_c = solve(ax, ay, eps * lead, b, salt, lead / DIFFUSIVITY, eps, 1e-4)
    return (new, next_c, next_phi), (xi, c, phi, rest)


start = time.perf_counter()
xi, c, phi = initial(), np.ones((N, N)), np.zeros((N, N))
for _ in range(8):
    phi = potential(xi, c, phi, -diffused(xi, 0, 1))
state = xi, c, phi
before = *state, np.zeros((N, N))
steps = round(END / STEP)
for n in range(steps):
    state, before = step(n == 0, *state, before)
xi, c, phi = state
summary("NumPy and SciPy", steps, time.perf_counter() - start, xi, phi)
