// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/remote_link.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/time.hpp>
#include <mcpool/engine/node.hpp>

#include <utility>

namespace mcpool::engine {

remote_link::remote_link(caf::actor_system& system, std::string where)
  : system_(system),
    where_(std::move(where)) {}

void remote_link::close() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  for (const auto& [remote, x] : stand_ins_)
    end(x);
}

refusal remote_link::lost(const caf::error& why) const {
  if (is_node_lost(why))
    return make_refusal(errc::connection_lost,
                        cat("the connection to mcpool at ", where_,
                            " is lost: it ended, or did not answer for ",
                            format_duration(peer_silence)));
  return make_refusal(
    errc::connection_lost,
    cat("the actor that was asked, at ", where_, ", has ended"));
}

refusal remote_link::closed() const {
  return make_refusal(errc::connection_lost,
                      cat("the connection to mcpool at ", where_,
                          " was closed before the answer came"));
}

void remote_link::forget(const caf::actor_addr& remote) {
  std::lock_guard guard{mutex_};
  stand_ins_.erase(remote);
}

} // namespace mcpool::engine
