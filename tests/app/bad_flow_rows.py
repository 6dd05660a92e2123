"""Bad inputs of ebm flow."""
import made_files
from bad_input_rows import BAD_DATA, IMAGES, IO, NO_INPUT, POINTS, USAGE, Row

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


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        train("", USAGE, "data is missing"),
        train("--data npy:nowhere.npy", NO_INPUT, "nowhere.npy"),
        train("--data npy:points.npy --set coefficient=1", USAGE,
              "coefficient = 1: must be above 0 and below 1"),
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
        of_model("score nowhere --data npy:points.npy", NO_INPUT, "no such model: nowhere"),
        of_model("score m.safetensors --data npy:points.npy --terms 0", USAGE, "terms = 0"),
        of_model("score m.safetensors --data npy:points.npy --log-det x", USAGE, "log-det = x"),
        of_model("score m.safetensors --data npy:points.npy --n -1", USAGE, "n = -1"),
        of_model("invert m.safetensors --data npy:points.npy --precision half", USAGE,
                 "must be double or single"),
        of_model("invert m.safetensors --data npy:points.npy --n 0", USAGE, "n = 0"),
    ]
