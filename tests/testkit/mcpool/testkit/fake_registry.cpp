// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_registry.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/reply.hpp>
#include <mcpool/engine/state_actor.hpp>
#include <mcpool/engine/watch_list.hpp>
#include <mcpool/messages/types.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

namespace mcpool::testkit {

using namespace messages::registry;
using messages::config_listener::config_changed;
using messages::config_listener::config_removed;

// Shared by the test and the actor, which run on one thread.
struct fake_registry::script {
  using listener_map = std::map<caf::actor_addr, config_listener_actor>;

  std::map<server_name, config::server_config> configs;
  std::uint64_t last_revision = 0;
  listener_map listeners;
  std::vector<std::string> requests;
  std::optional<refusal> why_not;
  bool holding = false;
  std::vector<std::function<void()>> held;

  config_view view() const {
    config_view out;
    for (const auto& [name, x] : configs)
      out.servers.push_back(x);
    return out;
  }

  template <class Event>
  void publish(const Event& x) {
    for (const auto& [address, listener] : listeners)
      engine::post(listener, x);
  }

  void set(config::server_config x) {
    x.revision = ++last_revision;
    configs[x.name] = x;
    publish(config_changed{std::move(x)});
  }

  void remove(const server_name& x) {
    configs.erase(x);
    publish(config_removed{x, ++last_revision});
  }
};

/// The actor.
class fake_registry::role {
public:
  /// A number tells it to answer who waits: the testkit has no message types.
  using handle = engine::iface<
    engine::extended<registry_interface, fn<void(std::uint64_t)>>>;

  static constexpr const char* name = "testkit.registry";

  role(handle::pointer self, std::shared_ptr<script> x)
    : self_(self),
      watches_(self),
      script_(std::move(x)) {}

  // Whoever still waits is refused by the reply that is dropped.
  ~role() {
    script_->held.clear();
    script_->listeners.clear();
  }

  handle::behavior_type make_behavior() {
    return {
      [this](const find_config& x) { return on_find_config(x); },
      [this](const all_configs&) {
        return serve<config_view>("all_configs",
                                  [this] { return script_->view(); });
      },
      [this](const put_config& x) {
        return serve<void>("put_config", [this, x] { script_->set(x.config); });
      },
      [this](const erase_config& x) {
        return serve<void>("erase_config",
                           [this, x] { script_->remove(x.server); });
      },
      [this](const subscribe& x) {
        return serve<config_view>("subscribe",
                                  [this, x] { return on_subscribe(x); });
      },
      [this](reload) { return serve<void>("reload", [] {}); },
      [this](std::uint64_t) { on_resume(); },
    };
  }

private:
  // Answers with what `f` returns, at once or when the test resumes.
  template <class T, class F>
  caf::result<T> serve(const char* request, F f) {
    script_->requests.emplace_back(request);
    if (script_->why_not)
      return engine::to_error(*script_->why_not);
    auto later = std::make_shared<engine::reply<T>>(self_);
    auto out = later->result();
    auto answer = [later, f] {
      if constexpr (std::is_void_v<T>) {
        f();
        later->ok();
      } else {
        later->ok(f());
      }
    };
    if (script_->holding)
      script_->held.push_back(std::move(answer));
    else
      answer();
    return out;
  }

  caf::result<config::server_config> on_find_config(const find_config& x) {
    if (!script_->why_not && script_->configs.count(x.server) == 0) {
      script_->requests.emplace_back("find_config");
      return engine::to_error(make_refusal(
        errc::not_configured, cat("no server '", x.server, "' is configured")));
    }
    return serve<config::server_config>(
      "find_config", [this, x] { return script_->configs[x.server]; });
  }

  void on_resume() {
    for (auto& f : std::exchange(script_->held, {}))
      f();
  }

  config_view on_subscribe(const subscribe& x) {
    if (!x.listener)
      return script_->view();
    auto address = x.listener.address();
    script_->listeners[address] = x.listener;
    watches_.watch(x.listener, [this, address](const caf::error&) {
      script_->listeners.erase(address);
    });
    return script_->view();
  }

  handle::pointer self_;
  engine::watch_list<handle::base> watches_;
  std::shared_ptr<script> script_;
};

fake_registry::fake_registry(engine::testing::deterministic& harness)
  : script_(std::make_shared<script>()),
    harness_(harness),
    handle_(engine::spawn<role>(harness.system(), script_)) {}

fake_registry::~fake_registry() {
  die();
}

void fake_registry::set(config::server_config x) {
  script_->set(std::move(x));
}

void fake_registry::remove(const std::string& server) {
  script_->remove({server});
}

void fake_registry::tell(config::server_config x) {
  script_->publish(config_changed{std::move(x)});
}

void fake_registry::refuse(refusal why) {
  script_->why_not = std::move(why);
}

void fake_registry::hold() {
  script_->holding = true;
}

void fake_registry::resume() {
  script_->why_not.reset();
  script_->holding = false;
  engine::post(caf::actor_cast<caf::actor>(handle_), std::uint64_t{0});
}

const std::vector<std::string>& fake_registry::requests() const {
  return script_->requests;
}

std::size_t fake_registry::count(const std::string& request) const {
  return std::count(script_->requests.begin(), script_->requests.end(),
                    request);
}

std::size_t fake_registry::listeners() const {
  return script_->listeners.size();
}

void fake_registry::die() {
  engine::end(handle_);
  harness_.run();
}

} // namespace mcpool::testkit
