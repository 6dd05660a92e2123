#!/usr/bin/env python3
"""Checks the #include lines of a source tree against the arrows between its modules and folders,
and the sizes of its files, folders and modules.

    check_includes.py ROOT

Prints one line for each fault, FILE:LINE: or FOLDER: what is wrong and what is allowed, and exits
with 1 if there is one. Linking cannot check this, as a header needs no library.
"""
import collections
import pathlib
import re
import sys

# What each module may include beside itself, from base upwards. No arrow inside a tier.
TIERS = [
    ["base"],
    ["samplers"],
    ["replay", "data", "metrics", "nets", "landscape"],
    ["models"],
    ["evaluation"],
    ["training"],
    ["ebm"],
    ["torch_nets"],
    ["gan", "flow"],
    ["app", "python"],
]
ARROWS = "base <- samplers <- {replay, data, metrics, nets, landscape} <- models <- evaluation" \
    " <- training <- ebm <- torch_nets <- {gan, flow} <- {app, python}; report <- {training, ebm, gan," \
    " flow, app, python}; report needs base and data, cli base; cli <- app"
TORCH_MODULES = {"torch_nets", "gan", "flow"}
REPORT_USERS = {"training", "ebm", "gan", "flow", "app", "python"}
TORCH_HEADERS = ("torch/", "ATen/", "c10/", "caffe2/")

ALLOWED = {"report": {"base", "data"}, "cli": {"base"}}
for tier, modules in enumerate(TIERS):
    for module in modules:
        ALLOWED[module] = {lower for below in TIERS[:tier] for lower in below}
        if module in REPORT_USERS:
            ALLOWED[module].add("report")
ALLOWED["app"].add("cli")

# The same inside a module: its sub-folders, "." for the files that lie directly in it, and single
# units (a .h with its .cc) that put a folder together, from the lowest tier upwards.
FOLDERS = {
    "base": [["."], ["names", "system"]],
    "samplers": [["simd"], ["."], ["operators"], ["kernels", "energies"],
                 ["kernels/sampler_settings"], ["kernels/target_temperature"],
                 ["adaptation", "diagnostics", "ais", "throughput"]],
    "data": [["."], ["formats"], ["image_folder"], ["load_dataset"],
             ["data_split", "one_item"]],
    "metrics": [["."], ["neighbours"], ["wasserstein"], ["sample_quality"]],
    "nets": [["architecture"], ["files", "compiled"], ["gradients"]],
    "models": [["expression"], ["toys"], ["."]],
    "evaluation": [["."], ["classification", "density", "restoration", "throughput"], ["sampling"],
                   ["evaluate"], ["report"], ["runs"]],
    "training": [["."], ["runs"]],
    "report": [["."], ["tensorboard"], ["page"]],
}
# A transition kernel includes no other, except these parts and those that it wraps.
KERNELS = "samplers/kernels"
KERNEL_PARTS = {"heun", "level_descent", "level_steps", "noise_levels", "schedule",
                "stack_memory", "step_loop"}
WRAPPED_KERNELS = {"ancestral": {"langevin"}, "annealed_langevin": {"langevin"},
                   "gradient_descent": {"langevin"}, "gradient_flow": {"langevin"},
                   "mala": {"hmc"}, "recovery": {"conditional_langevin"}}

# Folders of plug-ins, with the units that they share. No other file includes one of the plug-ins.
PLUG_INS = {
    "ebm/objectives": {"level_objective", "objective", "objective_table"},
    "gan/objectives": {"objective", "objective_parts"},
}

MAX_LINES = 400  # of a .h or .cc file
# Of a .cc file of a module, where that is less: a command is read from top to bottom.
MAX_SOURCE_LINES = {"app": 150}
# Of all .h and .cc files of a module: commands parse, plan, call and print, and what they call is
# where other programs can call it, too.
MAX_MODULE_LINES = {"app": 7000}
MAX_UNITS = 25  # of a folder: x.h, x.cc and x-inl.h are one, a .py file is one

# Folders of app/ that belong to the program with LibTorch as a whole; elsewhere in app/ its files are torch_*.
TORCH_FOLDERS = {"gan", "flow"}

# Folders beside the modules whose sources follow other rules or none.
NO_MODULES = {"docs", "examples", "scripts", "cmake", "build", "runs"}
MIRRORS = {"tests", "bench"}  # tests/MODULE/ and bench/MODULE/ follow the arrows of MODULE

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def in_torch_program(path):
    """Whether a file of app/ belongs to the program that links LibTorch."""
    return path.name.startswith("torch_") or path.parts[1] in TORCH_FOLDERS


def sources(root, suffixes=(".h", ".cc")):
    for top in sorted(root.iterdir()):
        if not top.is_dir() or top.name.startswith(".") or top.name in NO_MODULES:
            continue
        if (top / "CMakeCache.txt").exists():
            continue
        for path in sorted(top.rglob("*")):
            if path.suffix in suffixes and path.is_file():
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


def arrow_fault(path, module, name):
    """What is wrong with including `name` by the arrows, or None."""
    target = name.split("/")[0]
    mirrored = path.parts[0] in MIRRORS
    torch_free = module not in TORCH_MODULES
    if module == "app":
        torch_free = not mirrored and not in_torch_program(path)
    if torch_free and name.startswith(TORCH_HEADERS):
        return "LibTorch below the torch line only: in {}".format(
            ", ".join(sorted(TORCH_MODULES)) + ", app/{gan,flow}/ and app/**/torch_*")
    if target not in ALLOWED or target == module:
        if module == "app" == target and torch_free and in_torch_program(pathlib.PurePath(name)):
            return "this file of app/ is in the program without LibTorch, the other is not"
        return None
    if target not in ALLOWED[module]:
        return "{} may include {} ({})".format(
            module, ", ".join(sorted(ALLOWED[module])) or "no other module", ARROWS)
    if module == "app" and torch_free and target in TORCH_MODULES:
        return "only the program with LibTorch, app/{{gan,flow}}/ and torch_*, may include {}".format(
            ", ".join(sorted(TORCH_MODULES)))
    return None


def unit_of(path):
    """What a file belongs to: x.h, x.cc and x-inl.h are one unit, named folder/x."""
    return (path.parent / path.stem.removesuffix("-inl")).as_posix()


def place_of(path):
    """The entry of FOLDERS that a file of a module is in, and its tier; the tier is None if there
    is no entry."""
    module, inside = path.parts[0], pathlib.Path(*path.parts[1:])
    entries = {entry: tier for tier, tiers in enumerate(FOLDERS[module]) for entry in tiers}
    for entry in (unit_of(inside), inside.parent.as_posix()):
        if entry in entries:
            return entry, entries[entry]
    return inside.parent.as_posix(), None


def shown(module, entry):
    return module + "/ itself" if entry == "." else entry


def folder_fault(path, name):
    """What is wrong with including `name` of the same module by the tiers of its folders, or None."""
    target = pathlib.Path(name)
    module = path.parts[0]
    here, tier = place_of(path)
    there, target_tier = place_of(target)
    if here != there and tier is not None and target_tier is not None and target_tier >= tier:
        order = " <- ".join(
            ", ".join(shown(module, entry) for entry in entries) for entries in FOLDERS[module])
        return "{} may not include {} ({})".format(
            shown(module, here), shown(module, there), order)
    both = {path.parent.as_posix(), target.parent.as_posix()}
    if both == {KERNELS} and here == "kernels" and not target.stem.endswith("-inl"):
        allowed = KERNEL_PARTS | {path.stem} | WRAPPED_KERNELS.get(path.stem, set())
        if target.stem not in allowed:
            return "a kernel may include another only if it wraps it, as WRAPPED_KERNELS in {}" \
                " says".format(pathlib.Path(__file__).name)
    return None


def plug_in_fault(path, name):
    """What is wrong with including `name` if it is a plug-in, or None."""
    target = pathlib.Path(name)
    shared = PLUG_INS.get(target.parent.as_posix())
    if shared is None or target.stem in shared or unit_of(path) == unit_of(target):
        return None
    if path.parent == target.parent and path.stem in shared:
        return None
    return "{} is known through {} only".format(
        unit_of(target), ", ".join(sorted(header + ".h" for header in shared)))


def faults_of(root, path):
    module = path.parts[0]
    if module in MIRRORS:
        module = path.parts[1]
        if module not in ALLOWED:  # shared by tests, or a project of its own
            return
    if module not in ALLOWED:
        yield 1, "'{}' is no module: {}".format(module, ARROWS)
        return
    has_folders = module in FOLDERS and path.parts[0] not in MIRRORS
    if has_folders and place_of(path)[1] is None:
        yield 1, "'{}' is no folder of {}: add it to FOLDERS in {}".format(
            shown(module, place_of(path)[0]), module, pathlib.Path(__file__).name)
    header = own_header(root, path)
    text = (root / path).read_text(encoding="utf-8")
    max_lines = MAX_LINES
    if path.suffix == ".cc" and path.parts[0] not in MIRRORS:
        max_lines = MAX_SOURCE_LINES.get(module, MAX_LINES)
    if text.count("\n") > max_lines:
        yield 1, "{} lines; at most {}".format(text.count("\n"), max_lines)
    first = True
    for line, delimiter, name in includes(text):
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
        fault = arrow_fault(path, module, name)
        if not fault and has_folders and name.startswith(module + "/"):
            fault = folder_fault(path, name)
        if not fault and path.parts[0] not in MIRRORS:
            fault = plug_in_fault(path, name)
        if fault:
            yield line, 'includes "{}": {}'.format(name, fault)


def full_folders(root):
    """(folder, number of units) of folders with too many of them."""
    units = collections.defaultdict(set)
    for path in sources(root, (".h", ".cc", ".py")):
        units[path.parent.as_posix()].add(path.name if path.suffix == ".py" else unit_of(path))
    return [(folder, len(names)) for folder, names in sorted(units.items())
            if len(names) > MAX_UNITS]


def large_modules(root):
    """(module, number of lines, their limit) of modules with too many of them."""
    n_lines = collections.Counter()
    for path in sources(root):
        if path.parts[0] in MAX_MODULE_LINES:
            n_lines[path.parts[0]] += (root / path).read_text(encoding="utf-8").count("\n")
    return [(module, n_lines[module], most) for module, most in sorted(MAX_MODULE_LINES.items())
            if n_lines[module] > most]


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
    for folder, n_units in full_folders(root):
        print("{}: {} units; at most {}: put some into a folder named by what they are".format(
            folder, n_units, MAX_UNITS))
        n_faults += 1
    for module, n_lines, most in large_modules(root):
        print("{}: {} lines; at most {}: move what other programs could call into a module below"
              .format(module, n_lines, most))
        n_faults += 1
    if n_files == 0:
        sys.exit("check_includes.py: no .h or .cc file under {}".format(root))
    print("includes of {} files checked, {} faults".format(n_files, n_faults))
    sys.exit(1 if n_faults else 0)


if __name__ == "__main__":
    main()
