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
    "data/dataset.h": '#include "base/error.h"\n#include "samplers/energy.h"\n',
    "nets/plan.h": '/*\n#include "ebm/trainer.h"\n*/\n// #include "ebm/trainer.h"\n',
    "report/png.h": "#include <vector>\n",
    "report/png.cc": '#include "report/png.h"\n#include <png.h>\n#include "data/dataset.h"\n',
    "torch_nets/module.h": '#include <torch/torch.h>\n#include "nets/plan.h"\n',
    "training/run.h": '#include "torch_nets/module.h"\n#include "report/png.h"\n',
    "ebm/trainer.h": '#include "training/run.h"\n#include "base/error.h"\n',
    "app/main.cc": '#include "nets/plan.h"\n#include "report/png.h"\n',
    "app/torch_train.h": '#include "ebm/trainer.h"\n',
    "app/train/device.cc": "#include <c10/core/Device.h>\n",
    "tests/base/error_test.cc": '#include "base/error.h"\n#include <gtest/gtest.h>\n',
    "tests/consumer/project/main.cc": '#include "samplers/energy.h"\n',
    "build/x/y.cc": '#include "../y.cc"\n',
}

# path, text, line of the fault, part of the message
FAULTS = [
    ("base/random.h", '#include "samplers/energy.h"\n', 1, "base may include no other room"),
    ("samplers/walk.h", '\n\n#include "data/dataset.h"\n', 3, "samplers may include base"),
    ("nets/sideways.h", '#include "data/dataset.h"\n', 1, "nets may include base, samplers"),
    ("data/upwards.h", '#include "report/png.h"\n', 1, "data may include base, samplers"),
    ("report/chains.h", '#include "samplers/energy.h"\n', 1, "report may include base, data"),
    ("report/tensor.h", "#include <ATen/ATen.h>\n", 1, "LibTorch below the torch line only"),
    ("nets/tensor.h", "#include <torch/torch.h>\n", 1, "LibTorch below the torch line only"),
    ("torch_nets/up.h", '#include "training/run.h"\n', 1, "torch_nets may include"),
    ("gan/critic.h", '#include "ebm/trainer.h"\n', 1, "gan may include"),
    ("app/sample.cc", '#include "ebm/trainer.h"\n', 1, "only the program with LibTorch"),
    ("app/score.cc", '#include "app/torch_train.h"\n', 1, "in the program without LibTorch"),
    ("app/bench.cc", "#include <c10/util/Half.h>\n", 1, "LibTorch below the torch line only"),
    ("ebm/back.h", '#include "app/torch_train.h"\n', 1, "ebm may include"),
    ("nets/plan.cc", '#include <vector>\n#include "nets/plan.h"\n', 1, "its own header"),
    ("tests/nets/plan_test.cc", '#include <gtest/gtest.h>\n#include "nets/plan.h"\n', 1,
     "its own header"),
    ("tests/nets/deep_test.cc", "#include <torch/torch.h>\n", 1, "LibTorch below"),
    ("bench/samplers/walk_bench.cc", '#include "nets/plan.h"\n', 1, "samplers may include base"),
    ("nets/dots.h", '#include "../base/error.h"\n', 1, "from the root of the project"),
    ("nets/beside.h", '#include "plan.h"\n', 1, "from the root of the project"),
    ("nets/angle.h", "#include <base/error.h>\n", 1, "own headers stand in quotes"),
    ("nets/source.h", '#include "base/error.cc"\n', 1, "compiled, not included"),
    ("utils/strings.h", "#include <string>\n", 1, "'utils' is no room"),
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
    for path, text, line, message in FAULTS:
        code, lines = check({**CLEAN, path: text})
        expected = "{}:{}: ".format(path, line)
        if code != 1 or len(lines) != 2 or not (
                lines[0].startswith(expected) and message in lines[0]):
            wrong.append("planted {!r}: exit {}, {}".format(expected + message, code, lines))
    print("\n".join(wrong) or "all {} planted faults were reported".format(len(FAULTS)))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
