"""Bad inputs of ebm interpolate."""
import made_files
from row import BAD_DATA, IO, NO_INPUT, USAGE, Row

FILES = {"small.png": made_files.png(8, 8), "a.png": made_files.png(12, 12), "text.png": b"text"}


def toy(words: str, code: int, fragment: str) -> Row:
    """A path between points."""
    return Row(f"interpolate: {words}", f"interpolate --energy toy:rings {words}", code, fragment)


def image(words: str, code: int, fragment: str) -> Row:
    """A path between images of 12x12."""
    return Row(f"interpolate: {words}", f"interpolate image_run {words}", code, fragment, FILES,
               uses=("image_run", "images"))


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    ends = "--from 0,1 --to 1,0"
    return [
        Row("interpolate: no energy", f"interpolate {ends} --out x.npy", USAGE,
            "give either MODEL or --energy toy:NAME"),
        Row("interpolate: no model", f"interpolate nowhere {ends} --out x.npy", NO_INPUT,
            "no such model: nowhere"),
        toy(f"{ends} --out x.csv", USAGE, "out = x.csv: must end in .png or .npy"),
        toy(f"{ends} --out nowhere/x.npy", IO, "nowhere"),
        toy("--from 0,1,2 --to 1,0 --out x.npy", USAGE, "has 3 coordinates, must have 2"),
        toy("--from 0,1 --to 1,inf --out x.npy", USAGE, "must be finite"),
        toy("--from 0,1 --to toy:rings --out x.npy", USAGE, "has 10000 items, must have one; add "
            "#item=K"),
        toy("--from 0,1 --to toy:rings#item=10000 --out x.npy", BAD_DATA,
            "item=10000 is not there, expected 0 to 9999"),
        toy(f"{ends} --out x.npy --images 0", USAGE, "images = 0"),
        toy(f"{ends} --out x.npy --images 101", USAGE, "images = 101"),
        toy(f"{ends} --out x.npy --steps -1", USAGE, "steps = -1"),
        toy(f"{ends} --out x.npy --step-size 0", USAGE, "step-size = 0"),
        toy(f"{ends} --out x.npy --spring -1", USAGE, "spring = -1"),
        image("--from small.png --to a.png --out x.png", BAD_DATA, "1x8x8"),
        image("--from a.png --to gone.png --out x.png", NO_INPUT, "no such file: gone.png"),
        image("--from a.png --to gone --out x.png", USAGE, "unknown kind 'gone'"),
        image("--from a.png --to text.png --out x.png", BAD_DATA, "text.png: found"),
        image("--from a.png --to 1,2 --out x.png", USAGE, "to = 1,2: must be an image"),
        image("--from a.png --to idx:images --out x.png", USAGE, "has 40 items"),
    ]
