// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/system/chaos_test.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/describe.hpp>
#include <mcpool/system/census.hpp>

#include <algorithm>
#include <utility>

namespace mcpool::system {

namespace {

using steady = std::chrono::steady_clock;

std::chrono::milliseconds since(steady::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now()
                                                               - begin);
}

bool is_quiet(const messages::connection::connection_status& x) {
  using phase = policy::connection_phase;
  return x.calls_in_flight == 0 && x.waiting == 0 && x.phase != phase::waiting
         && x.phase != phase::connecting && x.phase != phase::draining;
}

std::string shown(const messages::connection::connection_status& x) {
  return cat(x.server, " is ", name_of(x.phase), ", ", x.calls_in_flight,
             " calls, ", x.waiting, " waiting\n");
}

} // namespace

std::string to_string(const answer& x) {
  return cat(x.value ? cat("it answered ", x.value->substr(0, 80))
                     : cat("it failed with ", to_string(x.value.error())),
             " after ", x.took.count(), " ms");
}

void chaos_test::open_pool() {
  descriptors_without_ = descriptors().size();
  pool.emplace(config_file());
  ASSERT_TRUE(pool->pool_status());
  descriptors_with_ = descriptors().size();
}

void chaos_test::TearDown() {
  auto had_pool = pool.has_value();
  pool.reset();
  server.reset();
  auto gone = [this] { return descriptors().size() <= descriptors_without_; };
  if (had_pool) {
    EXPECT_TRUE(eventually(gone, cleanup_limit))
      << descriptors_without_ << " descriptors became:\n"
      << to_string(descriptors());
  }
  system_test::TearDown();
}

answer chaos_test::call_within(std::chrono::milliseconds limit,
                               const std::string& server,
                               const std::string& tool, const json& arguments) {
  auto begin = steady::now();
  auto value = pool->call_within(limit, server, tool, arguments);
  return {std::move(value), since(begin)};
}

std::future<answer> chaos_test::begin_within(std::chrono::milliseconds limit,
                                             const std::string& server,
                                             const std::string& tool,
                                             const json& arguments) {
  return std::async(std::launch::async, [=] {
    return call_within(limit, server, tool, arguments);
  });
}

std::future<answer> chaos_test::begin_get(std::chrono::milliseconds limit,
                                          const std::string& server) {
  return std::async(std::launch::async, [=]() -> answer {
    auto begin = steady::now();
    auto x = pool->ask_as<repo::connection_ref>(
      shared_scope(), repo::get{{server}, pool->in(limit)});
    if (!x)
      return {x.error(), since(begin)};
    return {x->protocol_version, since(begin)};
  });
}

void chaos_test::expect_recovery(const std::string& name,
                                 std::chrono::milliseconds limit) {
  std::optional<answer> last;
  auto works = [&] {
    last = call_within(scaled(2s), name, "echo", {{"message", "well"}});
    return last->value.has_value();
  };
  EXPECT_TRUE(eventually(works, limit)) << to_string(*last);
}

// Empty if all is quiet.
std::string chaos_test::under_way() {
  auto all = pool->pool_status();
  if (!all)
    return all.error().text;
  std::string out;
  if (all->throttle.in_use + all->throttle.waiting > 0)
    out += cat(all->throttle.in_use, " permits in use, ", all->throttle.waiting,
               " waited for\n");
  for (const auto& owner : all->owners)
    for (const auto& x : owner.servers)
      if (!is_quiet(x))
        out += shown(x);
  return out;
}

// Empty if nobody is there but the server. The dead are not reaped here: that
// is for the pool.
std::string chaos_test::foreign_processes() const {
  auto all = residents();
  auto is_ours = [&](const resident& x) {
    return x.state == 'Z' || (server && x.pid == server->pid());
  };
  all.erase(std::remove_if(all.begin(), all.end(), is_ours), all.end());
  return to_string(all);
}

void chaos_test::expect_nothing_left(std::size_t idle_sockets) {
  EXPECT_TRUE(eventually([&] { return under_way().empty(); }, cleanup_limit))
    << under_way();
  EXPECT_TRUE(pool->disconnect_all());
  auto nobody = [&] { return foreign_processes().empty(); };
  EXPECT_TRUE(eventually(nobody, cleanup_limit)) << foreign_processes();
  auto most = descriptors_with_ + idle_sockets;
  auto closed = [&] { return descriptors().size() <= most; };
  EXPECT_TRUE(eventually(closed, cleanup_limit))
    << "at most " << most << " are allowed of these:\n"
    << to_string(descriptors());
  EXPECT_EQ(under_way(), "");
}

} // namespace mcpool::system
