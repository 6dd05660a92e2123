#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nets/architecture/architecture.h"
#include "nets/architecture/precision.h"
#include "nets/architecture/with_classes.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/energy.h"
#include "samplers/throughput/bench_case.h"

namespace ebm::evaluation {

/// Networks to measure, with drawn weights: each name with each number of classes.
struct BenchNetworks {
  std::vector<std::string> names = {};      ///< presets, or GENERATOR+CRITIC: an energy of latents
  std::vector<std::int64_t> classes = {0};  ///< that they are given; 0: none
  nets::ClassCondition condition_by = nets::ClassCondition::kFilm;  ///< how
  std::vector<samplers::BenchBackend> backends = {samplers::BenchBackend::kCompiled};
  std::vector<nets::Precision> precisions = {nets::Precision::kFloat32};  ///< of compiled ones
  std::uint64_t seed = 0;                                                 ///< of the weights

  /// Whether one of the backends needs LibTorch, which computes in float32 alone.
  bool needs_torch() const;
  bool has_bf16() const;
  /// @throws Error(kUsage) for a precision other than float32 that no backend has
  void validate() const;
};

/// A network by the name that its rows have: "uva", "uva 10 classes by film".
struct NamedNetwork {
  std::string name;
  nets::Architecture architecture;
};

/// The architectures: igebm32 for images of 3x32x32, mlp and its kin for points of the plane,
/// others for images of 1x28x28; what is behind a generator is for what it makes of 64 latents.
/// @throws Error(kUsage) if there is no such preset, or it takes no classes
std::vector<NamedNetwork> named_networks(const BenchNetworks& networks);

/// Whether a name is that of a critic behind a generator.
bool is_latent(const std::string& name);

/// A network that is ready to run.
struct CompiledNetwork {
  std::string name, precision;
  std::shared_ptr<const nets::CompiledNet> net;
};

/// The networks, compiled in each precision.
/// @throws what validate() and named_networks() do
std::vector<CompiledNetwork> compiled_networks(const BenchNetworks& networks);

/// An energy of which all chains have label 0 if it is conditional; itself otherwise.
std::shared_ptr<const samplers::Energy> of_one_label(
    std::shared_ptr<const samplers::Energy> energy);

}  // namespace ebm::evaluation
