#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/bench/plan.h"
#include "nets/architecture/architecture.h"
#include "nets/compiled/compiled_net.h"

namespace ebm::app {

/// The network that `--net` calls so: a preset, or a critic behind a generator, GENERATOR+CRITIC.
/// @throws Error(kUsage) if there is no such preset
nets::Architecture bench_net(const std::string& name);

/// Whether a name is that of a critic behind a generator.
bool is_latent(const std::string& name);

/// A network to measure.
struct BenchNet {
  std::string name, precision;
  std::shared_ptr<const nets::CompiledNet> net;
};

/// The networks to measure, compiled in each precision.
/// @throws Error(kUsage) if there is none or one is no preset
std::vector<BenchNet> compiled_nets(const BenchOptions& options);

}  // namespace ebm::app
