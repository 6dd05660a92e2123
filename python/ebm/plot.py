"""Pictures with matplotlib; each function returns the axes that it drew on."""
from __future__ import annotations

import math
from typing import Any, Mapping, Sequence

import numpy as np

from .errors import ShapeError
from .estimates import Modes
from .sampling import Walk


def _axes(ax: Any, **size: Any) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(**size)[1]


def grid(images: Any, *, columns: int | None = None, row_names: Sequence[str] | None = None,
         ax: Any = None) -> Any:
    """Images [n, channels, height, width] in [-1, 1] side by side.

    Parameters
    ----------
    columns : int, optional
        By default about as many as rows; with row_names, n / len(row_names).
    row_names : sequence of str, optional
        At the left of the rows, as the names of classes.
    """
    x = np.asarray(images, np.float32)
    if x.ndim != 4 or x.shape[1] not in (1, 3) or len(x) == 0:
        raise ShapeError(f"images have shape {x.shape}; expected [n, 1 or 3, height, width]")
    n, channels, height, width = x.shape
    if columns is None:
        columns = n // len(row_names) if row_names else math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    canvas = np.ones((rows * (height + 1) - 1, columns * (width + 1) - 1, channels), np.float32)
    for i, image in enumerate(np.clip((x + 1) / 2, 0, 1)):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        canvas[top:top + height, left:left + width] = image.transpose(1, 2, 0)
    ax = _axes(ax, figsize=(columns * 0.6 + 1, rows * 0.6))
    ax.imshow(canvas[:, :, 0] if channels == 1 else canvas, cmap="gray", vmin=0, vmax=1,
              interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([])
    if row_names:
        ax.set_yticks([i * (height + 1) + height / 2 for i in range(rows)], row_names)
        ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def energies(sets: Mapping[str, Any], *, bins: int = 60, ax: Any = None) -> Any:
    """Histograms of energies, as of test images beside samples and other data."""
    ax = _axes(ax, figsize=(6, 3))
    values = {name: np.ravel(each) for name, each in sets.items()}
    edges = np.histogram_bin_edges(np.concatenate(list(values.values())), bins)
    for name, each in values.items():
        ax.hist(each, edges, density=True, histtype="step", label=name)
    ax.set_xlabel("energy")
    ax.set_ylabel("density")
    ax.legend(frameon=False)
    return ax


def trace(walk: Walk, names: Sequence[str] | None = None, *, chains: int = 4,
          ax: Any = None) -> Any:
    """Draws of some chains, one line each, of the energy or of parameters."""
    ax = _axes(ax, figsize=(8, 3))
    if walk.draws is None:
        raise ShapeError("trace: no draws were kept; walk with trace=True")
    columns = walk.parameters
    for name in names or ["energy"]:
        rows = walk.draw_energies if name == "energy" else columns[:, :, walk.names.index(name)]
        for chain in range(min(chains, rows.shape[1])):
            ax.plot(rows[:, chain], linewidth=0.7, label=f"{name}, chain {chain}")
    ax.set_xlabel("draw")
    ax.legend(frameon=False, fontsize="small")
    return ax


def modes(found: Modes, *, ax: Any = None) -> Any:
    """The disconnectivity tree of modes: leaves at their energies, joined at the saddles.

    Two modes are one for chains that reach the energy where their lines meet; widths of leaves and
    numbers are shares of the time.
    """
    ax = _axes(ax, figsize=(6, 3))
    n = len(found.saddles) if found.saddles is not None else len(found)
    place = dict(zip(_leaves(found.tree, n), range(n)))
    places = [float(place[mode]) for mode in range(n)]
    heights = [float(each) for each in found.energies[:n]]
    for mode in range(n):
        ax.plot(places[mode], heights[mode], "o", color="C0",
                markersize=3 + 20 * math.sqrt(found.masses[mode]))
        ax.annotate(f"{found.masses[mode]:.2g}", (places[mode], heights[mode]),
                    xytext=(0, -14), textcoords="offset points", ha="center", fontsize="small")
    for merge in found.tree:
        left, right, top = merge["left"], merge["right"], merge["energy"]
        ax.plot([places[left], places[left], places[right], places[right]],
                [heights[left], top, top, heights[right]], color="C0", linewidth=1)
        places.append((places[left] + places[right]) / 2)
        heights.append(top)
    ax.margins(0.1, 0.2)
    ax.set_xticks([])
    ax.set_ylabel("energy")
    return ax


def _leaves(tree: Sequence[Mapping[str, Any]], n: int) -> list[int]:
    """The modes below the merges, so that no lines cross."""
    groups = [[mode] for mode in range(n)]
    whole = set(range(n))
    for merge in tree:
        groups.append(groups[merge["left"]] + groups[merge["right"]])
        whole = (whole - {merge["left"], merge["right"]}) | {len(groups) - 1}
    return [mode for group in sorted(whole) for mode in groups[group]]
