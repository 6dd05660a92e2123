#include "nets/files/model.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "base/json_nesting.h"
#include "base/names/choice.h"
#include "base/number_text.h"
#include "base/quote.h"
#include "base/require.h"
#include "base/utf8.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/model_part.h"
#include "nets/files/parse_toml.h"

namespace ebm::nets {
namespace fs = std::filesystem;
namespace {

constexpr const char* kArchitectureKey = "architecture";
constexpr const char* kSamplerKey = "sampler";
constexpr const char* kDataKey = "data";
constexpr const char* kClassNamesKey = "class_names";

/// Where the bytes of a name are that is no UTF-8, as that of a folder may be: the list is JSON.
std::string name_key(std::size_t label) {
  return std::string(kClassNamesKey) + "." + std::to_string(label);
}

std::string class_names_to_json(const std::vector<std::string>& names) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& name : names) list.push_back(base::to_utf8(name));
  return list.dump();
}

/// @param classes  of the network
std::vector<std::string> class_names_from_json(const std::string& text, std::int64_t classes,
                                               const std::string& origin) {
  const auto fail = [&](const std::string& problem) {
    throw Error(ErrorCode::kBadData, origin + ": its class_names " + problem);
  };
  if (base::nests_deeper(text)) fail("are no list of names");
  const auto list = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!list.is_array()) fail("are no list of names");
  std::vector<std::string> names;
  for (const auto& name : list) {
    if (!name.is_string()) fail("are no list of names");
    names.push_back(name.get<std::string>());
  }
  if (std::ssize(names) != classes) {
    fail("are " + std::to_string(names.size()) + ", but the network has " +
         std::to_string(classes) + " classes");
  }
  return names;
}

/// Puts the bytes of names in place of what the list has for them.
void restore_bytes(std::vector<std::string>& names, const Metadata& metadata) {
  for (std::size_t label = 0; label < names.size(); ++label) {
    const auto bytes = metadata.find(name_key(label));
    if (bytes != metadata.end() && base::to_utf8(bytes->second) == names[label]) {
      names[label] = bytes->second;
    }
  }
}

/// @param key  whose text it is
double positive_number_of(const std::string& key, const std::string& text,
                          const std::string& origin) {
  double number = 0.0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, number);
  if (status == std::errc() && stop == end && std::isfinite(number) && number > 0.0) return number;
  throw Error(ErrorCode::kBadData, origin + ": its " + key + " is " + base::quote(text, '\'') +
                                       ", expected a positive number");
}

double label_dropout_of(const std::string& text, const std::string& origin) {
  double rate = 0.0;
  const char* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, rate);
  if (status == std::errc() && stop == end && rate >= 0.0 && rate <= 1.0) return rate;
  throw Error(ErrorCode::kBadData, origin + ": its label_dropout is " + base::quote(text, '\'') +
                                       ", expected a number from 0 to 1");
}

Model from_file(SafetensorsFile file, const std::string& origin) {
  for (const char* key : {kArchitectureKey, kSamplerKey, kDataKey}) {
    if (!file.metadata.contains(key)) {
      throw Error(ErrorCode::kBadData, origin + ": its metadata has no " + std::string(key) +
                                           "; expected a model written by ebm train "
                                           "(ebm import makes one of PyTorch's weights)");
    }
  }
  Model model;
  model.origin = origin;
  model.architecture =
      architecture_from_toml(file.metadata.at(kArchitectureKey), origin + " (architecture)");
  model.data = file.metadata.at(kDataKey);
  if (const auto names = file.metadata.find(kClassNamesKey); names != file.metadata.end()) {
    model.class_names = class_names_from_json(names->second, model.architecture.classes, origin);
    restore_bytes(model.class_names, file.metadata);
  }
  if (const auto text = file.metadata.find(kClassifyWeightKey); text != file.metadata.end()) {
    model.classify_weight = positive_number_of(kClassifyWeightKey, text->second, origin);
  }
  if (const auto text = file.metadata.find(kLabelDropoutKey); text != file.metadata.end()) {
    model.label_dropout = label_dropout_of(text->second, origin);
  }
  if (const auto text = file.metadata.find(kDataSdKey); text != file.metadata.end()) {
    model.data_sd = positive_number_of(kDataSdKey, text->second, origin);
    if (!model.architecture.noise_level) {
      throw Error(ErrorCode::kBadData, origin +
                                           ": it has a data_sd, but its network reads no "
                                           "noise level");
    }
  }
  if (const auto text = file.metadata.find(kOneLogZKey); text != file.metadata.end()) {
    if (text->second != "true" || model.data_sd == 0.0) {
      throw Error(ErrorCode::kBadData, origin + ": its one_log_z is " +
                                           base::quote(text->second, '\'') +
                                           ", expected true beside a data_sd");
    }
    model.one_log_z = true;
  }
  model.recipe = recipe_from_toml(file.metadata.at(kSamplerKey), origin);
  if (samplers::has_levels(model.recipe.sampler) && !model.architecture.noise_level) {
    throw Error(ErrorCode::kBadData, origin +
                                         ": its sampler goes through levels of noise, which "
                                         "its network does not read");
  }
  model.base = take_part(kBasePart, file);
  model.weights = std::move(file);
  return model;
}

}  // namespace

SafetensorsFile model_file(const Architecture& architecture, const SamplerRecipe& recipe,
                           const std::string& data, SafetensorsFile weights,
                           const std::vector<std::string>& class_names) {
  weights.metadata["format"] = "pt";  // what Python loaders ask for
  weights.metadata[kArchitectureKey] = architecture_to_toml(architecture);
  weights.metadata[kSamplerKey] = recipe_to_toml(recipe);
  weights.metadata[kDataKey] = data;
  // Files of models without names are those of versions that knew no classes.
  if (!class_names.empty()) {
    if (std::ssize(class_names) != architecture.classes) {
      throw Error(ErrorCode::kUsage, std::to_string(class_names.size()) +
                                         " class names for a network of " +
                                         std::to_string(architecture.classes) + " classes");
    }
    weights.metadata[kClassNamesKey] = class_names_to_json(class_names);
    for (std::size_t label = 0; label < class_names.size(); ++label) {
      const std::string& name = class_names[label];
      if (!base::is_utf8(name)) weights.metadata[name_key(label)] = name;
    }
  }
  return weights;
}

Model model_of(ModelFile file) {
  Model model = from_file(std::move(file.tensors), file.origin);
  model.checkpoint = std::move(file.checkpoint);
  return model;
}

Model read_model(const fs::path& path, const Warn& warn) {
  return model_of(read_model_file(path, warn));
}

}  // namespace ebm::nets
