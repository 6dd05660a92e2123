#include "app/sample/sampler_options.h"

#include <algorithm>
#include <charconv>

#include "app/sample/adapted_file.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"
#include "samplers/kernels/langevin.h"
#include "samplers/kernels/parallel_tempering.h"

namespace ebm::app {
namespace {

constexpr const char* kGroup = "Sampler";
constexpr const char* kOneGroup = "Of one sampler";

/// "geometric:10:1", "cosine:0.1:0.001" or "constant:0.01".
samplers::Schedule parse_schedule(const std::string& option, const std::string& words) {
  const auto refuse = [&] {
    throw Error(ErrorCode::kUsage, option + " = " + words +
                                       ": must be SHAPE:FROM:TO with SHAPE geometric or cosine, as "
                                       "geometric:10:1, or constant:VALUE");
  };
  std::vector<std::string> parts(1);
  for (const char c : words) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  const bool is_constant = parts[0] == "constant";
  if (!is_constant && parts[0] != "geometric" && parts[0] != "cosine") refuse();
  if (parts.size() != (is_constant ? 2 : 3)) refuse();
  const auto number = [&](const std::string& text) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) refuse();
    return value;
  };
  const samplers::Schedule schedule{.shape = samplers::schedule_shape(parts[0]),
                                    .start = number(parts[1]),
                                    .end = number(parts.back())};
  schedule.validate(option.c_str());
  return schedule;
}

void apply_ladder(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (!options.ladder.empty()) {
    settings.ladder.assign(options.ladder.begin(), options.ladder.end());
    return;
  }
  if (!options.replicas && !options.max_temperature) return;
  const std::int64_t replicas = options.replicas.value_or(4);
  if (replicas != 2 && replicas != 4 && replicas != 8 && replicas != 16) {
    throw Error(ErrorCode::kUsage,
                "replicas = " + std::to_string(replicas) + ": must be 2, 4, 8 or 16");
  }
  const double highest = options.max_temperature.value_or(8.0);
  base::require_finite("max-temperature", highest);
  if (!(highest > 1.0)) {
    throw Error(ErrorCode::kUsage, "max-temperature = " + base::number_text(highest) +
                                       ": must be above 1, the factor of the coldest replica");
  }
  settings.ladder = samplers::geometric_ladder(replicas, static_cast<float>(highest));
}

void apply_walls(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  if (options.box) {
    settings.box =
        samplers::Box{static_cast<float>((*options.box)[0]), static_cast<float>((*options.box)[1])};
    settings.box->validate();
  }
  if (options.box_rule.empty()) return;
  if (!settings.box) {
    throw Error(ErrorCode::kUsage, "box-rule = " + options.box_rule + ": needs --box LOW,HIGH");
  }
  if (options.box_rule != "clamp" && options.box_rule != "reflect") {
    throw Error(ErrorCode::kUsage, "box-rule = " + options.box_rule + ": must be clamp or reflect");
  }
  settings.box_rule =
      options.box_rule == "clamp" ? samplers::BoxRule::kClamp : samplers::BoxRule::kReflect;
}

/// The sampler inside another one, and the one that walks.
void apply_names(const SamplerOptions& options, samplers::SamplerSettings& settings) {
  const samplers::SamplerKind before = settings.sampler;
  if (options.sampler) settings.sampler = samplers::sampler_kind(*options.sampler);
  if (!options.inner.empty() && !samplers::has_inner(settings.sampler)) {
    throw Error(ErrorCode::kUsage, "inner = " + options.inner + ": not for " +
                                       samplers::sampler_name(settings.sampler) +
                                       "; it is an option of parallel-tempering and annealed");
  }
  settings.inner.reset();
  if (!options.inner.empty()) {
    settings.inner = samplers::sampler_kind(options.inner, "inner");
  } else if (settings.sampler == samplers::SamplerKind::kParallelTempering) {
    settings.inner = samplers::SamplerKind::kMala;
  } else if (settings.sampler == samplers::SamplerKind::kAnnealed) {
    settings.inner = samplers::SamplerKind::kLangevin;
  }
  if (settings.sampler == before) return;
  // The step size of a recipe is Langevin's, and its noise goes with it.
  settings.step_size = samplers::default_step_size(settings.inner.value_or(settings.sampler));
  settings.noise_scale.reset();
}

/// An option that the chosen sampler would not look at is a misunderstanding.
void require_used(const SamplerOptions& options, const samplers::SamplerSettings& settings) {
  using samplers::SamplerKind;
  const auto require = [&](const char* option, bool is_given,
                           const std::vector<SamplerKind>& takers) {
    if (!is_given) return;
    std::string names;
    for (const SamplerKind taker : takers) {
      if (taker == settings.sampler || taker == settings.inner) return;
      names += (names.empty() ? "" : ", ") + samplers::sampler_name(taker);
    }
    throw Error(ErrorCode::kUsage,
                std::string(option) + ": not for " + samplers::sampler_name(settings.sampler) +
                    (settings.inner ? " of " + samplers::sampler_name(*settings.inner) : "") +
                    "; it is an option of " + names);
  };
  require("noise-scale", options.noise_scale.has_value(), {SamplerKind::kLangevin});
  require("temperature", options.temperature.has_value(),
          {SamplerKind::kLangevin, SamplerKind::kMala, SamplerKind::kHmc, SamplerKind::kNuts,
           SamplerKind::kUnderdamped, SamplerKind::kParallelTempering, SamplerKind::kAnnealed});
  require("leapfrog", options.leapfrog.has_value(), {SamplerKind::kHmc});
  require("jitter", options.jitter.has_value(), {SamplerKind::kHmc});
  require("max-tree-depth", options.max_tree_depth.has_value(), {SamplerKind::kNuts});
  require("friction", options.friction.has_value(), {SamplerKind::kUnderdamped});
  require("momentum", options.momentum.has_value(), {SamplerKind::kNesterov});
  require("ladder", !options.ladder.empty(), {SamplerKind::kParallelTempering});
  require("replicas", options.replicas.has_value(), {SamplerKind::kParallelTempering});
  require("max-temperature", options.max_temperature.has_value(),
          {SamplerKind::kParallelTempering});
  require("temperature-schedule", !options.temperature_schedule.empty(), {SamplerKind::kAnnealed});
  require("step-schedule", !options.step_schedule.empty(), {SamplerKind::kAnnealed});
  const auto require_one = [](const char* schedule, bool has_schedule, const char* constant,
                              bool has_constant) {
    if (!has_schedule || !has_constant) return;
    throw Error(ErrorCode::kUsage, std::string(schedule) + ": is given beside --" + constant +
                                       ", which it would replace; give one of them");
  };
  require_one("temperature-schedule", !options.temperature_schedule.empty(), "temperature",
              options.temperature.has_value());
  require_one("step-schedule", !options.step_schedule.empty(), "step-size",
              options.step_size.has_value());
}

}  // namespace

std::optional<std::string> given_sampler_option(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    const bool is_of_samplers = option->get_group() == kGroup || option->get_group() == kOneGroup;
    if (is_of_samplers && option->count() > 0) return option->get_lnames().at(0);
  }
  return std::nullopt;
}

void add_sampler_options(CLI::App& command, SamplerOptions& options, const char* default_sampler) {
  std::string names;
  for (const std::string& name : samplers::sampler_names()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  const char* group = kGroup;
  const auto add = [&](const char* name, auto& value, const std::string& what) {
    return command.add_option(name, value, what)->group(group);
  };
  add("--sampler", options.sampler, names + " [" + default_sampler + "]")->type_name("NAME");
  add("--step-size", options.step_size,
      "[the model's own; 0.01, or 0.1 for hmc, nuts and underdamped]");
  add("--temperature", options.temperature,
      "T of exp(-E/T) [the model's own; 1]; for langevin noise-scale = sqrt(2 * step-size * T)");
  add("--box", options.box, "walls for every coordinate [the model's own]")
      ->delimiter(',')
      ->expected(2)
      ->type_name("LOW,HIGH");
  add("--box-rule", options.box_rule,
      "clamp or reflect [reflect for mala and hmc, where it is exact, and underdamped; clamp for "
      "others]")
      ->type_name("RULE");
  add("--adapted", options.adapted, "FILE.json of an earlier --adapt-out: its step size and mass")
      ->type_name("FILE");
  group = kOneGroup;
  add("--noise-scale", options.noise_scale, "langevin: instead of --temperature [the model's own]")
      ->excludes("--temperature");
  add("--leapfrog", options.leapfrog, "hmc: leapfrog steps of a step [10]");
  add("--jitter", options.jitter, "hmc: fraction by which a trajectory may be shorter [0]");
  add("--max-tree-depth", options.max_tree_depth, "nuts: doublings of a trajectory [10]");
  add("--friction", options.friction, "underdamped: 1/time [1]");
  add("--momentum", options.momentum, "nesterov: from 0 to below 1 [0.9]");
  add("--inner", options.inner,
      "the sampler inside parallel-tempering [mala] or annealed [langevin]; options of one "
      "sampler reach it")
      ->type_name("NAME");
  CLI::Option* ladder =
      add("--ladder", options.ladder,
          "parallel-tempering: factors on T from 1 upwards, 2, 4, 8 or 16 of them [1,2,4,8]")
          ->delimiter(',')
          ->type_name("1,F,...");
  add("--replicas", options.replicas,
      "parallel-tempering, instead of --ladder: as many factors in geometric steps [4]")
      ->excludes(ladder);
  add("--max-temperature", options.max_temperature,
      "parallel-tempering, instead of --ladder: the highest factor [8]")
      ->excludes(ladder);
  add("--temperature-schedule", options.temperature_schedule,
      "annealed: SHAPE:FROM:TO over all steps, SHAPE geometric or cosine; or constant:VALUE "
      "[constant at T]")
      ->type_name("SCHEDULE");
  add("--step-schedule", options.step_schedule, "annealed: likewise [constant at step-size]")
      ->type_name("SCHEDULE");
}

void apply_sampler_options(const SamplerOptions& options, std::int64_t dim, std::int64_t n_steps,
                           samplers::SamplerSettings& settings) {
  apply_names(options, settings);
  require_used(options, settings);
  if (!options.adapted.empty()) read_adapted(options.adapted, dim, settings);
  if (options.step_size) {
    settings.step_size = static_cast<float>(*options.step_size);
    settings.noise_scale.reset();
  }
  if (options.temperature) {
    settings.temperature = static_cast<float>(*options.temperature);
    settings.noise_scale.reset();
  }
  if (options.noise_scale) {
    settings.noise_scale = static_cast<float>(*options.noise_scale);
    base::require_non_negative("noise_scale", double{*settings.noise_scale});
    base::require_positive("step_size", double{settings.step_size});
    // What encloses Langevin goes by the temperature.
    settings.temperature =
        samplers::effective_temperature(settings.step_size, *settings.noise_scale);
  }
  apply_walls(options, settings);
  if (options.leapfrog) {
    base::require_at_least("leapfrog", *options.leapfrog, 1);
    settings.n_leapfrog = *options.leapfrog;
  }
  if (options.jitter) settings.jitter = *options.jitter;
  if (options.max_tree_depth) {
    base::require_at_least("max-tree-depth", *options.max_tree_depth, 1);
    settings.max_tree_depth = *options.max_tree_depth;
  }
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
