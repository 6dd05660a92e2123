"""Bad inputs of ebm classify and ebm score --class, on a model without classes."""
from row import IO, NO_INPUT, USAGE, Row


def row(words: str, code: int, fragment: str) -> Row:
    """A command on the model of images."""
    return Row(f"{words}", words, code, fragment, uses=("image_run", "images"))


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        row("classify image_run --data idx:images", USAGE, "image_run has no classes"),
        row("classify image_run#class=2 --data idx:images", USAGE,
            "ebm classify: 'image_run#class=2' has a class already; give image_run"),
        row("classify 'image_run + image_run' --data idx:images", USAGE,
            "ebm classify: 'image_run + image_run' leaves no class open"),
        row("score 'image_run + toy:gaussian,dim=144' --class all --out e.npy", USAGE,
            "leaves no class open"),
        row("classify image_run#level=x --data idx:images", USAGE, "level"),
        row("score image_run#class=2 --class 3 --out e.npy", USAGE,
            "class = 3: 'image_run#class=2' has a class already; give image_run"),
        row("classify nowhere --data idx:images", NO_INPUT, "no such model: nowhere"),
        row("classify image_run --data idx:images --out x.png", USAGE, "out = x.png"),
        row("classify image_run --data idx:images --out no/x.json", IO, "no"),
        row("classify image_run --data idx:images --predictions x.npy", USAGE,
            "predictions = x.npy: must end in .csv"),
        row("classify image_run", USAGE, "--data is required"),
        row("score image_run --class 3 --out e.npy", USAGE, "class = 3: image_run has no classes"),
        row("score image_run --class all --out e.npy", USAGE,
            "class = all: image_run has no classes"),
    ]
