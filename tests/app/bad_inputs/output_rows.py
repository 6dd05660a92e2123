"""Outputs that cannot be written, of every command that writes: each is found before the work,
which would take hours."""
from row import IO, TEXT, Row

HOURS = "--energy toy:8gaussians --n 100 --steps 1000000000"
ADAPT = "--energy toy:gaussian --sampler nuts --adapt --burn-in 1000000000 --diagnose"

FILES = {
    "sample": (f"sample {HOURS} --out", ".npy"),
    "sample, picture": (f"sample {HOURS} --out", ".png"),
    "sample, trace": (f"sample {HOURS} --trace", ".npy"),
    "sample, energies": (f"sample {HOURS} --energy-trace", ".npy"),
    "sample, adaptation": (f"sample {ADAPT} --adapt-out", ".json"),
    "modes": ("modes --energy toy:8gaussians --n 1000 --frames 10000000 --out", ".json"),
    "modes, picture": ("modes --energy toy:8gaussians --n 1000 --frames 10000000 --picture",
                       ".png"),
    "bench": ("bench --steps 1000000000 --out", ".csv"),
    "bench, JSON": ("bench --steps 1000000000 --out", ".json"),
    "bench, layers": ("bench --net mlp --layers --repetitions 1000000000 --out", ".csv"),
    "data": ("data toy:rings --out", ".png"),
    "import": ("import w.safetensors --net mlp --data toy:rings#limit=1000000000 --out",
               ".safetensors"),
    "eval": ("eval fashion-mnist --n 5000 --out", ".json"),
    "features train": ("features train --data fashion-mnist --out", ".safetensors"),
    "gan dynamics": ("gan dynamics --system wgan --time 100000 --out", ".png"),
}

FOLDERS = {
    "man": "man",
    "train": "train --data toy:rings#limit=1000000000 --out",
    "gan train": "gan train --data toy:rings#limit=1000000000 --out",
    "flow train": "flow train --data toy:rings#limit=1000000000 --out",
}


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    rows = []
    for name, (command, ending) in FILES.items():
        rows += [
            Row(f"out: {name}, in no folder", f"{command} no/x{ending}", IO, f"no/x{ending}"),
            Row(f"out: {name}, under a file", f"{command} file/x{ending}", IO, f"file/x{ending}",
                {"file": TEXT}),
            Row(f"out: {name}, is a folder", f"{command} x{ending}", IO, f"x{ending}",
                {f"x{ending}/": b""}),
        ]
    for name, command in FOLDERS.items():
        rows += [
            Row(f"out: {name}, is a file", f"{command} file", IO, "file", {"file": TEXT}),
            Row(f"out: {name}, under a file", f"{command} file/run", IO, "file/run",
                {"file": TEXT}),
        ]
    return rows
