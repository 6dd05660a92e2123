"""Bad inputs of `ebm logz`."""
import made_files
from row import BAD_DATA, DIVERGED, NO_INPUT, POINTS, TEXT, USAGE, Row


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    well = "logz --energy toy:double-well"
    nan = made_files.npy((2, 1), made_files.floats([0.0, float("nan")]))
    points = {"points.npy": POINTS}
    return [
        Row("logz: MODEL and --energy", "logz run --energy toy:double-well", USAGE,
            "either MODEL or --energy", uses=("run",)),
        Row("logz: neither", "logz", USAGE, "either MODEL or --energy"),
        Row("logz: model missing", "logz nowhere", NO_INPUT, "no such model: nowhere"),
        Row("logz: unknown toy", "logz --energy toy:double-wel", USAGE, "did you mean double-well"),
        Row("logz: n 0", f"{well} --n 0", USAGE, "n = 0: must be at least 1"),
        Row("logz: n without end", f"{well} --n 9000000000000000000", USAGE, "do not fit"),
        Row("logz: one temperature", f"{well} --temperatures 1", USAGE,
            "temperatures = 1: must be at least 2"),
        Row("logz: temperatures without end", f"{well} --temperatures 9000000000000000000", USAGE,
            "must be at most"),
        Row("logz: steps 0", f"{well} --steps 0", USAGE, "steps = 0"),
        Row("logz: leapfrog of mala", f"{well} --sampler mala --leapfrog 3", USAGE,
            "leapfrog: not for mala"),
        Row("logz: backend of a toy", f"{well} --backend compiled", USAGE,
            "is for a MODEL, not for a toy"),
        Row("logz: more chains than memory", f"{well} --n {10**12}", USAGE,
            "do not fit in memory"),
        Row("logz: leapfrog 0", f"{well} --leapfrog 0", USAGE, "leapfrog = 0"),
        Row("logz: temperature 0", f"{well} --temperature 0", USAGE, "temperature = 0"),
        Row("logz: temperature 1e-300", f"{well} --temperature 1e-300", USAGE,
            "temperature = 1e-300: must be of a size"),
        Row("logz: base sd 1e39", f"{well} --base-sd 1e39", USAGE,
            "base-sd = 1e+39: must be of a size"),
        Row("logz: box to 1e39", f"{well} --box -1,1e39", USAGE, "box = 1e+39: must be of a size"),
        Row("logz: seed -1", f"{well} --seed -1", USAGE, "seed = -1"),
        Row("logz: threads -1", f"{well} --threads -1", USAGE, "threads = -1"),
        Row("logz: unknown sampler", f"{well} --sampler nuts", USAGE, "must be one of hmc, mala"),
        Row("logz: unknown schedule", f"{well} --schedule cosine", USAGE, "schedule = cosine"),
        Row("logz: unknown base", f"{well} --base cauchy", USAGE, "must be one of gaussian, uniform"),
        Row("logz: base sd 0", f"{well} --base-sd 0", USAGE, "base_sd = 0"),
        Row("logz: base sd nan", f"{well} --base-sd nan", USAGE, "base_sd = nan"),
        Row("logz: uniform base without a box", f"{well} --base uniform", USAGE, "needs --box"),
        Row("logz: gaussian base with a box", f"{well} --base gaussian --box -1,1", USAGE,
            "leave out --box"),
        Row("logz: empty box", f"{well} --box 1,-1", USAGE, "box"),
        Row("logz: half a box", f"{well} --box 1", USAGE, "box: takes 2 values, has 1"),
        Row("logz: box and base sd", f"{well} --box -1,1 --base-sd 2", USAGE, "--base-sd"),
        Row("logz: base where the energy overflows", f"{well} --base-sd 1e12", DIVERGED,
            "use a base", progress=True),
        Row("logz: reverse file missing", f"{well} --reverse nowhere.npy", NO_INPUT,
            "nowhere.npy"),
        Row("logz: reverse file of another shape", f"{well} --reverse points.npy", BAD_DATA,
            "expected rows of 1", points),
        Row("logz: reverse file with NaN", f"{well} --reverse nan.npy", BAD_DATA, "in row 1",
            {"nan.npy": nan}, progress=True),
        Row("logz: reverse file outside the box",
            "logz --energy toy:8gaussians --box -1,1 --temperatures 5 --reverse points.npy",
            BAD_DATA, "in row 2", points, progress=True),
        Row("logz: reverse file is text", f"{well} --reverse x.npy", BAD_DATA, "x.npy",
            {"x.npy": TEXT}),
    ]
