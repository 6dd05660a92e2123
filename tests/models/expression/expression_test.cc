#include "models/expression/expression.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace ebm::models {
namespace {

/// The tree in a form that is easy to compare: +(...) for sums, |(...) for mixtures, weights as
/// 2*, options in [].
std::string tree_of(const Expression& expression) {
  std::string text;
  if (expression.has_weight) {
    text = std::to_string(expression.weight);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    text += "*";
  }
  switch (expression.kind) {
    case Expression::Kind::kModel:
      text += expression.name;
      break;
    case Expression::Kind::kToy:
      text += "toy:" + expression.name;
      break;
    case Expression::Kind::kSum:
      text += "+";
      break;
    case Expression::Kind::kMixture:
      text += "|";
      break;
  }
  for (const Expression::Option& option : expression.options) {
    text += "[" + option.key + "=" + option.value + "]";
  }
  if (expression.terms.empty()) return text;
  std::string terms;
  for (const Expression& term : expression.terms) {
    terms += (terms.empty() ? "" : " ") + tree_of(term);
  }
  return text + "(" + terms + ")";
}

std::string tree(const std::string& text, const IsName& is_name = nullptr) {
  return tree_of(parse_expression("model", text, is_name));
}

TEST(ExpressionTest, SumsAndWeights) {
  EXPECT_EQ(tree("runs/a"), "runs/a");
  EXPECT_EQ(tree("runs/a + 0.5*runs/b"), "+(runs/a 0.5*runs/b)");
  EXPECT_EQ(tree("a - 0.3*b"), "+(a -0.3*b)");
  EXPECT_EQ(tree(" a  -  b + 2 * c "), "+(a -1*b 2*c)");
  EXPECT_EQ(tree("a + -0.3*b"), "+(a -0.3*b)");
  EXPECT_EQ(tree("2*3*a"), "6*a");
  EXPECT_EQ(tree("- a"), "-1*a");
  EXPECT_EQ(tree("sum(2*a; b)"), "+(2*a b)");
  EXPECT_EQ(tree("1e-2*a"), "0.01*a");
}

TEST(ExpressionTest, BracketsAndMixtures) {
  EXPECT_EQ(tree("mix(0.3*a; b)"), "|(0.3*a b)");
  EXPECT_EQ(tree("a + 0.5*(b - c)"), "+(a 0.5*+(b -1*c))");
  EXPECT_EQ(tree("(a) + (b)"), "+(a b)");
  EXPECT_EQ(tree("(a)+(b)"), "+(a b)");
  EXPECT_EQ(tree("mix(a + b; 2*mix(c; d))"), "|(+(a b) 2*|(c d))");
  // A weight in brackets is one of the energy.
  EXPECT_EQ(tree("mix((0.3*a); b)"), "|(+(0.3*a) b)");
  EXPECT_EQ(tree("2*(3*a)"), "2*+(3*a)");
}

TEST(ExpressionTest, NamesHaveOperatorsInThem) {
  EXPECT_EQ(tree("uva-wide + a+b - c_2"), "+(uva-wide a+b -1*c_2)");
  EXPECT_EQ(tree("my runs/a + b"), "+(my runs/a b)");
  EXPECT_EQ(tree("../a.safetensors"), "../a.safetensors");
  EXPECT_EQ(tree("runs/a (copy)"), "runs/a (copy)");
}

TEST(ExpressionTest, WhatExistsIsAName) {
  const auto exists = [](const std::vector<std::string>& names) {
    return [names](const std::string& text) {
      return std::find(names.begin(), names.end(), text) != names.end();
    };
  };
  EXPECT_EQ(tree("a + b", exists({"a + b"})), "a + b");
  EXPECT_EQ(tree("2*a", exists({"2*a"})), "2*a");
  EXPECT_EQ(tree("3*2*a", exists({"2*a"})), "3*2*a");
  EXPECT_EQ(tree("(b", exists({"(b"})), "(b");
  EXPECT_EQ(tree("mix(a)", exists({"mix(a)"})), "mix(a)");
  EXPECT_EQ(tree("m#class=2", exists({"m#class=2"})), "m#class=2");
  EXPECT_EQ(tree("(a + b) + c", exists({"a + b"})), "+(a + b c)");
}

TEST(ExpressionTest, ConditionsOfModels) {
  EXPECT_EQ(tree("m#class=2 + m#class=7"), "+(m[class=2] m[class=7])");
  EXPECT_EQ(tree("m#class=T-shirt/top"), "m[class=T-shirt/top]");
  EXPECT_EQ(tree("m#class=Ankle boot,level=0.5 - a"), "+(m[class=Ankle boot][level=0.5] -1*a)");
  // Names of classes have commas.
  EXPECT_EQ(tree("m#class=tench, Tinca tinca"), "m[class=tench, Tinca tinca]");
  EXPECT_EQ(tree("a#1#class=none"), "a#1[class=none]");
  EXPECT_EQ(tree("2*m#class=a*b"), "2*m[class=a*b]");
}

TEST(ExpressionTest, Toys) {
  EXPECT_EQ(tree("toy:gaussian,mean=1,sd=2 + 0.5*toy:rings"),
            "+(toy:gaussian[mean=1][sd=2] 0.5*toy:rings)");
  EXPECT_EQ(tree("toy:sum(2.5*banana;-1e-1*rings,sd=0.2)"),
            "toy:sum(2.5*toy:banana -0.1*toy:rings[sd=0.2])");
  EXPECT_EQ(tree("toy:tempered(gaussian + 2*rings),temperature=3"),
            "toy:tempered[temperature=3](+(toy:gaussian 2*toy:rings))");
  EXPECT_EQ(tree("toy:conditional(observation),at=1/-2"),
            "toy:conditional[at=1/-2](toy:observation)");
  EXPECT_EQ(tree("mix(toy:rings; m)"), "|(toy:rings m)");
  EXPECT_TRUE(has_only_toys(parse_expression("model", "mix(toy:rings; 2*toy:gaussian)")));
  EXPECT_FALSE(has_only_toys(parse_expression("model", "toy:rings + m")));
}

std::string refusal(const std::string& text) {
  try {
    parse_expression("model", text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(ExpressionTest, SaysWhatIsWrong) {
  for (const auto& [text, fragment] : std::vector<std::pair<std::string, std::string>>{
           {"", "has an empty term"},
           {"a +", "has an empty term"},
           {"a + + b", "has an empty term"},
           {"mix(a;)", "has an empty term"},
           {"mix()", "has an empty term"},
           {"(a", "has an open bracket"},
           {"a)", "')' closes no bracket"},
           {"mix(a; b", "has an open bracket"},
           {"(a)b", "'b' follows a bracket"},
           {"mix(a; b)+c", "'+c' follows a bracket"},
           {"x*a", "the weight 'x' must be a number"},
           {"nan*a", "the weight 'nan' must be a number"},
           {"mx(a; b)", "no such function: 'mx'; did you mean mix?"},
           {"product(a; b)", "no such function: 'product'"},
           {"mix(a, b)", "has one term in mix(): must have ; between terms, not a comma"},
           {"mix(m#class=1, m#class=2)", "must have ; between terms, not a comma"},
           {"m#clas=2", "did you mean 'class'?"},
           {"m#3", "must be #class=NAME"},
           {"m#class=", "class has no value"},
           {"m#class=1,class=2", "'class' is given twice"},
           {"m#level=low", "the level 'low' must be a number"},
           {std::string(20, '(') + "a" + std::string(20, ')'), "must be at most 16 deep"}}) {
    EXPECT_NE(refusal(text).find(fragment), std::string::npos) << text << ": " << refusal(text);
  }
  EXPECT_EQ(refusal("(a"), "model = (a: has an open bracket: must be closed by )");
}

}  // namespace
}  // namespace ebm::models
