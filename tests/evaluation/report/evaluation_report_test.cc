#include "evaluation/report/evaluation_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "evaluation/report/evaluation_json.h"
#include "evaluation/report/evaluation_tables.h"

namespace ebm::evaluation {
namespace {

metrics::SampleQuality some_quality(double fd) {
  metrics::SampleQuality q;
  q.n = 200;
  q.fd = fd;
  q.fd_infinity = fd - 0.5;
  q.is_fd_reliable = fd < 100.0;
  q.is_fd_infinity_reliable = fd < 10.0;
  q.kid = 0.012;
  q.kid_sd = 0.003;
  q.precision = 0.81;
  q.recall = 0.82;
  q.density = 0.83;
  q.coverage = 0.84;
  q.two_sample_1nn = {0.6, 0.5, 0.7};
  q.classes = metrics::ClassHistogram{{150, 50}, 0, 0.56, 0.13};
  return q;
}

EvalReport some_report() {
  EvalReport report;
  report.model = EvaluatedModel{.name = "runs/m",
                                .file = "runs/m/checkpoints/000500/model.safetensors",
                                .steps = 60,
                                .step_size = 10.0,
                                .noise_scale = 0.005,
                                .temperature = 1.25e-6};
  report.evaluation.data = "fashion-mnist#split=train";
  report.evaluation.test = "fashion-mnist#split=test";
  report.evaluation.features = "file";
  report.evaluation.n = 200;
  report.evaluation.samples = {{"noise", "noise", some_quality(12.5),
                                metrics::Memorisation{1.25, 1.5, 1.2, 1.4, 0.8, 0.9, 0.015, -6.25}},
                               {"data", "data", some_quality(2.5)}};
  report.evaluation.anchors = {{"test", "test images", some_quality(0.5)},
                               {"uniform_noise", "uniform noise", some_quality(512.0)}};
  report.evaluation.ood = {{"npy:x.npy", 77, 0.9, 0.8, 0.7}};
  return report;
}

TEST(EvalReportTest, FiguresOfSamplesFromNoiseAreAtTheTop) {
  const nlohmann::json document = eval_json(some_report());
  for (const char* key : {"fd", "kid", "precision", "recall", "density", "coverage"}) {
    EXPECT_EQ(document.at(key), document.at("samples").at("noise").at(key)) << key;
  }
  EXPECT_EQ(document.at("fd"), 12.5);
  EXPECT_EQ(document.at("samples").at("data").at("fd"), 2.5);
  EXPECT_EQ(document.at("anchors").at("uniform_noise").at("fd_reliable"), false);
  EXPECT_EQ(document.at("ood").at("npy:x.npy").at("auroc"), 0.9);
  EXPECT_EQ(document.at("ood").at("npy:x.npy").at("auroc_complexity"), 0.7);
  EXPECT_EQ(document.at("classes").at("counts"), (std::vector<int>{150, 50}));
  EXPECT_EQ(document.at("features").at("name"), "FD-CNN");
  const auto& noise = document.at("samples").at("noise");
  EXPECT_EQ(noise.at("fd_reliable"), true);
  EXPECT_EQ(noise.at("fd_infinity_reliable"), false);
  EXPECT_EQ(noise.at("memorisation").at("z_score"), -6.25);
  EXPECT_FALSE(document.at("anchors").at("test").contains("memorisation"));
}

TEST(EvalReportTest, ScoresHaveARowForEachLevel) {
  EvalReport report = some_report();
  report.evaluation.detections = {{.score = ImageScore::kEnergy,
                                   .level = 0.02f,
                                   .median = -3.5,
                                   .others = {{"flat", 0.25, 0.75}}},
                                  {.score = ImageScore::kGradientNorm,
                                   .level = 0.02f,
                                   .median = 2.0,
                                   .others = {{"flat", 1, 0}}}};
  const nlohmann::json document = eval_json(report);
  const nlohmann::json& first = document.at("scores").at("energy@0.02");
  EXPECT_EQ(first.at("score"), "energy");
  EXPECT_EQ(first.at("level"), 0.02f);
  EXPECT_EQ(first.at("median"), -3.5);
  EXPECT_EQ(first.at("flat").at("auroc"), 0.25);
  EXPECT_EQ(first.at("flat").at("auroc_typicality"), 0.75);
  EXPECT_EQ(document.at("scores").at("gradient_norm@0.02").at("flat").at("auroc"), 1.0);
  const std::string text = eval_text(report);
  EXPECT_NE(text.find("0.250 / 0.750"), std::string::npos) << text;
  EXPECT_NE(text.find("norm of dE/dx"), std::string::npos) << text;
  report.evaluation.detections = {{.score = ImageScore::kEnergy, .others = {{"flat", 0.25, 0.75}}}};
  const nlohmann::json without = eval_json(report);
  EXPECT_FALSE(without.at("scores").at("energy").contains("level"));
}

TEST(EvalReportTest, ColumnsAreAligned) {
  const std::string text = eval_text(some_report());
  const auto line_with = [&](const std::string& part) {
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part << " in\n" << text;
    const auto begin = text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  const std::string header = line_with("FD-CNN_inf");
  const std::string noise = line_with("  noise "), anchor = line_with("  uniform noise");
  EXPECT_NE(noise.find("12.500 "), std::string::npos);
  EXPECT_NE(noise.find("12.000*"), std::string::npos);
  EXPECT_NE(anchor.find("512.000*"), std::string::npos);
  EXPECT_EQ(noise.size(), anchor.size());
  EXPECT_EQ(header.size(), noise.size());  // each has one ±, of two bytes
  EXPECT_NE(text.find("60 steps, step size 10, noise scale 0.005 (T = 1.25e-06)"),
            std::string::npos);
  EXPECT_NE(text.find("full rank"), std::string::npos);
  EXPECT_EQ(text.find("FID"), std::string::npos);
  const std::string nearest = line_with("1.25  ");
  EXPECT_NE(nearest.find("1.5  -6.2   1.5 %"), std::string::npos) << nearest;
}

TEST(EvalReportTest, WithoutAClassifierThereAreNoClasses) {
  EvalReport report = some_report();
  report.evaluation.is_classifier = false;
  for (auto* sets : {&report.evaluation.samples, &report.evaluation.anchors}) {
    for (EvaluatedSet& set : *sets) set.quality.classes.reset();
  }
  const std::string text = eval_text(report);
  EXPECT_EQ(text.find("FD-CNN"), std::string::npos);
  EXPECT_EQ(text.find("predicted classes"), std::string::npos);
  EXPECT_FALSE(eval_json(report).contains("classes"));
}

TEST(EvalReportTest, WhatIsUndefinedIsAWordOrNull) {
  EvalReport report = some_report();
  report.evaluation.samples[0].memorisation->z_score = std::nan("");
  report.evaluation.samples[0].quality.fd_infinity = std::nan("");
  const auto document = nlohmann::json::parse(eval_json(report).dump());
  const auto& noise = document.at("samples").at("noise");
  EXPECT_TRUE(noise.at("memorisation").at("z_score").is_null());
  EXPECT_TRUE(noise.at("fd_infinity").is_null());
  const std::string text = eval_text(report);
  EXPECT_NE(text.find("undefined"), std::string::npos) << text;
  EXPECT_EQ(text.find(" nan"), std::string::npos) << text;
}

}  // namespace
}  // namespace ebm::evaluation
