// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/actors/config_source.hpp>
#include <mcpool/config/environment.hpp>
#include <mcpool/transport/io_loop.hpp>

#include <filesystem>
#include <memory>
#include <vector>

namespace mcpool::actors {

/// Makes the source that reads configuration files on an I/O loop and watches
/// them by inotify. The loop must outlive it. What is no regular file, for
/// example a pipe, cannot be read again: then `reload` fails and nothing is
/// watched.
std::shared_ptr<config_source>
make_file_source(transport::io_loop& loop,
                 std::vector<std::filesystem::path> files,
                 config::environment env);

} // namespace mcpool::actors
