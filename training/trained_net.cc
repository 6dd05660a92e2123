#include "training/trained_net.h"

#include <algorithm>
#include <utility>

#include "nets/architecture/initial_values.h"
#include "nets/architecture/singular_vectors.h"
#include "nets/architecture/weight_norm.h"
#include "nets/files/tensor_entry.h"

namespace ebm::training {
namespace {

constexpr int kInitialPowerIterations = 15;

/// G becomes (G − ⟨G, W/σ⟩·uvᵀ)/σ.
void through_norm(const std::vector<float>& weight, const std::vector<float>& u,
                  const std::vector<float>& v, std::vector<float>& gradient) {
  const double sigma = nets::singular_value(weight, u, v);
  double product = 0.0;
  for (std::size_t i = 0; i < weight.size(); ++i) product += double{gradient[i]} * weight[i];
  product /= sigma;
  for (std::size_t row = 0; row < u.size(); ++row) {
    for (std::size_t column = 0; column < v.size(); ++column) {
      float& g = gradient[row * v.size() + column];
      g = static_cast<float>((g - product * u[row] * v[column]) / sigma);
    }
  }
}

}  // namespace

TrainedNet::TrainedNet(const nets::Architecture& architecture, std::uint64_t seed)
    : architecture_(architecture) {
  nets::validate(architecture_);
  specs_ = nets::parameters(architecture_);
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    tensors_.push_back(nets::initial_values(specs_[i], i, seed));
    if (specs_[i].is_vector()) nets::make_unit(tensors_.back());
  }
  power_iteration(kInitialPowerIterations);
}

std::vector<TrainedTensor> TrainedNet::trainable() {
  std::vector<TrainedTensor> found;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].trainable()) found.push_back({specs_[i].name, specs_[i].shape, tensors_[i]});
  }
  return found;
}

TensorViews TrainedNet::trainable_values() {
  TensorViews found;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (specs_[i].trainable()) found.emplace_back(tensors_[i]);
  }
  return found;
}

TensorViews TrainedNet::buffers() {
  TensorViews found;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!specs_[i].trainable()) found.emplace_back(tensors_[i]);
  }
  return found;
}

void TrainedNet::power_iteration(int n) {
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!has_spectral_norm(i)) continue;
    // The buffers u and v follow their weight.
    for (int k = 0; k < n; ++k) {
      nets::power_iteration(tensors_[i], tensors_[i + 1], tensors_[i + 2]);
    }
  }
}

nets::LayerWeights TrainedNet::layer_weights() const {
  nets::LayerWeights weights;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!specs_[i].is_used()) continue;
    weights.push_back(tensors_[i]);
    // The lengths follow their weight.
    if (has_weight_norm(i)) nets::normalise_rows(tensors_[i + 1], weights.back());
    if (!has_spectral_norm(i)) continue;
    const double sigma = nets::singular_value(tensors_[i], tensors_[i + 1], tensors_[i + 2]);
    for (float& w : weights.back()) w = static_cast<float>(w / sigma);
  }
  return weights;
}

std::vector<std::vector<float>> TrainedNet::parameter_gradient(nets::LayerWeights of_layers) const {
  std::vector<std::vector<float>> found;
  std::size_t layer = 0;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (!specs_[i].is_used()) continue;
    std::vector<float>& gradient = of_layers.at(layer++);
    if (!specs_[i].trainable()) continue;
    if (has_spectral_norm(i)) through_norm(tensors_[i], tensors_[i + 1], tensors_[i + 2], gradient);
    if (has_weight_norm(i)) {
      std::vector<float> of_lengths(tensors_[i + 1].size());
      nets::normalised_row_gradient(tensors_[i + 1], tensors_[i], gradient, of_lengths);
      found.push_back(std::move(gradient));
      found.push_back(std::move(of_lengths));
      continue;
    }
    found.push_back(std::move(gradient));
  }
  return found;
}

std::map<std::string, nets::TensorData, std::less<>> TrainedNet::to_tensor_data() const {
  std::map<std::string, nets::TensorData, std::less<>> entries;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    entries.emplace(specs_[i].name, nets::TensorData::from_floats(specs_[i].shape, tensors_[i]));
  }
  return entries;
}

void TrainedNet::restore(const nets::SafetensorsFile& file, const std::string& origin) {
  // Into the arrays in place, as an optimiser knows where they are.
  std::vector<std::vector<float>> values = tensors_;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    nets::copy_entry(file, specs_[i].name, specs_[i].shape, origin, values[i]);
    names.push_back(specs_[i].name);
  }
  nets::require_no_other_entries(file, names, origin, architecture_.name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::copy(values[i].begin(), values[i].end(), tensors_[i].begin());
  }
}

}  // namespace ebm::training
