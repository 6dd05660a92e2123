#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ebm::report {

/// Reads entries of one document that comes from a file, and names them in messages. All members
/// throw Error(kBadData) naming the document, the entry and what was expected.
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;
  using Values = std::vector<double>;
  /// More numbers in one array no page can show, and it would become large.
  static constexpr std::size_t kMaxValues = 500;

  explicit JsonReader(std::string path);

  [[noreturn]] void refuse(const std::string& what) const;

  /// The object under a key, taken out of its parent; an empty one if there is none.
  Json take_object(Json& parent, const std::string& key) const;
  Json require_object(Json value, const std::string& name) const;
  const Json& require_array(const Json& value, const std::string& name) const;

  /// A number of at most 1e100, so that differences and squares do not overflow in a browser.
  double require_number(const Json& value, const std::string& name) const;
  /// The number under a key. @throws also if there is none
  double number_at(const Json& parent, const std::string& key, const std::string& name) const;
  /// A whole number from 0 to below `end` under a key.
  std::size_t index_at(const Json& parent, const std::string& key, const std::string& name,
                       std::size_t end) const;

  /// The numbers of an array, taken out of its parent; none if there is no such array.
  /// @param may_be_null  NaN then
  Values take_numbers(Json& parent, const std::string& key, const std::string& name,
                      bool may_be_null = false) const;

  void require_rising(const Values& values, const std::string& name) const;
  void require_size(const Values& values, const std::string& name, std::size_t size,
                    const std::string& of) const;

 private:
  [[noreturn]] void refuse_type(const std::string& name, const Json& found,
                                const char* expected) const;

  std::string path_;
};

}  // namespace ebm::report
