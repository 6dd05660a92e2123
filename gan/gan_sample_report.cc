#include "gan/gan_sample_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"

namespace ebm::gan {

std::string gan_sample_text(const GanSampleReport& report) {
  const auto& [options, samples, data, out] = report;
  std::string text;
  if (samples.walk) {
    text += base::printed("%lld steps of %s on the latents, step size %g, T = %g",
                          static_cast<long long>(options.latent_steps),
                          samplers::sampler_name(options.settings.sampler).c_str(),
                          double{options.settings.step_size}, double{options.settings.temperature});
    if (samples.walk->acceptance)
      text += base::printed("; acceptance %.3f", *samples.walk->acceptance);
    text += std::isnan(samples.walk->rhat)
                ? "; R-hat unknown: too few chains or steps\n"
                : base::printed("; largest R-hat %.4g\n", samples.walk->rhat);
  }
  if (samples.fd_before) {
    text += base::printed("FD-CNN from %s, n = %lld: %.5g", data.c_str(),
                          static_cast<long long>(options.n), *samples.fd_before);
    if (samples.fd_after) text += base::printed(" before the steps, %.5g after", *samples.fd_after);
    text += "\n";
  }
  if (!out.empty()) {
    text +=
        base::printed("%lld samples are in %s\n", static_cast<long long>(options.n), out.c_str());
  }
  return text;
}

nlohmann::json gan_sample_json(const GanSampleReport& report) {
  const auto& [options, samples, data, out] = report;
  nlohmann::json document{{"n", options.n}};
  if (!out.empty()) document["out"] = out;
  if (samples.walk) {
    document["latent_steps"] = options.latent_steps;
    document["sampler"] = samplers::sampler_name(options.settings.sampler);
    document["step_size"] = base::plain_double(options.settings.step_size);
    document["temperature"] = base::plain_double(options.settings.temperature);
    document["rhat"] = samples.walk->rhat;
    if (samples.walk->acceptance) document["acceptance"] = *samples.walk->acceptance;
  }
  if (samples.fd_before) document["fd_before"] = *samples.fd_before;
  if (samples.fd_after) document["fd"] = *samples.fd_after;
  if (samples.fd_before && !samples.fd_after) document["fd"] = *samples.fd_before;
  return document;
}

}  // namespace ebm::gan
