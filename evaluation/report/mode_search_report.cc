#include "evaluation/report/mode_search_report.h"

#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/printed.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/terms_json.h"
#include "landscape/energy_map_text.h"

namespace ebm::evaluation {

std::string mode_search_text(const ModeSearchReport& report) {
  const auto& [model, options, settings, states, found] = report;
  std::string text = base::printed(
      "%lld chains of %s, step size %g, T = %g, %lld frames %lld steps apart",
      static_cast<long long>(options.n), samplers::sampler_name(settings.sampler).c_str(),
      double{settings.step_size}, double{settings.temperature},
      static_cast<long long>(options.frames), static_cast<long long>(options.lag));
  const samplers::ChainInfo total = found.walk.info.total();
  if (total.n_transitions > 0) text += base::printed(", acceptance %.3f", total.acceptance());
  return text + "\n" + landscape::map_text(found.map);
}

nlohmann::json mode_search_json(const ModeSearchReport& report) {
  const auto& [model, options, settings, states, found] = report;
  nlohmann::json document{{"n", options.n},
                          {"frames", options.frames},
                          {"lag", options.lag},
                          {"burn_in", options.burn_in},
                          {"sampler", samplers::sampler_name(settings.sampler)},
                          {"step_size", base::plain_double(settings.step_size)},
                          {"temperature", base::plain_double(settings.temperature)},
                          {"states", base::name_of("states", landscape::kStateKinds, states)}};
  const samplers::ChainInfo total = found.walk.info.total();
  if (total.n_transitions > 0) document["acceptance"] = total.acceptance();
  add_arithmetic(model.precision, document);
  add_terms(model.terms, document);
  document.update(landscape::map_json(found.map));
  return document;
}

}  // namespace ebm::evaluation
