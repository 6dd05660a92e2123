"""Bad inputs of `ebm train` that concern the judging of samples while training."""
import made_files
from row import BAD_DATA, NO_INPUT, SHIPPED, TEXT, USAGE, Row

IMAGES28 = {"images28": made_files.idx([80, 28, 28], bytes(range(245)) * 256),
            "net.toml": made_files.SMALL_NET.encode()}


LINEAR = b'[[layer]]\ntype = "flatten"\n[[layer]]\ntype = "linear"\nout_features = 1\n'
POINTS = {"net.toml": LINEAR,
          "classes.toml": b'classes = 3\n[[layer]]\ntype = "flatten"\n'
                          b'[[layer]]\ntype = "projection"\n'}


def train(rest: str, images: str = "images28") -> str:
    return f"train --data idx:{images} --net net.toml --out new --set sample_steps=2 {rest}"


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    judged = "--set eval_budget=0.5"
    small = {"images12": made_files.idx([4, 12, 12], bytes(576)),
             "net.toml": made_files.SMALL_NET.encode()}
    return [
        Row("train: data too large for levels of noise",
            "train --data npy:x.npy --objective dual --out new", BAD_DATA,
            "x.npy: the root mean square of its values is 9.8e+29, must be from 1.2e-38 to 1e+12",
            {"x.npy": made_files.npy((2, 2), made_files.floats([9.8e29, -9.8e29] * 2))}),
        Row("train: data too small for levels of noise",
            "train --data npy:x.npy --objective dual --out new", BAD_DATA,
            "x.npy: the root mean square of its values is 1e-39, must be from 1.2e-38",
            {"x.npy": made_files.npy((2, 2), made_files.floats([1e-39, -1e-39] * 2))}),
        Row("train: eval_budget 2", train("--set eval_budget=2"), USAGE,
            "eval_budget = 2: must be from 0 to 1", IMAGES28),
        Row("train: batch norms", "train --data idx:images28 --net norm.toml --out new", USAGE,
            "net = norm.toml: has batch norms, of which the compiled backend",
            IMAGES28 | {"norm.toml": b'[[layer]]\ntype = "flatten"\n'
                                     b'[[layer]]\ntype = "batch_norm"\n'
                                     b'[[layer]]\ntype = "linear"\nout_features = 1\n'}),
        Row("train: unknown precision", train("--precision half"), USAGE,
            "precision = half: must be one of f32, bf16", IMAGES28),
        Row("train: bf16 by torch", train("--precision bf16 --backend torch"), USAGE,
            "precision = bf16: must be f32 with backend = torch", IMAGES28),
        Row("train: unknown condition", train("--set condition=text"), USAGE,
            "condition = text: must be one of none, class", IMAGES28),
        Row("train: classes without labels",
            "train --data idx:images28 --out new --set condition=class", USAGE,
            "images28 has no labels", IMAGES28),
        Row("train: a net without classes", "train --data toy:rings#limit=100 --net net.toml"
            " --out new --set condition=class", USAGE,
            "net = net.toml: has no classes; condition = class expects classes = 4", POINTS),
        Row("train: a net with classes", "train --data toy:rings#limit=100 --net classes.toml"
            " --out new", USAGE, "net = classes.toml: has classes = 3; expected condition = class",
            POINTS),
        Row("train: a net with other classes", "train --data toy:rings#limit=100 --net classes.toml"
            " --out new --set condition=class", USAGE,
            "has classes = 3; condition = class expects classes = 4", POINTS),
        Row("train: label_dropout 1", train("--set condition=class --set label_dropout=1"), USAGE,
            "label_dropout = 1: must be in [0, 1)", IMAGES28),
        Row("train: label_dropout without classes", train("--set label_dropout=0.5"), USAGE,
            "label_dropout = 0.5: must be left out unless condition = class", IMAGES28),
        Row("train: classify_weight without classes", train("--set classify_weight=1"), USAGE,
            "classify_weight = 1: must be left out unless condition = class", IMAGES28),
        Row("train: condition_by of a file",
            train("--set condition=class --set condition_by=logits"), USAGE,
            "condition_by = logits: must be left out, as ", IMAGES28),
        Row("train: eval_budget -1", train("--set eval_budget=-1"), USAGE,
            "eval_budget = -1: must be from 0 to 1", IMAGES28),
        Row("train: eval_n 1", train(f"{judged} --set eval_n=1"), USAGE,
            "eval_n = 1: must be from 2", IMAGES28),
        Row("train: eval_n as many as features", train(f"{judged} --set eval_n=64"), USAGE,
            "eval_n = 64: a covariance of 64 features takes at least 65 images", IMAGES28),
        Row("train: eval_n above the data", train(f"{judged} --set eval_n=81"), USAGE,
            "has 80 images; must be at most as many", IMAGES28),
        Row("train: no features for this shape", train(judged, "images12"), USAGE,
            "no features come with the program for images of 1x12x12", small),
        Row("train: features of another shape",
            train(f"{judged} --features '{SHIPPED}'", "images12"), BAD_DATA,
            "gives features of images of 1x28x28; these are of 1x12x12", small),
        Row("train: features missing", train(f"{judged} --features nowhere.safetensors"), NO_INPUT,
            "nowhere.safetensors", IMAGES28),
        Row("train: features are text", train(f"{judged} --features x.safetensors"), BAD_DATA,
            "x.safetensors", IMAGES28 | {"x.safetensors": TEXT}),
        Row("train: features without a budget", train("--features x.safetensors"), USAGE,
            "features = x.safetensors: must be left out, as eval_budget is 0", IMAGES28),
        Row("train: judging points", "train --data toy:rings#limit=100 --out new"
            " --set eval_budget=0.1", USAGE, "eval_budget = 0.1: must be left out, as"),
        Row("resume: fewer iterations than made", "train --resume --out image_run --iterations 1",
            USAGE, "iterations = 1: image_run has made ", uses=("image_run", "images")),
        Row("resume: changed eval_budget", "train --resume --out image_run --set eval_budget=0.1",
            USAGE, "eval_budget = 0.1: the run to resume has 0.0", uses=("image_run", "images")),
    ]
