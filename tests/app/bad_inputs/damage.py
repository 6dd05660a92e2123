"""Damage done to files of a run, as a failing disk would."""
import json
import pathlib
import zlib


def flip_byte(path: pathlib.Path, offset: int) -> None:
    """Changes one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(bytes(data))


def damage_all(folder: pathlib.Path) -> None:
    """Flips a bit in the middle of the weights of every checkpoint of run."""
    for path in (folder / "run/checkpoints").glob("*/model.safetensors"):
        flip_byte(path, path.stat().st_size // 2)


def replace_states(folder: pathlib.Path, state: str) -> None:
    """Gives every checkpoint of run another state.json, with the right checksum."""
    for path in (folder / "run/checkpoints").glob("*/manifest.json"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"]["state.json"] = {"bytes": len(state), "crc32": zlib.crc32(state.encode())}
        path.write_text(json.dumps(manifest), encoding="utf-8")
        (path.parent / "state.json").write_text(state, encoding="utf-8")
