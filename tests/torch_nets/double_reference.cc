#include "tests/torch_nets/double_reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <variant>

#include "base/aligned_vector.h"
#include "base/random.h"
#include "nets/architecture/condition.h"
#include "nets/compiled/plan.h"
#include "samplers/chain_block.h"
#include "torch_nets/layer_forward.h"

namespace ebm::torch_nets {
namespace {
using samplers::kLanes;

/// The rows in blocks of 16 chains.
class Blocks {
 public:
  explicit Blocks(const torch::Tensor& rows, const torch::Tensor& context = {})
      : chains_(rows.size(0), rows.size(1), context.defined() ? context.size(1) : 0) {
    chains_.load_rows({rows.data_ptr<float>(), static_cast<std::size_t>(rows.numel())});
    if (!context.defined()) return;
    chains_.load_context({context.data_ptr<float>(), static_cast<std::size_t>(context.numel())});
  }
  std::int64_t count() const { return chains_.n_blocks(); }
  samplers::ChainBlocks all() { return chains_.blocks(0, count()); }

 private:
  samplers::ChainStore chains_;
};

bool is_kinked(const nets::Activation& activation) {
  return activation.kind == nets::ActivationKind::kRelu ||
         activation.kind == nets::ActivationKind::kLeakyRelu;
}

/// x [n, c, h, w] times slopes [h·w·c, n].
torch::Tensor multiply_slopes(const nets::Activation& activation, const torch::Tensor& x,
                              const torch::Tensor& slopes, bool must_fit) {
  const auto given =
      slopes.reshape({x.size(2), x.size(3), x.size(1), x.size(0)}).permute({3, 2, 0, 1});
  if (!must_fit) return x * given;
  const double below = activation.kind == nets::ActivationKind::kRelu
                           ? 0.0
                           : double{static_cast<float>(activation.parameter)};
  const auto own = torch::where(x > 0, torch::ones_like(x), torch::full_like(x, below));
  const auto differing = x.detach().abs().masked_fill(given == own, 0.0);
  EXPECT_LE(differing.max().item<double>(), 1e-5 * x.abs().max().item<double>());
  return x * given;
}

/// As apply_layers(), but for ReLUs and leaky ones, and for sums of terms of the network's input.
/// @param shares  [1, values of the input] of the terms of such sums, which are 1 but for rounding;
/// 1
///                without
torch::Tensor apply_with_slopes(const std::vector<nets::Layer>& layers, torch::Tensor x,
                                LayerPass& pass, Slopes::const_iterator& slopes, bool must_fit,
                                const torch::Tensor& shares) {
  for (const nets::Layer& layer : layers) {
    const auto* activation = std::get_if<nets::Activation>(&layer.op);
    const auto* residual = std::get_if<nets::Residual>(&layer.op);
    if (const auto* concat = std::get_if<nets::Concat>(&layer.op)) {
      x = torch::cat({x, apply_with_slopes(concat->body, x, pass, slopes, must_fit, shares)}, 1);
    } else if (const auto* energy = std::get_if<nets::InputEnergy>(&layer.op)) {
      const auto in = pass.input.flatten(1), h = x.flatten(1);
      const bool is_product = energy->kind == nets::InputEnergyKind::kInnerProduct;
      const auto terms = is_product ? -in * h : 0.5 * (in - h).square();
      x = (shares.defined() ? shares * terms : terms).sum(1).reshape({-1, 1, 1, 1});
    } else if (residual != nullptr) {
      const auto body = apply_with_slopes(residual->body, x, pass, slopes, must_fit, shares);
      x = body + apply_with_slopes(residual->shortcut, x, pass, slopes, must_fit, shares);
    } else if (activation != nullptr && is_kinked(*activation)) {
      x = multiply_slopes(*activation, x, *slopes++, must_fit);
    } else {
      if (activation != nullptr) ++slopes;
      // The ReLUs inside, one of each modulation.
      if (std::holds_alternative<nets::SelfModulatedBatchNorm>(layer.op)) slopes += 2;
      // The SiLU inside.
      if (std::holds_alternative<nets::Film>(layer.op) && pass.level.defined()) ++slopes;
      x = apply_layers({layer}, x, pass);
    }
  }
  return x;
}

/// The derivatives of the activation of a merged film, of which the plan has those by the film's
/// input, (1 + γ) times as large. A ReLU, or a leaky one, has one of two.
torch::Tensor own_slopes(const nets::PlanOp& op, const nets::Plan& plan,
                         const torch::Tensor& by_input,
                         const base::AlignedVector<float>& workspace) {
  const nets::PlanValue& modulation = plan.values[static_cast<std::size_t>(op.second.value)];
  auto work = torch::tensor(at::ArrayRef<float>(workspace.data(), workspace.size()));
  const std::int64_t channels = op.out_shape.channels;
  const auto gain =
      1.0 + work.narrow(0, modulation.offset * kLanes, channels * kLanes).to(torch::kFloat64);
  const auto slopes = by_input.reshape({-1, channels, kLanes}) / gain.reshape({channels, kLanes});
  if (!is_kinked(*op.activation)) return slopes.reshape({-1, kLanes});
  const bool is_relu = op.activation->kind == nets::ActivationKind::kRelu;
  const double below = is_relu ? 0.0 : double{static_cast<float>(op.activation->parameter)};
  const auto above = (slopes - 1.0).abs() < (slopes - below).abs();
  return torch::where(above, torch::ones_like(slopes), torch::full_like(slopes, below))
      .reshape({-1, kLanes});
}

/// The layer weights, with gradients to them.
std::vector<torch::Tensor> leaves(const TorchNet& net) {
  std::vector<torch::Tensor> weights = net.frozen_weights();
  for (torch::Tensor& each : weights) each.requires_grad_(true);
  return weights;
}

/// The last of the list, taken out of it.
torch::Tensor take_last(std::vector<torch::Tensor>& tensors) {
  torch::Tensor last = tensors.back();
  tensors.pop_back();
  return last;
}

/// in_double() of a formula of the energies of a network.
/// @param all      its layer weights, and then what else single precision rounds
/// @param formula  (all, energies), energies(x, context) being those of the first weights of `all`
template <class Formula>
InDouble of_energies_in_double(const TorchNet& net, std::vector<torch::Tensor> all,
                               const Slopes& slopes, const Formula& formula) {
  bool is_exact = true;
  all.push_back(torch::ones({1, net.architecture().input.size()}));
  return in_double(all, [&](std::vector<torch::Tensor> tensors) {
    const auto shares = take_last(tensors);
    const auto energies = [&](const torch::Tensor& x, const torch::Tensor& context) {
      return energies_with_slopes(net, tensors, x, slopes, std::exchange(is_exact, false), context,
                                  shares);
    };
    return formula(tensors, energies);
  });
}

}  // namespace

torch::Tensor random_rows(std::int64_t n, std::int64_t dim, std::uint64_t seed) {
  auto rows = torch::empty({n, dim});
  base::RandomStream stream({.seed = seed}, 0);
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    rows.data_ptr<float>()[i] = static_cast<float>(stream.next_normal());
  }
  return rows;
}

torch::Tensor random_context(const nets::Architecture& architecture, std::int64_t n,
                             std::uint64_t seed) {
  const std::int64_t dim = nets::context_dim(architecture);
  if (dim == 0) return {};
  auto context = torch::empty({n, dim});
  base::RandomStream stream({.seed = seed}, 1);
  for (std::int64_t i = 0; i < n; ++i) {
    float* const own = context.data_ptr<float>() + i * dim;
    if (architecture.classes > 0) {
      own[0] = static_cast<float>(
          stream.next_below(static_cast<std::uint64_t>(architecture.classes + 1)));
    }
    if (architecture.noise_level) {
      own[dim - 1] = static_cast<float>(std::exp(1.5 * stream.next_normal()));
    }
  }
  return context;
}

nets::LayerWeights weights_of(const TorchNet& net) {
  nets::LayerWeights weights;
  for (const torch::Tensor& tensor : net.frozen_weights()) weights.push_back(to_vector(tensor));
  return weights;
}

Evaluation evaluate(const nets::CompiledNet& net, const torch::Tensor& rows,
                    const torch::Tensor& context) {
  Blocks blocks(rows, context);
  const samplers::ChainBlocks all = blocks.all();
  net.make_evaluator(blocks.count())
      ->evaluate({blocks.count(), all.x, all.context}, all.energy, all.energy_grad);
  const auto energy = torch::from_blob(all.energy.data(), {blocks.count() * kLanes});
  const auto grad = torch::from_blob(all.energy_grad.data(), {blocks.count(), net.dim(), kLanes});
  return {energy.narrow(0, 0, rows.size(0)).clone(),
          grad.transpose(1, 2).reshape({-1, net.dim()}).narrow(0, 0, rows.size(0)).clone()};
}

Slopes slopes_of(const nets::CompiledNet& net, const torch::Tensor& rows,
                 const torch::Tensor& context) {
  Blocks blocks(rows, context);
  const samplers::ChainBlocks all = blocks.all();
  base::AlignedVector<float> work(static_cast<std::size_t>(net.plan().workspace * kLanes));
  const std::int64_t context_dim = context.defined() ? context.size(1) : 0;
  Slopes slopes;
  for (std::int64_t block = 0; block < blocks.count(); ++block) {
    const std::int64_t at = block * kLanes;
    net.evaluate_block(all.x.data() + at * net.dim(), all.context.data() + at * context_dim,
                       all.energy.data() + at, all.energy_grad.data() + at * net.dim(),
                       work.data());
    std::size_t next = 0;
    for (const nets::PlanOp& op : net.plan().ops) {
      if (!op.activation) continue;
      const nets::PlanValue& value = net.plan().values[static_cast<std::size_t>(op.out)];
      auto of_block =
          torch::from_blob(work.data() + value.derivative * kLanes, {value.size, kLanes})
              .to(torch::kFloat64);
      if (op.is_merged) of_block = own_slopes(op, net.plan(), of_block, work);
      if (block == 0) slopes.emplace_back(torch::empty({value.size, 0}, torch::kFloat64));
      slopes[next] = torch::cat({slopes[next], of_block}, 1);
      ++next;
    }
  }
  for (torch::Tensor& each : slopes) each = each.narrow(1, 0, rows.size(0));
  return slopes;
}

bool differ(const Slopes& one, const Slopes& other) {
  for (std::size_t i = 0; i < one.size(); ++i) {
    // Between ReLUs of slopes of up to 0.2; smooth ones differ by rounding alone.
    if ((one[i] - other[i]).abs().max().item<double>() > 0.5) return true;
  }
  return false;
}

torch::Tensor energies_with_slopes(const TorchNet& net, const std::vector<torch::Tensor>& weights,
                                   const torch::Tensor& x, const Slopes& slopes, bool must_fit,
                                   const torch::Tensor& context, const torch::Tensor& shares) {
  const nets::Shape& shape = net.architecture().input;
  LayerPass pass = pass_of(net.architecture(), weights.begin(), x, context);
  auto slope = slopes.begin();
  return apply_with_slopes(net.architecture().layers,
                           x.reshape({-1, shape.channels, shape.height, shape.width}), pass, slope,
                           must_fit, shares)
      .flatten();
}

InDouble evaluate_in_double(const TorchNet& net, const torch::Tensor& rows, const Slopes& slopes,
                            const torch::Tensor& context) {
  const auto formula = [&](const auto&, const auto& energies) {
    const auto x = rows.to(torch::kFloat64).requires_grad_(true);
    const torch::Tensor energy = energies(x, context);
    return std::vector<torch::Tensor>{energy, torch::autograd::grad({energy.sum()}, {x})[0]};
  };
  return of_energies_in_double(net, net.frozen_weights(), slopes, formula);
}

InDouble weight_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                   const torch::Tensor& coefficients, const Slopes& slopes,
                                   const torch::Tensor& context) {
  std::vector<torch::Tensor> all = leaves(net);
  all.push_back(coefficients.reshape({-1, 1}));
  return of_energies_in_double(net, all, slopes, [&](auto& weights, const auto& energies) {
    const auto c = take_last(weights).flatten();
    return torch::autograd::grad({energies(rows.to(torch::kFloat64), context)}, weights, {c});
  });
}

InDouble mixed_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                  const torch::Tensor& directions, const Slopes& slopes,
                                  const torch::Tensor& context) {
  std::vector<torch::Tensor> all = leaves(net);
  all.push_back(torch::ones({rows.size(0), 1}));
  return of_energies_in_double(net, all, slopes, [&](auto& weights, const auto& energies) {
    const auto shares = take_last(weights);
    const auto x = rows.to(torch::kFloat64).requires_grad_(true);
    const auto grad = torch::autograd::grad({energies(x, context).sum()}, {x}, {},
                                            /*retain_graph=*/true, /*create_graph=*/true)[0];
    const auto along = (grad * directions.to(torch::kFloat64) * shares).sum(1);
    auto values = torch::autograd::grad({along.sum()}, weights, {}, /*retain_graph=*/false,
                                        /*create_graph=*/false, /*allow_unused=*/true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(weights[i]);
    }
    values.push_back(along);
    return values;
  });
}

InDouble level_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                  const LevelTerms& terms, const Slopes& slopes,
                                  const torch::Tensor& context) {
  std::vector<torch::Tensor> all = leaves(net);
  all.push_back(torch::ones({rows.size(0), 1}));
  return of_energies_in_double(net, all, slopes, [&](auto& weights, const auto& energies) {
    const auto shares = take_last(weights).flatten();
    const auto x = rows.to(torch::kFloat64).requires_grad_(true);
    const auto contexts = context.to(torch::kFloat64);
    const auto log_level = contexts.select(1, -1).log().unsqueeze(1).requires_grad_(true);
    const auto with_level = torch::cat({contexts.slice(1, 0, -1), log_level.exp()}, 1);
    const torch::Tensor energy = energies(x, with_level);
    const auto grads = torch::autograd::grad({energy.sum()}, {x, log_level}, {},
                                             /*retain_graph=*/true, /*create_graph=*/true);
    const auto slope = grads[1].flatten();
    const auto along = (grads[0] * terms.v.to(torch::kFloat64)).sum(1) + slope * terms.w;
    auto values = torch::autograd::grad({(shares * (along + terms.c * energy)).sum()}, weights, {},
                                        /*retain_graph=*/false, /*create_graph=*/false,
                                        /*allow_unused=*/true);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(weights[i]);
    }
    values.push_back(shares * along.detach());
    values.push_back(shares * slope.detach());
    return values;
  });
}

InDouble curvature_gradient_in_double(const TorchNet& net, const torch::Tensor& rows,
                                      const torch::Tensor& directions, double coefficient,
                                      const Slopes& slopes, const torch::Tensor& context) {
  bool is_exact = true;
  std::vector<torch::Tensor> all = leaves(net);
  all.push_back(torch::ones({rows.size(0), 1}));
  return in_double(all, [&](std::vector<torch::Tensor> weights) {
    const auto shares = weights.back().flatten();
    weights.pop_back();
    const auto x = rows.to(torch::kFloat64).requires_grad_(true);
    const auto energy =
        energies_with_slopes(net, weights, x, slopes, std::exchange(is_exact, false), context);
    const auto along = [&](const torch::Tensor& of) {
      auto grad = torch::autograd::grad({of.sum()}, {x}, {}, /*retain_graph=*/true,
                                        /*create_graph=*/true, /*allow_unused=*/true)[0];
      if (!grad.defined()) grad = torch::zeros_like(x);
      return (grad * directions.to(torch::kFloat64)).sum(1);
    };
    const auto slope = along(energy);
    const auto curved = slope.requires_grad() ? along(slope) : torch::zeros_like(slope);
    std::vector<torch::Tensor> values(weights.size());
    if (curved.requires_grad()) {
      values = torch::autograd::grad({coefficient * (shares * curved).sum()}, weights, {},
                                     /*retain_graph=*/false, /*create_graph=*/false,
                                     /*allow_unused=*/true);
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i].defined()) values[i] = torch::zeros_like(weights[i]);
    }
    values.push_back(shares * curved.detach());
    values.push_back(shares * slope.detach());
    return values;
  });
}

void undo_init_scale(const TorchNet& net) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < net.specs().size(); ++i) {
    const nets::Parameter& spec = net.specs()[i];
    if (spec.kind == nets::ParameterKind::kTable || spec.init_scale == 0.0) {
      net.tensors()[i].copy_(0.3 * random_rows(1, spec.size(), i).reshape(spec.shape));
    } else if (spec.trainable()) {
      net.tensors()[i].div_(spec.init_scale);
    }
  }
}

}  // namespace ebm::torch_nets
