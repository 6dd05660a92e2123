"""Bad inputs that are given as MODEL."""
import pathlib
import shutil
import struct

import made_files
import made_models
from damage import damage_all, flip_byte
from row import BAD_DATA, IMAGES, NO_INPUT, TEXT, USAGE, Row


def damage_one(folder: pathlib.Path) -> None:
    """Flips a bit of the model in the newest checkpoint of run."""
    flip_byte(folder / "run/checkpoints/000006/model.safetensors", 5000)


def drop_manifests(folder: pathlib.Path) -> None:
    """Deletes the manifest of every checkpoint of run."""
    for path in (folder / "run/checkpoints").glob("*/manifest.json"):
        path.unlink()


def nest_manifests(folder: pathlib.Path) -> None:
    """Replaces the manifest of every checkpoint of run by brackets inside each other."""
    for path in (folder / "run/checkpoints").glob("*/manifest.json"):
        path.write_text("[" * 100000 + "]" * 100000, encoding="utf-8")


def drop_checkpoints(folder: pathlib.Path) -> None:
    """Deletes every checkpoint of run, but not the model that it has made."""
    for path in (folder / "run/checkpoints").iterdir():
        shutil.rmtree(path)


def drop_all(folder: pathlib.Path) -> None:
    """Deletes what run has made."""
    drop_checkpoints(folder)
    (folder / "run/model.safetensors").unlink()


def expression_rows() -> list[Row]:
    """Several models in one MODEL."""
    def row(model: str, code: int, fragment: str, uses: tuple[str, ...] = ()) -> Row:
        return Row(f"model: {model}", f"sample '{model}' --out x.npy", code, fragment, uses=uses)

    shipped, run, image_run = "fashion-mnist", ("run",), ("image_run",)
    return [
        row(f"{shipped} + fashion-mnits", USAGE, "no such model: fashion-mnits; did you mean"),
        row(f"{shipped} + nowhere/a", USAGE, "nowhere/a"),
        row(f"{shipped}+{shipped}", NO_INPUT, "+ and - have a space on both sides"),
        row(f"{shipped} + run", BAD_DATA, "; must be one shape", run),
        row(f"{shipped} + image_run", BAD_DATA,
            "image_run takes items of 1x12x12, fashion-mnist takes items of 1x28x28", image_run),
        row(f"{shipped} + toy:rings", BAD_DATA, "toy:rings takes items of 2x1x1"),
        row(f"{shipped} + (toy:gaussian,dim=784", USAGE, "has an open bracket"),
        row(f"{shipped} + toy:gaussian,dim=784)", USAGE, "')' closes no bracket"),
        row(f"mix({shipped}; 0*{shipped})", USAGE, "in mix(...) must be above 0"),
        row(f"mixx({shipped}; {shipped})", USAGE, "no such function: 'mixx'; did you mean mix?"),
        row(f"one*{shipped}", USAGE, "the weight 'one' must be a number"),
        row(f"{shipped} -", USAGE, "has an empty term"),
        row(f"{shipped}#class=3", USAGE, "class = 3: "),
        row(f"{shipped}#clas=3", USAGE, "did you mean 'class'?"),
        row(f"{shipped}#level=0.5", USAGE, "reads no level of noise"),
        Row("class: of a model without classes", f"sample {shipped} --class 3 --out x.npy", USAGE,
            "class = 3: "),
        Row("class: of a toy", "sample --energy toy:rings --class 3 --out x.npy", USAGE,
            "is for a MODEL, not for a toy"),
        Row("class: of an expression", f"sample '{shipped} + {shipped}' --class 3 --out x.npy",
            USAGE, "leaves no class open"),
        Row("guidance: without a class", f"sample {shipped} --guidance 2 --out x.npy", USAGE,
            "guidance = 2: needs a class"),
        Row("precision: of toys in MODEL", "sample 'toy:rings + toy:rings' --precision bf16 "
            "--out x.npy", USAGE, "is for a MODEL, not for a toy"),
    ]


def class_rows() -> list[Row]:
    """Conditions of a model with classes."""
    files = {"m.safetensors": made_models.conditional()}

    def row(words: str, code: int, fragment: str) -> Row:
        return Row(f"class: {words}", f"sample m.safetensors {words} --n 2 --steps 1 --out x.npy",
                   code, fragment, files)

    def of_model(text: str, fragment: str) -> Row:
        return Row(f"model: {text}", f"sample '{text}' --n 2 --steps 1 --out x.npy", USAGE,
                   fragment, files)

    return [
        row("--class 3", USAGE,
            "class = 3: must be a label from 0 to 2, none, or a name: cat, dog, a cow"),
        row("--class=-1", USAGE, "class = -1: must be a label from 0 to 2"),
        row("--class dgo", USAGE, "class = dgo: did you mean 'dog'?"),
        row("--class cat,,dog", USAGE, "class = cat,,dog: has an empty entry"),
        row("--class 0,5", USAGE, "class = 5: "),
        row("--class dog --guidance nan", USAGE, "guidance = nan: must be"),
        row("--class all --diagnose", USAGE, "give --class one class, not 3"),
        Row("class: n without end",
            "sample m.safetensors --class all --n 9000000000000000000 --out x.npy", USAGE,
            "for each of 3 classes do not fit", files),
        row("--class all --init x.npy", NO_INPUT, "x.npy"),
        Row("class: twice", "sample m.safetensors#class=0 --class 1 --out x.npy", USAGE,
            "has a condition already; give one of them", files),
        row("--class none --guidance 3", USAGE, "guidance = 3: changes nothing"),
        row("--class dog,1", USAGE, "class = dog,1: has class dog twice"),
        row("--class dog --guidance-start 0.2", USAGE, "guidance_start = 0.2: needs a guidance"),
        row("--class dog --guidance 2 --guidance-end 0.2 --sampler mala", USAGE,
            "guidance_end = 0.2: is a time of sampler = gradient-flow, not of mala"),
        row("--guidance-end 0.2", USAGE, "guidance_end = 0.2: needs a class"),
        row("--class dog --guidance 2 --guidance-start 0.2", USAGE,
            "guidance_start = 0.2: is a time of a flow, which m.safetensors is not sampled by"),
        row("--class dog --guidance 2 --guidance-end 0.2 --guidance-start 0.2", USAGE,
            "guidance_end = 0.2: must be above guidance_start, 0.2"),
        row("--class dog --guidance 2 --guidance-start nan", USAGE, "guidance_start = nan: must"),
        of_model("m.safetensors#class=3", "class = 3: must be a label from 0 to 2"),
        of_model("m.safetensors#class=dgo + m.safetensors#class=cat", "did you mean 'dog'?"),
        of_model("m.safetensors#class=", "class has no value"),
        of_model("m.safetensors#class=0,class=1", "'class' is given twice"),
        of_model("m.safetensors#level=1", "m.safetensors reads no level of noise"),
    ]


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return single_rows() + expression_rows() + class_rows()


def single_rows() -> list[Row]:
    """One MODEL."""
    huge = struct.pack("<Q", 1 << 60) + b"{}"
    foreign = {"model.safetensors": made_files.safetensors({"format": "pt"})}
    no_metadata = {"model.safetensors": made_files.safetensors({})}
    deep_sampler = {"model.safetensors": made_files.safetensors(
        {"architecture": 'input = [1, 1, 1]\n[[layer]]\ntype = "flatten"\n', "data": "toy:rings",
         "sampler": "a." * 200000 + "a = 1"})}
    sample = "sample model.safetensors --out x.npy"
    return [
        Row("model: missing", "sample nowhere --out x.npy", NO_INPUT, "no such model: nowhere"),
        Row("model: text file", sample, BAD_DATA, "model.safetensors",
            {"model.safetensors": TEXT}),
        Row("model: empty file", sample, BAD_DATA, "model.safetensors",
            {"model.safetensors": b""}),
        Row("model: header without end", sample, BAD_DATA, "model.safetensors",
            {"model.safetensors": huge}),
        Row("model: of another program", sample, BAD_DATA, "written by ebm train", foreign),
        Row("model: a sampler of 200,001 parts", sample, BAD_DATA,
            "model.safetensors (sampler):1: not TOML: a key", deep_sampler),
        Row("model: a name of 300 letters", "sample " + "n" * 300 + " --out x.npy", NO_INPUT,
            "no such model: n"),
        Row("model: deep brackets for manifests", "sample run --out x.npy", BAD_DATA,
            "it is no manifest", uses=("run",), spoil=nest_manifests, n_warnings=3),
        Row("model: no metadata", sample, BAD_DATA, "written by ebm train", no_metadata),
        Row("model: empty folder", "sample empty --out x.npy", BAD_DATA, "neither a run folder",
            {"empty/": b""}),
        Row("model: checkpoint with one bit flipped", "sample run/checkpoints/000006 --out x.npy",
            BAD_DATA, "000006/model.safetensors is damaged", uses=("run",), spoil=damage_one),
        Row("model: all checkpoints damaged", "sample run --out x.npy", BAD_DATA,
            "every checkpoint in run/checkpoints is damaged", uses=("run",), spoil=damage_all,
            n_warnings=3),
        Row("model: all manifests missing", "sample run --out x.npy", BAD_DATA,
            "every checkpoint in run/checkpoints is damaged", uses=("run",), spoil=drop_manifests,
            n_warnings=3),
        Row("score: data of another shape", "score run --data idx:images --out x.npy", BAD_DATA,
            "the model takes", {"images": IMAGES}, uses=("run",)),
        Row("score: density without levels", "score run --density flow --out x.npy", USAGE,
            "goes through no levels of noise", uses=("run",)),
        Row("score: unknown density", "score run --density exact --out x.npy", USAGE,
            "density = exact: must be", uses=("run",)),
        Row("score: n -1", "score run --n -1 --out x.npy", USAGE, "n = -1", uses=("run",)),
        Row("score: n without density", "score run --n 5 --out x.npy", USAGE,
            "n = 5: is for --density", uses=("run",)),
        Row("score: seed without density", "score run --seed 5 --out x.npy", USAGE,
            "seed = 5: is for --density", uses=("run",)),
        Row("score: the model's own data are gone", "score orphan_run --out x.npy", NO_INPUT,
            "gone; if the data have moved, give --data", uses=("orphan_run",)),
        Row("eval: the model's own data are gone", "eval orphan_run", NO_INPUT,
            "; if the data have moved, give --data", uses=("orphan_run",)),
        Row("sample: the model's own data are gone", "sample orphan_run --init data --out x.npy",
            NO_INPUT, "; if the data have moved, give --data", uses=("orphan_run",)),
        Row("modes: the model's own data are gone", "modes orphan_run", NO_INPUT,
            "; if the data have moved, give --data", uses=("orphan_run",)),
        Row("model: noise that floats do not have", sample, BAD_DATA,
            "its sampler is wrong: noise_scale = 1e-300: must be of a size", {
                "model.safetensors": made_files.safetensors(
                    {"architecture": 'input = [1, 1, 1]\n[[layer]]\ntype = "flatten"\n',
                     "data": "toy:rings",
                     "sampler": "n_steps = 1\nstep_size = 1.0\nnoise_scale = 1e-300\n"})}),
        Row("model: no checkpoint is left, but a model", "sample run --out x.npy", NO_INPUT,
            "no checkpoint in run/checkpoints; give run/model.safetensors, which is there",
            uses=("run",), spoil=drop_checkpoints),
        Row("model: a run before its first checkpoint", "sample run --out x.npy", NO_INPUT,
            "no checkpoint in run/checkpoints: the run has not come to its first; train on with "
            "--resume --out run", uses=("run",), spoil=drop_all),
        Row("score: no model", "score --data toy:rings --out x.npy", USAGE, "MODEL"),
        Row("score: model missing", "score nowhere --data toy:rings --out x.npy", NO_INPUT,
            "no such model: nowhere"),
    ]
