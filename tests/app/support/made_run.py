"""Makes run folders without training."""
import pathlib
import struct

import made_files

METRICS = ("iteration,energy_data,energy_samples,loss,fd\n"
           "10,-0.5,0.5,-1,\n20,-1,1,-2,80.5\n30,-1.5,1,-2.5,\n")
CONFIG = 'data = "fashion-mnist"\nnet = "uva"\nseed = 1\n\n[versions]\nebm = "0.1.0"\n'


def files(folder: str = "run", **changes: bytes | None) -> dict[str, bytes]:
    """The files of a run, by their paths. Keywords name a file with _ for . and /, as in
    metrics_csv or samples_noise; None leaves it out."""
    content: dict[str, bytes | None] = {
        "config_toml": CONFIG.encode(), "metrics_csv": METRICS.encode(),
        "samples_noise": made_files.png(24, 16), "samples_buffer": made_files.png(24, 16)}
    content |= changes
    names = {"config_toml": "config.toml", "metrics_csv": "metrics.csv",
             "samples_noise": "samples/noise_000020.png",
             "samples_buffer": "samples/buffer_000020.png", "eval_json": "eval.json",
             "eval_film": "eval-film.png", "classify_json": "classify.json",
             "restore_json": "restore.json", "restore_png": "restore.png", "modes_json": "modes.json", "modes_png": "modes.png",
             "events": "events.out.tfevents.1700000000.ebm"}
    return {f"{folder}/{names[key]}": data for key, data in content.items() if data is not None}


def write(folder: pathlib.Path, **changes: bytes | None) -> None:
    """Makes the folder with the files of a run."""
    for name, data in files("run", **changes).items():
        path = folder / pathlib.PurePath(name).relative_to("run")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def event_record_of_no_event() -> bytes:
    """A record of TFRecord framing with a checksum that does not fit."""
    return struct.pack("<QI", 5, 1) + b"hello" + struct.pack("<I", 2)
