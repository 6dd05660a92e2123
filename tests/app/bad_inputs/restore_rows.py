"""Bad inputs of `ebm restore`: operators, observations and what they are compared with."""
import made_files
from row import BAD_DATA, NO_INPUT, USAGE, Files, Row

USES = ("image_run", "images")


def array(shape: tuple[int, ...], value: float = 0.5) -> Files:
    """An array x.npy of one value."""
    n = 1
    for length in shape:
        n *= length
    return {"x.npy": made_files.npy(shape, made_files.floats([value] * n))}


def restore(options: str) -> str:
    """A command on the model of images, to which options are added."""
    return f"restore image_run --out y.npy {options}"


def operator_rows() -> list[Row]:
    """--operator and --noise-sd."""
    seen = "--observed idx:images#limit=2 --simulate --noise-sd 0.1 --operator"
    held = "--observed idx:images#limit=2 --simulate --noise-sd 0 --operator"
    rows = [
        ("unknown", f"{seen} zoom=2", USAGE, "must be one of mask, downsample", {}),
        ("typo", f"{seen} blurr=1", USAGE, "did you mean blur?", {}),
        ("without its value", f"{seen} blur", USAGE, "must be blur=SD", {}),
        ("no number", f"{seen} blur=wide", USAGE, "'wide' is no number", {}),
        ("blur of 0", f"{seen} blur=0", USAGE, "blur = 0", {}),
        ("blur wider than the image", f"{seen} blur=9", USAGE, "must be at most 3 pixels", {}),
        ("a size that does not divide", f"{seen} downsample=5", USAGE,
         "must divide the height 12 and the width 12", {}),
        ("box outside", f"{seen} mask=box:4,4,12,12", USAGE, "12x12", {}),
        ("box of three numbers", f"{seen} mask=box:4,4,12", USAGE, "four numbers", {}),
        ("mask of another size", f"{seen} mask=x.npy", BAD_DATA, "is 8x8; must be 12x12",
         array((8, 8))),
        ("mask of nothing", f"{seen} mask=x.npy", USAGE, "hides nothing", array((12, 12), 0.0)),
        ("mask of everything", f"{seen} mask=x.npy", USAGE, "hides everything", array((12, 12))),
        ("no such mask", f"{seen} mask=nowhere.png", NO_INPUT, "nowhere.png", {}),
        ("projection of another width", f"{seen} projection=x.npy", BAD_DATA,
         "is 3x100; must be a matrix of m x 144", array((3, 100))),
        ("projection of zeros", f"{seen} projection=x.npy", USAGE, "holds only zeros",
         array((3, 144), 0.0)),
        ("held, and a strength", f"{held} mask=box:0,0,12,6 --strength 2", USAGE,
         "strength = 2: has no effect", {}),
        ("held, but no mask", f"{held} blur=1", USAGE, "noise-sd = 0: only what a mask shows", {}),
    ]
    return [Row(f"restore: operator: {name}", restore(options), code, fragment, files, USES)
            for name, options, code, fragment, files in rows]


def observation_rows() -> list[Row]:
    """--observed, --truth, --data, --init and numbers."""
    blur = "--operator blur=1 --noise-sd 0.1"
    seen = f"{blur} --observed x.npy"
    simulated = f"{blur} --observed idx:images#limit=2 --simulate"
    image = array((12, 12))
    nan = array((12, 12), float("nan"))
    rows = [
        ("of another size", seen, BAD_DATA, "expected observations of 1x12x12", array((5, 7))),
        ("not finite", seen, BAD_DATA, "observation 0 holds nan", nan),
        ("no such file", f"{blur} --observed nowhere.npy", NO_INPUT, "nowhere.npy", {}),
        ("of a projection, no array",
         "--operator projection=x.npy --noise-sd 0.1 --observed idx:images", USAGE,
         "must be a FILE.npy", array((3, 144))),
        ("truth of another number", f"{seen} --truth idx:images", BAD_DATA,
         "40 images; must be as many as observed, 1", image),
        ("truth of what is simulated", f"{simulated} --truth idx:images", USAGE,
         "truth = idx:images: not valid with --simulate", {}),
        ("data without baselines", f"{seen} --no-baselines --data idx:images", USAGE,
         "not with --no-baselines", image),
        ("noise-sd -1", "--operator blur=1 --noise-sd -1 --observed x.npy", USAGE, "noise-sd = -1",
         image),
        ("noise-sd 1e-30", "--operator blur=1 --noise-sd 1e-30 --observed x.npy", USAGE,
         "noise-sd = 1e-30: must be at least 1e-06, or 0 for a mask", image),
        ("strength 0", f"{seen} --strength 0", USAGE, "strength = 0", image),
        ("n 0", f"{seen} --n 0", USAGE, "n = 0", image),
        ("n without end", f"{seen} --n 9000000000000000", USAGE, "do not fit", image),
        ("init", f"{seen} --init nowhere", USAGE, "init = nowhere", image),
        ("training images of another shape", f"{seen} --data npy:other.npy", BAD_DATA, "1x8x8",
         image | {"other.npy": made_files.npy((3, 8, 8), made_files.floats([0.5] * 192))}),
        ("more nearest images than there are", f"{seen} --init nearest --n 50", BAD_DATA,
         "holds 40 images; must be at least the 50 nearest", image),
        ("a sampler's option of another", f"{seen} --leapfrog 3", USAGE,
         "leapfrog: not for langevin", image),
        ("mean is no array", f"{seen} --mean m.png", USAGE, "mean = m.png: must end in .npy",
         image),
    ]
    own = [Row(f"restore: observed: {name}", restore(options), code, fragment, files, USES)
           for name, options, code, fragment, files in rows]
    return own + [
        Row("restore: out: wrong ending", f"restore image_run {seen} --out x.jpg", USAGE,
            "must end in .png or .npy", image, USES),
        Row("restore: a model of points", f"restore run {seen} --out y.npy", USAGE,
            "is an energy of points", image, ("run",)),
        Row("restore: training data that are gone",
            "restore orphan_run --operator noise --noise-sd 0.1 --observed x.npy --out y.npy",
            NO_INPUT, "if the data have moved, give --data", array((28, 28)), ("orphan_run",)),
    ]


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return operator_rows() + observation_rows()
