"""Compiled PyTorch modules against PyTorch itself, in double precision."""
import copy
import random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

import ebm  # noqa: E402
import ebm.torch  # noqa: E402

nn = torch.nn


def smooth(rng):
    return rng.choice([nn.SiLU(), nn.ELU(), nn.Softplus(beta=2.0), nn.Tanh()])


def kinked(rng):
    return rng.choice([nn.ReLU(), nn.LeakyReLU(0.2)])


def random_module(seed, activation):
    """A random convolutional network and the shape of its input."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    channels, size = rng.choice([1, 3]), rng.choice([6, 8, 9])
    layers, c = [], channels
    shape = (channels, size, size)
    for _ in range(rng.randint(1, 3)):
        kind = rng.choice(["conv", "residual", "norm", "pool", "spectral", "weight_norm"])
        out = rng.choice([2, 4, 6])
        conv = nn.Conv2d(c, out, 3, stride=rng.choice([1, 2]), padding=1, bias=rng.random() < 0.7)
        if kind == "spectral":
            conv = nn.utils.parametrizations.spectral_norm(conv)
        elif kind == "weight_norm":
            conv = nn.utils.parametrizations.weight_norm(conv)
        if kind == "residual":
            shortcut = nn.Conv2d(c, out, 1) if out != c else None
            layers.append(ebm.torch.Residual(
                nn.Sequential(nn.Conv2d(c, out, 3, padding="same"), activation(rng),
                              nn.Conv2d(out, out, 3, padding=1)), shortcut))
        else:
            layers.append(conv)
        c = out
        if kind == "norm":
            layers.append(nn.GroupNorm(2, c))
        layers.append(activation(rng))
        if kind == "pool" and nn.Sequential(*layers)(torch.zeros(1, *shape)).shape[-1] >= 2:
            layers.append(nn.AvgPool2d(2))
    body = nn.Sequential(*layers)
    with torch.no_grad():
        n = body(torch.zeros(1, *shape)).numel()
    head = [nn.Flatten(), nn.Linear(n, 8), activation(rng), nn.Linear(8, 1)]
    module = nn.Sequential(body, *head)
    module.eval()  # power iterations of spectral norms stand still
    return module, shape


def close(found, expected, scale=0.0):
    """Equal to 1e-5 of the largest entry, or of a larger scale."""
    expected = np.asarray(expected, np.float64)
    scale = max(np.abs(expected).max(), scale)
    np.testing.assert_allclose(np.asarray(found), expected, atol=1e-5 * scale, rtol=0)


def close_gradients(ours, theirs):
    """The gradients of two modules; some are 0, so that the largest of all is the scale."""
    pairs = [(mine.grad, other.grad) for mine, other in zip(ours.parameters(), theirs.parameters())]
    scale = max(float(other.abs().max()) for _, other in pairs if other is not None)
    for mine, other in pairs:
        assert (mine is None or other is not None) or float(mine.abs().max()) <= 1e-5 * scale
        if other is not None:
            close(torch.zeros_like(other) if mine is None else mine, other, scale)


@pytest.mark.parametrize("seed", range(60))
def test_first_derivatives_equal_autograd_in_double_precision(seed):
    module, shape = random_module(seed, smooth if seed % 2 else kinked)
    energy = ebm.torch.compile(module, shape)
    x = torch.randn(5, *shape, requires_grad=True)
    factors = torch.randn(5)
    (energy(x) * factors).sum().backward()
    reference = copy.deepcopy(module).double()
    x64 = x.detach().double().requires_grad_()
    values = reference(x64)[:, 0]
    (values * factors.double()).sum().backward()
    close(energy(x).detach(), values.detach())
    close(x.grad, x64.grad)
    close_gradients(module, reference)


@pytest.mark.parametrize("seed", range(40))
def test_mixed_derivatives_equal_autograd_in_double_precision(seed):
    module, shape = random_module(100 + seed, smooth)
    energy = ebm.torch.compile(module, shape)
    x = torch.randn(5, *shape)
    v = torch.randn(5, *shape)

    def loss(of, points, along):
        points = points.clone().requires_grad_()
        slopes, = torch.autograd.grad(of(points).sum(), points, create_graph=True)
        return ((slopes - along) ** 2).mean()

    reference = copy.deepcopy(module).double()
    ours = loss(energy, x, v)
    ours.backward()
    theirs = loss(lambda points: reference(points)[:, 0], x.double(), v.double())
    theirs.backward()
    assert ours.item() == pytest.approx(theirs.item(), rel=1e-4)
    close_gradients(module, reference)


def test_weights_follow_the_module():
    module, shape = random_module(1, smooth)
    energy = ebm.torch.compile(module, shape)
    x = torch.randn(3, *shape)
    optimizer = torch.optim.SGD(module.parameters(), 0.1)
    for _ in range(3):
        loss = energy(x).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        close(energy(x).detach(), module(x)[:, 0].detach())
        close(energy.energy(x.numpy()), module(x)[:, 0].detach())


def test_a_graph_keeps_the_weights_that_it_was_made_with():
    module = nn.Linear(2, 1)
    energy = ebm.torch.compile(module, (2,))
    x = torch.ones(1, 2, requires_grad=True)
    first = energy(x)
    slope = module.weight.detach().clone()
    with torch.no_grad():
        module.weight.mul_(7)
    energy(x)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        first.sum().backward()
    assert not torch.equal(slope, module.weight)


def test_second_derivatives_in_x_are_not_silent():
    module, shape = random_module(3, smooth)
    energy = ebm.torch.compile(module, shape)
    x = torch.randn(2, *shape, requires_grad=True)
    slopes, = torch.autograd.grad(energy(x).sum(), x, create_graph=True)
    slopes.square().sum().backward()
    assert x.grad.isnan().all() and module[1 + 1].weight.grad.isfinite().all()


class Odd(nn.Module):
    def forward(self, x):
        return x


@pytest.mark.parametrize("module, message", [
    (nn.Sequential(nn.Linear(4, 4), Odd()), r"module.1 \(Odd\): no such layer"),
    (nn.Sequential(nn.Sequential(nn.Conv2d(4, 4, 3, groups=2))), "module.0.0 .*groups = 2"),
    (nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5)), "module.1 .*training mode"),
    (nn.Sequential(nn.BatchNorm2d(4)), "module.0 .*training mode"),
    (nn.Conv2d(4, 4, 3, padding_mode="circular"), "padding_mode"),
    (nn.Linear(4, 3), "one|energy|output")])
def test_what_cannot_be_compiled_is_named(module, message):
    with pytest.raises(ebm.Error, match=message):
        ebm.torch.compile(module, (4,) if "Linear" in str(module) else (4, 8, 8))


def test_tensors_that_do_not_fit_are_refused():
    energy = ebm.torch.compile(nn.Linear(2, 1), (2,))
    with pytest.raises(ebm.errors.ShapeError, match=r"x has shape \(3, 5\)"):
        energy(torch.zeros(3, 5))
    with pytest.raises(ebm.errors.UsageError, match="meta"):
        energy(torch.zeros(3, 2, device="meta"))
    half = energy(torch.ones(1, 2, dtype=torch.float64))
    assert half.dtype == torch.float32


def test_contrastive_divergence_lowers_the_energy_of_data():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 32), nn.SiLU(), nn.Linear(32, 32), nn.SiLU(),
                           nn.Linear(32, 1))
    energy = ebm.torch.compile(module, (2,))
    optimizer = torch.optim.Adam(module.parameters(), 5e-3)
    buffer = ebm.ReplayBuffer(2, capacity=256, restart_probability=0.1)
    rng = np.random.default_rng(0)
    for i in range(150):
        x = torch.from_numpy((0.5 * rng.normal(size=(64, 2))).astype(np.float32))
        x_neg = ebm.torch.negatives(energy, buffer, 64, steps=40, seed=i, step_size=0.02,
                                    temperature=1.0)
        e_pos, e_neg = energy(x), energy(x_neg)
        loss = e_pos.mean() - e_neg.mean() + 0.01 * (e_pos ** 2 + e_neg ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    x = ebm.sample(energy, n=512, steps=500, seed=1, step_size=0.02, temperature=1.0)
    assert 0.35 < x.std() < 0.65
