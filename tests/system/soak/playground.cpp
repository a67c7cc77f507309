// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include "playground.hpp"

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/system/census.hpp>

#include <algorithm>
#include <csignal>

#include <unistd.h>

namespace mcpool::system {

namespace {

/// What programs do by themselves now and then.
const words moods{
  "--on", "tools/call#40=die",   "--on", "tools/call#70=garbage",
  "--on", "tools/call#90=half",  "--on", "initialize#1=delay:20ms",
  "--on", "start=grandchild:3m", "--on", "tools/call#55=noise:50",
};

} // namespace

void playground::SetUp() {
  log::set_level(log::level::error);
  lifetime = chosen().time + 3min;
  auto ann = *user_scope("ann");
  auto bob = *user_scope("bob");
  add("program-1", shared_scope(), fate::program);
  add("program-2", ann, fate::program);
  add("program-3", bob, fate::program);
  add("remote-1", shared_scope(), fate::remote);
  add("remote-2", ann, fate::remote);
  add("far-1", shared_scope(), fate::far_away);
  add("far-2", bob, fate::far_away);
  add("spared-program", shared_scope(), fate::spared);
  add("spared-remote", ann, fate::spared);
  write_configuration();
  open_pool();
}

void playground::add(const std::string& name, const owner_scope& owner,
                     fate kind) {
  auto& x = targets.emplace_back();
  x.name = name;
  x.owner = owner;
  x.kind = kind;
  x.over_stdio = kind == fate::program || name == "spared-program";
  if (x.over_stdio)
    return;
  x.server = http_server::fake(*this, {"--sse", "--get-stream"});
  if (kind == fate::far_away)
    x.network.emplace(x.server->port());
}

// The programs are found by what their command line says.
json playground::entry(target& x) {
  auto generation = std::to_string(x.generation.load());
  json out;
  if (x.is_program()) {
    auto args = x.kind == fate::spared ? words{} : moods;
    args.insert(args.end(), {"--instructions", "soak-" + x.name});
    out = fake(args);
    out["env"]["GENERATION"] = generation;
  } else {
    out = x.server->config();
    if (x.network)
      out["url"] = x.network->url();
    out["connectTimeout"] = scaled(500ms).count();
    out["headers"] = {{"X-Generation", generation}};
    out["replacement"] = x.name == "remote-1" ? "stop_first" : "overlap";
  }
  // A DELETE that comes too late on a busy machine leaves its session: that is
  // what is configured, and no broken promise.
  auto is_counted = x.kind == fate::spared || x.kind == fate::remote;
  out["initTimeout"] = scaled(x.kind == fate::spared ? 4000ms : 1500ms).count();
  out["closeTimeout"] = scaled(is_counted ? 3000ms : 300ms).count();
  return out;
}

void playground::write_configuration() {
  json servers;
  for (auto& x : targets)
    if (!x.removed)
      servers[x.name] = entry(x);
  configure(servers, {{"maxAttempts", 2},
                      {"pingTimeout", scaled(500ms).count()},
                      {"livenessTtl", 0},
                      {"drainTimeout", scaled(1s).count()},
                      {"throttle", {{"maxStartingPerOwner", 16}}},
                      {"cooldown", {{"base", "5ms"}, {"max", "50ms"}}}});
}

answer playground::ask(const target& x, std::chrono::milliseconds limit,
                       const std::string& tool, const json& arguments) {
  repo::call y;
  y.server = {x.name};
  y.method = "tools/call";
  y.params = shared_text{json{{"name", tool}, {"arguments", arguments}}.dump()};
  y.until = pool->in(limit);
  auto lost = beat.lost();
  auto begin = std::chrono::steady_clock::now();
  auto z = pool->ask_as<messages::connection::call_result>(x.owner, y);
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::steady_clock::now() - begin);
  took = std::max(took - (beat.lost() - lost), std::chrono::milliseconds{0});
  if (!z)
    return {z.error(), took};
  auto all = json::parse(z->json.view(), nullptr, false);
  if (!all.is_object() || !all.contains("content"))
    return {std::string{"no result of a tool"}, took};
  return {all["content"][0].value("text", ""), took};
}

std::optional<repo::connection_ref>
playground::find(const target& x, std::chrono::milliseconds limit) {
  auto y = pool->ask_as<repo::connection_ref>(
    x.owner, repo::get{{x.name}, pool->in(limit)});
  return y ? std::optional{*y} : std::nullopt;
}

messages::connection::connection_status playground::status(const target& x) {
  auto all = pool->ask_as<repo::repository_status>(x.owner, repo::status{});
  if (all)
    for (const auto& row : all->servers)
      if (row.server.value == x.name)
        return row;
  return {};
}

// What a program started is in its session and has its command line.
std::vector<pid_t> playground::programs_of(const target& x) const {
  std::vector<pid_t> out;
  for (const auto& y : residents())
    if (y.parent == getpid() && y.state != 'Z' && getsid(y.pid) == y.pid
        && y.command.find("soak-" + x.name + " ") != y.command.npos)
      out.push_back(y.pid);
  return out;
}

void playground::complain(const std::string& what) {
  std::lock_guard guard{mutex_};
  ADD_FAILURE() << what << "\nto repeat it: mcpool-soak --seconds "
                << chosen().time.count() << " --seed " << chosen().seed;
}

void playground::TearDown() {
  for (const auto& y : residents())
    ::kill(y.pid, SIGCONT);
  pool.reset();
  targets.clear();
  chaos_test::TearDown();
}

} // namespace mcpool::system
