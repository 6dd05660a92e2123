"""Bad inputs of ebm flow."""
import made_files
from row import BAD_DATA, IMAGES, IO, NO_INPUT, POINTS, USAGE, Row

STEEP = ('channels = 2\nheight = 1\nwidth = 1\nsqueezes = 0\nblocks = 1\nhidden = 1\n'
         'activation = "elu"\ncoefficient = 1.0\n')


def train(words: str, code: int, fragment: str) -> Row:
    """A flow that cannot be learnt."""
    return Row(f"flow train: {words}", f"flow train --out new {words}", code, fragment,
               {"points.npy": POINTS, "images": IMAGES})


def of_model(words: str, code: int, fragment: str) -> Row:
    """What there is no model for, or no data."""
    return Row(f"flow {words}", f"flow {words}", code, fragment,
               {"m.safetensors": made_files.safetensors({"format": "pt"}), "text": b"no model",
                "steep.safetensors": made_files.safetensors({"flow": STEEP}),
                "points.npy": POINTS})


def of_noise(words: str, code: int, fragment: str) -> Row:
    """Noise that data cannot be told from."""
    return Row(f"train nce: {words}",
               f"train --data npy:points.npy --objective nce --out new --set noise={words}", code,
               fragment, {"m.safetensors": made_files.safetensors({"format": "pt"}),
                          "points.npy": POINTS,
                          "flat.toml": b'[[layer]]\ntype = "linear"\nout_features = 1\n'
                                       b'bias = false\n'})


def of_base(words: str, code: int, fragment: str) -> Row:
    """What cannot be tilted."""
    return Row(f"train: base {words}", f"train --data npy:points.npy --out new --set base={words}",
               code, fragment, {"m.safetensors": made_files.safetensors({"format": "pt"}),
                                "points.npy": POINTS})


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        train("", USAGE, "data is missing"),
        train("--data npy:nowhere.npy", NO_INPUT, "nowhere.npy"),
        train("--data npy:points.npy --set coefficient=1", USAGE,
              "coefficient = 1: must be above 0 and below 1"),
        train("--data npy:points.npy --set logit=0.1", USAGE, "logit = 0.1: must be 0 for points"),
        train("--data idx:images --set logit=0.5", USAGE, "logit = 0.5: must be from 0 to below"),
        train("--data npy:points.npy --set squeezes=1", USAGE, "squeezes = 1"),
        train("--data npy:points.npy --set blocks=0", USAGE, "blocks = 0"),
        train("--data npy:points.npy --set hidden=0", USAGE, "hidden = 0"),
        train("--data npy:points.npy --set activation=relu", USAGE, "must be one of elu"),
        train("--data npy:points.npy --set log_det=exact", USAGE, "must be one of series"),
        train("--data npy:points.npy --set terms=0", USAGE, "terms = 0"),
        train("--data npy:points.npy --set roulette=1", USAGE, "roulette = 1"),
        train("--data npy:points.npy --set norm_iterations=0", USAGE, "norm_iterations = 0"),
        train("--data npy:points.npy --set term=3", USAGE, "did you mean terms?"),
        train("--data idx:images --set squeezes=3", USAGE, "squeezes = 3"),
        of_noise("nowhere", NO_INPUT, "no such model: nowhere"),
        of_noise("m.safetensors", BAD_DATA, "written by ebm flow train"),
        of_noise("gaussian --set energy_l2=1", USAGE, "energy_l2 = 1: must be left out"),
        of_noise("gaussian --set noise_learning_rate=1e-3", USAGE,
                 "noise_learning_rate = 0.001: must be 0 unless"),
        of_noise("m.safetensors --set noise_learning_rate=-1", USAGE, "noise_learning_rate = -1"),
        Row("train: noise that learns, without nce",
            "train --data npy:points.npy --out new --set noise_learning_rate=1", USAGE,
            "noise_learning_rate = 1: must be left out with objective = cd",
            {"points.npy": POINTS}),
        of_noise("gaussian --set kl_weight=1", USAGE, "kl_weight = 1: must be left out"),
        of_noise("gaussian --net flat.toml", USAGE, "which learns ln Z"),
        of_base("nowhere", NO_INPUT, "no such model: nowhere"),
        of_base("m.safetensors", BAD_DATA, "written by ebm flow train"),
        of_base("m.safetensors --objective nce", USAGE,
                "m.safetensors: must be left out with objective = nce"),
        of_base("m.safetensors --set kl_weight=1", USAGE, "kl_weight = 1: must be 0"),
        of_base("m.safetensors --set noise_scale=0", USAGE, "without noise T is 0"),
        of_base("m.safetensors --set clamp_energy_grad=1", USAGE, "clamp_energy_grad = 1: must be"),
        of_model("sample nowhere --out x.png", NO_INPUT, "no such model: nowhere"),
        of_model("sample text --out x.png", BAD_DATA, "text"),
        of_model("sample m.safetensors --out x.png", BAD_DATA, "written by ebm flow train"),
        of_model("sample steep.safetensors --out x.png", BAD_DATA, "coefficient = 1"),
        of_model("sample m.safetensors", USAGE, "--out is required"),
        of_model("sample m.safetensors --n 0 --out x.png", USAGE, "n = 0"),
        of_model("sample m.safetensors --out x.jpg", USAGE, "x.jpg"),
        of_model("sample m.safetensors --out nowhere/x.png", IO, "nowhere"),
        of_model("sample m.safetensors --temperature 0 --out x.png", USAGE, "temperature = 0"),
        of_model("sample m.safetensors --tolerance 0 --out x.png", USAGE, "tolerance = 0"),
        Row("sample of a damaged flow", "sample steep.safetensors --out x.png", BAD_DATA,
            "coefficient = 1", {"steep.safetensors": made_files.safetensors({"flow": STEEP})}),
        Row("sample of a compiled flow", "sample steep.safetensors --backend compiled --out x.png",
            USAGE, "flows are computed by torch",
            {"steep.safetensors": made_files.safetensors({"flow": STEEP})}),
        of_model("score nowhere --data npy:points.npy", NO_INPUT, "no such model: nowhere"),
        of_model("score m.safetensors --data npy:points.npy --terms 0", USAGE, "terms = 0"),
        of_model("score m.safetensors --data npy:points.npy --log-det x", USAGE, "log-det = x"),
        of_model("score m.safetensors --data npy:points.npy --n -1", USAGE, "n = -1"),
        of_model("invert m.safetensors --data npy:points.npy --precision half", USAGE,
                 "must be one of double, single"),
        of_model("invert m.safetensors --data npy:points.npy --n 0", USAGE, "n = 0"),
    ]
