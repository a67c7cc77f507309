// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/load_options.hpp>

#include <mcpool/config/finding.hpp>
#include <mcpool/config/load.hpp>

#include <utility>

namespace mcpool::actors {

result<service_options> load_options(std::vector<std::filesystem::path> files) {
  auto environment = config::process_environment();
  auto loaded = config::load(files, environment);
  if (!loaded)
    return config::refusal_of(loaded.findings);
  service_options out;
  out.config = std::move(*loaded.value);
  out.files = std::move(files);
  out.environment = std::move(environment);
  return out;
}

} // namespace mcpool::actors
