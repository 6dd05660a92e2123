#include "evaluation/report/restoration_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/number_text.h"
#include "base/printed.h"
#include "base/text_table.h"
#include "evaluation/report/precision_text.h"
#include "evaluation/report/sampler_text.h"
#include "samplers/kernels/target_temperature.h"

namespace ebm::evaluation {
namespace {

using base::printed;

double rate_of(const RestorationReport& report) {
  return static_cast<double>(report.restored.n_images * report.restored.n *
                             report.options.walk.steps) /
         report.restored.walk.seconds;
}

/// "mean of samples" -> "mean_of_samples"
std::string key_of(std::string name) {
  std::ranges::replace(name, ' ', '_');
  return name;
}

std::string scores_text(const RestorationReport& report) {
  std::vector<std::vector<std::string>> lines{{"", "PSNR", "of images", "SSIM"}};
  for (const ReconstructionScore& score : report.scores) {
    lines.push_back(
        {score.name, printed("%.2f", score.psnr), printed("%.2f", score.psnr_of_images)});
    if (score.ssim) lines.back().push_back(printed("%.3f", *score.ssim));
  }
  return base::text_table(lines);
}

}  // namespace

std::string restoration_text(const RestorationReport& report) {
  const Restoration& restored = report.restored;
  std::string text =
      printed("%lld image%s, %lld sample%s of each", static_cast<long long>(restored.n_images),
              restored.n_images == 1 ? "" : "s", static_cast<long long>(restored.n),
              restored.n == 1 ? "" : "s");
  if (!report.out.empty()) text += printed(" in %s", report.out);
  text += printed(", from what %s left of them", report.observed.text);
  text += printed(" and noise of sd %g\n", report.options.noise_sd);
  text += printed("%lld steps of ", static_cast<long long>(report.options.walk.steps));
  text += settings_text(report.settings);
  if (restored.denoised.empty())
    text += restored.weight > 0.0 ? printed(", weight of the observation %g", restored.weight)
                                  : std::string(", what is known is held");
  text += printed(", %.3g chain-steps/s on ", rate_of(report));
  text += arithmetic_text(report.precision) + "\n";
  if (!report.scores.empty()) text += "\n" + scores_text(report);
  if (report.coverage) {
    text += printed("the samples' 90 %% interval covers %.3f of the true values",
                    report.coverage->share);
    text += printed(" (%.3f if the truth were one of the samples)\n", report.coverage->expected);
  }
  return text;
}

nlohmann::json restoration_json(const RestorationReport& report) {
  const samplers::SamplerSettings& s = report.settings;
  const double weight = base::plain_double(static_cast<float>(report.restored.weight));
  nlohmann::json document{{"operator", report.observed.text},
                          {"noise_sd", report.options.noise_sd},
                          {"n_images", report.restored.n_images},
                          {"n", report.restored.n},
                          {"strength", report.options.strength},
                          {"observation_weight", weight},
                          {"init", report.init},
                          {"sampler", samplers::sampler_name(s.sampler)},
                          {"steps", report.options.walk.steps},
                          {"burn_in", report.options.walk.burn_in},
                          {"step_size", base::plain_double(s.step_size)},
                          {"seconds", report.restored.walk.seconds},
                          {"chain_steps_per_s", rate_of(report)}};
  if (samplers::has_temperature(s.sampler))
    document["temperature"] = base::plain_double(samplers::target_temperature(s));
  if (is_langevin(s)) document["noise_scale"] = base::plain_double(noise_scale_of(s));
  if (!report.restored.walk.info.chains.empty()) {
    document["acceptance"] = report.restored.walk.info.total().acceptance();
  }
  add_arithmetic(report.precision, document);
  for (const ReconstructionScore& score : report.scores) {
    const std::string key = key_of(score.name);
    document["psnr"][key] = score.psnr;
    document["psnr_of_images"][key] = score.psnr_of_images;
    if (score.ssim) document["ssim"][key] = *score.ssim;
  }
  if (report.coverage) {
    document["coverage"] = {{"interval", 0.9},
                            {"share", report.coverage->share},
                            {"expected", report.coverage->expected}};
  }
  const auto add_file = [&](const char* key, const std::string& file) {
    if (!file.empty()) document[key] = file;
  };
  add_file("out", report.out);
  add_file("mean", report.mean_out);
  add_file("spread", report.spread_out);
  if (!report.columns.empty()) document["columns"] = report.columns;
  return document;
}

}  // namespace ebm::evaluation
