#pragma once

#include <memory>

#include "nets/files/safetensors.h"
#include "samplers/energy.h"

namespace ebm::training {

/// The density p₀ that a model tilts, p(x) ∝ p₀(x)·exp(−E(x)/T) with the temperature T of its
/// chains: they sample from E − T·ln p₀, while ∂θ of the objective is that of E alone, as p₀ has no
/// part of θ. Where p₀ has the tails of a Gaussian, as that of a residual flow, and E falls at most
/// linearly, as networks of linear layers and activations do, the model has a finite Z.
/// Source: Xie et al. 2016, with a Gaussian; Nijkamp et al. 2022, with a flow.
struct BaseMeasure {
  std::shared_ptr<const samplers::Energy> energy;  ///< −ln p₀
  nets::SafetensorsFile file;                      ///< of which it can be made again
};

}  // namespace ebm::training
