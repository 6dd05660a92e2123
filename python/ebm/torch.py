"""Energies of PyTorch modules on the compiled network: samplers under one's own training loop.

>>> net = torch.nn.Sequential(torch.nn.Conv2d(1, 16, 5, 2, 4), torch.nn.SiLU(), ...)
>>> energy = ebm.torch.compile(net, (1, 28, 28))
>>> buffer = ebm.ReplayBuffer((1, 28, 28), box=(-1, 1))
>>> for i, x in enumerate(batches):
...     x_neg = ebm.torch.negatives(energy, buffer, len(x), steps=60, seed=i, step_size=10.0,
...                                 noise_scale=0.005, box=(-1, 1))
...     loss = energy(x).mean() - energy(x_neg).mean()
...     optimizer.zero_grad(); loss.backward(); optimizer.step()
"""
from __future__ import annotations

import itertools
from typing import Any, Callable, Iterator, Sequence

import numpy as np

try:
    import torch as _torch
    from torch import nn
except ImportError as error:  # pragma: no cover
    raise ImportError("ebm.torch needs PyTorch: pip install torch") from error

from . import _core
from .energy import Energy, NetworkEnergy, _input_shape
from .errors import ShapeError, UsageError
from .replay import ReplayBuffer
from .sampling import walk

__all__ = ["CompiledModule", "Residual", "compile", "negatives"]


class Residual(nn.Module):
    """body(x) + shortcut(x); the shortcut is the identity unless it is given."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None = None) -> None:
        super().__init__()
        self.body = body
        self.shortcut = nn.Identity() if shortcut is None else shortcut

    def forward(self, x: Any) -> Any:
        return self.body(x) + self.shortcut(x)


def compile(module: nn.Module, input_shape: Sequence[int], *,
            precision: str = "f32") -> "CompiledModule":
    """Compiles a module for the samplers; its weights follow the module's.

    Parameters
    ----------
    module : torch.nn.Module
        A Sequential of Conv2d, ConvTranspose2d, Linear, SiLU, ReLU, LeakyReLU, ELU, Softplus,
        Tanh, AvgPool2d, GroupNorm, BatchNorm2d (in eval mode), Upsample (nearest), Flatten,
        Unflatten, Identity, :class:`Residual` and Sequentials of them. Parametrisations of
        weights, as of ``spectral_norm`` and ``weight_norm``, are applied.
    input_shape : (channels, height, width) or (dim,)
    precision : {'f32', 'bf16'}

    Raises
    ------
    ebm.errors.UsageError
        Naming the layer that it cannot take.
    """
    return CompiledModule(module, input_shape, precision)


def negatives(energy: Energy, buffer: ReplayBuffer, n: int, steps: int, seed: int = 0,
              **settings: Any) -> "_torch.Tensor":
    """Draws n chains from the buffer, moves them and stores them: the negatives of an iteration.

    Keywords as :func:`ebm.walk` has them. Another seed for each iteration, or the noise repeats.
    """
    x = walk(energy, buffer.draw(n), steps=steps, seed=seed, **settings).x
    buffer.store(x, steps)
    return _torch.from_numpy(x)


class CompiledModule(NetworkEnergy):
    """The energy of a module, made by :func:`compile`.

    Called with a tensor it gives energies [n] with gradients in x and in the module's parameters,
    of first order, and of second order in the parameters (``create_graph=True``), as score
    matching and gradient penalties need. Of second order in x there is none: a leaf's ``grad`` is
    then NaN, and for any other x it is an error. With arrays it is an :class:`ebm.Energy`.
    """

    def __init__(self, module: nn.Module, input_shape: Sequence[int], precision: str) -> None:
        self.module = module
        shape = _input_shape(input_shape)
        self._layers = list(_layers_of(module, "module"))
        super().__init__(_text_of(self._layers, shape), shape, precision)
        self._seen: Any = None
        self.refresh()

    def refresh(self) -> None:
        """Takes the module's weights as they are. Calls do so by themselves when they changed."""
        with _torch.no_grad():
            self._take(self._weights())
        self._seen = self._versions()

    def __call__(self, x: Any, **keywords: Any) -> Any:
        if not isinstance(x, _torch.Tensor):
            return self.energy(x, **keywords)
        if x.device.type != "cpu":
            raise UsageError(f"x is on {x.device}; move it to the CPU with x.cpu()")
        if x.dtype != _torch.float32:
            x = x.float()
        weights = self._weights()
        if self._seen != self._versions():
            self._take(weights)
            self._seen = self._versions()
        rows = x.reshape(len(x), -1) if x.dim() > 1 else x
        if rows.dim() != 2 or rows.shape[1] != self.dim:
            raise ShapeError(f"x has shape {tuple(x.shape)}; expected [n, ...] with {self.dim} "
                             "values in each of n states")
        return _Energies.apply(_Snapshot(self), rows, *weights)

    def _walk_model(self) -> Any:
        if self._seen != self._versions():
            self.refresh()
        return self._model

    def _weights(self) -> list[Any]:
        """The weights that the layers use, in order, as functions of the parameters."""
        return list(itertools.chain.from_iterable(
            weights() for _, weights in _flattened(self._layers)))

    def _take(self, weights: list[Any]) -> None:
        self._core.update_in_order(
            [np.ascontiguousarray(each.detach().numpy(), np.float32) for each in weights])
        self._model = self._core.model()

    def _versions(self) -> tuple[Any, ...]:
        tensors = itertools.chain(self.module.parameters(), self.module.buffers())
        return tuple((id(each), each._version, each.data_ptr()) for each in tensors)


class _Snapshot:
    """The network with the weights that it has now."""

    def __init__(self, energy: CompiledModule) -> None:
        self.net = energy._core.compiled()
        self.model = energy._model
        self.threads = _core.resolve_threads(0)

    def evaluate(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.model.evaluate(rows, np.empty((0, 0), np.float32), self.threads, True)


def _array(tensor: Any) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().numpy(), np.float32)


class _Energies(_torch.autograd.Function):
    """E(x) [n]."""

    @staticmethod
    def forward(ctx: Any, at: _Snapshot, rows: Any, *weights: Any) -> Any:
        energies, grads = at.evaluate(_array(rows))
        ctx.at = at
        ctx.save_for_backward(rows, _torch.from_numpy(grads), *weights)
        return _torch.from_numpy(energies)

    @staticmethod
    def backward(ctx: Any, factors: Any) -> Any:
        rows, grads, *weights = ctx.saved_tensors
        of_rows = None
        if ctx.needs_input_grad[1]:
            slopes = grads
            if _torch.is_grad_enabled():
                slopes = _InputGrad.apply(ctx.at, grads, rows, *weights)
            of_rows = factors[:, None] * slopes
        of_weights = [None] * len(weights)
        if any(ctx.needs_input_grad[2:]):
            found = ctx.at.net.weight_gradient(_array(rows), _array(factors), ctx.at.threads)
            of_weights = [_torch.from_numpy(g).reshape(w.shape) for g, w in zip(found, weights)]
            if _torch.is_grad_enabled() and factors.requires_grad:
                raise UsageError("second derivatives of weight gradients are not compiled")
        return None, of_rows, *of_weights


class _InputGrad(_torch.autograd.Function):
    """dE/dx [n, dim], whose derivative along v in the weights is the mixed one."""

    @staticmethod
    def forward(ctx: Any, at: _Snapshot, grads: Any, rows: Any, *weights: Any) -> Any:
        ctx.at = at
        ctx.is_leaf = rows.is_leaf
        ctx.save_for_backward(rows, *weights)
        return grads.clone()

    @staticmethod
    @_torch.autograd.function.once_differentiable
    def backward(ctx: Any, directions: Any) -> Any:
        rows, *weights = ctx.saved_tensors
        of_rows = None
        if ctx.needs_input_grad[2]:
            of_rows = _torch.full_like(rows, float("nan"))
        found = ctx.at.net.mixed_gradient(_array(rows), _array(directions), ctx.at.threads)
        return (None, None, of_rows,
                *(_torch.from_numpy(g).reshape(w.shape) for g, w in zip(found, weights)))


# A layer as a network file has it, and a function that gives the weights that it uses. A residual
# has lists of layers instead.
Weights = Callable[[], list[Any]]
Layer = tuple[Any, Weights]


def _flattened(layers: list[Layer]) -> Iterator[Layer]:
    for keys, weights in layers:
        if keys["type"] == "residual":
            yield from _flattened(keys["body"])
            yield from _flattened(keys["shortcut"])
        else:
            yield keys, weights


def _text_of(layers: list[Layer], shape: Sequence[int]) -> str:
    lines = ['name = "module"', f"input = [{', '.join(map(str, shape))}]"]
    for keys, _ in layers:
        lines.append("[[layer]]")
        lines += [f"{key} = {_toml(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return "[" + ", ".join(_toml(keys) for keys, _ in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    return repr(value)


def _none() -> list[Any]:
    return []


def _layers_of(module: nn.Module, name: str) -> Iterator[Layer]:
    """The layers of a module."""
    kind = type(module)
    if isinstance(module, nn.Sequential):
        for key, child in module.named_children():
            yield from _layers_of(child, f"{name}.{key}")
        return
    if isinstance(module, Residual):
        yield {"type": "residual", "body": list(_layers_of(module.body, f"{name}.body")),
               "shortcut": list(_layers_of(module.shortcut, f"{name}.shortcut"))}, _none
        return
    if kind in (nn.Identity, nn.Dropout, nn.Dropout2d):
        if kind is not nn.Identity and module.training and module.p > 0:
            raise UsageError(f"{name} ({kind.__name__}) is in training mode; call module.eval()")
        return
    # Parametrised modules are of classes made for them, as ParametrizedConv2d.
    for known, make in _MAKERS.items():
        if isinstance(module, known):
            yield make(module, f"{name} ({kind.__name__})"), _weights_of(module)
            return
    raise UsageError(f"{name} ({kind.__name__}): no such layer of compiled networks; they have "
                     + ", ".join(sorted(each.__name__ for each in _MAKERS))
                     + ", Sequential, Identity and ebm.torch.Residual")


def _weights_of(module: nn.Module) -> Weights:
    names = ("weight", "bias", "running_mean", "running_var")

    def weights() -> list[Any]:
        found = (getattr(module, name, None) for name in names)
        return [each for each in found if isinstance(each, _torch.Tensor)]

    return weights


def _require(holds: bool, name: str, what: str) -> None:
    if not holds:
        raise UsageError(f"{name}: {what}")


def _pair(value: Any) -> list[int]:
    return [int(value)] * 2 if isinstance(value, int) else [int(each) for each in value]


def _conv_keys(module: Any, name: str) -> dict[str, Any]:
    _require(module.groups == 1, name, f"groups = {module.groups}; must be 1")
    _require(set(_pair(module.dilation)) == {1}, name, "dilation must be 1")
    _require(module.padding_mode == "zeros", name, f"padding_mode = {module.padding_mode}; must "
             "be zeros")
    stride = _pair(module.stride)
    _require(stride[0] == stride[1], name, f"stride = {stride}; must be the same along both axes")
    kernel = _pair(module.kernel_size)
    padding = module.padding
    if padding == "same":
        _require(stride[0] == 1, name, "padding 'same' needs stride 1")
        low = [(size - 1) // 2 for size in kernel]
        sides = [low[0], kernel[0] - 1 - low[0], low[1], kernel[1] - 1 - low[1]]
    else:
        height, width = [0, 0] if padding == "valid" else _pair(padding)
        sides = [height, height, width, width]
    return {"out_channels": module.out_channels, "kernel": kernel, "stride": stride[0],
            "padding": sides, "bias": module.bias is not None}


def _conv(module: Any, name: str) -> dict[str, Any]:
    return {"type": "conv2d", **_conv_keys(module, name)}


def _conv_transpose(module: Any, name: str) -> dict[str, Any]:
    keys = _conv_keys(module, name)
    more = _pair(module.output_padding)
    top, bottom, left, right = keys["padding"]
    keys["padding"] = [top, bottom - more[0], left, right - more[1]]
    return {"type": "conv_transpose2d", **keys}


def _linear(module: Any, name: str) -> dict[str, Any]:
    return {"type": "linear", "out_features": module.out_features,
            "bias": module.bias is not None}


def _avg_pool(module: Any, name: str) -> dict[str, Any]:
    kernel, stride = _pair(module.kernel_size), _pair(module.stride)
    _require(kernel[0] == kernel[1] and stride[0] == stride[1], name, "must be square")
    _require(set(_pair(module.padding)) == {0}, name, "padding must be 0")
    _require(not module.ceil_mode and module.divisor_override is None, name,
             "ceil_mode and divisor_override are not compiled")
    return {"type": "avg_pool", "kernel": kernel[0], "stride": stride[0]}


def _batch_norm(module: Any, name: str) -> dict[str, Any]:
    _require(not module.training, name, "is in training mode; call module.eval()")
    _require(module.affine and module.track_running_stats, name,
             "must have affine and track_running_stats")
    return {"type": "batch_norm", "epsilon": module.eps}


def _group_norm(module: Any, name: str) -> dict[str, Any]:
    _require(module.affine, name, "must have affine")
    return {"type": "group_norm", "groups": module.num_groups, "epsilon": module.eps}


def _upsample(module: Any, name: str) -> dict[str, Any]:
    factors = module.scale_factor
    factor = factors[0] if isinstance(factors, tuple) else factors
    _require(module.mode == "nearest" and factor is not None and float(factor).is_integer()
             and (not isinstance(factors, tuple) or len(set(factors)) == 1), name,
             "must be nearest with a whole scale_factor")
    return {"type": "upsample", "factor": int(factor)}


def _flatten(module: Any, name: str) -> dict[str, Any]:
    _require((module.start_dim, module.end_dim) == (1, -1), name, "must flatten from axis 1 to -1")
    return {"type": "flatten"}


def _unflatten(module: Any, name: str) -> dict[str, Any]:
    sizes = list(module.unflattened_size)
    _require(module.dim == 1 and len(sizes) == 3, name, "must make [channels, height, width]")
    return {"type": "reshape", "shape": sizes}


def _softplus(module: Any, name: str) -> dict[str, Any]:
    return {"type": "softplus", "beta": float(module.beta)}


_MAKERS: dict[type, Callable[[Any, str], dict[str, Any]]] = {
    nn.Conv2d: _conv,
    nn.ConvTranspose2d: _conv_transpose,
    nn.Linear: _linear,
    nn.SiLU: lambda module, name: {"type": "silu"},
    nn.ReLU: lambda module, name: {"type": "relu"},
    nn.LeakyReLU: lambda module, name: {"type": "leaky_relu", "slope": module.negative_slope},
    nn.ELU: lambda module, name: {"type": "elu", "alpha": float(module.alpha)},
    nn.Softplus: _softplus,
    nn.Tanh: lambda module, name: {"type": "tanh"},
    nn.AvgPool2d: _avg_pool,
    nn.BatchNorm2d: _batch_norm,
    nn.GroupNorm: _group_norm,
    nn.Upsample: _upsample,
    nn.Flatten: _flatten,
    nn.Unflatten: _unflatten,
}
