#include "app/sampler_options.h"

#include <charconv>
#include <string_view>

#include "app/adapted_file.h"
#include "base/error.h"
#include "samplers/langevin.h"
#include "samplers/parallel_tempering.h"

namespace ebm::app {
namespace {

/// "geometric:10:1", "cosine:0.1:0.001" or "constant:0.01".
samplers::Schedule parse_schedule(const char* option, const std::string& words) {
  const auto refuse = [&] {
    throw Error(ErrorCode::kUsage,
                std::string(option) + " = " + words +
                    ": must be SHAPE:FROM:TO, as geometric:10:1 or cosine:1:0.1");
  };
  const auto first = words.find(':');
  if (first == std::string::npos) refuse();
  samplers::Schedule schedule;
  schedule.shape = samplers::schedule_shape(words.substr(0, first));
  const auto second = words.find(':', first + 1);
  const auto number = [&](std::string_view text) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) refuse();
    return value;
  };
  const std::string_view rest = std::string_view(words).substr(first + 1);
  schedule.start =
      number(rest.substr(0, second == std::string::npos ? rest.size() : second - first - 1));
  schedule.end = second == std::string::npos ? schedule.start
                                             : number(std::string_view(words).substr(second + 1));
  schedule.validate(option);
  return schedule;
}

void apply_ladder(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (!options.ladder.empty()) {
    settings.ladder.assign(options.ladder.begin(), options.ladder.end());
  } else if (options.replicas || options.max_temperature) {
    settings.ladder = samplers::geometric_ladder(
        options.replicas.value_or(4), static_cast<float>(options.max_temperature.value_or(8.0)));
  }
}

void apply_walls(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (options.box) {
    settings.box =
        samplers::Box{static_cast<float>((*options.box)[0]), static_cast<float>((*options.box)[1])};
    settings.box->validate();
  }
  if (options.box_rule.empty()) return;
  if (options.box_rule != "clamp" && options.box_rule != "reflect") {
    throw Error(ErrorCode::kUsage, "box-rule = " + options.box_rule + ": must be clamp or reflect");
  }
  settings.box_rule =
      options.box_rule == "clamp" ? samplers::BoxRule::kClamp : samplers::BoxRule::kReflect;
}

}  // namespace

void add_sampler_options(CLI::App& command, SamplerOptions& options) {
  std::string names;
  for (const std::string& name : samplers::sampler_names()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return command.add_option(name, value, what)->group("Sampler");
  };
  add("--sampler", options.sampler, names + " [langevin]");
  add("--inner", options.inner, "sampler inside parallel-tempering [mala] or annealed [langevin]");
  add("--step-size", options.step_size,
      "[the model's own; 0.01, or 0.1 for hmc, nuts and underdamped]");
  CLI::Option* noise = add("--noise-scale", options.noise_scale, "langevin [the model's own]");
  add("--temperature", options.temperature,
      "T of exp(-E/T) [the model's own; 1]; for langevin noise-scale = sqrt(2 * step-size * T)")
      ->excludes(noise);
  add("--box", options.box, "LOW,HIGH: walls for every coordinate [the model's own]")
      ->delimiter(',')
      ->expected(2);
  add("--box-rule", options.box_rule,
      "clamp or reflect [reflect, which is exact, for mala and hmc; clamp for others]");
  add("--leapfrog", options.leapfrog, "hmc: leapfrog steps of a step [10]");
  add("--jitter", options.jitter, "hmc: fraction by which a trajectory may be shorter [0]");
  add("--max-tree-depth", options.max_tree_depth, "nuts: doublings of a trajectory [10]");
  add("--friction", options.friction, "underdamped [1]");
  add("--momentum", options.momentum, "nesterov [0.9]");
  CLI::Option* ladder =
      add("--ladder", options.ladder,
          "parallel-tempering: factors on T from 1 upwards, 2, 4, 8 or 16 of them [1,2,4,8]")
          ->delimiter(',');
  add("--replicas", options.replicas, "parallel-tempering: temperatures in geometric steps [4]")
      ->excludes(ladder);
  add("--max-temperature", options.max_temperature, "parallel-tempering: the highest factor [8]")
      ->excludes(ladder);
  add("--temperature-schedule", options.temperature_schedule,
      "annealed: SHAPE:FROM:TO over all steps; constant, geometric or cosine [constant at T]");
  add("--step-schedule", options.step_schedule, "annealed: likewise [constant at step-size]");
  add("--adapted", options.adapted, "FILE.json of an earlier --adapt: its step size and mass");
}

void apply_sampler_options(const SamplerOptions& options, std::int64_t n_steps,
                           samplers::SamplerSettings& settings) {
  if (options.sampler) {
    // The step size of a recipe is Langevin's.
    if (*options.sampler != settings.sampler) {
      settings.step_size = samplers::default_step_size(*options.sampler);
    }
    settings.sampler = *options.sampler;
  }
  settings.inner = options.inner;
  if (!options.adapted.empty()) read_adapted(options.adapted, settings);
  if (options.step_size) {
    settings.step_size = static_cast<float>(*options.step_size);
    settings.noise_scale.reset();
  }
  if (options.temperature) {
    settings.temperature = static_cast<float>(*options.temperature);
    settings.noise_scale.reset();
  }
  if (options.noise_scale) settings.noise_scale = static_cast<float>(*options.noise_scale);
  apply_walls(options, settings);
  if (options.leapfrog) settings.n_leapfrog = *options.leapfrog;
  if (options.jitter) settings.jitter = *options.jitter;
  if (options.max_tree_depth) settings.max_tree_depth = *options.max_tree_depth;
  if (options.friction) settings.friction = static_cast<float>(*options.friction);
  if (options.momentum) settings.momentum = static_cast<float>(*options.momentum);
  apply_ladder(options, settings);
  settings.schedules.n_steps = std::max<std::int64_t>(1, n_steps);
  settings.schedules.temperature = {.start = settings.temperature};
  settings.schedules.step_size = {.start = settings.step_size};
  if (!options.temperature_schedule.empty()) {
    settings.schedules.temperature =
        parse_schedule("temperature-schedule", options.temperature_schedule);
  }
  if (!options.step_schedule.empty()) {
    settings.schedules.step_size = parse_schedule("step-schedule", options.step_schedule);
  }
}

}  // namespace ebm::app
