#include "training/data_fingerprint.h"

#include <zlib.h>

#include <cstdio>

namespace ebm::training {

std::string fingerprint(const data::Dataset& dataset) {
  const unsigned long crc = std::visit(
      [](const auto& values) {
        return crc32_z(0, reinterpret_cast<const Bytef*>(values.data()),
                       values.size() * sizeof(values[0]));
      },
      dataset.values);
  char text[96];
  std::snprintf(text, sizeof text, "%lldx%lldx%lldx%lld-%08lx", static_cast<long long>(dataset.n),
                static_cast<long long>(dataset.shape.channels),
                static_cast<long long>(dataset.shape.height),
                static_cast<long long>(dataset.shape.width), crc);
  return text;
}

}  // namespace ebm::training
