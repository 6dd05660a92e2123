#!/usr/bin/env python3
"""Plants faulty include lines in a tree: the checker has to report each, and nothing else."""
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).with_name("check_includes.py")

# path: text of a tree without faults
CLEAN = {
    "base/error.h": "#pragma once\n#include <string>\n",
    "base/error.cc": '#include "base/error.h"\n\n#include <string>\n',
    "samplers/energy.h": '#include "base/error.h"\n#include "hwy/highway.h"\n',
    "samplers/simd/lanes-inl.h": '#include "base/error.h"\n',
    "samplers/kernel.h": '#include "samplers/simd/lanes-inl.h"\n',
    "samplers/kernels/hmc.h": '#include "samplers/kernel.h"\n',
    "samplers/kernels/hmc.cc": '#include "samplers/kernels/hmc.h"\n\n'
                               '#include "samplers/kernels/move-inl.h"\n',
    "samplers/kernels/move-inl.h": '#include "samplers/simd/lanes-inl.h"\n',
    "samplers/kernels/mala.h": '#include "samplers/kernels/hmc.h"\n',
    "samplers/kernels/sampler_settings.h": '#include "samplers/kernels/mala.h"\n',
    "samplers/ais/path.cc": '#include "samplers/kernels/mala.h"\n',
    "data/formats/npy.h": '#include "data/dataset.h"\n',
    "data/load_dataset.cc": '#include "data/formats/npy.h"\n',
    "tests/samplers/energies/box_test.cc": '#include "samplers/kernels/mala.h"\n',
    "evaluation/walk.h": '#include "data/dataset.h"\n#include "samplers/kernel.h"\n',
    "torch_nets/features.h": '#include "evaluation/walk.h"\n',
    "data/dataset.h": '#include "base/error.h"\n#include "samplers/energy.h"\n',
    "nets/compiled/plan.h": '/*\n#include "ebm/trainer.h"\n*/\n// #include "ebm/trainer.h"\n',
    "report/png.h": "#include <vector>\n",
    "report/png.cc": '#include "report/png.h"\n#include <png.h>\n#include "data/dataset.h"\n',
    "torch_nets/module.h": '#include <torch/torch.h>\n#include "ebm/trainer.h"\n',
    "training/run.h": '#include "nets/compiled/plan.h"\n#include "report/png.h"\n',
    "ebm/trainer.h": '#include "training/run.h"\n#include "base/error.h"\n',
    "ebm/objectives/objective.h": "#include <vector>\n",
    "ebm/objectives/nce.h": '#include "ebm/objectives/objective.h"\n',
    "ebm/objectives/nce.cc": '#include "ebm/objectives/nce.h"\n',
    "ebm/objectives/objective_table.cc": '#include "ebm/objectives/nce.h"\n',
    "ebm/options.h": '#include "ebm/objectives/objective.h"\n',
    "tests/ebm/objectives/both_test.cc": '#include "ebm/objectives/nce.h"\n',
    "app/main.cc": '#include "nets/compiled/plan.h"\n#include "report/png.h"\n',
    "app/torch_train.h": '#include "torch_nets/module.h"\n',
    "app/train/command.cc": '#include "ebm/trainer.h"\n',
    "app/gan/device.cc": "#include <c10/core/Device.h>\n",
    "tests/base/error_test.cc": '#include "base/error.h"\n#include <gtest/gtest.h>\n',
    "tests/consumer/project/main.cc": '#include "samplers/energy.h"\n',
    "build/x/y.cc": '#include "../y.cc"\n',
}

# path, text, line of the fault, part of the message
FAULTS = [
    ("base/random.h", '#include "samplers/energy.h"\n', 1, "base may include no other module"),
    ("samplers/walk.h", '\n\n#include "data/dataset.h"\n', 3, "samplers may include base"),
    ("nets/compiled/sideways.h", '#include "data/dataset.h"\n', 1, "nets may include base, samplers"),
    ("data/upwards.h", '#include "report/png.h"\n', 1, "data may include base, samplers"),
    ("report/chains.h", '#include "samplers/energy.h"\n', 1, "report may include base, data"),
    ("report/tensor.h", "#include <ATen/ATen.h>\n", 1, "LibTorch below the torch line only"),
    ("nets/compiled/tensor.h", "#include <torch/torch.h>\n", 1, "LibTorch below the torch line only"),
    ("training/up.h", '#include "torch_nets/module.h"\n', 1, "training may include"),
    ("ebm/module.h", "#include <torch/torch.h>\n", 1, "LibTorch below the torch line only"),
    ("flow/critic.h", '#include "gan/critic.h"\n', 1, "flow may include"),
    ("app/sample.cc", '#include "torch_nets/module.h"\n', 1, "only the program with LibTorch"),
    ("app/train/device.cc", "#include <c10/core/Device.h>\n", 1, "LibTorch below the torch line"),
    ("app/score.cc", '#include "app/torch_train.h"\n', 1, "in the program without LibTorch"),
    ("app/bench.cc", "#include <c10/util/Half.h>\n", 1, "LibTorch below the torch line only"),
    ("ebm/back.h", '#include "app/torch_train.h"\n', 1, "ebm may include"),
    ("nets/compiled/plan.cc", '#include <vector>\n#include "nets/compiled/plan.h"\n', 1, "its own header"),
    ("tests/nets/compiled/plan_test.cc", '#include <gtest/gtest.h>\n#include "nets/compiled/plan.h"\n', 1,
     "its own header"),
    ("tests/nets/deep_test.cc", "#include <torch/torch.h>\n", 1, "LibTorch below"),
    ("bench/samplers/walk_bench.cc", '#include "nets/compiled/plan.h"\n', 1, "samplers may include base"),
    ("nets/compiled/dots.h", '#include "../base/error.h"\n', 1, "from the root of the project"),
    ("nets/compiled/beside.h", '#include "plan.h"\n', 1, "from the root of the project"),
    ("nets/compiled/angle.h", "#include <base/error.h>\n", 1, "own headers stand in quotes"),
    ("nets/compiled/source.h", '#include "base/error.cc"\n', 1, "compiled, not included"),
    ("utils/strings.h", "#include <string>\n", 1, "'utils' is no module"),
    ("evaluation/page.h", '#include "report/png.h"\n', 1, "evaluation may include base, data"),
    ("evaluation/tensor.h", "#include <torch/torch.h>\n", 1, "LibTorch below the torch line only"),
    ("nets/files/score.h", '#include "evaluation/walk.h"\n', 1, "nets may include base, samplers"),
    ("samplers/energy.cc", '#include "samplers/energy.h"\n#include "samplers/ais/path.h"\n', 2,
     "samplers/ itself may not include ais"),
    ("samplers/simd/sum.h", '#include "samplers/kernel.h"\n', 1,
     "simd may not include samplers/ itself"),
    ("samplers/box.h", '#include "samplers/kernels/hmc.h"\n', 1,
     "samplers/ itself may not include kernels"),
    ("samplers/energies/well.h", '#include "samplers/kernels/hmc.h"\n', 1,
     "energies may not include kernels"),
    ("samplers/kernels/nuts.h", '#include "samplers/kernels/hmc.h"\n', 1,
     "only if it wraps it"),
    ("samplers/kernels/nuts.cc", '#include "samplers/kernels/sampler_settings.h"\n', 1,
     "kernels may not include kernels/sampler_settings"),
    ("samplers/ais/test.h", '#include "samplers/diagnostics/rhat.h"\n', 1,
     "ais may not include diagnostics"),
    ("samplers/misc/test.h", "#include <vector>\n", 1, "'misc' is no folder of samplers"),
    ("nets/files/toml.cc", "\n" * 401, 1, "401 lines; at most 400"),
    ("app/sample/long.cc", "\n" * 151, 1, "151 lines; at most 150"),
    ("app/sample/long.h", "\n" * 401, 1, "401 lines; at most 400"),
    ("data/formats/idx.h", '#include "data/load_dataset.h"\n', 1,
     "formats may not include load_dataset"),
    ("nets/architecture/layer.h", '#include "nets/files/model.h"\n', 1,
     "architecture may not include files"),
    ("ebm/trainer.cc", '#include "ebm/trainer.h"\n\n#include "ebm/objectives/nce.h"\n', 3,
     "ebm/objectives/nce is known through level_objective.h, objective.h, objective_table.h only"),
    ("ebm/objectives/cd.cc", '#include "ebm/objectives/nce.h"\n', 1, "is known through"),
    ("app/train/nce.cc", '#include "ebm/objectives/nce.h"\n', 1, "is known through"),
    ("nets/layer.h", "#include <vector>\n", 1, "'nets/ itself' is no folder of nets"),
]


def check(tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, str(CHECKER), folder], stdout=subprocess.PIPE,
                             universal_newlines=True)
        return run.returncode, run.stdout.splitlines()


def main():
    wrong = []
    code, lines = check(CLEAN)
    if code != 0 or len(lines) != 1:
        wrong.append("a clean tree: exit {}, {}".format(code, lines))
    # Of a folder with 25 units none may be added, but a file to a unit that is there.
    full = {"landscape/unit{}{}".format(i, suffix): "" for i in range(25) for suffix in (".h", ".cc")}
    full = {**CLEAN, **full, "landscape/unit0-inl.h": ""}
    code, lines = check(full)
    if code != 0:
        wrong.append("25 units: exit {}, {}".format(code, lines))
    code, lines = check({**full, "landscape/one_more.py": ""})
    if code != 1 or len(lines) != 2 or not lines[0].startswith("landscape: 26 units"):
        wrong.append("26 units: exit {}, {}".format(code, lines))
    # The clean tree has 5 lines in app/: 6,995 more fill it.
    app = {"app/eval/part{}.h".format(i): "\n" * 400 for i in range(17)}
    app = {**CLEAN, **app, "app/gan/rest.h": "\n" * 45, "app/gan/full.cc": "\n" * 150, "tests/app/long_test.cc": "\n" * 400}
    code, lines = check(app)
    if code != 0:
        wrong.append("7000 lines in app/: exit {}, {}".format(code, lines))
    code, lines = check({**app, "app/gan/rest.cc": "\n"})
    if code != 1 or len(lines) != 2 or not lines[0].startswith("app: 7001 lines; at most 7000"):
        wrong.append("7001 lines in app/: exit {}, {}".format(code, lines))
    for path, text, line, message in FAULTS:
        code, lines = check({**CLEAN, path: text})
        expected = "{}:{}: ".format(path, line)
        if code != 1 or len(lines) != 2 or not (
                lines[0].startswith(expected) and message in lines[0]):
            wrong.append("planted {!r}: exit {}, {}".format(expected + message, code, lines))
    print("\n".join(wrong) or "all {} planted faults were reported".format(len(FAULTS) + 2))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
