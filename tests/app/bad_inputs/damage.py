"""Damage done to files of a run, as a failing disk would."""
import pathlib


def flip_byte(path: pathlib.Path, offset: int) -> None:
    """Changes one bit of a file."""
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(bytes(data))


def damage_all(folder: pathlib.Path) -> None:
    """Flips a bit in the middle of the weights of every checkpoint of run."""
    for path in (folder / "run/checkpoints").glob("*/model.safetensors"):
        flip_byte(path, path.stat().st_size // 2)
