"""Bad inputs of `ebm bench`."""
from row import DIVERGED, IO, USAGE, Row


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        Row("bench: unknown sampler", "bench --sampler langevin,nutz", USAGE, "did you mean nuts"),
        Row("bench: n 0", "bench --n 100,0", USAGE, "n = 0: must be at least 1"),
        Row("bench: n no number", "bench --n 100,many", USAGE, 'n = "many": must be whole numbers'),
        Row("bench: n with a fraction", "bench --n 1.5", USAGE, 'n = "1.5"'),
        Row("bench: n with an empty entry", "bench --n 1,,2", USAGE, 'n = "": must be'),
        Row("bench: n without end", "bench --n 9000000000000000000", USAGE, "do not fit"),
        Row("bench: steps 0", "bench --steps 0", USAGE, "steps = 0: must be at least 1"),
        Row("bench: threads -1", "bench --threads 1,-1", USAGE, "threads = -1"),
        Row("bench: repetitions 0", "bench --repetitions 0", USAGE, "repetitions = 0"),
        Row("bench: leapfrog 0", "bench --sampler hmc --leapfrog 0", USAGE, "leapfrog = 0"),
        Row("bench: leapfrog of langevin", "bench --leapfrog 5", USAGE,
            "leapfrog: not for langevin"),
        Row("bench: layers of toys", "bench --layers", USAGE, "--net"),
        Row("bench: layers, no repetition", "bench --net mlp --layers --repetitions 0", USAGE,
            "repetitions = 0"),
        Row("bench: backend of toys", "bench --backend torch", USAGE, "--net"),
        Row("bench: temperature 1e-300", "bench --temperature 1e-300", USAGE,
            "temperature = 1e-300: must be of a size"),
        Row("bench: temperature nan", "bench --temperature nan", USAGE, "temperature = nan"),
        Row("bench: step size -1", "bench --step-size -1", USAGE, "step_size = -1"),
        Row("bench: unknown format", "bench --format xml", USAGE,
            'format = xml: must be one of table, csv, json'),
        Row("bench: unknown format of layers", "bench --net mlp --layers --format xml", USAGE,
            'format = xml: must be one of table, csv, json'),
        Row("bench: output of another kind", "bench --out x.txt", USAGE,
            "must end in .csv or .json"),
        Row("bench: output in no folder", "bench --steps 1000000000 --out no/x.csv", IO,
            "no/x.csv"),
        Row("bench: --json and --format", "bench --json --format csv", USAGE, "--format"),
        Row("bench: unknown toy energy", "bench --energy toy:double-well --energy toy:8gausians",
            USAGE, "did you mean 8gaussians"),
        Row("bench: unknown backend", "bench --net mlp --backend compiled,jax", USAGE,
            'backend = jax: must be one of compiled, torch, torch-intra-op'),
        Row("bench: a step that diverges", "bench --n 100 --step-size 5", DIVERGED,
            "became non-finite (NaN or infinity)", progress=True),
    ]
