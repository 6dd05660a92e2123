#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ebm::landscape {

/// Numbers names from 0 by first occurrence. The index holds numbers alone, so that each name is in
/// memory once.
class NodeNames {
 public:
  NodeNames() : numbers_(/*bucket_count=*/0, Hash{&names_}, Equal{&names_}) {}
  NodeNames(const NodeNames&) = delete;
  NodeNames& operator=(const NodeNames&) = delete;

  std::int64_t number_of(std::string_view name) {
    const auto found = numbers_.find(name);
    if (found != numbers_.end()) return *found;
    names_.emplace_back(name);
    return *numbers_.insert(static_cast<std::int64_t>(names_.size()) - 1).first;
  }

  /// All names by number; none are left.
  std::vector<std::string> take() {
    numbers_.clear();
    return std::move(names_);
  }

 private:
  /// A name is itself or a number of one.
  struct NameOf {
    const std::vector<std::string>* names;
    std::string_view operator()(std::int64_t number) const {
      return (*names)[static_cast<std::size_t>(number)];
    }
    std::string_view operator()(std::string_view name) const { return name; }
  };
  struct Hash : NameOf {
    using is_transparent = void;
    std::size_t operator()(const auto& key) const {
      return std::hash<std::string_view>()(NameOf::operator()(key));
    }
  };
  struct Equal : NameOf {
    using is_transparent = void;
    bool operator()(const auto& a, const auto& b) const {
      return NameOf::operator()(a) == NameOf::operator()(b);
    }
  };

  std::vector<std::string> names_;
  std::unordered_set<std::int64_t, Hash, Equal> numbers_;
};

}  // namespace ebm::landscape
