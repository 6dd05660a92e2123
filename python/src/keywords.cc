#include "python/src/keywords.h"

#include <type_traits>

#include "base/error.h"
#include "base/interruption.h"

namespace ebm::python {

using evaluation::SamplerOverrides;

SamplerOverrides overrides_of(const nb::dict& settings) {
  SamplerOverrides given;
  for (const auto& [key, value] : settings) {
    const auto name = nb::cast<std::string>(key);
    const auto take = [&, v = value](const char* expected, auto& place) {
      if (name != expected) return false;
      using Place = std::remove_reference_t<decltype(place)>;
      if constexpr (requires { typename Place::value_type; } &&
                    std::is_same_v<Place, std::optional<typename Place::value_type>>) {
        place = nb::cast<typename Place::value_type>(v);
      } else {
        place = nb::cast<Place>(v);
      }
      return true;
    };
    const bool is_known =
        take("sampler", given.sampler) || take("inner", given.inner) ||
        take("step_size", given.step_size) || take("noise_scale", given.noise_scale) ||
        take("clamp_energy_grad", given.clamp_energy_grad) ||
        take("temperature", given.temperature) || take("box", given.box) ||
        take("box_rule", given.box_rule) || take("leapfrog", given.leapfrog) ||
        take("jitter", given.jitter) || take("max_tree_depth", given.max_tree_depth) ||
        take("friction", given.friction) || take("momentum", given.momentum) ||
        take("flow_time", given.flow_time) || take("level_max", given.level_max) ||
        take("level_min", given.level_min) || take("levels", given.levels) ||
        take("ladder", given.ladder) || take("replicas", given.replicas) ||
        take("max_temperature", given.max_temperature) ||
        take("temperature_schedule", given.temperature_schedule) ||
        take("step_schedule", given.step_schedule) || take("adapted", given.adapted);
    if (!is_known) {
      throw Error(ErrorCode::kUsage, name + ": unknown setting of a sampler");
    }
  }
  return given;
}

std::function<void(const std::string&)> warn_by(const nb::object& on_warning) {
  return [&on_warning](const std::string& line) {
    const nb::gil_scoped_acquire held;
    on_warning(line);
  };
}

evaluation::OnProgress progress_by(const nb::object& on_progress) {
  return [&on_progress](const evaluation::Progress& progress) {
    base::throw_if_interrupted();
    if (on_progress.is_none()) return;
    const nb::gil_scoped_acquire held;
    on_progress(progress.phase, progress.fraction, progress.chain_steps_per_s);
  };
}

}  // namespace ebm::python
