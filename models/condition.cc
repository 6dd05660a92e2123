#include "models/condition.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/require.h"
#include "data/spec.h"
#include "samplers/energies/class_energy.h"
#include "samplers/energies/conditional_energy.h"
#include "samplers/energies/guided_energy.h"

namespace ebm::models {
namespace {

constexpr const char* kNone = "none";

[[noreturn]] void refuse_condition(const std::string& right) {
  throw Error(ErrorCode::kUsage, right);
}

std::optional<std::int64_t> number_of(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

using EnergyPointer = std::shared_ptr<const samplers::Energy>;

/// Replaces an energy, and what makes the same in float32 if there is that, by what `wrapped` makes
/// of it.
template <class Wrapped>
void wrap(const Wrapped& wrapped, EnergyPointer& energy,
          std::function<EnergyPointer()>& in_float32) {
  energy = wrapped(std::move(energy));
  if (!in_float32) return;
  in_float32 = [wrapped, before = std::move(in_float32)] { return wrapped(before()); };
}

void require_none(const EnergyModel& model, const std::string& given, const std::string& remedy) {
  if (model.knows_none) return;
  refuse_condition(given + ": " + model.origin +
                   " was trained without the class none (label_dropout = 0); " + remedy);
}

/// The SPEC of the model's data, of one class; as it is where a SPEC cannot say so, or does.
std::string data_of_class(const EnergyModel& model, float label) {
  data::DataSpec spec;
  try {
    spec = data::parse_spec(model.data);
  } catch (const Error&) {
    return model.data;  // what reads the data says what is wrong with it
  }
  const bool has_classes = spec.scheme != data::Scheme::kNpy && spec.scheme != data::Scheme::kToy;
  if (!has_classes || spec.klass) return model.data;
  const std::string name = class_text(model, label);
  // A number is a label of the data, also where a class has it as a name; some letters end a name.
  const bool is_plain = !number_of(name) && name.find_first_of("#,=/") == std::string::npos;
  spec.klass = is_plain ? name : std::to_string(static_cast<std::int64_t>(label));
  return data::to_string(spec);
}

/// "must be a label from 0 to 9, none, or a name: T-shirt/top, ..."
std::string known_classes(const EnergyModel& model) {
  std::string text = "must be a label from 0 to " + std::to_string(model.classes - 1) + ", none";
  if (model.class_names.empty()) return text;
  constexpr std::size_t kShown = 12;
  text += ", or a name: ";
  for (std::size_t i = 0; i < std::min(kShown, model.class_names.size()); ++i) {
    constexpr std::size_t kMaxShown = 40;
    const std::string& name = model.class_names[i];
    text += (i == 0 ? "" : ", ") +
            (name.size() <= kMaxShown ? name : name.substr(0, kMaxShown) + "...");
  }
  return text + (model.class_names.size() > kShown ? ", ..." : "");
}

}  // namespace

float label_of(const EnergyModel& model, const std::string& klass) {
  const std::string given = "class = " + klass;
  if (model.classes == 0 && model.terms.size() > 1) {
    refuse_condition(given + ": '" + model.origin +
                     "' leaves no class open: models with the same " +
                     "classes have to be in it, without #class=");
  }
  if (model.classes == 0) {
    refuse_condition(given + ": " + (model.origin.empty() ? "the model" : model.origin) +
                     " has no classes");
  }
  if (klass == kNone) {
    require_none(model, given, "must be given a class, as in MODEL#class=0");
    return static_cast<float>(model.classes);
  }
  if (const auto number = number_of(klass)) {
    if (*number >= 0 && *number < model.classes) return static_cast<float>(*number);
  }
  const auto named = std::ranges::find(model.class_names, klass);
  if (named != model.class_names.end()) {
    return static_cast<float>(named - model.class_names.begin());
  }
  std::vector<std::string> names = model.class_names;
  names.emplace_back(kNone);
  const std::string nearest = number_of(klass) ? "" : base::nearest_name(klass, names);
  refuse_condition(given + ": " +
                   (nearest.empty() ? "" : "did you mean " + base::quote(nearest, '\'') + "? ") +
                   known_classes(model));
}

std::string class_text(const EnergyModel& model, float label) {
  const auto index = static_cast<std::size_t>(label);
  if (static_cast<std::int64_t>(index) >= model.classes) return kNone;
  return index < model.class_names.size() ? model.class_names[index] : std::to_string(index);
}

std::vector<float> context_of(const EnergyModel& model, const Condition& condition) {
  std::vector<float> context;
  if (model.classes > 0) {
    context.push_back(label_of(model, condition.klass.empty() ? kNone : condition.klass));
  } else if (!condition.klass.empty()) {
    label_of(model, condition.klass);  // throws
  }
  if (condition.level && !model.noise_level) {
    refuse_condition("level = " + base::number_text(*condition.level) + ": " +
                     (model.origin.empty() ? "the model" : model.origin) +
                     " reads no level of noise");
  }
  if (!model.noise_level) return context;
  if (!condition.level && model.level_walk) {
    context.push_back(model.level_walk->settings.levels.lowest);
    return context;
  }
  if (!condition.level) {
    refuse_condition((model.origin.empty() ? "the model" : model.origin) +
                     " reads a level of noise: must be given as MODEL#level=X");
  }
  base::require_positive("level", *condition.level);
  context.push_back(base::to_float("level", *condition.level));
  return context;
}

std::vector<float> labels_of(const EnergyModel& model, const std::string& classes) {
  const auto is_name = [&](const std::string& text) {
    return std::ranges::find(model.class_names, text) != model.class_names.end();
  };
  if (is_name(classes)) return {label_of(model, classes)};
  std::vector<float> labels;
  std::size_t start = 0;
  while (start <= classes.size()) {
    const std::size_t end = std::min(classes.find(',', start), classes.size());
    const std::string klass = classes.substr(start, end - start);
    if (klass.empty()) refuse_condition("class = " + classes + ": has an empty entry");
    start = end + 1;
    if (klass != "all" || is_name(klass) || model.classes == 0) {
      labels.push_back(label_of(model, klass));
      continue;
    }
    for (std::int64_t k = 0; k < model.classes; ++k) labels.push_back(static_cast<float>(k));
  }
  std::vector<float> sorted = labels;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end()) {
    refuse_condition("class = " + classes + ": has class " + class_text(model, *twice) + " twice");
  }
  return labels;
}

std::vector<float> contexts_of(const EnergyModel& model, const std::vector<float>& labels,
                               std::int64_t n_each) {
  if (model.noise_level && !model.level_walk) {
    refuse_condition(model.origin +
                     " reads a level of noise: give MODEL#class=NAME,level=X in place of " +
                     "--class");
  }
  std::vector<float> contexts;
  for (const float label : labels) {
    for (std::int64_t i = 0; i < n_each; ++i) {
      contexts.push_back(label);
      if (model.noise_level) contexts.push_back(model.level_walk->settings.levels.lowest);
    }
  }
  return contexts;
}

EnergyModel guided(EnergyModel model, const samplers::Guidance& guidance) {
  const double w = guidance.weight;
  if (model.classes == 0) {
    refuse_condition("guidance = " + base::number_text(w) + ": " +
                     (model.origin.empty() ? "the model" : model.origin) + " has no classes");
  }
  guidance.validate();
  if (guidance.is_timed() && model.settings.sampler != samplers::SamplerKind::kGradientFlow) {
    refuse_condition((guidance.end ? "guidance_end = " + base::number_text(*guidance.end)
                                   : "guidance_start = " + base::number_text(guidance.start)) +
                     ": is a time of a flow, which " +
                     (model.origin.empty() ? "the model" : model.origin) +
                     " is not sampled by; models of objective = energy-matching are");
  }
  if (w != 1.0) {
    require_none(model, "guidance = " + base::number_text(w),
                 "must be 1, or of a model trained with label_dropout");
  }
  const auto none = static_cast<float>(model.classes);
  const auto wrapped = [none, guidance](std::shared_ptr<const samplers::Energy> energy)
      -> std::shared_ptr<const samplers::Energy> {
    return std::make_shared<samplers::GuidedEnergy>(std::move(energy), none, guidance);
  };
  model.settings.flow_sets_time = guidance.is_timed();
  if (model.level_walk) wrap(wrapped, model.level_walk->energy, model.level_walk->in_float32);
  wrap(wrapped, model.energy, model.in_float32);
  return model;
}

EnergyModel bind_condition(EnergyModel model, const Condition& condition) {
  const std::vector<float> context = context_of(model, condition);
  if (context.empty()) return model;
  if (condition.level) model.level_walk.reset();
  if (model.level_walk && model.classes > 0) {
    const auto of_class = [label = context.front()](std::shared_ptr<const samplers::Energy> energy)
        -> std::shared_ptr<const samplers::Energy> {
      return std::make_shared<samplers::ClassEnergy>(std::move(energy), label);
    };
    wrap(of_class, model.level_walk->energy, model.level_walk->in_float32);
  }
  const auto bound = [context](std::shared_ptr<const samplers::Energy> energy)
      -> std::shared_ptr<const samplers::Energy> {
    return std::make_shared<samplers::ConditionalEnergy>(std::move(energy), context);
  };
  wrap(bound, model.energy, model.in_float32);
  if (!condition.klass.empty()) {
    model.checkpoint.clear();
    if (context.front() < static_cast<float>(model.classes)) {
      model.data = data_of_class(model, context.front());
    }
  }
  model.classes = 0;
  model.class_names.clear();
  model.noise_level = false;
  return model;
}

EnergyModel bind_level(EnergyModel model, std::optional<double> level) {
  // Of any class: "none" may be one that the model was not trained for.
  const bool has_classes = model.classes > 0;
  std::vector<float> behind = context_of(model, {has_classes ? "0" : "", level});
  if (has_classes) behind.erase(behind.begin());
  if (behind.empty()) return model;
  if (level) model.level_walk.reset();
  const auto bound = [behind](std::shared_ptr<const samplers::Energy> energy)
      -> std::shared_ptr<const samplers::Energy> {
    return std::make_shared<samplers::ConditionalEnergy>(std::move(energy), behind);
  };
  wrap(bound, model.energy, model.in_float32);
  model.noise_level = false;
  return model;
}

EnergyModel as_sampled(EnergyModel model, std::optional<samplers::SamplerKind> sampler) {
  const bool goes_through = sampler && samplers::has_levels(*sampler);
  if (goes_through && !model.level_walk) {
    throw Error(ErrorCode::kUsage, "sampler = " + samplers::sampler_name(*sampler) + ": " +
                                       (model.origin.empty() ? "the energy" : model.origin) +
                                       " reads no levels of noise to go through");
  }
  if (!model.level_walk || (sampler && !goes_through)) return model;
  model.energy = model.level_walk->energy;
  model.settings = model.level_walk->settings;
  model.in_float32 = nullptr;  // of the bound energy; no sampler of levels has an accept step
  return model;
}

}  // namespace ebm::models
