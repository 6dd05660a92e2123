"""Compares two run folders of `ebm train` bit by bit, but for what depends on the clock."""
import csv
import json
import pathlib

import event_files

TIMING_COLUMNS = ("seconds", "iterations_per_s", "chain_steps_per_s", "images_per_s")


def metrics_without_timing(run: pathlib.Path) -> list[dict[str, str]]:
    """The rows of metrics.csv as text, without the columns that the clock fills."""
    with open(run / "metrics.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for column in TIMING_COLUMNS:
            row.pop(column, None)
    return rows


def files_to_compare(run: pathlib.Path) -> dict[str, object]:
    """Path inside the run folder: content. Left out is what may differ between two equal runs: the
    lock, the configuration (threads) and the checksums of files that hold the time."""
    contents: dict[str, object] = {}
    for path in sorted(run.rglob("*")):
        name = path.relative_to(run).as_posix()
        if path.is_dir():
            contents[name + "/"] = None
        elif path.name in (".lock", "config.toml", "manifest.json"):
            continue
        elif path.name.startswith(event_files.PREFIX):
            continue  # one file a session: what TensorBoard makes of all of them is compared
        elif path.name == "metrics.csv":
            contents[name] = metrics_without_timing(run)
        elif path.name == "state.json":
            state = json.loads(path.read_text(encoding="utf-8"))
            del state["seconds"]
            contents[name] = state
        else:
            contents[name] = path.read_bytes()
    contents["events"] = {key: value for key, value in event_files.read_values(run).items()
                          if key[0] not in TIMING_COLUMNS}
    return contents


def differences(one: pathlib.Path, other: pathlib.Path) -> list[str]:
    """Names of the files that differ or that only one of the runs has; empty if the runs agree."""
    left, right = files_to_compare(one), files_to_compare(other)
    found = []
    for name in sorted(left.keys() | right.keys()):
        if name not in left:
            found.append(f"{name}: only in {other.name}")
        elif name not in right:
            found.append(f"{name}: only in {one.name}")
        elif left[name] != right[name]:
            found.append(f"{name}: differs")
    # An empty comparison proves nothing.
    for needed in ("model.safetensors", "metrics.csv", "events"):
        if not left.get(needed):
            found.append(f"{needed}: missing in both")
    if not any(name.startswith("samples/") and name.endswith(".png") for name in left):
        found.append("samples/*.png: missing in both")
    if not any(name.endswith("/weights.safetensors") for name in left):
        found.append("checkpoints/*/weights.safetensors: missing in both")
    return found
