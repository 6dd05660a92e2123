#include "evaluation/restoration/observation_operator.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <numeric>
#include <variant>

#include "base/error.h"
#include "base/names/nearest_name.h"
#include "data/formats/image_decoder.h"
#include "data/formats/input_file.h"
#include "data/formats/npy.h"
#include "samplers/operators/blur.h"
#include "samplers/operators/downsample.h"
#include "samplers/operators/identity.h"
#include "samplers/operators/mask.h"
#include "samplers/operators/projection.h"

namespace ebm::evaluation {
namespace {

using data::ItemShape;

samplers::ImageShape image_shape(const ItemShape& shape) {
  return {.channels = shape.channels, .height = shape.height, .width = shape.width};
}

/// @param option  with its value, for the message
template <class Number>
Number parse_number(const std::string& option, const std::string& text) {
  Number number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault == std::errc() && end == text.data() + text.size() && !text.empty()) return number;
  throw Error(ErrorCode::kUsage, option + ": '" + text + "' is no number");
}

std::string lengths_text(const std::vector<std::int64_t>& lengths) {
  std::string text;
  for (const std::int64_t length : lengths) {
    text += (text.empty() ? "" : "x") + std::to_string(length);
  }
  return text;
}

std::string size_text(const ItemShape& shape) { return lengths_text({shape.height, shape.width}); }

/// X,Y,WIDTH,HEIGHT
std::vector<std::uint8_t> box_mask(const std::string& value, const ItemShape& shape) {
  const std::string option = "operator = mask=box:" + value;
  std::vector<std::int64_t> numbers;
  for (std::size_t begin = 0; begin <= value.size();) {
    const std::size_t end = std::min(value.find(',', begin), value.size());
    numbers.push_back(parse_number<std::int64_t>(option, value.substr(begin, end - begin)));
    begin = end + 1;
  }
  if (numbers.size() != 4) {
    throw Error(ErrorCode::kUsage, option + ": must be box:X,Y,WIDTH,HEIGHT, four numbers");
  }
  const std::int64_t left = numbers[0], top = numbers[1], width = numbers[2], height = numbers[3];
  if (left < 0 || top < 0 || width < 1 || height < 1 || width > shape.width - left ||
      height > shape.height - top) {
    throw Error(
        ErrorCode::kUsage,
        option + ": X,Y,WIDTH,HEIGHT must lie in images of height x width " + size_text(shape));
  }
  std::vector<std::uint8_t> is_hidden(static_cast<std::size_t>(shape.height * shape.width));
  for (std::int64_t y = top; y < top + height; ++y) {
    for (std::int64_t x = left; x < left + width; ++x) {
      is_hidden[static_cast<std::size_t>(y * shape.width + x)] = 1;
    }
  }
  return is_hidden;
}

/// Of a file, [height, width] or, of an array, [channels, height, width].
std::vector<std::uint8_t> file_mask(const std::string& file, const ItemShape& shape) {
  std::vector<std::uint8_t> is_hidden;
  std::vector<std::int64_t> lengths;
  if (std::filesystem::path(file).extension() == ".npy") {
    const data::NpyArray array = data::read_npy(file);
    lengths = array.shape;
    std::visit(
        [&](const auto& values) {
          for (const auto value : values) is_hidden.push_back(value != 0 ? 1 : 0);
        },
        array.values);
  } else {
    const data::Image image =
        data::to_gray(data::decode_image(data::read_input_file(file), file).image);
    lengths = {image.shape.height, image.shape.width};
    for (const std::uint8_t level : image.pixels) is_hidden.push_back(level >= 128 ? 1 : 0);
  }
  // Axes of length 1 in front say nothing.
  while (lengths.size() > 2 && lengths.front() == 1) lengths.erase(lengths.begin());
  const std::vector<std::int64_t> plane{shape.height, shape.width};
  if (lengths == plane ||
      lengths == std::vector<std::int64_t>{shape.channels, shape.height, shape.width}) {
    return is_hidden;
  }
  throw Error(ErrorCode::kShape, "operator = mask=" + file + ": is " + lengths_text(lengths) +
                                     "; must be " + size_text(shape) + " as the images");
}

ObservationOperator make_mask(const std::string& value, const ItemShape& shape) {
  constexpr std::string_view kBox = "box:";
  ObservationOperator made;
  made.shape = shape;
  made.is_hidden = value.starts_with(kBox) ? box_mask(value.substr(kBox.size()), shape)
                                           : file_mask(value, shape);
  const std::vector<std::uint8_t> plane = made.is_hidden;
  while (static_cast<std::int64_t>(made.is_hidden.size()) < shape.size()) {
    made.is_hidden.insert(made.is_hidden.end(), plane.begin(), plane.end());
  }
  if (std::ranges::count(made.is_hidden, 0) == shape.size()) {
    throw Error(ErrorCode::kUsage, "operator = mask=" + value + ": hides nothing");
  }
  made.a = samplers::mask_operator(made.is_hidden);
  return made;
}

ObservationOperator make_downsample(const std::string& value, const ItemShape& shape) {
  const auto factor = parse_number<std::int64_t>("operator = downsample=" + value, value);
  ObservationOperator made;
  made.a = samplers::downsample_operator(image_shape(shape), factor);
  made.shape = {shape.channels, shape.height / factor, shape.width / factor};
  return made;
}

ObservationOperator make_blur(const std::string& value, const ItemShape& shape) {
  const auto sd = parse_number<double>("operator = blur=" + value, value);
  ObservationOperator made;
  made.shape = shape;
  made.a = samplers::blur_operator(image_shape(shape), sd);
  return made;
}

ObservationOperator make_noise(const std::string& /*value*/, const ItemShape& shape) {
  ObservationOperator made;
  made.shape = shape;
  made.a = samplers::identity_operator(shape.size());
  return made;
}

ObservationOperator make_projection(const std::string& file, const ItemShape& shape) {
  data::NpyArray array = data::read_npy(file);
  std::vector<float> matrix;
  std::visit([&](const auto& values) { matrix.assign(values.begin(), values.end()); },
             array.values);
  if (array.shape.size() != 2 || array.shape[1] != shape.size() || array.shape[0] < 1) {
    throw Error(ErrorCode::kShape, "operator = projection=" + file + ": is " +
                                       lengths_text(array.shape) + "; must be a matrix of m x " +
                                       std::to_string(shape.size()) + ", the values of an image");
  }
  if (std::ranges::all_of(matrix, [](float value) { return value == 0.0f; })) {
    throw Error(ErrorCode::kUsage,
                "operator = projection=" + file + ": holds only zeros; nothing is observed");
  }
  ObservationOperator made;
  made.shape = {array.shape[0], 1, 1};
  made.is_image = false;
  made.a = samplers::projection_operator(array.shape[0], shape.size(), matrix);
  return made;
}

struct OperatorRow {
  const char* name;
  const char* value;  ///< what stands behind the =; empty if there is none
  const char* what;
  ObservationOperator (*make)(const std::string& value, const ItemShape& shape);
};

constexpr OperatorRow kOperators[] = {
    {"mask", "FILE", "inpainting: hides nonzero (.npy) or bright pixels", make_mask},
    {"mask", "box:X,Y,WIDTH,HEIGHT", "inpainting: hides a box; X,Y = its upper left", make_mask},
    {"downsample", "K", "super-resolution: K x K average pooling", make_downsample},
    {"blur", "SD", "deblurring: Gaussian blur, SD in pixels", make_blur},
    {"noise", "", "denoising: the identity", make_noise},
    {"projection", "FILE.npy", "compressed sensing: a matrix [m, dim]", make_projection},
};

}  // namespace

ObservationOperator observation_operator(const std::string& text, const ItemShape& shape) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string name = text.substr(0, equals);
  const auto row = std::ranges::find_if(
      kOperators, [&](const OperatorRow& candidate) { return name == candidate.name; });
  if (row == std::end(kOperators)) {
    std::vector<std::string> names;
    std::string all;
    for (const OperatorRow& each : kOperators) {
      if (!names.empty() && names.back() == each.name) continue;
      names.emplace_back(each.name);
      all += (all.empty() ? "" : ", ") + names.back();
    }
    const std::string nearest = base::nearest_name(name, names);
    throw Error(ErrorCode::kUsage, "operator = " + text +
                                       (nearest.empty() ? ": must be one of " + all
                                                        : ": did you mean " + nearest + "?"));
  }
  const bool has_value = equals < text.size(), takes_value = *row->value != '\0';
  const std::string value = has_value ? text.substr(equals + 1) : "";
  if (has_value != takes_value || (takes_value && value.empty())) {
    throw Error(ErrorCode::kUsage,
                "operator = " + text + ": must be " + row->name +
                    (takes_value ? "=" + std::string(row->value) : " without a value"));
  }
  ObservationOperator made = row->make(value, shape);
  made.text = text;
  return made;
}

std::string describe_observation_operators() {
  std::string text;
  for (const OperatorRow& row : kOperators) {
    std::string form = std::string("  ") + row.name + (*row.value != '\0' ? "=" : "") + row.value;
    form.resize(std::max<std::size_t>(form.size() + 2, 30), ' ');
    text += form + row.what + "\n";
  }
  return text;
}

}  // namespace ebm::evaluation
