#include "training/adam.h"

#include <cmath>
#include <utility>

#include "base/error.h"
#include "base/number_text.h"
#include "torch_nets/tensor_file.h"

namespace ebm::training {
namespace {

void require_fraction(const char* name, double value) {
  if (!(value >= 0.0 && value < 1.0)) {
    throw Error(ErrorCode::kUsage,
                std::string(name) + " = " + base::number_text(value) + ": must be in [0, 1)");
  }
}

}  // namespace

void AdamOptions::validate() const {
  require_fraction("beta1", beta1);
  require_fraction("beta2", beta2);
  if (!(epsilon > 0.0)) {
    throw Error(ErrorCode::kUsage,
                "epsilon = " + base::number_text(epsilon) + ": must be positive");
  }
}

Adam::Adam(std::vector<std::string> names, std::vector<torch::Tensor> parameters,
           const AdamOptions& options)
    : names_(std::move(names)), parameters_(std::move(parameters)), options_(options) {
  options_.validate();
  for (const auto& parameter : parameters_) {
    first_moment_.push_back(torch::zeros_like(parameter).requires_grad_(false));
    second_moment_.push_back(torch::zeros_like(parameter).requires_grad_(false));
  }
}

void Adam::step(const std::vector<torch::Tensor>& gradient, double learning_rate) {
  const torch::NoGradGuard no_grad;
  ++n_steps_;
  const double t = static_cast<double>(n_steps_);
  const double scale1 = 1.0 - std::pow(options_.beta1, t);
  const double scale2 = 1.0 - std::pow(options_.beta2, t);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    first_moment_[i].mul_(options_.beta1).add_(gradient[i], 1.0 - options_.beta1);
    second_moment_[i].mul_(options_.beta2).addcmul_(gradient[i], gradient[i], 1.0 - options_.beta2);
    const auto root = (second_moment_[i] / scale2).sqrt_().add_(options_.epsilon);
    parameters_[i].addcdiv_(first_moment_[i], root, -learning_rate / scale1);
  }
}

nets::SafetensorsFile Adam::state() const {
  nets::SafetensorsFile file;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    file.tensors.emplace("exp_avg." + names_[i], torch_nets::entry_of(first_moment_[i]));
    file.tensors.emplace("exp_avg_sq." + names_[i], torch_nets::entry_of(second_moment_[i]));
  }
  const std::int64_t steps[] = {n_steps_};
  file.tensors.emplace("step", nets::TensorData::from_int64s({1}, steps));
  return file;
}

void Adam::restore(const nets::SafetensorsFile& state, const std::string& origin) {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    torch_nets::copy_entry(state, "exp_avg." + names_[i], origin, first_moment_[i]);
    torch_nets::copy_entry(state, "exp_avg_sq." + names_[i], origin, second_moment_[i]);
  }
  const auto steps = state.tensor("step").as_int64s();
  if (steps.size() != 1) throw Error(ErrorCode::kBadData, origin + ": step is not one number");
  n_steps_ = steps[0];
}

double gradient_norm(const std::vector<torch::Tensor>& gradient) {
  const torch::NoGradGuard no_grad;
  double squares = 0.0;
  for (const auto& g : gradient) squares += g.to(torch::kFloat64).square().sum().item<double>();
  return std::sqrt(squares);
}

void clip_gradient(const std::vector<torch::Tensor>& gradient, double norm, double max_norm) {
  if (max_norm <= 0.0 || norm <= max_norm) return;
  const torch::NoGradGuard no_grad;
  for (const auto& g : gradient) g.mul_(max_norm / norm);
}

}  // namespace ebm::training
