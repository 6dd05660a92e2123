"""Bad inputs of `ebm import`."""
import made_files
from row import BAD_DATA, IO, NO_INPUT, TEXT, USAGE, Row

NET = b'input = [2, 1, 1]\nlayer = [{type = "linear", out_features = 1}]\n'


def weights(**changes: tuple[str, list[int], bytes]) -> bytes:
    """The two tensors of NET, or others."""
    tensors = {"0.weight": ("F32", [1, 2], made_files.floats([1.0, 2.0])),
               "0.bias": ("F32", [1], made_files.floats([0.5]))}
    return made_files.safetensors({}, tensors | changes)


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    files = {"net.toml": NET, "w.safetensors": weights()}

    def row(name: str, rest: str, code: int, fragment: str, data: bytes | None = None) -> Row:
        made = files if data is None else files | {"w.safetensors": data}
        return Row(f"import: {name}", f"import w.safetensors {rest}", code, fragment, made)

    good = "--net net.toml --out m.safetensors"
    nan = {"0.bias": ("F16", [1], b"\x00\x7e")}
    return [
        Row("import: no such file", f"import nowhere.safetensors {good}", NO_INPUT, "nowhere",
            files),
        row("the output is the input", "--net net.toml --out w.safetensors", USAGE,
            "out = w.safetensors: is read by w.safetensors; give another file"),
        row("no network", "--out m.safetensors", USAGE, "--net is required"),
        row("no output", "--net net.toml", USAGE, "--out is required"),
        row("no such preset", "--net uvaa --out m.safetensors", USAGE, "did you mean uva"),
        row("no such network file", "--net x.toml --out m.safetensors", NO_INPUT, "x.toml"),
        row("preset of unknown size", "--net uva --out m.safetensors", USAGE,
            "input: the preset uva fits items of any size; give --input"),
        row("input of two sizes", f"{good} --input 1,28", USAGE,
            "input: takes 3 values, has 2"),
        row("input 0", f"{good} --input 1,0,28", USAGE, "input = 0: must be at least 1"),
        row("input other than the network's", f"{good} --input 3,1,1", BAD_DATA, "input"),
        row("input other than the data's", f"{good} --input 3,1,1 --data toy:rings", USAGE,
            "input = 3x1x1: the items of toy:rings are 2x1x1"),
        row("output of another kind", "--net net.toml --out m.pt", USAGE,
            "must end in .safetensors"),
        row("output in no folder", "--net net.toml --out no/m.safetensors", IO,
            "no/m.safetensors"),
        row("text file", good, BAD_DATA, "w.safetensors", TEXT),
        row("file of torch.save", good, BAD_DATA, "safetensors.torch.save_file",
            b"PK\x03\x04" + bytes(100)),
        row("pickle", good, BAD_DATA, "safetensors.torch.save_file", b"\x80\x02}q\x00."),
        row("weights that are NaN", good, BAD_DATA,
            'w.safetensors: tensor "0.bias" holds nan; expected finite weights', weights(**nan)),
        row("weights that are whole numbers", good, BAD_DATA, "weights must be F32, F64, F16",
            weights(**{"0.bias": ("I64", [1], bytes(8))})),
        row("names and shapes that do not fit", good, BAD_DATA,
            "does not fit the network of an input 2x1x1; missing: fc.bias [1]; other shapes: "
            "fc.weight is [2, 1], must be [1, 2] (the same sizes in another order)",
            made_files.safetensors({}, {"fc.weight": ("F32", [2, 1], made_files.floats([1, 2]))})),
        row("rename without =", f"{good} --rename 0", USAGE, "must be FROM=TO"),
        row("range upside down", "--net mlp --input 1,2,2 --range 1,0 --out m.safetensors", USAGE,
            "range: LOW must be below HIGH"),
        row("range of points", f"{good} --range 0,1", USAGE, "are for images; points of 2x1x1"),
        row("std 0", "--net mlp --input 1,2,2 --std 0 --out m.safetensors", USAGE, "std = 0"),
        row("mean of two channels", "--net mlp --input 1,2,2 --mean 0,0 --out m.safetensors", USAGE,
            "mean: has 2 values, must have 1"),
        row("steps 0", f"{good} --steps 0", USAGE, "steps = 0"),
        row("step size -1", f"{good} --step-size -1", USAGE, "step-size = -1"),
        row("step size 1e39", f"{good} --step-size 1e39", USAGE, "step-size = 1e+39: must be of"),
        row("noise scale 1e-300", f"{good} --noise-scale 1e-300", USAGE,
            "noise-scale = 1e-300: must be of a size"),
        row("temperature 0", f"{good} --temperature 0", USAGE,
            "temperature = 0: must be a positive number; without noise it is --noise-scale 0"),
        row("temperature 1e-300", f"{good} --temperature 1e-300", USAGE,
            "temperature = 1e-300: must be of a size"),
        row("a temperature whose noise is 0", f"{good} --step-size 1e-30 --temperature 1e-30", USAGE,
            "temperature = 1e-30: with step_size 1e-30 the noise is 0 in float32"),
        row("clamp 1e-300", f"{good} --clamp-energy-grad 1e-300", USAGE,
            "clamp-energy-grad = 1e-300: must be of a size"),
        row("std 1e-300", "--net mlp --input 1,2,2 --std 1e-300 --out m.safetensors", USAGE,
            "scale of range and std = 1e+300: must be of a size"),
        row("mean 1e300", "--net mlp --input 1,2,2 --mean 1e300 --out m.safetensors", USAGE,
            "shift of range, mean and std = -1e+300: must be of a size"),
        row("noise scale and temperature", f"{good} --noise-scale 1 --temperature 1", USAGE,
            "--noise-scale"),
    ]
