#include "app/bench/bench_nets.h"

#include <utility>

#include "app/bench/comma_list.h"
#include "base/error.h"
#include "base/names/choice.h"
#include "nets/architecture/compose.h"
#include "nets/architecture/drawn_weights.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "nets/architecture/with_classes.h"
#include "samplers/energies/conditional_energy.h"

namespace ebm::app {
namespace {

nets::Shape input_of(const std::string& net) {
  if (net == "igebm32") return {3, 32, 32};
  if (net.starts_with("mlp")) return {2, 1, 1};
  return {1, 28, 28};
}

constexpr std::int64_t kLatentDim = 64;

nets::Architecture bench_net(const std::string& name) {
  const auto plus = name.find('+');
  if (plus == std::string::npos) return nets::preset(name, input_of(name));
  const std::string generator = name.substr(0, plus);
  const nets::Shape item = generator.ends_with("28")   ? nets::Shape{1, 28, 28}
                           : generator.ends_with("32") ? nets::Shape{3, 32, 32}
                                                       : nets::Shape{2, 1, 1};
  return nets::compose(nets::generator_preset(generator, kLatentDim, item),
                       nets::preset(name.substr(plus + 1), item));
}

}  // namespace

bool is_latent(const std::string& name) { return name.find('+') != std::string::npos; }

std::vector<NamedNet> bench_nets(const BenchOptions& options) {
  const auto how = base::value_of<nets::ClassCondition>("condition-by", nets::kClassConditions,
                                                        options.condition_by);
  std::vector<NamedNet> found;
  for (const std::string& name : split_commas(options.nets)) {
    for (const std::int64_t classes : numbers_of("classes", options.classes, 0)) {
      if (classes == 0) {
        found.push_back({name, bench_net(name)});
        continue;
      }
      if (is_latent(name)) {
        throw Error(ErrorCode::kUsage, "classes: not for " + name + ", an energy of latents");
      }
      found.push_back({name + " " + std::to_string(classes) + " classes by " + options.condition_by,
                       nets::with_classes(bench_net(name), classes, how)});
    }
  }
  return found;
}

std::shared_ptr<const samplers::Energy> of_one_label(
    std::shared_ptr<const samplers::Energy> energy) {
  if (energy->context_dim() == 0) return energy;
  return std::make_shared<samplers::ConditionalEnergy>(std::move(energy), std::vector{0.0f});
}

std::vector<BenchNet> compiled_nets(const BenchOptions& options) {
  std::vector<BenchNet> compiled;
  for (const auto& [name, net] : bench_nets(options)) {
    const auto weights = nets::drawn_weights(net, static_cast<std::uint64_t>(options.seed));
    for (const std::string& precision : split_commas(options.precisions)) {
      compiled.push_back(
          {name, precision,
           std::make_shared<nets::CompiledNet>(
               net, weights,
               base::value_of<nets::Precision>("precision", nets::kPrecisions, precision))});
    }
  }
  return compiled;
}

}  // namespace ebm::app
