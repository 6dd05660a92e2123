"""Bad inputs of `ebm sample`: its options, and where results shall go."""
import made_files
from row import BAD_DATA, DIVERGED, IMAGES, IO, NO_INPUT, POINTS, TEXT, USAGE, Row


def output_rows() -> list[Row]:
    """Where results shall go."""
    toy = "sample --energy toy:8gaussians --n 4 --steps 2 --out"
    old = {"file": TEXT}
    return [
        Row("out: under a file", f"{toy} file/x.npy", IO, "file/x.npy", old),
        Row("out: folder does not exist", f"{toy} nowhere/x.npy", IO, "nowhere/x.npy"),
        Row("out: wrong ending", f"{toy} x.jpg", USAGE, "must end in .png or .npy"),
        Row("out: no ending", f"{toy} file", USAGE, "must end in .png or .npy", old),
        Row("out: is a folder", f"{toy} x.npy", IO, "it is a folder", {"x.npy/": b""}),
        Row("out: neither out, trace nor diagnose", "sample --energy toy:gaussian,dim=3",
            USAGE, "give --out FILE, --trace FILE or --diagnose"),
        Row("out: data, folder does not exist", "data toy:rings --out nowhere/x.png", IO,
            "nowhere/x.png"),
        Row("out: data, wrong ending", "data toy:rings --out x.npy", USAGE, "must end in .png"),
        Row("out: score, wrong ending", "score run --data toy:rings --out x.png", USAGE,
            "must end in .npy or .csv", uses=("run",)),
        Row("out: train under a file", "train --data toy:rings --out file/run", IO, "file/run",
            old),
        Row("out: train on a file", "train --data toy:rings --out file", IO, "file", old),
        Row("out: train, missing", "train --data toy:rings", USAGE, "--out"),
    ]


def sample_rows() -> list[Row]:
    """Options of `ebm sample`."""
    well = "sample --energy toy:double-well --out x.npy"
    plane = "sample --energy toy:8gaussians --out x.npy"
    nan = made_files.npy((2, 1), made_files.floats([0.0, float("nan")]))
    return [
        Row("sample: MODEL and --energy", "sample run --energy toy:double-well --out x.npy", USAGE,
            "either MODEL or --energy", uses=("run",)),
        Row("sample: neither", "sample --out x.npy", USAGE, "either MODEL or --energy"),
        Row("sample: n 0", f"{well} --n 0", USAGE, "n = 0: must be at least 1"),
        Row("sample: n without end", f"{well} --n 9000000000000000000", USAGE, "do not fit"),
        Row("sample: n no number", f"{well} --n many", USAGE, "many"),
        Row("sample: steps -1", f"{well} --steps -1", USAGE, "steps = -1"),
        Row("sample: temperature -1", f"{well} --temperature -1", USAGE, "temperature = -1"),
        Row("sample: temperature nan", f"{well} --temperature nan", USAGE, "temperature = nan"),
        Row("sample: temperature and noise scale", f"{well} --temperature 1 --noise-scale 1", USAGE,
            "--noise-scale"),
        Row("sample: step size 0", f"{well} --step-size 0", USAGE, "step_size = 0"),
        Row("sample: noise scale -1", f"{well} --noise-scale -1", USAGE, "noise_scale = -1"),
        Row("sample: step size 1e-300", f"{well} --step-size 1e-300", USAGE,
            "step-size = 1e-300: must be of a size from 1.2e-38 to 3.4e+38, as it is computed in "
            "float32"),
        Row("sample: temperature 1e-300", f"{well} --temperature 1e-300", USAGE,
            "temperature = 1e-300: must be of a size"),
        Row("sample: noise scale 1e39", f"{well} --noise-scale 1e39", USAGE,
            "noise-scale = 1e+39: must be of a size"),
        Row("sample: friction 1e-300", f"{well} --sampler underdamped --friction 1e-300", USAGE,
            "friction = 1e-300: must be of a size"),
        Row("sample: momentum 1e-300", f"{well} --sampler nesterov --momentum 1e-300", USAGE,
            "momentum = 1e-300: must be of a size"),
        Row("sample: ladder to 1e39", f"{well} --sampler parallel-tempering --ladder 1,1e39", USAGE,
            "ladder = 1e+39: must be of a size"),
        Row("sample: largest factor 1e39",
            f"{well} --sampler parallel-tempering --max-temperature 1e39", USAGE,
            "max-temperature = 1e+39: must be of a size"),
        Row("sample: box to 1e39", f"{well} --box -1,1e39", USAGE, "box = 1e+39: must be of a size"),
        Row("sample: temperature schedule from 1e-300",
            f"{well} --sampler annealed --temperature-schedule geometric:1e-300:1", USAGE,
            "temperature-schedule = 1e-300: must be of a size"),
        Row("sample: a temperature whose noise is 0",
            f"{well} --step-size 1e-30 --temperature 1e-30", USAGE,
            "temperature = 1e-30: with step_size 1e-30 the noise is 0 in float32"),
        Row("sample: seed -1", f"{well} --seed -1", USAGE, "seed = -1"),
        Row("sample: threads -1", f"{well} --threads -1", USAGE, "threads = -1"),
        Row("sample: picture of a line", "sample --energy toy:double-well --out x.png", USAGE,
            "cannot be drawn"),
        Row("sample: unknown init", f"{well} --init zeros", USAGE, "init = zeros"),
        Row("sample: init data without --data", f"{plane} --init data", USAGE, "needs --data"),
        Row("sample: init replay of a toy", f"{plane} --init replay", USAGE, "no replay buffer"),
        Row("sample: init data of another shape", f"{plane} --init data --data idx:images",
            BAD_DATA, "1x12x12", {"images": IMAGES}),
        Row("sample: init file of another shape", f"{well} --init points.npy", BAD_DATA,
            "points.npy holds", {"points.npy": POINTS}),
        Row("sample: init file with NaN", f"{well} --init nan.npy", BAD_DATA, "finite",
            {"nan.npy": nan}),
        Row("sample: init file outside the box", "sample image_run --init x.npy --out y.npy",
            BAD_DATA, "values from -1 to 1",
            {"x.npy": made_files.npy((1, 1, 12, 12), made_files.floats([7.0] * 144))},
            uses=("image_run",)),
        Row("sample: init file missing", f"{well} --init nowhere.npy", NO_INPUT, "nowhere.npy"),
        Row("sample: step size 0.1 diverges", f"{well} --n 1000 --step-size 0.1", DIVERGED,
            "became non-finite (NaN or infinity)", progress=True),
        Row("EBM_SIMD=nonsense", well, USAGE, "EBM_SIMD = nonsense",
            environment={"EBM_SIMD": "nonsense"}),
        Row("unknown subcommand", "smaple --out x.npy", USAGE, "did you mean sample"),
        Row("unknown option before a subcommand", "--jsn", USAGE, "unknown option --jsn"),
        Row("the name of an argument as an option", "sample --model run --out x.npy", USAGE,
            "unknown option --model; MODEL is given without it: ebm sample MODEL"),
        Row("unknown option", f"{well} --step 3", USAGE, "--step"),
        Row("unknown option of train",
            "train --data toy:8gaussians#limit=50 --out new --learning-rate 1", USAGE,
            "--learning-rate"),
    ]


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return output_rows() + sample_rows()
