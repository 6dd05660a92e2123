"""Pictures are drawn, with what they show in the right place."""
import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="matplotlib is not installed")
matplotlib.use("agg")

import ebm  # noqa: E402
import ebm.plot  # noqa: E402


def test_grid_puts_images_row_by_row():
    images = np.full((6, 1, 4, 4), -1.0)
    images[4] = 1.0
    ax = ebm.plot.grid(images, row_names=["first", "second"])
    canvas = ax.images[0].get_array()
    assert canvas.shape == (9, 14)
    assert canvas[5:9, 5:9].min() == 1 and canvas[5:9, 0:4].max() == 0
    assert [each.get_text() for each in ax.get_yticklabels()] == ["first", "second"]
    with pytest.raises(ebm.errors.ShapeError, match="images have shape"):
        ebm.plot.grid(np.zeros((3, 4)))


def test_energies_and_traces():
    ax = ebm.plot.energies({"data": [1, 2, 2], "samples": np.arange(9)})
    assert [each.get_text() for each in ax.get_legend().get_texts()] == ["data", "samples"]
    walk = ebm.walk("toy:rings", n=4, steps=20, trace=True)
    line = ebm.plot.trace(walk, ["x[1]"], chains=2).lines[1]
    np.testing.assert_array_equal(line.get_ydata(), walk.draws[:, 1, 1])


@pytest.mark.filterwarnings("ignore::ebm.errors.Warning")
def test_modes_are_a_tree():
    found = ebm.modes("toy:double-well,dim=1", n=128, burn_in=200, lag=50, step_size=0.05,
                      temperature=0.4, seed=2)
    ax = ebm.plot.modes(found)
    assert len(ax.lines) == 3 and len(ax.texts) == 2
    np.testing.assert_allclose(ax.lines[2].get_ydata()[1:3], found.saddles[0, 1])
    np.testing.assert_allclose([line.get_ydata()[0] for line in ax.lines[:2]], found.energies)
