// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/server.hpp>

#include <mcpool/testkit/fake_server/catalog.hpp>
#include <mcpool/testkit/fake_server/tools.hpp>

#include <utility>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;

constexpr int invalid_request = -32600;
constexpr int invalid_params = -32602;
constexpr std::size_t max_used_ids = 1'000'000;
constexpr std::size_t max_running = 100'000;
constexpr std::size_t max_cancelled_ids = 10'000;
constexpr std::size_t max_asked = 10'000;

json object_at(const json& message, const char* key) {
  auto found = message.find(key);
  return found != message.end() && found->is_object() ? *found : json::object();
}

std::string string_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string{};
}

// What `:NAME` in a rule stands for.
std::string name_in(const json& params) {
  auto name = string_at(params, "name");
  return name.empty() ? string_at(params, "uri") : name;
}

bool may_come_early(const std::string& method) {
  return method == "ping" || method == "initialize"
         || method == "server/discover";
}

reply error_reply(const json& outcome) {
  reply what;
  what.text = to_text(
    {{"jsonrpc", "2.0"}, {"id", nullptr}, {"error", outcome.at("error")}});
  return what;
}

} // namespace

server::server(world& all) : world_{all} {}

void server::on_message(const std::shared_ptr<session>& who,
                        const json& message, std::shared_ptr<exchange> back,
                        std::vector<std::string_view> also) {
  auto has = [&](const char* key) { return message.contains(key); };
  auto named
    = message.is_object() && has("method") && message["method"].is_string();
  if (named && string_at(message, "jsonrpc") != "2.0")
    world_.numbers.note_violation("no_version", "jsonrpc is not \"2.0\"");
  if (named && has("id"))
    on_request(who, message, std::move(back), std::move(also));
  else if (named)
    on_notification(who, message, std::move(back), std::move(also));
  else if (message.is_object() && has("id") && has("result") != has("error"))
    on_response(who, message, std::move(back), std::move(also));
  else {
    world_.numbers.note_violation("not_rpc", to_text(message).substr(0, 200));
    answer_with(back, error_reply(failure(invalid_request, "Not JSON-RPC")));
  }
}

void server::on_occasion(const occasion& what, std::shared_ptr<exchange> back,
                         step_run::answerer answer) {
  auto todo = world_.chosen.plan.find(what);
  step_run::start(world_, todo ? std::move(*todo) : steps{}, std::move(back),
                  std::move(answer), nullptr);
}

void server::ask(const std::shared_ptr<session>& who, const std::string& method,
                 const json& params,
                 const std::function<void(const std::string&)>& send,
                 std::function<void(const json&)> then) {
  auto id = "ask-" + std::to_string(++last_asked_);
  if (who->asked.size() < max_asked)
    who->asked[id] = std::move(then);
  send(to_text(
    {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}));
}

void server::end_session(session& who) {
  auto running = std::exchange(who.running, {});
  for (auto& [id, what] : running) {
    what->cancelled = true;
    if (!what->back->over())
      what->back->abandon();
  }
  who.asked.clear();
  who.handshakes.clear();
  who.live.reset();
}

// -- kinds of messages --------------------------------------------------------

void server::on_request(const std::shared_ptr<session>& who,
                        const json& message, std::shared_ptr<exchange> back,
                        std::vector<std::string_view> also) {
  check_request(*who, message);
  auto what = admit(*who, message, back);
  auto name = name_in(what->params);
  also.push_back(what->method);
  also.push_back("*");
  auto todo
    = world_.chosen.plan.find({also, name, who->number}).value_or(steps{});
  auto delay = world_.chosen.handshake_delay.count();
  if (what->method == "initialize" && delay > 0)
    todo.insert(todo.begin(), step{verb::delay, {}, delay});
  world_.flush();
  auto answer
    = [this, who, what](const changes& how, std::function<void()> then) {
        answer_request(who, what, how, std::move(then));
      };
  step_run::start(world_, std::move(todo), back, answer, asker_for(who, back));
}

void server::on_notification(const std::shared_ptr<session>& who,
                             const json& message,
                             std::shared_ptr<exchange> back,
                             std::vector<std::string_view> also) {
  auto method = string_at(message, "method");
  world_.numbers.note_notification(message);
  if (method == "notifications/initialized")
    on_initialized(*who);
  else if (method == "notifications/cancelled")
    on_cancelled(*who, object_at(message, "params"));
  also.push_back(method);
  auto todo = world_.chosen.plan.find({also, {}, who->number});
  world_.flush();
  auto answer = [this, back](const changes& how, std::function<void()> then) {
    answer_with(back, how.base);
    then();
  };
  step_run::start(world_, todo.value_or(steps{}), back, answer,
                  asker_for(who, back));
}

void server::on_response(const std::shared_ptr<session>& who,
                         const json& message, std::shared_ptr<exchange> back,
                         std::vector<std::string_view> also) {
  world_.numbers.note_response(message);
  auto asked = message["id"].is_string()
                 ? who->asked.find(message["id"].get<std::string>())
                 : who->asked.end();
  if (asked == who->asked.end()) {
    world_.numbers.note_violation("unexpected_response",
                                  to_text(message["id"]));
  } else {
    auto then = std::move(asked->second);
    who->asked.erase(asked);
    if (then)
      then(message);
  }
  also.push_back("response");
  auto answer = [this, back](const changes& how, std::function<void()> then) {
    answer_with(back, how.base);
    then();
  };
  world_.flush();
  on_occasion({also, {}, who->number}, back, answer);
}

// -- requests -----------------------------------------------------------------

void server::check_request(session& who, const json& message) {
  auto& numbers = world_.numbers;
  auto method = string_at(message, "method");
  auto& id = message["id"];
  // Without session ids, all clients of an HTTP server look like one.
  auto own_session = world_.chosen.sessions
                     || world_.chosen.front == options::front_kind::stdio;
  if (!id.is_string() && !id.is_number_integer())
    numbers.note_violation("bad_id", method + " with the id " + to_text(id));
  else if (own_session && who.used_ids.size() < max_used_ids
           && !who.used_ids.insert(to_text(id)).second)
    numbers.note_violation("id_reused", method + " with " + to_text(id));
  if (!who.initialized && !may_come_early(method))
    numbers.note_violation("before_initialized", method);
  if (own_session && who.initialize_received && method == "initialize")
    numbers.note_violation("initialize_twice", to_text(id));
}

std::shared_ptr<call> server::admit(session& who, const json& message,
                                    const std::shared_ptr<exchange>& back) {
  auto what = std::make_shared<call>();
  what->id = message["id"];
  what->method = string_at(message, "method");
  what->params = object_at(message, "params");
  what->back = back;
  world_.numbers.count_request(what->method, name_in(what->params));
  hold_gauges(who, *what);
  if (who.running.size() < max_running)
    who.running[to_text(what->id)] = what;
  return what;
}

void server::hold_gauges(session& who, const call& what) {
  auto& numbers = world_.numbers;
  what.back->hold(numbers.in_flight.take());
  if (what.method == "tools/call")
    what.back->hold(numbers.calls.take());
  if (what.method != "initialize")
    return;
  who.initialize_received = true;
  what.back->hold(numbers.initializes.take());
  auto handshake = numbers.handshakes.take();
  what.back->hold(handshake);
  // It outlives the exchange if the answer makes a session of it.
  who.handshakes.push_back(std::move(handshake));
}

void server::answer_request(const std::shared_ptr<session>& who,
                            const std::shared_ptr<call>& what,
                            const changes& how, std::function<void()> then) {
  auto sink = [this, who, what, how, then](const outcome& value) {
    forget(*who, *what);
    if (what->back->over())
      return;
    finish(*who, *what, how, value);
    then();
  };
  if (what->back->over())
    return forget(*who, *what);
  if (how.need_outcome())
    return dispatch(who, what, sink);
  sink(how.outcome.value_or(outcome::object()));
}

void server::forget(session& who, const call& what) {
  auto found = who.running.find(to_text(what.id));
  if (found != who.running.end() && found->second.get() == &what)
    who.running.erase(found);
}

void server::finish(session& who, const call& what, const changes& how,
                    const outcome& value) {
  auto answer = render(how, what.id, value, world_.chosen.json_array);
  auto is_initialize = what.method == "initialize";
  answer.opens_session = is_initialize && !how.replaced
                         && value.contains("result") && !answer.is_plain_http();
  if (is_initialize && !answer.opens_session && !who.handshakes.empty())
    who.handshakes.pop_back();
  answer_with(what.back, answer);
}

void server::dispatch(const std::shared_ptr<session>& who,
                      const std::shared_ptr<call>& what,
                      const outcome_sink& sink) {
  try {
    auto& chosen = world_.chosen;
    if (what->method == "initialize")
      sink(initialize_result(chosen, *who, what->params));
    else if (what->method == "ping")
      sink(success(json::object()));
    else if (what->method == "tools/list")
      sink(list_tools(chosen, *who, what->params));
    else if (what->method == "tools/call")
      call_tool({world_, *this, who, what, sink});
    else
      sink(answer_simple(chosen, what->method, what->params));
  } catch (const json::exception& problem) {
    sink(failure(invalid_params, problem.what()));
  }
}

// -- notifications ------------------------------------------------------------

void server::on_initialized(session& who) {
  if (who.version.empty())
    world_.numbers.note_violation("initialized_early",
                                  "before the answer to initialize");
  who.initialized = true;
  if (!who.handshakes.empty())
    who.handshakes.pop_front();
  world_.numbers.note_initialized(who.version);
}

void server::on_cancelled(session& who, const json& params) {
  auto id = params.find("requestId");
  if (id == params.end())
    return world_.numbers.note_violation("bad_cancel", "no requestId");
  ++who.cancelled_count;
  if (who.cancelled_ids.size() < max_cancelled_ids)
    who.cancelled_ids.push_back(*id);
  auto found = who.running.find(to_text(*id));
  if (found == who.running.end())
    return;
  if (found->second->method == "initialize")
    world_.numbers.note_violation("initialize_cancelled", to_text(*id));
  if (world_.chosen.answer_cancelled)
    return;
  auto what = found->second;
  who.running.erase(found);
  what->cancelled = true;
  if (!what->back->over())
    what->back->abandon();
}

void server::answer_with(const std::shared_ptr<exchange>& back,
                         const reply& what) {
  // Whoever reads the answer may read the statistics next.
  back->release();
  world_.flush();
  back->answer(what);
}

step_run::asker server::asker_for(const std::shared_ptr<session>& who,
                                  const std::shared_ptr<exchange>& back) {
  return [this, who, back](const std::string& method) {
    auto send = [back](const std::string& text) { back->send(text); };
    ask(who, method, json::object(), send, nullptr);
  };
}

} // namespace mcpool::testkit::fake_server
