// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/app/commands.hpp>
#include <mcpool/app/exit_code.hpp>
#include <mcpool/app/progress_line.hpp>
#include <mcpool/config/near_miss.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/engine/ask.hpp>
#include <mcpool/engine/timer_wheel.hpp>
#include <mcpool/protocol/json_view.hpp>

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <optional>

namespace mcpool::app {

namespace repo = messages::repository;

namespace {

// -- views for --json ---------------------------------------------------------

struct has_view {
  std::string server;
  bool allowed = false;
};

BOOST_DESCRIBE_STRUCT(has_view, (), (server, allowed))

struct get_view {
  std::string server;
  std::string phase;
  std::optional<std::string> protocol_version;
  std::optional<shared_text> capabilities;
  duration took{};
  std::optional<refusal> error;
};

BOOST_DESCRIBE_STRUCT(get_view, (),
                      (server, phase, protocol_version, capabilities, took,
                       error))

struct disconnect_view {
  std::vector<std::string> disconnected;
};

BOOST_DESCRIBE_STRUCT(disconnect_view, (), (disconnected))

// -- get ----------------------------------------------------------------------

// Asks for all servers at once and notes when each answer came.
class getter : public caf::event_based_actor {
public:
  using rows = std::vector<get_view>;

  getter(caf::actor_config& cfg, repository_actor to, rows names,
         deadline until, std::shared_ptr<std::promise<rows>> done)
    : caf::event_based_actor(cfg),
      to_(std::move(to)),
      rows_(std::move(names)),
      until_(until),
      done_(std::move(done)) {}

  caf::behavior make_behavior() override {
    begin_ = engine::now();
    missing_ = rows_.size();
    for (std::size_t i = 0; i < rows_.size(); ++i)
      engine::ask(this, to_, repo::get{{rows_[i].server}, until_})
        .then([this, i](const repo::connection_ref& x) { add(i, x); },
              [this, i](const caf::error& why) {
                add(i, engine::to_refusal(why));
              });
    return {};
  }

private:
  void add(std::size_t i, const result<repo::connection_ref>& x) {
    auto& row = rows_[i];
    row.took = engine::now() - begin_;
    if (x) {
      row.phase = "ready";
      row.protocol_version = x->protocol_version;
      row.capabilities = x->capabilities;
    } else {
      row.phase = name_of(x.error().code);
      row.error = x.error();
    }
    if (--missing_ == 0)
      done_->set_value(std::move(rows_));
  }

  repository_actor to_;
  rows rows_;
  deadline until_;
  std::shared_ptr<std::promise<rows>> done_;
  time_point begin_{};
  std::size_t missing_ = 0;
};

std::vector<get_view> get_all(session& s, const repository_actor& to,
                              const std::vector<std::string>& servers) {
  getter::rows rows;
  for (const auto& server : servers) {
    rows.emplace_back();
    rows.back().server = server;
  }
  auto done = std::make_shared<std::promise<getter::rows>>();
  auto out = done->get_future();
  s.system().spawn<getter>(to, std::move(rows), s.until(), done);
  return out.get();
}

std::string milliseconds(duration x) {
  using std::chrono::milliseconds;
  return cat(std::chrono::duration_cast<milliseconds>(x).count(), " ms");
}

void show(const std::vector<get_view>& rows) {
  std::vector<std::vector<std::string>> table{
    {"SERVER", "PHASE", "PROTOCOL", "TIME"}};
  for (const auto& x : rows)
    table.push_back({one_line(x.server, 128), x.phase,
                     x.protocol_version.value_or("-"), milliseconds(x.took)});
  print_table(table);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& x : words)
    out += cat(out.empty() ? "" : ", ", x);
  return out;
}

} // namespace

int run(const commands::get& x, session& s) {
  auto to = s.repository();
  if (!to)
    return s.fail(to.error());
  std::vector<get_view> rows;
  {
    progress_line line{cat("connecting to ", joined(x.servers))};
    rows = get_all(s, *to, x.servers);
  }
  if (s.how() == format::json)
    print_line(protocol::to_json_text(rows));
  else
    show(rows);
  int out = exit_code::ok;
  for (const auto& row : rows)
    if (row.error)
      out = s.fail(*row.error, format::text);
  return out;
}

int run(const commands::has& x, session& s) {
  auto allowed = s.ask<bool>(repo::has{{x.server}});
  if (!allowed)
    return s.fail(allowed.error());
  if (s.how() == format::json)
    print_line(protocol::to_json_text(has_view{x.server, *allowed}));
  else
    print_line(*allowed ? "yes" : "no");
  return *allowed ? exit_code::ok : exit_code::negative;
}

namespace {

// A name that nobody knows is a mistake of the person, not a success.
result<void> check_known(const std::string& server,
                         const repo::repository_status& all) {
  std::vector<std::string_view> names;
  for (const auto& row : all.servers)
    names.push_back(row.server.value);
  if (std::find(names.begin(), names.end(), server) != names.end())
    return {};
  auto text = cat("no server '", server, "' is configured");
  if (auto meant = config::near_miss(server, names))
    text += cat("; did you mean '", *meant, "'?");
  return make_refusal(errc::not_configured, std::move(text));
}

} // namespace

int run(const commands::disconnect& x, session& s) {
  if (x.all)
    if (auto done = s.ask<void>(repo::disconnect_all{}); !done)
      return s.fail(done.error());
  auto known = s.ask<repo::repository_status>(repo::status{});
  if (!known)
    return s.fail(known.error());
  for (const auto& server : x.servers) {
    if (auto ok = check_known(server, *known); !ok)
      return s.fail(ok.error());
    if (auto done = s.ask<void>(repo::disconnect{{server}}); !done)
      return s.fail(done.error());
  }
  disconnect_view view{x.servers};
  if (x.all)
    for (const auto& row : known->servers)
      view.disconnected.push_back(row.server.value);
  if (s.how() == format::json)
    print_line(protocol::to_json_text(view));
  else
    print_line(view.disconnected.empty()
                 ? "no servers are configured"
                 : cat("disconnected: ", joined(view.disconnected)));
  return exit_code::ok;
}

} // namespace mcpool::app
