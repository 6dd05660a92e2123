#pragma once

#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace ebm::python {

namespace nb = nanobind;

/// float32 in C order on the CPU, as ebm/arrays.py makes of what users pass.
using Array = nb::ndarray<const float, nb::c_contig, nb::device::cpu>;

/// The values of an array, in place.
inline std::span<const float> values_of(const Array& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

/// A NumPy array that owns the values. @param shape  whose product is the number of values
template <class T>
nb::object to_numpy(std::vector<T> values, const std::vector<std::int64_t>& shape) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  T* const data = owned->data();
  const nb::capsule owner(owned.release(),
                          [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  const std::vector<std::size_t> sizes(shape.begin(), shape.end());
  return nb::cast(nb::ndarray<nb::numpy, T>(data, sizes.size(), sizes.data(), owner),
                  nb::rv_policy::reference);
}

}  // namespace ebm::python
