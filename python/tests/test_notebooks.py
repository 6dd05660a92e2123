"""The notebooks run from their first cell to their last."""
import json
import pathlib

import pytest

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "notebooks"


@pytest.mark.parametrize("name", [path.name for path in sorted(FOLDER.glob("*.ipynb"))])
def test_notebook_runs(name, monkeypatch, tmp_path):
    if name.startswith("pytorch"):
        pytest.importorskip("torch", reason="PyTorch is not installed")
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(tmp_path)
    cells = json.loads((FOLDER / name).read_text(encoding="utf-8"))["cells"]
    scope = {"__name__": "__main__"}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{name}[{number}]", "exec"), scope)
