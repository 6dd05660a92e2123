#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/bench/plan.h"
#include "nets/architecture/architecture.h"
#include "nets/compiled/compiled_net.h"
#include "samplers/energy.h"

namespace ebm::app {

/// A network by the name that its rows have.
struct NamedNet {
  std::string name;
  nets::Architecture net;
};

/// The networks of `--net`, presets or a critic behind a generator, GENERATOR+CRITIC, each with all
/// numbers of classes.
/// @throws Error(kUsage) if there is no such preset, or it takes no classes
std::vector<NamedNet> bench_nets(const BenchOptions& options);

/// An energy of which all chains have label 0 if it is conditional; itself otherwise.
std::shared_ptr<const samplers::Energy> of_one_label(
    std::shared_ptr<const samplers::Energy> energy);

/// Whether a name is that of a critic behind a generator.
bool is_latent(const std::string& name);

/// A network to measure.
struct BenchNet {
  std::string name, precision;
  std::shared_ptr<const nets::CompiledNet> net;
};

/// The networks to measure, compiled in each precision.
/// @throws what bench_nets() does
std::vector<BenchNet> compiled_nets(const BenchOptions& options);

}  // namespace ebm::app
