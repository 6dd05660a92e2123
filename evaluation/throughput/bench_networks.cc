#include "evaluation/throughput/bench_networks.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/names/choice.h"
#include "nets/architecture/compose.h"
#include "nets/architecture/drawn_weights.h"
#include "nets/architecture/generator_presets.h"
#include "nets/architecture/presets.h"
#include "samplers/energies/conditional_energy.h"

namespace ebm::evaluation {
namespace {

nets::Shape input_of(const std::string& net) {
  if (net == "igebm32") return {3, 32, 32};
  if (net.starts_with("mlp")) return {2, 1, 1};
  return {1, 28, 28};
}

constexpr std::int64_t kLatentDim = 64;

nets::Architecture bench_network(const std::string& name) {
  const auto plus = name.find('+');
  if (plus == std::string::npos) return nets::preset(name, input_of(name));
  const std::string generator = name.substr(0, plus);
  const nets::Shape item = generator.ends_with("28")   ? nets::Shape{1, 28, 28}
                           : generator.ends_with("32") ? nets::Shape{3, 32, 32}
                                                       : nets::Shape{2, 1, 1};
  return nets::compose(nets::generator_preset(generator, kLatentDim, item),
                       nets::preset(name.substr(plus + 1), item));
}

template <class T>
bool has(const std::vector<T>& list, T value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool BenchNetworks::needs_torch() const {
  return !names.empty() && (has(backends, samplers::BenchBackend::kTorch) ||
                            has(backends, samplers::BenchBackend::kTorchIntraOp));
}

bool BenchNetworks::has_bf16() const { return has(precisions, nets::Precision::kBfloat16); }

void BenchNetworks::validate() const {
  const bool is_float32 = precisions == std::vector{nets::Precision::kFloat32};
  if (is_float32 || has(backends, samplers::BenchBackend::kCompiled)) return;
  std::string all;
  for (const nets::Precision precision : precisions) {
    all += (all.empty() ? "" : ",") +
           std::string(base::name_of<nets::Precision>("precision", nets::kPrecisions, precision));
  }
  throw Error(ErrorCode::kUsage,
              "precision = " + all + ": is for backend = compiled; LibTorch runs in f32");
}

bool is_latent(const std::string& name) { return name.find('+') != std::string::npos; }

std::vector<NamedNetwork> named_networks(const BenchNetworks& networks) {
  const std::string how = base::name_of<nets::ClassCondition>(
      "condition_by", nets::kClassConditions, networks.condition_by);
  std::vector<NamedNetwork> found;
  for (const std::string& name : networks.names) {
    for (const std::int64_t classes : networks.classes) {
      if (classes == 0) {
        found.push_back({name, bench_network(name)});
        continue;
      }
      if (is_latent(name)) {
        throw Error(ErrorCode::kUsage, "classes: not for " + name + ", an energy of latents");
      }
      found.push_back({name + " " + std::to_string(classes) + " classes by " + how,
                       nets::with_classes(bench_network(name), classes, networks.condition_by)});
    }
  }
  return found;
}

std::vector<CompiledNetwork> compiled_networks(const BenchNetworks& networks) {
  networks.validate();
  std::vector<CompiledNetwork> compiled;
  for (const auto& [name, architecture] : named_networks(networks)) {
    const auto weights = nets::drawn_weights(architecture, networks.seed);
    for (const nets::Precision precision : networks.precisions) {
      compiled.push_back({name,
                          base::name_of<nets::Precision>("precision", nets::kPrecisions, precision),
                          std::make_shared<nets::CompiledNet>(architecture, weights, precision)});
    }
  }
  return compiled;
}

std::shared_ptr<const samplers::Energy> of_one_label(
    std::shared_ptr<const samplers::Energy> energy) {
  if (energy->context_dim() == 0) return energy;
  return std::make_shared<samplers::ConditionalEnergy>(std::move(energy), std::vector{0.0f});
}

}  // namespace ebm::evaluation
