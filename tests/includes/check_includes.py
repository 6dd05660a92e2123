#!/usr/bin/env python3
"""Checks the #include lines of a source tree against the arrows between its rooms.

    check_includes.py ROOT

Prints one line for each fault, FILE:LINE: what is wrong and what is allowed, and exits with 1 if
there is one. Linking cannot check this, as a header needs no library.
"""
import pathlib
import re
import sys

# What each room may include beside itself, from base upwards. No arrow inside a tier.
TIERS = [
    ["base"],
    ["samplers"],
    ["replay", "data", "metrics", "nets", "landscape"],
    ["models"],
    ["torch_nets"],
    ["training"],
    ["ebm", "gan", "flow"],
    ["app"],
]
ARROWS = "base <- samplers <- {replay, data, metrics, nets, landscape} <- models <- torch_nets <- training" \
    " <- {ebm, gan, flow} <- app; report <- {training, ebm, gan, flow, app}; report needs base" \
    " and data"
TORCH_ROOMS = {"torch_nets", "training", "ebm", "gan", "flow"}
REPORT_USERS = {"training", "ebm", "gan", "flow", "app"}
TORCH_HEADERS = ("torch/", "ATen/", "c10/", "caffe2/")

ALLOWED = {"report": {"base", "data"}}
for tier, rooms in enumerate(TIERS):
    for room in rooms:
        ALLOWED[room] = {lower for below in TIERS[:tier] for lower in below}
        if room in REPORT_USERS:
            ALLOWED[room].add("report")

# Folders of app/ that belong to the program with LibTorch as a whole; elsewhere in app/ its files are torch_*.
TORCH_FOLDERS = {"train", "gan", "flow"}

# Folders beside the rooms whose sources follow other rules or none.
NO_ROOMS = {"docs", "scripts", "cmake", "build", "runs"}
MIRRORS = {"tests", "bench"}  # tests/ROOM/ and bench/ROOM/ follow the arrows of ROOM

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def in_torch_program(path):
    """Whether a file of app/ belongs to the program that links LibTorch."""
    return path.name.startswith("torch_") or path.parts[1] in TORCH_FOLDERS


def sources(root):
    for top in sorted(root.iterdir()):
        if not top.is_dir() or top.name.startswith(".") or top.name in NO_ROOMS:
            continue
        if (top / "CMakeCache.txt").exists():
            continue
        for path in sorted(top.rglob("*")):
            if path.suffix in (".h", ".cc") and path.is_file():
                yield path.relative_to(root)


def includes(text):
    """(line number, opening delimiter, name) of every include outside block comments."""
    text = BLOCK_COMMENT.sub(lambda found: "\n" * found.group().count("\n"), text)
    for found in INCLUDE.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, found.group(1), found.group(2)


def own_header(root, path):
    """The header a .cc file defines, or a test or a bench is about; None if there is none."""
    if path.suffix != ".cc":
        return None
    folder = path.parent
    if path.parts[0] in MIRRORS:
        folder = pathlib.Path(*path.parts[1:-1])
    header = folder / (re.sub(r"_(test|bench)$", "", path.stem) + ".h")
    return header.as_posix() if (root / header).is_file() else None


def arrow_fault(path, room, name):
    """What is wrong with including `name` by the arrows, or None."""
    target = name.split("/")[0]
    mirrored = path.parts[0] in MIRRORS
    torch_free = room not in TORCH_ROOMS
    if room == "app":
        torch_free = not mirrored and not in_torch_program(path)
    if torch_free and name.startswith(TORCH_HEADERS):
        return "LibTorch below the torch line only: in {}".format(
            ", ".join(sorted(TORCH_ROOMS)) + ", app/{train,gan,flow}/ and app/**/torch_*")
    if target not in ALLOWED or target == room:
        if room == "app" == target and torch_free and in_torch_program(pathlib.PurePath(name)):
            return "this file of app/ is in the program without LibTorch, the other is not"
        return None
    if target not in ALLOWED[room]:
        return "{} may include {} ({})".format(
            room, ", ".join(sorted(ALLOWED[room])) or "no other room", ARROWS)
    if room == "app" and torch_free and target in TORCH_ROOMS:
        return "only the program with LibTorch, app/{{train,gan,flow}}/ and torch_*, may include {}".format(
            ", ".join(sorted(TORCH_ROOMS)))
    return None


def faults_of(root, path):
    room = path.parts[0]
    if room in MIRRORS:
        room = path.parts[1]
        if room not in ALLOWED:  # shared by tests, or a project of its own
            return
    if room not in ALLOWED:
        yield 1, "'{}' is no room of the plan: {}".format(room, ARROWS)
        return
    header = own_header(root, path)
    first = True
    for line, delimiter, name in includes((root / path).read_text(encoding="utf-8")):
        is_ours = name.split("/")[0] in ALLOWED and (root / name).is_file()
        is_sibling = "/" not in name and (root / path.parent / name).is_file()
        if first and header and name != header:
            yield line, 'includes "{}" first; its own header "{}" comes first'.format(name, header)
        first = False
        if name.startswith(".") or "/../" in name or (delimiter == '"' and is_sibling):
            yield line, 'includes "{}": write the path from the root of the project'.format(name)
        if delimiter == "<" and is_ours:
            yield line, "includes <{}>: own headers stand in quotes".format(name)
        if name.endswith(".cc"):
            yield line, 'includes "{}": a source file is compiled, not included'.format(name)
        fault = arrow_fault(path, room, name)
        if fault:
            yield line, 'includes "{}": {}'.format(name, fault)


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit("usage: check_includes.py ROOT")
    root = pathlib.Path(sys.argv[1])
    n_files = n_faults = 0
    for path in sources(root):
        n_files += 1
        for line, fault in faults_of(root, path):
            print("{}:{}: {}".format(path.as_posix(), line, fault))
            n_faults += 1
    if n_files == 0:
        sys.exit("check_includes.py: no .h or .cc file under {}".format(root))
    print("includes of {} files checked, {} faults".format(n_files, n_faults))
    sys.exit(1 if n_faults else 0)


if __name__ == "__main__":
    main()
