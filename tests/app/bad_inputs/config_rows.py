"""Bad inputs of `ebm train`: its configuration, network and the run to resume."""
import pathlib
import shutil

import made_files
from damage import damage_all, flip_byte, replace_states
from row import BAD_DATA, IMAGES, IO, NO_INPUT, USAGE, Files, Row

MISFIT_NET = b'[[layer]]\ntype = "linear"\nout_features = 1\n'
SMOOTH_NET = (b"[[layer]]\ntype = 'linear'\nout_features = 8\n[[layer]]\ntype = 'silu'\n"
              b"[[layer]]\ntype = 'linear'\nout_features = 1\n")
FIXED_NET = b'input = [1, 28, 28]\n' + made_files.SMALL_NET.encode()


def other_data(folder: pathlib.Path) -> None:
    """Changes a copy of the data that image_run was trained on."""
    flip_byte(folder / "images/train-images-idx3-ubyte", 1000)


def drop_checkpoints(folder: pathlib.Path) -> None:
    """Deletes every checkpoint of run, but not the model that it has made."""
    for path in (folder / "run/checkpoints").iterdir():
        shutil.rmtree(path)


def train(rest: str) -> str:
    return f"train --data toy:8gaussians#limit=50 --out new {rest}"


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    def config(text: str) -> Files:
        return {"c.toml": text.encode()}

    with_config = "train c.toml --data toy:rings#limit=50 --out new"
    idx_data = "train --data idx:images --net net.toml --out new"
    return [
        Row("config: no such recipe", "train quikc --data toy:rings --out new", NO_INPUT,
            "no such recipe: quikc; did you mean quick?; expected a path, or one that comes with "
            "ebm: quick, good"),
        Row("config: a recipe of GANs", "train wgan-gp --data toy:rings --out new", NO_INPUT,
            "no such recipe: wgan-gp; expected a path, or one that comes with ebm: quick, good"),
        Row("config: a recipe of energies for GANs", "gan train good --data toy:rings --out new",
            NO_INPUT, "no such recipe: good; expected a path, or one that comes with ebm: wgan-gp, "
            "meg"),
        Row("config: a recipe for flows", "flow train quick --data toy:rings --out new", NO_INPUT,
            "no such recipe: quick; expected a path"),
        Row("resume: RUN without --out", "train --resume run", USAGE,
            "--out is required: to go on with a run, --resume --out run; see ebm train --help",
            uses=("run",)),
        Row("resume: data that have moved", "train --resume --out orphan_run --iterations 9",
            NO_INPUT, "; if the data have moved, give --data", uses=("orphan_run",)),
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
        Row("config: a folder", with_config, IO, "c.toml: Is a directory", {"c.toml/": b""}),
        Row("config: a key of 200,001 parts", with_config, BAD_DATA,
            "c.toml:2: not TOML: a key of more than 17 parts",
            config("seed = 1\n" + "a." * 200000 + "a = 1\n")),
        Row("config: deep brackets", with_config, BAD_DATA, "c.toml:1: not TOML: brackets",
            config("seed = " + "[" * 100000)),
        Row("config: a key with letters outside ASCII", with_config, BAD_DATA,
            "c.toml:1: not TOML: a letter outside ASCII", config("schlüssel = 1\n")),
        Row("config: a long key", with_config, BAD_DATA, " bytes left out) ... ",
            config("k" * 1000000 + " = 1\n")),
        Row("config: control characters", with_config, BAD_DATA,
            "steps = a\\x0ab\\x1b[31m: must be",
            config('steps = "a\\nb\\u001b[31m"\n')),
        Row("set: step size 1e-300", train("--set step_size=1e-300"), USAGE,
            "step_size = 1e-300: must be of a size"),
        Row("set: noise scale 1e-300", train("--set noise_scale=1e-300"), USAGE,
            "noise_scale = 1e-300: must be of a size"),
        Row("set: clamp 1e39", train("--set clamp_energy_grad=1e39"), USAGE,
            "clamp_energy_grad = 1e+39: must be of a size"),
        Row("set: data noise 1e-300", train("--set data_noise=1e-300"), USAGE,
            "data_noise = 1e-300: must be of a size"),
        Row("config: as an option", "train --config c.toml --data toy:rings --out new", USAGE,
            "unknown option --config; CONFIG is given without it: ebm train CONFIG"),
        Row("set: a key as an option, with a number", train("--lr 0.1"), USAGE,
            "unknown option --lr; did you mean --set learning_rate=0.1?"),
        Row("set: a key as an option, without a value", "train quick --data toy:rings --out new"
            " --lr", USAGE, "unknown option --lr; did you mean --set learning_rate=VALUE?"),
        Row("set: unknown key", train("--set stepsize=1"), USAGE, "did you mean step_size"),
        Row("set: no =", train("--set steps"), USAGE, "must be key=value"),
        Row("set: no value", train("--set steps="), USAGE, "steps = : must be"),
        Row("set: no number", train("--set steps=ten"), USAGE,
            "steps = ten: must be an integer"),
        Row("set: a second key in the value", train("--set 'steps=5\nbatch_size=3'"), USAGE,
            "must be an integer"),
        Row("set: control characters", train("--set 'steps=\x1b[31m'"), USAGE,
            "steps = \\x1b[31m: must be an integer"),
        Row("set: a long value", train("--set steps=" + "x" * 100000), USAGE,
            " bytes left out) ... "),
        Row("net: a name of 300 letters", train("--net " + "n" * 300), USAGE,
            "unknown network \"nnn"),
        Row("out: a name of 300 letters", "train --data toy:rings --out " + "n" * 300, IO,
            "File name too long"),
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
            "objective = score: must be one of cd, nce, energy-matching, dsm, dual"),
        Row("energy matching: a network with kinks",
            train("--objective energy-matching --net mlp"), USAGE,
            "objective = energy-matching: needs a network without kinks"),
        Row("energy matching: one pair", train("--objective energy-matching --net mlp-silu "
            "--set optimal_pairs=true --set batch_size=1"), USAGE, "at least 2 for pairs"),
        Row("energy_scale: of another objective", train("--set energy_scale=3"), USAGE,
            "energy_scale = 3: must be left out with objective = cd"),
        Row("energy_scale 0", train("--objective energy-matching --set energy_scale=0"), USAGE,
            "energy_scale = 0"),
        Row("dsm: levels out of order",
            train("--objective dsm --set noise_sd_min=2 --set noise_sd_max=1"), USAGE,
            "noise_sd_min = 2: must be above 0 and below noise_sd_max, 1"),
        Row("dsm: a lowest level of 0", train("--objective dsm --set noise_sd_min=0"), USAGE,
            "noise_sd_min = 0: must be above 0"),
        Row("dsm: one level and many",
            train("--objective dsm --set noise_sd=1 --set noise_sd_max=1"), USAGE,
            "noise_sd = 1: must be 0 with"),
        Row("dsm: data_sd at one level",
            train("--objective dsm --set noise_sd=1 --set data_sd=1"), USAGE,
            "data_sd = 1: must be left out with noise_sd"),
        Row("dsm: a level that is negative", train("--objective dsm --set noise_sd=-1"), USAGE,
            "noise_sd = -1"),
        Row("dsm: kinked activations", train("--objective dsm --net mlp --set noise_sd=1"), USAGE,
            "objective = dsm: needs a network without kinks"),
        Row("dsm: a network without noise_level",
            "train --data toy:rings --out new --net plain.toml --objective dsm"
            " --set noise_sd_min=0.1 --set noise_sd_max=1", USAGE,
            "reads no noise level, which objective = dsm needs",
            {"plain.toml": SMOOTH_NET}),
        Row("dsm: a network with noise_level at one level",
            "train --data toy:rings --out new --net level.toml --objective dsm --set noise_sd=1",
            USAGE, "reads a noise level, which objective = dsm does not give",
            {"level.toml": b"noise_level = true\n" + SMOOTH_NET.replace(
                b"[[layer]]\ntype = 'silu'", b"[[layer]]\ntype = 'film'\n[[layer]]\n"
                b"type = 'silu'")}),
        Row("dual: levels out of order",
            train("--objective dual --set noise_sd_min=2 --set noise_sd_max=1"), USAGE,
            "noise_sd_min = 2: must be above 0 and below noise_sd_max, 1"),
        Row("dual: no levels",
            train("--objective dual --set noise_sd_min=0 --set noise_sd_max=0"), USAGE,
            "objective = dual: needs noise_sd_min and noise_sd_max"),
        Row("dual: one level", train("--objective dual --set noise_sd=1"), USAGE, "noise_sd = 1"),
        Row("dual: kinked activations", train("--objective dual --net mlp"), USAGE,
            "objective = dual: needs a network without kinks"),
        Row("dual: a network without noise_level",
            "train --data toy:rings --out new --net plain.toml --objective dual", USAGE,
            "reads no noise level, which objective = dual needs", {"plain.toml": SMOOTH_NET}),
        Row("a key of dsm elsewhere", train("--set noise_sd=1"), USAGE,
            "noise_sd = 1: must be left out with objective = cd"),
        Row("a key of chains with dsm", train("--objective dsm --set steps=50"), USAGE,
            "steps = 50: must be left out with objective = dsm"),
        Row("a key of chains with energy matching",
            train("--objective energy-matching --set buffer_policy=ring"), USAGE,
            "buffer_policy = ring: must be left out with objective = energy-matching"),
        Row("a key of chains with nce", train("--objective nce --set persistent=true"), USAGE,
            "persistent = true: must be left out with objective = nce"),
        Row("a key of chains in a file", with_config, USAGE,
            "restart_probability = 0.2: must be left out with objective = dsm",
            config("objective = 'dsm'\nrestart_probability = 0.2")),
        Row("a key of the buffer without one",
            train("--set persistent=false --set buffer_capacity=100"), USAGE,
            "buffer_capacity = 100: must be left out with persistent = false"),
        Row("energy matching: contrast_start without a contrast",
            train("--objective energy-matching --set contrast_start=0.5"), USAGE,
            "contrast_start = 0.5: must be left out with contrast_weight = 0"),
        Row("dsm: a step size of many levels", train("--objective dsm --set step_size=1"), USAGE,
            "step_size = 1: must be left out with levels of noise up to noise_sd_max"),
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
        Row("resume: other data", "train --resume --out run --data toy:rings", BAD_DATA,
            "trained on other data", uses=("run",)),
        Row("resume: changed data file",
            "train --resume --out image_run --data idx:images --iterations 20", BAD_DATA,
            "trained on other data", uses=("image_run", "images"), spoil=other_data),
        Row("resume: the data are gone", "train --resume --out orphan_run --iterations 20",
            NO_INPUT, "gone", uses=("orphan_run",)),
        Row("resume: no checkpoint is left", "train --resume --out run --iterations 20", NO_INPUT,
            "run/model.safetensors is kept", uses=("run",),
            spoil=drop_checkpoints),
        Row("resume: no run", "train --resume --data toy:rings --out new", NO_INPUT,
            "no run to resume"),
        Row("resume: a state of other types", "train --resume --out run --iterations 20", BAD_DATA,
            "state.json is no state of a training run", uses=("run",),
            spoil=lambda folder: replace_states(folder, '{"scheduled":1}')),
        Row("resume: an iteration of 1e300", "train --resume --out run --iterations 20", BAD_DATA,
            "state.json is no state of a training run", uses=("run",),
            spoil=lambda folder: replace_states(folder, '{"iteration":1e300}')),
        Row("resume: all checkpoints damaged", "train --resume --out run --iterations 20", BAD_DATA,
            "every checkpoint in run/checkpoints is damaged", uses=("run",), spoil=damage_all,
            n_warnings=3),
    ]
