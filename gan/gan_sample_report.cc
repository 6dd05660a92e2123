#include "gan/gan_sample_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/printed.h"

namespace ebm::gan {

std::string gan_sample_text(const GanSampleReport& report) {
  std::string text;
  if (report.walk) {
    text += base::printed("%lld steps of %s on the latents, step size %g, T = %g",
                          static_cast<long long>(report.latent_steps),
                          samplers::sampler_name(report.settings->sampler).c_str(),
                          double{report.settings->step_size}, double{report.settings->temperature});
    if (report.walk->acceptance)
      text += base::printed("; acceptance %.3f", *report.walk->acceptance);
    text += std::isnan(report.walk->rhat)
                ? "; R-hat unknown: too few chains or steps\n"
                : base::printed("; largest R-hat %.4g\n", report.walk->rhat);
  }
  if (report.fd_before) {
    text += base::printed("FD-CNN from %s, n = %lld: %.5g", report.data.c_str(),
                          static_cast<long long>(report.n), *report.fd_before);
    if (report.fd_after) text += base::printed(" before the steps, %.5g after", *report.fd_after);
    text += "\n";
  }
  if (!report.out.empty()) {
    text += base::printed("%lld samples are in %s\n", static_cast<long long>(report.n),
                          report.out.c_str());
  }
  return text;
}

nlohmann::json gan_sample_json(const GanSampleReport& report) {
  nlohmann::json document{{"n", report.n}};
  if (!report.out.empty()) document["out"] = report.out;
  if (report.walk) {
    document["latent_steps"] = report.latent_steps;
    document["sampler"] = samplers::sampler_name(report.settings->sampler);
    document["step_size"] = report.settings->step_size;
    document["temperature"] = report.settings->temperature;
    document["rhat"] = report.walk->rhat;
    if (report.walk->acceptance) document["acceptance"] = *report.walk->acceptance;
  }
  if (report.fd_before) document["fd_before"] = *report.fd_before;
  if (report.fd_after) document["fd"] = *report.fd_after;
  if (report.fd_before && !report.fd_after) document["fd"] = *report.fd_before;
  return document;
}

}  // namespace ebm::gan
