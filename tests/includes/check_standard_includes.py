#!/usr/bin/env python3
"""Checks that every header includes the standard headers of the names that it writes.

    check_standard_includes.py ROOT

A header that leans on what its neighbours include breaks with another standard library, or when a
neighbour changes. Prints one line for each fault, FILE: std::NAME needs <HEADER>, and exits with 1
if there is one. tests/consumer compiles every installed header after the standard headers, as each
costs a second alone: what it cannot see is checked here.
"""
import pathlib
import re
import sys

HEADERS = {
    "algorithm": "all_of any_of clamp copy fill find_if max min sort",
    "array": "array",
    "atomic": "atomic atomic_bool atomic_int",
    "chrono": "chrono",
    "cmath": "abs exp floor isfinite isnan log lround pow sqrt",
    "concepts": "convertible_to floating_point integral invocable same_as",
    "condition_variable": "condition_variable",
    "cstddef": "byte nullptr_t ptrdiff_t size_t",
    "cstdint": "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t uintptr_t",
    "cstring": "memcpy memset",
    "exception": "current_exception exception exception_ptr rethrow_exception",
    "filesystem": "filesystem",
    "functional": "function greater hash less plus reference_wrapper",
    "initializer_list": "initializer_list",
    "iterator": "back_inserter",
    "limits": "numeric_limits",
    "map": "map multimap",
    "memory": "enable_shared_from_this make_shared make_unique shared_ptr unique_ptr weak_ptr",
    "mutex": "lock_guard mutex scoped_lock unique_lock",
    "numbers": "numbers",
    "numeric": "accumulate",
    "optional": "nullopt optional",
    "ostream": "ostream",
    "random": "mt19937 mt19937_64",
    "set": "multiset set",
    "span": "span",
    "stdexcept": "logic_error runtime_error",
    "string": "stod stoi stoll string to_string",
    "string_view": "string_view",
    "thread": "jthread thread",
    "tuple": "tie tuple",
    "type_traits": "conditional_t decay_t enable_if_t is_const_v is_floating_point_v is_same_v"
                   " is_trivially_copyable_v remove_cvref_t type_identity_t",
    "unordered_map": "unordered_map",
    "unordered_set": "unordered_set",
    "utility": "exchange forward move pair swap",
    "variant": "get_if holds_alternative monostate variant",
    "vector": "vector",
}
HEADER_OF = {name: header for header, names in HEADERS.items() for name in names.split()}
SKIPPED = {"build", "runs"}
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def missing(text):
    """(name, header) of the names of a header that its includes do not cover."""
    included = set(re.findall(r"(?m)^#include <(\w+)>", text))
    names = set(re.findall(r"\bstd::(\w+)", COMMENT.sub("", text)))
    return sorted((name, HEADER_OF[name]) for name in names
                  if name in HEADER_OF and HEADER_OF[name] not in included)


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit("usage: check_standard_includes.py ROOT")
    root = pathlib.Path(sys.argv[1])
    n_files = n_faults = 0
    for path in sorted(root.rglob("*.h")):
        place = path.relative_to(root)
        if place.parts[0] in SKIPPED or place.parts[0].startswith("."):
            continue
        n_files += 1
        for name, header in missing(path.read_text(encoding="utf-8")):
            print(f"{place}: std::{name} needs <{header}>")
            n_faults += 1
    if n_files == 0:
        sys.exit(f"check_standard_includes.py: no .h file under {root}")
    print(f"standard includes of {n_files} headers checked, {n_faults} faults")
    sys.exit(1 if n_faults else 0)


if __name__ == "__main__":
    main()
