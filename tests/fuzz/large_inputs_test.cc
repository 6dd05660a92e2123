// Inputs that are too large for files of the corpus: a reader's memory or time must not grow faster
// than they do, nor its stack.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "tests/fuzz/run_target.h"

namespace ebm::fuzz {
namespace {

constexpr int kMegabyte = 1000000;

std::string repeated(const std::string& text, int n) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

/// `n` parts with numbers in place of the #, joined by commas.
std::string numbered(const std::string& part, int n, const std::string& between = ",") {
  std::string all;
  for (int i = 0; i < n; ++i) {
    std::string each = part;
    for (auto at = each.find('#'); at != std::string::npos; at = each.find('#')) {
      each.replace(at, 1, std::to_string(i));
    }
    all += (i > 0 ? between : "") + each;
  }
  return all;
}

/// A safetensors file of that header.
std::string safetensors_of(const std::string& header) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header;
}

void expect_no_fault(const char* name, const std::string& bytes) {
  const auto target = std::ranges::find(targets(), std::string_view(name), &Target::name);
  ASSERT_NE(target, targets().end()) << name;
  const auto fault = fault_of(*target, bytes);
  EXPECT_FALSE(fault) << name << ": " << fault.value_or("");
}

TEST(LargeInputsTest, NestingUsesNoStack) {
  const std::string brackets = repeated("[", 100000) + repeated("]", 100000);
  for (const char* name :
       {"adapted", "bench_json", "classify_json", "eval_json", "modes_json", "restore_json"}) {
    for (const std::string& text : {brackets, "{\"a\":" + brackets + "}",
                                    repeated("{\"a\":", 100000), repeated("[{\"a\":", 50000)}) {
      expect_no_fault(name, text);
    }
  }
  expect_no_fault("eval_json", "{\"ood\":" + brackets + ",\"energies\":" + brackets + "}");
  expect_no_fault("modes_json", "{\"modules\":" + brackets + ",\"tree\":" + brackets + "}");
  expect_no_fault("adapted",
                  "{\"sampler\":\"hmc\",\"step_size\":1,\"inverse_mass\":" + brackets + "}");
  expect_no_fault("checkpoint", brackets + "\n\n" + brackets);
  expect_no_fault("checkpoint", "{\"format\":1,\"files\":{\"state.json\":" + brackets +
                                    "}}\n\n{\"scheduled\":true," + "\"guard_counts\":" + brackets +
                                    "}");
  const std::string dots = repeated("a.", 200000) + "a = 1";
  for (const char* name : {"architecture", "config"}) {
    for (const std::string& text :
         {dots, "[" + dots, "a = {" + dots + "}", "a = " + brackets,
          "a = " + repeated("{a = ", 100000), repeated("[a]\n", 100000)}) {
      expect_no_fault(name, text);
    }
  }
  expect_no_fault("safetensors", safetensors_of("{\"a\":" + brackets + "}"));
  expect_no_fault("toy", repeated("sum(", 100000));
  expect_no_fault("toy", repeated("sum(", 100000) + "rings" + repeated(")", 100000));
}

TEST(LargeInputsTest, ManyDistinctNamesTakeNoQuadraticTime) {
  expect_no_fault("eval_json", "{" + numbered("\"k#\":1", 90000) + "}");
  expect_no_fault("eval_json", "{\"ood\":{" + numbered("\"s#\":{\"k#\":1}", 50000) + "}}");
  expect_no_fault("eval_json", "{\"energies\":{" + numbered("\"s#\":{\"k\":1}", 50000) + "}}");
  expect_no_fault("modes_json", "{" + numbered("\"k#\":1", 90000) + "}");
  const std::string machine =
      R"({"machine":{"cpu":"x","cores":2,"simd":"A","version":"1"},"rows":[)";
  expect_no_fault("bench_json",
                  machine + numbered("{\"chain_steps_per_s\":1,\"n\":#}", 30000) + "]}");
  expect_no_fault("bench_json",
                  machine + numbered("{\"chain_steps_per_s\":1,\"net\":\"#\"}", 25000) + "]}");
  expect_no_fault("classify_json", "{\"classes\":[" + numbered("\"c#\"", 100000) + "]}");
  expect_no_fault("classify_json",
                  "{\"classes\":[\"a\"],\"confusion\":[[1]]," + numbered("\"k#\":1", 90000) + "}");
  expect_no_fault("restore_json", "{\"columns\":[" + numbered("\"c#\"", 100000) + "]}");
  expect_no_fault("restore_json", "{" + numbered("\"k#\":1", 90000) + "}");
  expect_no_fault("state_dict", safetensors_of("{" +
                                               numbered(R"("t#.weight":{"dtype":"F32","shape":[0],)"
                                                        R"("data_offsets":[0,0]})",
                                                        15000) +
                                               "}"));
  expect_no_fault("metrics_csv", "iteration," + numbered("c#", 150000) + "\n");
  expect_no_fault("metrics_csv", "iteration,loss\n" + numbered("#,1", 100000, "\n"));
  expect_no_fault("checkpoint",
                  "{\"format\":1,\"files\":{" + numbered("\"f#\":{}", 80000) + "}}\n\n{}");
  expect_no_fault("checkpoint", "{}\n\n{" + numbered("\"k#\":1", 80000) + "}");
  expect_no_fault("safetensors",
                  safetensors_of("{\"__metadata__\":{" + numbered("\"k#\":\"v\"", 80000) + "}}"));
  expect_no_fault(
      "safetensors",
      safetensors_of(
          "{" + numbered(R"("t#":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})", 18000) + "}"));
  expect_no_fault("config", numbered("k# = 1", 90000, "\n"));
  expect_no_fault("architecture", "input = [1, 1, 1]\nlayer = [" +
                                      numbered("{type = \"relu\"}", 55000) +
                                      ", {type = \"linear\", out_features = 1}]");
  expect_no_fault("architecture",
                  "input = [1, 1, 1]\n" + repeated("[[layer]]\ntype = \"silu\"\n", 38000));
  expect_no_fault("graph", numbered("a# b#", 70000, "\n"));
  expect_no_fault("graph", "*Vertices 100000\n*Edges\n" + numbered("1 2", 200000, "\n"));
  expect_no_fault("spec", "npy:x#" + numbered("k#=1", 100000));
  expect_no_fault("toy", "gaussian," + numbered("k#=1", 100000));
  expect_no_fault("toy", "sum(" + numbered("#*rings", 80000, ";") + ")");
}

TEST(LargeInputsTest, AMegabyteInAMessageIsCut) {
  const std::string long_name(kMegabyte, 'n');
  for (const Target& target : targets()) expect_no_fault(target.name, long_name);
  expect_no_fault("config", long_name + " = 1");
  expect_no_fault("config", "steps = '" + long_name + "'");
  expect_no_fault("config", "steps=" + long_name);
  expect_no_fault("architecture", "input = [1, 1, 1]\n" + long_name + " = 1");
  expect_no_fault("architecture", "input = [1, 1, 1]\n[[layer]]\ntype = '" + long_name + "'");
  expect_no_fault("checkpoint",
                  "{\"format\":1,\"files\":{\"" + long_name + "\":{}}}\n\n{\"scheduled\":true}");
  expect_no_fault("eval_json", "{\"energies\":{\"" + long_name + "\":1}}");
  expect_no_fault("metrics_csv", "iteration," + long_name + "," + long_name + "\n");
  expect_no_fault("metrics_csv", "iteration," + long_name + "\n1,x\n");
  expect_no_fault("graph", long_name + " b c d\n");
  expect_no_fault("safetensors", safetensors_of("{\"" + long_name + "\":{}}"));
  expect_no_fault("spec", "npy:" + long_name + "#limit=x");
  expect_no_fault("toy", "rings," + long_name + "=1");
}

}  // namespace
}  // namespace ebm::fuzz
