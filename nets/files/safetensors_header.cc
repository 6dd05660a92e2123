#include "nets/files/safetensors_header.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/quote.h"

namespace ebm::nets {
namespace {

std::optional<DType> dtype_of(std::string_view name) {
  for (const DType dtype : {DType::kF32, DType::kU8, DType::kI32, DType::kI64, DType::kF64,
                            DType::kF16, DType::kBF16}) {
    if (dtype_name(dtype) == name) return dtype;
  }
  return std::nullopt;
}

// Takes the header event by event: unlike a document tree it sees names that occur twice, and it
// stops at the first unexpected value, however deep the rest is.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderHandler(std::string_view origin) : origin_(origin) {}

  SafetensorsHeader take() { return std::move(header_); }

  bool null() override { unexpected("null"); }
  bool boolean(bool) override { unexpected("a boolean"); }
  bool number_float(number_float_t, const string_t&) override { unexpected("a fraction"); }
  bool binary(binary_t&) override { unexpected("binary data"); }
  bool number_integer(number_integer_t value) override {
    fail(place() + "is " + std::to_string(value) + ", must not be negative");
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (!in_list_) unexpected("a number");
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max())) {
      fail(place() + "has " + std::to_string(value) + ", must be below 2^63");
    }
    numbers_.push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool string(string_t& value) override {
    if (in_list_) unexpected("text");
    if (state_ == State::kMetadata) {
      header_.metadata.emplace(field_, value);
    } else if (state_ == State::kTensor && field_ == "dtype") {
      const auto dtype = dtype_of(value);
      if (!dtype) {
        fail(place() + "is " + base::quote(value) +
             ", must be F32, F64, F16, BF16, U8, I32 or I64");
      }
      entry_.dtype = *dtype;
    } else {
      unexpected("text");
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (in_list_) unexpected("an object");
    fields_.clear();
    switch (state_) {
      case State::kStart:
        state_ = State::kTop;
        return true;
      case State::kTop:
        state_ = entry_.name == kMetadataName ? State::kMetadata : State::kTensor;
        return true;
      default:
        unexpected("an object");
    }
  }

  bool key(string_t& name) override {
    if (state_ == State::kTop) {
      if (!names_.insert(name).second) fail(base::quote(name) + " occurs twice");
      entry_ = {};
      entry_.name = name;
      return true;
    }
    field_ = name;
    if (!fields_.insert(name).second) fail(place() + "occurs twice");
    if (state_ == State::kTensor && name != "dtype" && name != "shape" && name != "data_offsets") {
      fail(place() + "is unknown; a tensor has dtype, shape and data_offsets");
    }
    return true;
  }

  bool end_object() override {
    if (state_ == State::kTensor) {
      for (const char* needed : {"dtype", "shape", "data_offsets"}) {
        if (!fields_.contains(needed)) {
          fail("tensor " + base::quote(entry_.name) + " has no " + needed);
        }
      }
      header_.tensors.push_back(std::move(entry_));
    }
    state_ = state_ == State::kTop ? State::kEnd : State::kTop;
    return true;
  }

  bool start_array(std::size_t) override {
    if (in_list_ || state_ != State::kTensor || field_ == "dtype") unexpected("a list");
    in_list_ = true;
    numbers_.clear();
    return true;
  }

  bool end_array() override {
    in_list_ = false;
    if (field_ == "shape") {
      entry_.shape = std::move(numbers_);
    } else {
      if (numbers_.size() != 2) {
        fail(place() + "has " + std::to_string(numbers_.size()) + " numbers, must have 2");
      }
      entry_.begin = static_cast<std::uint64_t>(numbers_[0]);
      entry_.end = static_cast<std::uint64_t>(numbers_[1]);
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception&) override {
    fail("the header is not valid JSON at its byte " + std::to_string(position));
  }

 private:
  enum class State { kStart, kTop, kTensor, kMetadata, kEnd };

  [[noreturn]] void fail(const std::string& problem) const {
    throw Error(ErrorCode::kBadData, std::string(origin_) + ": " + problem);
  }

  [[noreturn]] void unexpected(const std::string& found) const {
    const char* right = "a JSON object";
    if (state_ == State::kMetadata) right = "text";
    if (state_ == State::kTensor) right = field_ == "dtype" ? "text" : "a list of integers";
    fail(place() + "is or holds " + found + ", must be " + right);
  }

  // Where the parser is, as the start of a sentence.
  std::string place() const {
    switch (state_) {
      case State::kTensor:
        return "tensor " + base::quote(entry_.name) + ": " + base::quote(field_) + " ";
      case State::kMetadata:
        return "metadata: " + base::quote(field_) + " ";
      case State::kTop:
        return base::quote(entry_.name) + " ";
      default:
        return "the header ";
    }
  }

  std::string_view origin_;
  SafetensorsHeader header_;
  State state_ = State::kStart;
  bool in_list_ = false;
  std::set<std::string, std::less<>> names_;   // of the top level
  std::set<std::string, std::less<>> fields_;  // of the object inside it
  std::string field_;
  TensorEntry entry_;
  std::vector<std::int64_t> numbers_;
};

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view json, std::string_view origin) {
  HeaderHandler handler(origin);
  nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  return handler.take();
}

}  // namespace ebm::nets
