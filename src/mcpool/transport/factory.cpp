// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/factory.hpp>

#include <mcpool/config/server_config.hpp>
#include <mcpool/transport/http_client.hpp>
#include <mcpool/transport/process_guard.hpp>
#include <mcpool/transport/stdio.hpp>
#include <mcpool/transport/streamable_http.hpp>

#include <utility>

namespace mcpool::transport {

transport_factory make_transport_factory(io_loop& loop) {
  auto guard = std::make_shared<process_guard>(loop);
  auto client = std::make_shared<http_client>(loop);
  return [=, &loop](const config::server_config& config,
                    std::shared_ptr<listener> target) {
    return config.transport == config::transport_kind::stdio
             ? make_stdio(loop, guard, config, std::move(target))
             : make_streamable_http(loop, client, config, std::move(target));
  };
}

} // namespace mcpool::transport
