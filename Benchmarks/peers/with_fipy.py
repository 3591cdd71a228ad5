"""The problem with FiPy: one term a line, its default LU solver, one sweep a step."""

import time

from fipy import (
    CellVariable, DiffusionTerm, ImplicitSourceTerm, LinearLUSolver, PeriodicGrid2DTopBottom, TransientTerm, numerix,
)

from problem import *

mesh = PeriodicGrid2DTopBottom(dx=H, dy=H, nx=N, ny=N)


def flat(a):
    """FiPy counts cells along x first."""
    return a.T.ravel()


def square(v):
    return numerix.array(v).reshape(N, N).T


xi = CellVariable(mesh=mesh, value=flat(initial()), hasOld=True)
c = CellVariable(mesh=mesh, value=1.0, hasOld=True)
phi = CellVariable(mesh=mesh, value=0.0)
c.constrain(1.0, mesh.facesRight)
phi.constrain(0.0, mesh.facesRight)

eps = numerix.maximum(1 - xi, FLOOR)
slope = 30 * xi**2 * (1 - xi) ** 2
e = VOLTAGE - phi
forward = numerix.exp(-FARADAY_RT * e / 2) * c
back = numerix.exp(FARADAY_RT * e / 2)
rate = RATE * slope * (forward - back)
well = MOBILITY * WELL * 2 * xi * (1 - xi) * (1 - 2 * xi)
answer = CHARGE * RATE * slope * FARADAY_RT / 2 * (forward + back)
growth = (xi - xi.old) / STEP

metal = TransientTerm(var=xi) == DiffusionTerm(MOBILITY * KAPPA, var=xi) + (rate - well)
# A cell of metal keeps a thousandth of electrolyte, the only way for FiPy to leave it in the matrix.
charge = DiffusionTerm(CONDUCTIVITY * eps.harmonicFaceValue, var=phi) == (
    CHARGE * growth - answer * phi + ImplicitSourceTerm(answer, var=phi)
)
salt = TransientTerm(eps, var=c) == (
    DiffusionTerm(DIFFUSIVITY * eps.harmonicFaceValue, var=c)
    + (DIFFUSIVITY * FARADAY_RT * (eps * c).harmonicFaceValue * phi.faceGrad).divergence
    - RATIO * growth
    + ImplicitSourceTerm((eps - numerix.maximum(1 - xi.old, FLOOR)) / STEP, var=c)
)

solver = LinearLUSolver()
times = []
for _ in range(round(END / STEP)):
    start = time.perf_counter()
    xi.updateOld()
    c.updateOld()
    metal.solve(var=xi, dt=STEP, solver=solver)
    charge.solve(var=phi, solver=solver)
    salt.solve(var=c, dt=STEP, solver=solver)
    times.append(time.perf_counter() - start)
summary("FiPy", len(times), sum(times), square(xi.value), square(phi.value))
