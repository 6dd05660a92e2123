#include "evaluation/report/sampler_text.h"

#include "base/printed.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/target_temperature.h"

namespace ebm::evaluation {
namespace {

using base::printed;

std::string schedule_text(const char* name, const samplers::Schedule& schedule) {
  if (schedule.shape == samplers::Schedule::Shape::kConstant || schedule.start == schedule.end) {
    return printed("%s %g", name, schedule.start);
  }
  return printed("%s from %g to %g", name, schedule.start, schedule.end);
}

}  // namespace

bool is_langevin(const samplers::SamplerSettings& s) {
  return s.sampler == samplers::SamplerKind::kLangevin;
}

float noise_scale_of(const samplers::SamplerSettings& s) {
  return s.noise_scale ? *s.noise_scale : samplers::noise_scale_of(s.step_size, s.temperature);
}

std::string settings_text(const samplers::SamplerSettings& s) {
  std::string text = samplers::sampler_name(s.sampler);
  if (s.inner) text += " of " + samplers::sampler_name(*s.inner);
  if (s.sampler == samplers::SamplerKind::kAnnealed) {
    return text + " with " + schedule_text("step_size", s.schedules.step_size) + " (" +
           schedule_text("T", s.schedules.temperature) + ")";
  }
  if (samplers::has_levels(s.sampler)) {
    text += printed(" from noise of %g to %g", static_cast<double>(s.levels.highest),
                    static_cast<double>(s.levels.lowest));
    if (!samplers::has_level_count(s.sampler)) return text;
    text += printed(" over %lld levels", static_cast<long long>(s.n_levels));
  }
  text += printed(" with step_size %g", static_cast<double>(s.step_size));
  if (!samplers::has_temperature(s.sampler)) return text;
  if (s.sampler == samplers::SamplerKind::kGradientFlow) {
    text += printed(" to time %g", static_cast<double>(s.flow_time));
  }
  if (is_langevin(s)) text += printed(", noise_scale %g", static_cast<double>(noise_scale_of(s)));
  text += printed(" (T = %g", static_cast<double>(samplers::target_temperature(s)));
  if (is_langevin(s) && s.clamp_energy_grad) text += ", but for the clamp of the gradient";
  return text + ")";
}

}  // namespace ebm::evaluation
