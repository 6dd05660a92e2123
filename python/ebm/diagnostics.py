"""Whether chains have mixed: effective sample sizes, R-hat, Monte Carlo errors."""
from __future__ import annotations

import dataclasses
from typing import Any, Sequence

import numpy as np

from . import _core
from .arrays import as_float32


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """A table of scalars, and warnings.

    Attributes
    ----------
    rows : list of dict
        name, mean, mcse_mean, sd, q5, q50, q95, ess_bulk, ess_tail, ess_bulk_per_s, r_hat, lag_1
        of the energy and of each parameter.
    e_bfmi, acceptance, n_divergent
        Of all chains, or None.
    warnings : list of str
        One line each.
    """

    rows: list[dict[str, Any]]
    e_bfmi: float | None
    acceptance: float | None
    n_divergent: int | None
    warnings: list[str]

    def __getitem__(self, name: str) -> dict[str, Any]:
        for row in self.rows:
            if row["name"] == name:
                return row
        raise KeyError(name)

    def to_pandas(self) -> Any:
        """The table as a DataFrame, by name."""
        import pandas

        return pandas.DataFrame(self.rows).set_index("name")

    def __str__(self) -> str:
        columns = ("mean", "mcse_mean", "sd", "q5", "q50", "q95", "ess_bulk", "ess_tail", "r_hat")
        width = max(len(row["name"]) for row in self.rows)
        lines = [" " * width + "".join(f"{column:>11}" for column in columns)]
        lines += [f"{row['name']:{width}}" + "".join(f"{row[c]:11.4g}" for c in columns)
                  for row in self.rows]
        return "\n".join(lines + (self.warnings or ["no warnings"]))


def diagnose(draws: Any, *, names: Sequence[str] | None = None, energies: Any = None,
             hamiltonians: Any = None, acceptance: Any = None, n_divergent: Any = None,
             seconds: float | None = None, threads: int = 0) -> Diagnosis:
    """Diagnoses draws of several chains.

    Parameters
    ----------
    draws : array, [n_draws, n_chains, ...]
    names : sequence of str, optional
        Of the numbers of a state.
    energies, hamiltonians : array, [n_draws, n_chains], optional
    acceptance, n_divergent : array, [n_chains], optional
    seconds : float, optional
        That the draws took.

    Notes
    -----
    Rank-normalised split R-hat, bulk and tail effective sample sizes of Vehtari et al. 2021.
    """
    array = as_float32(draws, "draws")
    rows = array.reshape(*array.shape[:2], -1) if array.ndim >= 2 else array
    none = np.empty(0, np.float32)
    found = _core.diagnose(
        rows, list(names or []), none if energies is None else as_float32(energies, "energies"),
        none if hamiltonians is None else as_float32(hamiltonians, "hamiltonians"),
        [] if acceptance is None else [float(each) for each in acceptance],
        [] if n_divergent is None else [int(each) for each in n_divergent],
        seconds, _core.resolve_threads(threads))
    return Diagnosis(**found)
