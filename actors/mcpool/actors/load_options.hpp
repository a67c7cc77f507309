// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/service.hpp>
#include <mcpool/core/result.hpp>

#include <filesystem>
#include <vector>

namespace mcpool::actors {

/// Reads configuration files as `mcpool --config` does, with the variables of
/// this process; a later file wins. The service that is made of the result
/// watches them.
///
/// Fails with `invalid_config` and everything that is wrong, a line each.
/// Blocks on the disk; not while another thread changes the environment.
result<service_options> load_options(std::vector<std::filesystem::path> files);

} // namespace mcpool::actors
