"""The problem with NumPy and SciPy: semi-implicit transforms for xi, conjugate gradients with a transform as
preconditioner for c and phi."""

import time

import numpy as np
from scipy import fft
from scipy.sparse.linalg import LinearOperator, cg

from problem import *


def faces(a):
    """Harmonic means of a at the faces: towards x + 1 (none beyond the last), towards y + 1 (periodic)."""
    ax = np.zeros((N + 1, N))
    ax[1:N] = 2 * a[1:] * a[:-1] / (a[1:] + a[:-1] + 1e-300)
    ax[N] = 2 * a[-1]  # half a cell to the fixed value
    ay = 2 * a * np.roll(a, -1, 1) / (a + np.roll(a, -1, 1) + 1e-300)
    return ax, ay


def apply(ax, ay, u, outside=0.0):
    """-div(a grad u) per cell, u fixed to `outside` at x = 64."""
    flux_x = np.zeros((N + 1, N))
    flux_x[1:N] = ax[1:N] * (u[1:] - u[:-1])
    flux_x[N] = ax[N] * (outside - u[-1])
    flux_y = ay * (np.roll(u, -1, 1) - u)
    return -(flux_x[1:] - flux_x[:-1] + flux_y - np.roll(flux_y, 1, 1)) / H**2


KY = 2 * np.pi * np.fft.rfftfreq(N, H)
# No flux on the left, fixed on the right: cosines of odd quarters (DCT-IV); for xi no flux at both ends.
KX_MIXED = np.pi * (np.arange(N) + 0.5) / LENGTH
KX_FREE = np.pi * np.arange(N) / LENGTH
SYMBOL = (2 - 2 * np.cos(KX_MIXED * H))[:, None] / H**2 + (2 - 2 * np.cos(KY * H))[None] / H**2
LAPLACIAN = KX_FREE[:, None] ** 2 + KY[None] ** 2


def solve_constant(r, shift):
    """(shift - lap)^-1 r with a coefficient of one."""
    modes = fft.rfft(fft.dct(r, type=4, axis=0), axis=1) / (shift + SYMBOL)
    return fft.idct(fft.irfft(modes, N, axis=1), type=4, axis=0)


def solve(ax, ay, diagonal, b, start, shift, active, tolerance):
    scale = 1 / np.sqrt(np.maximum(active[0], FLOOR))
    mask = active[0] > FLOOR

    def matrix(v):
        u = v.reshape(N, N)
        return np.where(mask, apply(ax, ay, u) + diagonal * u, u).ravel()

    def preconditioner(v):
        r = v.reshape(N, N)
        return np.where(mask, scale * solve_constant(scale * np.where(mask, r, 0), shift) , r).ravel()

    size = (N * N, N * N)
    operator = LinearOperator(size, matvec=matrix, dtype=float)
    inverse = LinearOperator(size, matvec=preconditioner, dtype=float)
    b = np.where(mask, b, start)
    u, info = cg(operator, b.ravel(), start.ravel(), rtol=0, atol=tolerance, M=inverse, maxiter=2000)
    assert info == 0, info
    return u.reshape(N, N)


def run():
    xi = initial()
    c = np.ones((N, N))
    phi = np.zeros((N, N))
    steps = round(END / STEP)
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        e = VOLTAGE - phi
        slope = 30 * xi**2 * (1 - xi) ** 2
        # Linearised in phi: a reaction that drives itself.
        forward, back = np.exp(-FARADAY_RT * e / 2) * np.maximum(c, 0), np.exp(FARADAY_RT * e / 2)
        rate = RATE * slope * (forward - back)
        well = MOBILITY * WELL * 2 * xi * (1 - xi) * (1 - 2 * xi)
        right = xi + STEP * (rate - well)
        modes = fft.rfft(fft.dct(right, axis=0), axis=1) / (1 + STEP * MOBILITY * KAPPA * LAPLACIAN)
        new = fft.idct(fft.irfft(modes, N, axis=1), axis=0)
        growth = (new - xi) / STEP
        xi = new
        eps = np.clip(1 - xi, 0, 1)
        eps = np.where(eps > FLOOR, eps, 0)
        # Potential: the reaction answers it, which keeps a step of 0.01 s stable.
        ax, ay = faces(CONDUCTIVITY * eps)
        answer = CHARGE * RATE * slope * FARADAY_RT / 2 * (forward + back)
        b = -CHARGE * growth + answer * phi
        phi = solve(ax, ay, answer, b, phi, 0, (eps,), 1e-8)
        # Salt, migration explicit.
        ax, ay = faces(DIFFUSIVITY * eps)
        mx, my = faces(DIFFUSIVITY * FARADAY_RT * eps * c)
        b = eps * c / STEP - apply(mx, my, phi) - RATIO * growth
        b[-1] += ax[N][0] * 1.0 / H**2
        c = solve(ax, ay, eps / STEP, b, c, 1 / (STEP * DIFFUSIVITY), (eps,), 1e-4)
        times.append(time.perf_counter() - start)
    summary("NumPy and SciPy", steps, sum(times), xi, phi)


run()
