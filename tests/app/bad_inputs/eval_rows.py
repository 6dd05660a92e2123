"""Bad inputs of `ebm eval` and `ebm features train`."""
import made_files
from row import BAD_DATA, IMAGES, IO, NO_INPUT, POINTS, SHIPPED, TEXT, USAGE, Row

def eval_rows() -> list[Row]:
    """Words and files of `ebm eval`."""
    on_images = "eval image_run --data idx:images"
    uses = ("image_run", "images")
    nan = made_files.npy((2, 1, 12, 12), made_files.floats([0.0] * 287 + [float("nan")]))
    return [
        Row("eval: model missing", "eval nowhere --data idx:images", NO_INPUT,
            "no such model: nowhere"),
        Row("eval: samples without data", "eval --samples idx:images", USAGE,
            "data is missing: give --data SPEC", uses=uses),
        Row("eval: the model's own data are gone", "eval orphan_run", NO_INPUT, "gone",
            uses=("orphan_run",)),
        Row("eval: nothing to judge", "eval --data idx:images", USAGE,
            "give either a MODEL or --samples SPEC", uses=uses),
        Row("eval: model and samples", f"{on_images} --samples idx:images", USAGE,
            "give either a MODEL or --samples SPEC", uses=uses),
        Row("eval: steps of samples", "eval --samples idx:images --data idx:images --steps 3",
            USAGE, "steps: requires MODEL; not valid with --samples", uses=uses),
        Row("eval: samples missing", "eval --samples npy:nowhere.npy --data idx:images", NO_INPUT,
            "nowhere.npy", uses=uses),
        Row("eval: samples are points", "eval --samples toy:rings --data idx:images", USAGE,
            "holds points, which have no features", uses=uses),
        Row("eval: samples of another shape", "eval --samples idx:small --data idx:images",
            BAD_DATA, "has items of shape 1x12x12; the samples are 1x8x8",
            {"small": made_files.idx([4, 8, 8], bytes(256))}, uses=uses),
        Row("eval: densities without levels", f"{on_images} --densities 3", USAGE,
            "goes through no levels of noise", uses=uses),
        Row("eval: densities -1", f"{on_images} --densities -1", USAGE, "densities = -1", uses=uses),
        Row("eval: model of points", "eval run --data toy:8gaussians", USAGE,
            "is a model of points, which have no features", uses=("run",)),
        Row("eval: data are points", "eval image_run --data toy:rings", USAGE,
            "holds points, which have no features", uses=uses),
        Row("eval: data of another shape", "eval image_run --data idx:small", BAD_DATA,
            "has items of shape 1x8x8; the model takes 1x12x12",
            {"small": made_files.idx([4, 8, 8], bytes(256))}, uses=uses),
        Row("eval: other data of another shape", f"{on_images} --ood idx:small", BAD_DATA,
            "has items of shape 1x8x8; the model takes 1x12x12",
            {"small": made_files.idx([4, 8, 8], bytes(256))}, uses=uses),
        Row("eval: other data missing", f"{on_images} --ood npy:nowhere.npy", NO_INPUT,
            "nowhere.npy", uses=uses),
        Row("eval: NaN images", "eval image_run --data npy:nan.npy", BAD_DATA, "nan",
            {"nan.npy": nan}, uses=uses),
        Row("eval: more images than there are", f"{on_images} --n 14", BAD_DATA,
            "enough for n = 13", uses=uses),
        Row("eval: hardly any images", "eval image_run --data idx:few", BAD_DATA,
            "to test with; must have at least 12 and 6", {"few": IMAGES}, uses=uses),
        Row("eval: n 1", f"{on_images} --n 1", USAGE, "n = 1: must be at least 6", uses=uses),
        Row("eval: steps -1", f"{on_images} --steps -1", USAGE, "steps = -1", uses=uses),
        Row("eval: long run -1", f"{on_images} --long-run -1", USAGE, "long-run = -1: must be",
            uses=uses),
        Row("eval: long run shorter than samples", f"{on_images} --steps 9 --long-run 8", USAGE,
            "long-run = 8: must be 0 or at least the 9 steps", uses=uses),
        Row("eval: film cannot be written", f"{on_images} --out eval.json", IO,
            "eval-film.png", {"eval-film.png/x": TEXT}, uses=uses),
        Row("eval: temperatures -1", f"{on_images} --temperatures -1", USAGE,
            "temperatures = -1: must be 0 or from 2", uses=uses),
        Row("eval: one temperature", f"{on_images} --temperatures 1", USAGE,
            "temperatures = 1: must be 0 or from 2", uses=uses),
        Row("eval: seed -1", f"{on_images} --seed -1", USAGE, "seed = -1", uses=uses),
        Row("eval: threads -1", f"{on_images} --threads -1", USAGE, "threads = -1", uses=uses),
        Row("eval: unknown backend", f"{on_images} --backend tpu", USAGE,
            "backend = tpu: must be", uses=uses),
        Row("eval: out is no JSON file", f"{on_images} --out x.csv", USAGE,
            "out = x.csv: must end in .json", uses=uses),
        Row("eval: no features for this shape", on_images, USAGE,
            "no features come with the program for images of 1x12x12", uses=uses),
        Row("eval: features of another shape", f"{on_images} --features '{SHIPPED}'", BAD_DATA,
            "gives features of images of 1x28x28; these are of 1x12x12", uses=uses),
        Row("eval: features missing", f"{on_images} --features nowhere.pt", NO_INPUT,
            "nowhere.pt", uses=uses),
        Row("eval: features are no TorchScript", f"{on_images} --features x.pt", BAD_DATA,
            "x.pt is no TorchScript module", {"x.pt": TEXT}, uses=uses),
        Row("eval: features are no safetensors", f"{on_images} --features x.safetensors",
            BAD_DATA, "x.safetensors", {"x.safetensors": TEXT}, uses=uses),
        Row("eval: features of another program", f"{on_images} --features x.safetensors",
            BAD_DATA, "written by ebm features train",
            {"x.safetensors": made_files.safetensors({"format": "pt"})}, uses=uses),
    ]


def features_rows() -> list[Row]:
    """Words and files of `ebm features train`."""
    def train(rest: str) -> str:
        return f"features train --out x.safetensors {rest}"

    plain = {"images.npy": made_files.npy((2, 1, 28, 28), bytes(2 * 784 * 4))}
    return [
        Row("features: no data", train(""), USAGE, "--data"),
        Row("features: data without labels", train("--data npy:images.npy"), BAD_DATA,
            "has no labels", plain),
        Row("features: points", train("--data toy:rings"), BAD_DATA, "images of 2x1x1"),
        Row("features: data of another shape", train("--data idx:images"), BAD_DATA,
            "images of 1x12x12: feature networks are for 1x28x28", uses=("images",)),
        Row("features: data missing", train("--data npy:nowhere.npy"), NO_INPUT, "nowhere.npy"),
        Row("features: points in a file", train("--data npy:points.npy"), BAD_DATA,
            "has no labels", {"points.npy": POINTS}),
        Row("features: epochs 0", train("--data toy:rings --epochs 0"), USAGE, "epochs = 0"),
        Row("features: seed -1", train("--data toy:rings --seed -1"), USAGE, "seed = -1"),
        Row("features: out is no safetensors", "features train --data toy:rings --out x.pt",
            USAGE, "out = x.pt: must end in .safetensors"),
    ]


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return eval_rows() + features_rows()
