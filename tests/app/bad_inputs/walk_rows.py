"""Bad inputs of `ebm sample`'s walks: samplers, their numbers, traces and adaptation."""
import made_files
from row import BAD_DATA, IO, NO_INPUT, TEXT, USAGE, Files, Row


def trace_rows() -> list[Row]:
    """Where the draws of a walk and what it found shall go."""
    endless = "sample --energy toy:8gaussians --out x.npy --trace y.npy"
    many = "sample --energy toy:double-well,dim=1000000 --out x.npy --trace y.npy"
    toy = "sample --energy toy:8gaussians --n 4 --steps 2 --out x.npy"
    old = {"file": TEXT}
    return [
        Row("trace: under a file", f"{toy} --trace file/y.npy", IO, "file/y.npy", old),
        Row("trace: folder does not exist", f"{toy} --trace nowhere/y.npy", IO,
            "nowhere/y.npy"),
        Row("trace: a picture", f"{toy} --trace y.png", USAGE,
            "trace = y.png: must end in .npy, .csv or .nc"),
        Row("trace: the file of --out", f"{toy} --trace ./x.npy", USAGE,
            "trace = ./x.npy: must be another file"),
        Row("trace: larger than the disk", f"{endless} --n 4 --steps {10**15}", IO,
            "needs 32000000000000000 bytes, and the disk has"),
        Row("trace: larger than the disk, with replicas",
            f"{endless} --n 4 --steps {10**15} --sampler parallel-tempering", IO,
            "needs 32000000000000000 bytes, and the disk has"),
        # 2⁶³ bytes are more than a file has, 2⁶⁴ more than a counter.
        Row("trace: larger than any file", f"{endless} --steps {10**15} --n 4000",
            IO, "more bytes than a file can have"),
        Row("trace: of so many values that their number overflows",
            f"{many} --steps {10**15} --n 40", IO,
            "more bytes than a file can have"),
        Row("diagnose: more draws than fit in memory",
            f"{endless} --n 4 --diagnose --steps {10**12}", USAGE, "raise --thinning or lower --n"),
        Row("target-acceptance: above 1",
            f"{toy} --sampler hmc --adapt --target-acceptance 1.2", USAGE,
            "target-acceptance = 1.2: must be from"),
        Row("target-acceptance: without --adapt",
            f"{toy} --sampler hmc --target-acceptance 0.9", USAGE, "needs --adapt"),
        Row("inner: a descent has no temperature",
            f"{toy} --sampler parallel-tempering --inner nesterov", USAGE, "has no temperature"),
        Row("temperature: of a descent", f"{toy} --sampler nesterov --temperature 2", USAGE,
            "temperature: not for nesterov"),
        Row("adapt-out: under a file",
            f"{toy} --sampler hmc --adapt --adapt-out file/a.json", IO, "file/a.json", old),
        Row("adapt-out: the file of --out",
            f"{toy} --sampler hmc --adapt --adapt-out x.npy", USAGE,
            "adapt-out = x.npy: must be another file"),
    ]


def walk_rows() -> list[Row]:
    """Samplers of `ebm sample` and their numbers."""
    well = "sample --energy toy:double-well --out x.npy --steps 10"
    plane = "sample --energy toy:8gaussians --out x.npy --steps 10"
    tempering = f"{well} --sampler parallel-tempering"
    annealed = f"{well} --sampler annealed"
    nan = made_files.npy((2, 1), made_files.floats([0.0, float("nan")]))
    outside = made_files.npy((2, 1), made_files.floats([0.5, 1.5]))
    rows = [
        Row("steps: without end",
            "sample --energy toy:double-well --out x.npy --steps 9000000000000000000", USAGE,
            "steps = 9000000000000000000: must be at most"),
        Row("burn-in: -1", f"{well} --burn-in -1", USAGE, "burn-in = -1: must be 0 or more"),
        Row("burn-in: without end", f"{well} --burn-in 9000000000000000000", USAGE,
            "burn-in = 9000000000000000000: must be at most"),
        Row("burn-in: 0 with --adapt", f"{well} --sampler hmc --adapt --burn-in 0", USAGE,
            "burn-in = 0: must be at least 1"),
        Row("thinning: of no draws", f"{well} --thinning 2", USAGE,
            "thinning = 2: requires --trace"),
        Row("adapt: replicas", f"{tempering} --adapt", USAGE,
            "adapt mala by itself and use what it finds"),
        Row("data: without --init data", f"{plane} --data toy:8gaussians", USAGE,
            "data = toy:8gaussians: needs --init data"),
        Row("backend: of a toy", f"{well} --backend torch", USAGE,
            "backend = torch: is for a MODEL, not for a toy"),
        Row("precision: of a toy", f"{well} --precision bf16", USAGE,
            "precision = bf16: is for a MODEL, not for a toy"),
        Row("precision: unknown", "sample fashion-mnist --precision fp16 --out x.png", USAGE,
            "precision = fp16: must be one of f32, bf16"),
        Row("precision: of torch", "sample fashion-mnist --precision bf16 --backend torch", USAGE,
            "precision = bf16: is for backend = compiled"),
        Row("temperature-schedule: and temperature",
            f"{annealed} --temperature-schedule geometric:10:1 --temperature 2", USAGE,
            "temperature-schedule: not valid with --temperature"),
        Row("step-schedule: and step size",
            f"{annealed} --step-schedule geometric:0.1:0.01 --step-size 0.1", USAGE,
            "step-schedule: not valid with --step-size"),
        Row("thinning: 0", f"{well} --thinning 0", USAGE, "thinning = 0: must be at least 1"),
        Row("thinning: above steps, trace", f"{well} --thinning 11 --trace y.npy", USAGE,
            "thinning = 11: must be at most the 10 steps"),
        Row("thinning: above steps, diagnose", f"{well} --thinning 11 --diagnose", USAGE,
            "thinning = 11: must be at most the 10 steps"),
        Row("n: with its replicas",
            f"{tempering} --replicas 16 --n {10**9}", USAGE,
            "16 replicas each, do not fit in memory"),
        Row("n: times dim overflows",
            "sample --energy toy:double-well,dim=1000000 --out x.npy --n 10000000000000", USAGE,
            "do not fit in memory"),
        Row("sampler: unknown, near one", f"{well} --sampler nuts2", USAGE,
            "sampler = nuts2: did you mean nuts?"),
        Row("sampler: unknown, near none", f"{well} --sampler metropolis", USAGE,
            "sampler = metropolis: must be one of langevin, mala"),
        Row("inner: of itself", f"{tempering} --inner parallel-tempering", USAGE,
            "inner = parallel-tempering: must be a sampler that has no inner one itself"),
        Row("inner: of the other one", f"{annealed} --inner parallel-tempering", USAGE,
            "inner = parallel-tempering: must be a sampler that has no inner one itself"),
        Row("inner: not for mala", f"{well} --sampler mala --inner annealed", USAGE,
            "inner = annealed: not for mala; it is an option of parallel-tempering and annealed"),
        Row("inner: unknown", f"{tempering} --inner nutz", USAGE,
            "inner = nutz: did you mean nuts?"),
        Row("ladder: 3 factors", f"{tempering} --ladder 1,2,4", USAGE,
            "ladder = 3 temperatures: must be 2, 4, 8 or 16"),
        Row("ladder: 1 factor", f"{tempering} --ladder 1", USAGE, "ladder = 1 temperatures"),
        Row("ladder: not rising", f"{tempering} --ladder 1,4,2,8", USAGE,
            "ladder: must start at 1 and rise"),
        Row("ladder: not from 1", f"{tempering} --ladder 2,4", USAGE,
            "ladder: must start at 1 and rise"),
        Row("ladder: nan", f"{tempering} --ladder 1,nan", USAGE, "ladder = nan"),
        Row("ladder: and replicas", f"{tempering} --ladder 1,2 --replicas 2", USAGE, "--ladder"),
        Row("replicas: 3", f"{tempering} --replicas 3", USAGE,
            "replicas = 3: must be 2, 4, 8 or 16"),
        Row("replicas: without end", f"{tempering} --replicas 1000000000000", USAGE,
            "replicas = 1000000000000: must be"),
        Row("max-temperature: below 1", f"{tempering} --max-temperature 0.5", USAGE,
            "max-temperature = 0.5: must be above 1"),
        Row("max-temperature: nan", f"{tempering} --max-temperature nan", USAGE,
            "max-temperature = nan"),
        Row("leapfrog: 0", f"{well} --sampler hmc --leapfrog 0", USAGE, "leapfrog = 0"),
        Row("jitter: 2", f"{well} --sampler hmc --jitter 2", USAGE, "jitter = 2"),
        Row("max-tree-depth: 0", f"{well} --sampler nuts --max-tree-depth 0", USAGE,
            "max-tree-depth = 0"),
        Row("friction: -1", f"{well} --sampler underdamped --friction -1", USAGE,
            "friction = -1"),
        Row("momentum: 1", f"{well} --sampler nesterov --momentum 1", USAGE, "momentum = 1"),
        Row("box: upside down", f"{well} --box 1,-1", USAGE, "box"),
        Row("box: nan", f"{well} --box nan,1", USAGE, "box"),
        Row("box: half of one", f"{well} --box 1", USAGE, "box: takes 2 values, has 1"),
        Row("box: nuts", f"{well} --sampler nuts --box -1,1", USAGE,
            "nuts supports no box; use hmc"),
        Row("box: nuts inside", f"{tempering} --inner nuts --box -1,1", USAGE,
            "nuts supports no box; use hmc"),
        Row("box: noise on an endless one", f"{well} --sampler mala --box 0,inf", USAGE,
            "init = noise"),
        Row("box: file outside", f"{well} --box 0,1 --init y.npy", BAD_DATA,
            "y.npy holds 1.5 in row 1; expected values from 0 to 1", {"y.npy": outside}),
        Row("box: data outside",
            f"{plane} --box 0,1 --init data --data toy:8gaussians", BAD_DATA,
            "expected values from 0 to 1"),
        Row("box-rule: clamp for hmc", f"{well} --sampler hmc --box -1,1 --box-rule clamp", USAGE,
            "box_rule = clamp: not for hmc"),
        Row("box-rule: reflect for a descent",
            f"{well} --sampler nesterov --box -1,1 --box-rule reflect", USAGE,
            "box_rule = reflect: not for nesterov"),
        Row("box-rule: reflect for a flow",
            f"{well} --sampler gradient-flow --box -1,1 --box-rule reflect", USAGE,
            "box_rule = reflect: not for gradient-flow"),
        Row("flow-time: 0", f"{well} --sampler gradient-flow --flow-time 0", USAGE,
            "flow_time = 0: must be a positive number"),
        Row("flow-time: too many steps",
            f"{well} --sampler gradient-flow --flow-time 1e9 --step-size 1e-9", USAGE,
            "more than 1e9 steps"),
        Row("inner: a flow", f"{well} --sampler annealed --inner gradient-flow", USAGE,
            "inner = gradient-flow: follows a schedule of its own"),
        Row("box-rule: unknown", f"{well} --box -1,1 --box-rule bounce", USAGE,
            "box-rule = bounce: must be one of clamp, reflect"),
        Row("box-rule: no box", f"{well} --box-rule reflect", USAGE, "needs --box"),
        Row("init: NaN for mala", f"{well} --sampler mala --init nan.npy", BAD_DATA,
            "nan.npy holds nan in row 1", {"nan.npy": nan}),
    ]
    for sampler in ("langevin", "mala", "hmc", "nuts", "underdamped", "nesterov",
                    "gradient-descent", "parallel-tempering", "annealed", "gradient-flow"):
        for value in ("0", "-1", "nan", "inf", "1e-60"):
            fault = ("step-size = 1e-60: must be of a size from 1.2e-38" if value == "1e-60" else
                     f"step_size = {value}: must be a positive number")
            rows.append(Row(f"step-size: {value}, {sampler}",
                            f"{well} --sampler {sampler} --step-size {value}", USAGE, fault))
    for sampler in ("mala", "hmc", "nuts", "underdamped", "parallel-tempering", "annealed"):
        rows.append(Row(f"temperature: -1, {sampler}", f"{well} --sampler {sampler} "
                        "--temperature -1", USAGE, "temperature = -1"))
    for sampler in ("mala", "hmc", "nuts", "parallel-tempering", "annealed"):
        rows.append(Row(f"temperature: 0, {sampler}", f"{well} --sampler {sampler} "
                        "--temperature 0", USAGE, "temperature = 0: must be a positive number"))
    for option in ("temperature", "step"):
        for words in ("geometric:10", "geometrik:10:1", "cosine:1:2:3", "cosine:a:1", "10",
                      "constant:1:2", "geometric:10:"):
            rows.append(Row(f"{option}-schedule: {words}",
                            f"{annealed} --{option}-schedule {words}", USAGE,
                            f"{option}-schedule = {words}: must be SHAPE:FROM:TO"))
        rows.append(Row(f"{option}-schedule: to 0", f"{annealed} --{option}-schedule cosine:1:0",
                        USAGE, f"{option}-schedule = 0: must be a positive number"))
        rows.append(Row(f"{option}-schedule: from nan",
                        f"{annealed} --{option}-schedule cosine:nan:1", USAGE,
                        f"{option}-schedule = nan: must be a positive number"))
    for option, taker in (("noise-scale 1", "langevin"), ("leapfrog 5", "hmc"),
                          ("jitter 0.1", "hmc"), ("max-tree-depth 5", "nuts"),
                          ("friction 1", "underdamped"), ("momentum 0.5", "nesterov"),
                          ("flow-time 2", "gradient-flow"),
                          ("ladder 1,2", "parallel-tempering"),
                          ("replicas 2", "parallel-tempering"),
                          ("max-temperature 9", "parallel-tempering"),
                          ("temperature-schedule cosine:2:1", "annealed"),
                          ("step-schedule cosine:2:1", "annealed")):
        rows.append(Row(f"{option.split()[0]}: not for mala", f"{well} --sampler mala --{option}",
                        USAGE, f"{option.split()[0]}: not for mala; it is an option of {taker}"))
    for option in ("level-max 3", "level-min 0.1", "levels 5"):
        rows.append(Row(f"{option.split()[0]}: not for mala", f"{well} --sampler mala --{option}",
                        USAGE, f"{option.split()[0]}: not for mala; it is an option of annealed-"))
    for sampler in ("annealed-langevin", "probability-flow", "ancestral", "recovery"):
        rows.append(Row(f"sampler: {sampler} of an energy without levels",
                        f"{well} --sampler {sampler}", USAGE,
                        f"sampler = {sampler}: the energy reads no levels of noise"))
        rows.append(Row(f"inner: {sampler}", f"{well} --sampler annealed --inner {sampler}", USAGE,
                        f"inner = {sampler}: follows a schedule of its own"))
    return rows


def adaptation_rows() -> list[Row]:
    """--adapt of `ebm sample` and the file that it leaves."""
    well = "sample --energy toy:double-well --out x.npy --steps 10"
    hmc = f"{well} --sampler hmc --adapted a.json"

    def found(sampler: str = "hmc", step_size: str = "0.5", mass: str = "[1.0]") -> Files:
        text = f'{{"sampler": "{sampler}", "step_size": {step_size}, "inverse_mass": {mass}}}'
        return {"a.json": text.encode()}

    rows = [
        Row(f"adapt: {sampler}", f"{well} --sampler {sampler} --adapt", USAGE,
            f"adapt: {sampler} has no accept step; adaptation takes mala, hmc or nuts")
        for sampler in ("langevin", "underdamped", "nesterov", "annealed")]
    return rows + [
        Row("adapt-out: without --adapt", f"{well} --sampler hmc --adapt-out a.json", USAGE,
            "adapt-out = a.json: needs --adapt"),
        Row("adapted: missing", hmc, NO_INPUT, "a.json"),
        Row("adapted: a folder", hmc, IO, "a.json", {"a.json/": b""}),
        Row("adapted: not JSON", hmc, BAD_DATA, "a.json: expected JSON", {"a.json": TEXT}),
        Row("adapted: empty", hmc, BAD_DATA, "a.json: expected JSON", {"a.json": b""}),
        Row("adapted: JSON of something else", hmc, BAD_DATA, "a.json: expected JSON",
            {"a.json": b"[1, 2]"}),
        Row("adapted: a word for a number", hmc, BAD_DATA, "a.json: expected JSON",
            found(step_size='"large"')),
        Row("adapted: masses missing", hmc, BAD_DATA, "a.json: expected JSON", found(mass="null")),
        Row("adapted: step size 0", hmc, BAD_DATA,
            "a.json: step_size is 0; expected a positive number", found(step_size="0")),
        Row("adapted: negative mass", hmc, BAD_DATA,
            "a.json: inverse_mass[0] is -1; expected a positive number", found(mass="[-1]")),
        Row("adapted: masses of another energy", hmc, BAD_DATA,
            "a.json: inverse_mass holds 2 values; expected one for each of the 1 coordinates",
            found(mass="[1, 1]")),
        Row("adapted: of another sampler", hmc, USAGE,
            "adapted = a.json: was found for nuts, the sampler is hmc", found("nuts")),
    ]


def all_rows() -> list[Row]:
    """Every row, in the order of the printed table."""
    return trace_rows() + walk_rows() + adaptation_rows()
