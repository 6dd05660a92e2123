"""The table of bad inputs: what a user can get wrong, and what `ebm` has to answer."""
import dataclasses
import gzip
import pathlib
import struct
from collections.abc import Callable

import made_files

Files = dict[str, bytes]

USAGE, BAD_DATA, NO_INPUT, DIVERGED, IO = 64, 65, 66, 71, 74


@dataclasses.dataclass(frozen=True)
class Row:
    """One bad input. Its command runs in a folder of its own, which must not change."""
    name: str
    command: str
    code: int
    fragment: str
    """of the message"""
    files: Files = dataclasses.field(default_factory=dict)
    """made before; a name that ends in / is an empty folder"""
    uses: tuple[str, ...] = ()
    """of the trained runs, copied into the folder"""
    spoil: Callable[[pathlib.Path], None] | None = None
    """done to the folder before"""
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    n_warnings: int = 0
    """further lines `ebm: ...` before the message"""
    progress: bool = False
    """whether progress lines may come first"""

    @property
    def needs_torch(self) -> bool:
        words = self.command.split()
        takes_model = words[:1] in (["sample"], ["logz"])
        if words[:1] in (["train"], ["score"], ["eval"], ["features"], ["flow"], ["gan"]):
            return True
        return takes_model and len(words) > 1 and not words[1].startswith("-")


IMAGES = made_files.idx([4, 12, 12], bytes(range(144)) * 4)
POINTS = made_files.npy((3, 2), made_files.floats([0.5, -0.5, 0.25, 0.75, 1.5, -1.0]))
CIFAR_RECORD = bytes(3073)
TEXT = b"hello, this is no such file\n"
MISFIT_NET = b'[[layer]]\ntype = "linear"\nout_features = 1\n'
FIXED_NET = b'input = [1, 28, 28]\n' + made_files.SMALL_NET.encode()


def flip_byte(path: pathlib.Path, offset: int) -> None:
    """Changes one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(bytes(data))


def damage_all(folder: pathlib.Path) -> None:
    """Flips a bit in the middle of the weights of every checkpoint of run."""
    for path in (folder / "run/checkpoints").glob("*/model.safetensors"):
        flip_byte(path, path.stat().st_size // 2)


def damage_one(folder: pathlib.Path) -> None:
    """Flips a bit of the model in the newest checkpoint of run."""
    flip_byte(folder / "run/checkpoints/000006/model.safetensors", 5000)


def drop_manifests(folder: pathlib.Path) -> None:
    """Deletes the manifest of every checkpoint of run."""
    for path in (folder / "run/checkpoints").glob("*/manifest.json"):
        path.unlink()


def other_data(folder: pathlib.Path) -> None:
    """Changes the data that image_run was trained on."""
    flip_byte(folder / "images/train-images-idx3-ubyte", 1000)


def train(rest: str) -> str:
    return f"train --data toy:8gaussians#limit=50 --out new {rest}"


def data_rows() -> list[Row]:
    """Files and words of data sets."""
    packed = gzip.compress(bytes(IMAGES), mtime=0)
    corrupt = bytearray(packed)
    corrupt[len(corrupt) // 2] ^= 0xFF
    nan = made_files.npy((2, 2), made_files.floats([0.0, float("nan"), 0.0, 0.0]))
    labelled = {"set/train-images-idx3-ubyte": IMAGES,
                "set/train-labels-idx1-ubyte": made_files.idx([4], bytes([0, 1, 2, 1]))}
    few_labels = labelled | {"set/train-labels-idx1-ubyte": made_files.idx([3], bytes(3))}
    two_sizes = {"mixed/a.png": made_files.png(8, 8), "mixed/b.png": made_files.png(9, 8)}
    batches = {f"cifar/data_batch_{i}.bin": CIFAR_RECORD * 2 for i in range(1, 6)}
    return [
        Row("idx: truncated .gz", "data idx:images.gz", BAD_DATA, "images.gz: truncated gzip",
            {"images.gz": packed[:-20]}),
        Row("idx: corrupt gzip bytes", "data idx:images.gz", BAD_DATA, "images.gz: corrupt gzip",
            {"images.gz": bytes(corrupt)}),
        Row("idx: wrong magic", "data idx:images", BAD_DATA, "images: found 'he' at offset 0",
            {"images": TEXT}),
        Row("idx: of floats", "data idx:images", BAD_DATA, "data type 13",
            {"images": made_files.idx([4, 12, 12], bytes(576 * 4), data_type=0x0D)}),
        Row("idx: short", "data idx:images", BAD_DATA, "the file is short",
            {"images": IMAGES[:-1]}),
        Row("idx: empty file", "data idx:images", BAD_DATA, "images: ends at offset 0",
            {"images": b""}),
        Row("idx: absurd sizes", "data idx:images", BAD_DATA, "4294967295",
            {"images": made_files.idx([0xFFFFFFFF] * 3, bytes(100))}),
        Row("idx: absurd sizes in .gz", "data idx:images.gz", BAD_DATA, "4294967295",
            {"images.gz": gzip.compress(made_files.idx([0xFFFFFFFF] * 3, bytes(100)), mtime=0)}),
        Row("idx: another number of labels", "data idx:set", BAD_DATA, "3 labels, expected 4",
            few_labels),
        Row("idx: a split of a file", "data idx:images#split=test", USAGE, "split=test",
            {"images": IMAGES}),
        Row("images: empty folder", "data images:empty", BAD_DATA, "empty: found no image",
            {"empty/": b""}),
        Row("images: mixed sizes", "data images:mixed", BAD_DATA, "give size=", two_sizes),
        Row("images: not an image", "data images:set", BAD_DATA, "set/a.png: found",
            {"set/a.png": TEXT}),
        Row("images: truncated PNG", "data images:set", BAD_DATA, "set/a.png",
            {"set/a.png": made_files.png(12, 12)[:60]}),
        Row("images: 16-bit PNG is accepted", "data images:set", 0, "",
            {"set/a.png": made_files.png(12, 12, bit_depth=16)}),
        Row("images: a file", "data images:a.png", BAD_DATA, "expected a folder",
            {"a.png": made_files.png(8, 8)}),
        Row("npy: fortran order", "data npy:x.npy", BAD_DATA, "fortran_order True",
            {"x.npy": made_files.npy((2, 2), bytes(16), fortran=True)}),
        Row("npy: float64", "data npy:x.npy", BAD_DATA, "'<f8'",
            {"x.npy": made_files.npy((2, 2), bytes(32), descr="<f8")}),
        Row("npy: truncated", "data npy:x.npy", BAD_DATA, "only 20 bytes", {"x.npy": POINTS[:-4]}),
        Row("npy: NaN", "data npy:x.npy", BAD_DATA, "expected finite numbers", {"x.npy": nan}),
        Row("npy: pixels outside the range", "data npy:x.npy", BAD_DATA, "[-1, 1]",
            {"x.npy": made_files.npy((1, 1, 2, 2), made_files.floats([0.0, 0.5, 255.0, 0.0]))}),
        Row("npy: not an npy file", "data npy:x.npy", BAD_DATA, "an npy file", {"x.npy": TEXT}),
        Row("npy: a folder", "data npy:folder", BAD_DATA, "found a folder", {"folder/": b""}),
        Row("cifar10: no batches", "data cifar10:cifar", NO_INPUT, "data_batch_1.bin",
            {"cifar/": b""}),
        Row("cifar10: short batch", "data cifar10:cifar", BAD_DATA, "inside record 1",
            batches | {"cifar/data_batch_3.bin": CIFAR_RECORD + bytes(3000)}),
        Row("spec: unknown toy", "data toy:8gausians", USAGE, "did you mean '8gaussians'"),
        Row("spec: unknown scheme", "data fashion-mnits", USAGE, "did you mean 'fashion-mnist'"),
        Row("spec: unknown option", "data toy:rings#limt=5", USAGE, "did you mean 'limit'"),
        Row("spec: option that does not apply", "data toy:rings#size=5", USAGE, "does not apply"),
        Row("spec: limit=0", "data toy:rings#limit=0", USAGE, "limit='0'"),
        Row("spec: limit of a toy without end", "data toy:rings#limit=99999999999999", USAGE,
            "100000000 points"),
        Row("spec: class that does not exist", "data idx:set#class=7", BAD_DATA, "class=7",
            labelled),
        Row("spec: empty", "data ''", USAGE, "data set ''"),
        Row("no such file", "data idx:nowhere/images", NO_INPUT, "nowhere/images"),
        Row("EBM_DATA points nowhere", "data fashion-mnist", NO_INPUT, "no folder nowhere",
            environment={"EBM_DATA": "nowhere"}),
        Row("EBM_DATA without the files", "data fashion-mnist", NO_INPUT, "train-images-idx3-ubyte",
            {"empty/": b""}, environment={"EBM_DATA": "empty"}),
    ]


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
            USAGE, "give --out FILE, --trace FILE.npy or --diagnose"),
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
    """Words of `ebm sample`."""
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
        Row("sample: seed -1", f"{well} --seed -1", USAGE, "seed = -1"),
        Row("sample: threads -1", f"{well} --threads -1", USAGE, "threads = -1"),
        Row("sample: picture of a line", "sample --energy toy:double-well --out x.png", USAGE,
            "make no picture"),
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
        Row("no subcommand", "", USAGE, "subcommand"),
        Row("unknown option", f"{well} --step 3", USAGE, "--step"),
        Row("unknown option of train", train("--learning-rate 1"), USAGE, "--learning-rate"),
    ]


def logz_rows() -> list[Row]:
    """Words of `ebm logz`."""
    well = "logz --energy toy:double-well"
    nan = made_files.npy((2, 1), made_files.floats([0.0, float("nan")]))
    points = {"points.npy": POINTS}
    return [
        Row("logz: MODEL and --energy", "logz run --energy toy:double-well", USAGE,
            "either MODEL or --energy", uses=("run",)),
        Row("logz: neither", "logz", USAGE, "either MODEL or --energy"),
        Row("logz: model missing", "logz nowhere", NO_INPUT, "no such model: nowhere"),
        Row("logz: unknown toy", "logz --energy toy:double-wel", USAGE, "did you mean double-well"),
        Row("logz: n 0", f"{well} --n 0", USAGE, "n = 0: must be at least 1"),
        Row("logz: n without end", f"{well} --n 9000000000000000000", USAGE, "do not fit"),
        Row("logz: one temperature", f"{well} --temperatures 1", USAGE,
            "temperatures = 1: must be at least 2"),
        Row("logz: temperatures without end", f"{well} --temperatures 9000000000000000000", USAGE,
            "must be at most"),
        Row("logz: steps 0", f"{well} --steps 0", USAGE, "steps = 0"),
        Row("logz: leapfrog of mala", f"{well} --sampler mala --leapfrog 3", USAGE,
            "leapfrog: not for mala"),
        Row("logz: backend of a toy", f"{well} --backend compiled", USAGE, "a toy has none"),
        Row("logz: more chains than memory", f"{well} --n {10**12}", USAGE,
            "do not fit in memory"),
        Row("logz: leapfrog 0", f"{well} --leapfrog 0", USAGE, "leapfrog = 0"),
        Row("logz: temperature 0", f"{well} --temperature 0", USAGE, "temperature = 0"),
        Row("logz: seed -1", f"{well} --seed -1", USAGE, "seed = -1"),
        Row("logz: threads -1", f"{well} --threads -1", USAGE, "threads = -1"),
        Row("logz: unknown sampler", f"{well} --sampler nuts", USAGE, "must be hmc or mala"),
        Row("logz: unknown schedule", f"{well} --schedule cosine", USAGE, "schedule = cosine"),
        Row("logz: unknown base", f"{well} --base cauchy", USAGE, "must be gaussian or uniform"),
        Row("logz: base sd 0", f"{well} --base-sd 0", USAGE, "base_sd = 0"),
        Row("logz: base sd nan", f"{well} --base-sd nan", USAGE, "base_sd = nan"),
        Row("logz: uniform base without a box", f"{well} --base uniform", USAGE, "needs --box"),
        Row("logz: gaussian base with a box", f"{well} --base gaussian --box -1,1", USAGE,
            "leave out --box"),
        Row("logz: empty box", f"{well} --box 1,-1", USAGE, "box"),
        Row("logz: half a box", f"{well} --box 1", USAGE, "--box"),
        Row("logz: box and base sd", f"{well} --box -1,1 --base-sd 2", USAGE, "--base-sd"),
        Row("logz: base where the energy overflows", f"{well} --base-sd 1e12", DIVERGED,
            "take a base", progress=True),
        Row("logz: reverse file missing", f"{well} --reverse nowhere.npy", NO_INPUT,
            "nowhere.npy"),
        Row("logz: reverse file of another shape", f"{well} --reverse points.npy", BAD_DATA,
            "expected rows of 1", points),
        Row("logz: reverse file with NaN", f"{well} --reverse nan.npy", BAD_DATA, "in row 1",
            {"nan.npy": nan}, progress=True),
        Row("logz: reverse file outside the box",
            "logz --energy toy:8gaussians --box -1,1 --temperatures 5 --reverse points.npy",
            BAD_DATA, "in row 2", points, progress=True),
        Row("logz: reverse file is text", f"{well} --reverse x.npy", BAD_DATA, "x.npy",
            {"x.npy": TEXT}),
    ]


def bench_rows() -> list[Row]:
    """Words of `ebm bench`."""
    return [
        Row("bench: unknown sampler", "bench --sampler langevin,nutz", USAGE, "did you mean nuts"),
        Row("bench: n 0", "bench --n 100,0", USAGE, "n = 0: must be at least 1"),
        Row("bench: n no number", "bench --n 100,many", USAGE, 'n = "many": must be whole numbers'),
        Row("bench: n with a fraction", "bench --n 1.5", USAGE, 'n = "1.5"'),
        Row("bench: n with an empty entry", "bench --n 1,,2", USAGE, 'n = "": must be'),
        Row("bench: n without end", "bench --n 9000000000000000000", USAGE, "do not fit"),
        Row("bench: steps 0", "bench --steps 0", USAGE, "steps = 0: must be at least 1"),
        Row("bench: threads -1", "bench --threads 1,-1", USAGE, "threads = -1"),
        Row("bench: repetitions 0", "bench --repetitions 0", USAGE, "repetitions = 0"),
        Row("bench: leapfrog 0", "bench --sampler hmc --leapfrog 0", USAGE, "leapfrog = 0"),
        Row("bench: leapfrog of langevin", "bench --leapfrog 5", USAGE, "leapfrog: not for langevin"),
        Row("bench: layers of toys", "bench --layers", USAGE, "--net"),
        Row("bench: layers, no repetition", "bench --net mlp --layers --repetitions 0", USAGE,
            "repetitions = 0"),
        Row("bench: backend of toys", "bench --backend torch", USAGE, "--net"),
        Row("bench: temperature nan", "bench --temperature nan", USAGE, "temperature = nan"),
        Row("bench: step size -1", "bench --step-size -1", USAGE, "step_size = -1"),
        Row("bench: unknown format", "bench --format xml", USAGE,
            'format = "xml": must be table, csv or json'),
        Row("bench: --json and --format", "bench --json --format csv", USAGE, "--format"),
        Row("bench: unknown toy energy", "bench --energy toy:double-well --energy toy:8gausians",
            USAGE, "did you mean 8gaussians"),
        Row("bench: unknown backend", "bench --net mlp --backend compiled,jax", USAGE,
            'backend = "jax": must be compiled, torch or torch-intra-op'),
        Row("bench: a step that diverges", "bench --n 100 --step-size 5", DIVERGED,
            "became non-finite (NaN or infinity)", progress=True),
    ]


def model_rows() -> list[Row]:
    """What is given as MODEL."""
    huge = struct.pack("<Q", 1 << 60) + b"{}"
    foreign = {"model.safetensors": made_files.safetensors({"format": "pt"})}
    no_metadata = {"model.safetensors": made_files.safetensors({})}
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
        Row("score: no data", "score run --out x.npy", USAGE, "--data", uses=("run",)),
        Row("score: no model", "score --data toy:rings --out x.npy", USAGE, "MODEL"),
        Row("score: model missing", "score nowhere --data toy:rings --out x.npy", NO_INPUT,
            "no such model: nowhere"),
    ]


def config_rows() -> list[Row]:
    """Settings of `ebm train`."""
    def config(text: str) -> Files:
        return {"c.toml": text.encode()}

    with_config = "train c.toml --data toy:rings#limit=50 --out new"
    idx_data = "train --data idx:images --net net.toml --out new"
    return [
        Row("config: unknown key", with_config, BAD_DATA, "did you mean learning_rate",
            config("seed = 1\nlearning_rat = 0.1\n")),
        Row("config: no TOML", with_config, BAD_DATA, "c.toml:2",
            config("seed = 1\nsteps = = 2\n")),
        Row("config: wrong type", with_config, BAD_DATA, "must be an integer",
            config('steps = "ten"\n')),
        Row("config: fraction for an integer", with_config, BAD_DATA, "must be an integer",
            config("steps = 1.5\n")),
        Row("config: a table", with_config, BAD_DATA, "unknown key training",
            config("[training]\nsteps = 5\n")),
        Row("config: missing", with_config, NO_INPUT, "c.toml"),
        Row("set: unknown key", train("--set stepsize=1"), USAGE, "did you mean step_size"),
        Row("set: no =", train("--set steps"), USAGE, "must be key=value"),
        Row("set: no value", train("--set steps="), USAGE, "steps = : must be"),
        Row("set: no number", train("--set steps=ten"), USAGE,
            "steps = ten: must be an integer"),
        Row("set: a second key in the value", train("--set 'steps=5\nbatch_size=3'"), USAGE,
            "must be an integer"),
        Row("threads no number", train("--threads ten"), USAGE, "threads = ten: must be"),
        Row("step_size -1", train("--set step_size=-1"), USAGE, "step_size = -1"),
        Row("step_size nan", train("--set step_size=nan"), USAGE, "step_size = nan"),
        Row("batch_size 0", train("--set batch_size=0"), USAGE, "batch_size = 0"),
        Row("batch_size above the buffer", train("--set batch_size=9000"), USAGE,
            "buffer_capacity = 8192"),
        Row("threads -1", train("--threads -1"), USAGE, "threads = -1"),
        Row("seed -1", train("--seed -1"), USAGE, "seed = -1"),
        Row("iterations 0", train("--iterations 0"), USAGE, "iterations = 0"),
        Row("learning_rate 0", train("--set learning_rate=0"), USAGE, "learning_rate = 0"),
        Row("beta1 1", train("--set beta1=1"), USAGE, "beta1 = 1"),
        Row("restart_probability 2", train("--set restart_probability=2"), USAGE,
            "restart_probability = 2"),
        Row("unknown lr_schedule", train("--set lr_schedule=cosin"), USAGE, "cosin"),
        Row("device cuda without CUDA", train("--device cuda"), USAGE, "device = cuda"),
        Row("backend tpu", train("--backend tpu"), USAGE, "backend = tpu: must be"),
        Row("unknown objective", train("--objective score"), USAGE,
            "objective = score: must be one of cd, nce"),
        Row("data missing", "train --out new", USAGE, "--data SPEC"),
        Row("net: unknown preset", train("--net uva2"), USAGE, "did you mean uva"),
        Row("net: preset that does not fit points", train("--net igebm32"), BAD_DATA,
            "network \"igebm32\" does not fit"),
        Row("net: layer that does not fit", idx_data, BAD_DATA, "layer 0 (linear)",
            {"net.toml": MISFIT_NET, "images": IMAGES}),
        Row("net: input of another shape", idx_data, BAD_DATA, "but the data are [1, 12, 12]",
            {"net.toml": FIXED_NET, "images": IMAGES}),
        Row("net: unknown layer", idx_data, BAD_DATA, "conv2d",
            {"net.toml": b'[[layer]]\ntype = "conv2"\n', "images": IMAGES}),
        Row("net: file missing", idx_data, NO_INPUT, "net.toml", {"images": IMAGES}),
        Row("train: the folder holds a run", "train --data toy:8gaussians --out run", USAGE,
            "add --resume", uses=("run",)),
        Row("resume: changed learning_rate", "train --resume --out run --set learning_rate=0.1",
            USAGE, "learning_rate = 0.1", uses=("run",)),
        Row("resume: changed data words", "train --resume --out run --data toy:rings", USAGE,
            "toy:rings", uses=("run",)),
        Row("resume: changed data file", "train --resume --out image_run --iterations 20", BAD_DATA,
            "trained on other data", uses=("image_run", "images"), spoil=other_data),
        Row("resume: no run", "train --resume --data toy:rings --out new", NO_INPUT,
            "no run to resume"),
        Row("resume: all checkpoints damaged", "train --resume --out run --iterations 20", BAD_DATA,
            "every checkpoint in run/checkpoints is damaged", uses=("run",), spoil=damage_all,
            n_warnings=3),
    ]


def all_rows() -> list[Row]:
    """Every row, in the order of the printed table."""
    return (data_rows() + output_rows() + sample_rows() + logz_rows() + bench_rows() + model_rows() +
            config_rows())
