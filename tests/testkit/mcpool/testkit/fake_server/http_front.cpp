// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_front.hpp>

#include <mcpool/testkit/fake_server/http_checks.hpp>
#include <mcpool/testkit/fake_server/http_exchange.hpp>
#include <mcpool/testkit/fake_server/process.hpp>

#include <cstdio>
#include <fstream>
#include <string_view>
#include <utility>

#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

using boost::asio::ip::tcp;
using nlohmann::json;
using std::chrono::milliseconds;
namespace http = boost::beast::http;

constexpr auto session_header = "Mcp-Session-Id";
constexpr milliseconds accept_pause{50};

// Before there is anybody to talk to.
class nobody : public exchange {
public:
  void send(const std::string&) override {}
  void answer(const reply&) override { end(); }
  void abandon() override { end(); }
  void close(ending) override {}
  void break_stream(milliseconds) override {}
  void when_sent(std::function<void()> then) override { then(); }
  void lose_session() override {}
};

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::string path_of(const http_request& request) {
  std::string target{request.target().data(), request.target().size()};
  return target.substr(0, target.find('?'));
}

http_fields json_type() {
  return {{"Content-Type", "application/json"}};
}

bool is_request(const json& message) {
  return message.contains("method") && message.contains("id");
}

std::string method_of(const json& message) {
  auto found = message.find("method");
  return found != message.end() && found->is_string()
           ? found->get<std::string>()
           : std::string{};
}

bool write_file(const std::string& path, const std::string& text) {
  auto draft = path + ".tmp";
  std::ofstream out{draft, std::ios::trunc};
  out << text;
  out.close();
  return out.good() && std::rename(draft.c_str(), path.c_str()) == 0;
}

// Whether the steps replace the answer of a GET or DELETE.
bool scripted(const changes& how) {
  return how.replaced || how.base.how != shape::whole;
}

} // namespace

http_front::http_front(world& all)
  : world_{all},
    core_{all},
    sessions_{all.chosen},
    acceptor_{all.io},
    input_{all.io} {}

void http_front::start() {
  auto& chosen = world_.chosen;
  auto todo = chosen.plan.find({{"start"}, {}, world_.process_number})
                .value_or(steps{});
  if (chosen.exit_at_start)
    todo.insert(todo.begin(), {verb::exit, {}, *chosen.exit_at_start});
  if (!chosen.stderr_at_start.empty())
    todo.insert(todo.begin(), {verb::stderr_text, chosen.stderr_at_start, 0});
  auto begin = [this](const changes&, std::function<void()> then) {
    listen();
    then();
  };
  step_run::start(world_, std::move(todo), std::make_shared<nobody>(), begin,
                  nullptr);
}

void http_front::open_session(const http_session_ptr& who) {
  if (who->open && world_.chosen.sessions)
    return;
  if (!sessions_.open(who))
    return world_.numbers.note_violation("too_many_sessions", "100000 open");
  if (world_.chosen.sessions)
    who->core->live = world_.numbers.sessions.take();
}

void http_front::close_session(const http_session_ptr& who,
                               http_sessions::end why) {
  sessions_.close(who, why);
  core_.end_session(*who->core);
  if (auto stream = std::exchange(who->get_stream, nullptr))
    stream->finish();
}

reply http_front::dead_session_reply() const {
  reply what;
  what.status = world_.chosen.dead_session_status;
  auto text = what.status == 404 ? "Session not found"
                                 : "Bad Request: No valid session ID provided";
  what.text = to_text(
    {{"jsonrpc", "2.0"},
     {"id", nullptr},
     {"error",
      {{"code", what.status == 404 ? -32001 : -32000}, {"message", text}}}});
  return what;
}

// -- connections --------------------------------------------------------------

void http_front::listen() {
  tcp::endpoint where{boost::asio::ip::address_v4::loopback(),
                      world_.chosen.port};
  boost::system::error_code error;
  acceptor_.open(where.protocol(), error);
  acceptor_.set_option(tcp::acceptor::reuse_address{true}, error);
  acceptor_.bind(where, error);
  if (!error)
    acceptor_.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) {
    write_stderr("fake server: cannot listen on port "
                 + std::to_string(world_.chosen.port) + ": " + error.message()
                 + "\n");
    world_.leave(3, "cannot listen");
  }
  if (world_.chosen.until_eof)
    read_until_eof();
  accept();
  announce();
}

void http_front::announce() {
  auto port = acceptor_.local_endpoint().port();
  auto text = to_text({{"port", port}}) + "\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  auto& path = world_.chosen.port_file;
  if (path.empty() || write_file(path, text))
    return;
  write_stderr("fake server: cannot write " + path + "\n");
  world_.leave(3, "cannot write the port file");
}

void http_front::accept() {
  acceptor_.async_accept([this](auto error, tcp::socket socket) {
    if (error)
      return world_.after(accept_pause, [this] { accept(); });
    on_accept(std::move(socket));
    accept();
  });
}

void http_front::on_accept(tcp::socket socket) {
  auto handle = [this](const connection& from, const http_request& request) {
    on_request(from, request);
  };
  auto complain = [this](const std::string& why) {
    world_.numbers.note_violation("bad_http", why);
  };
  auto made
    = std::make_shared<http_connection>(std::move(socket), handle, complain);
  made->hold(world_.numbers.connections.take());
  auto todo = world_.chosen.plan.find({{"connect"}, {}, 1});
  if (!todo)
    return made->read();
  made->watch();
  auto back = std::make_shared<http_exchange>(
    *this, made, std::make_shared<http_session>(), http_exchange::kind::stream);
  auto read = [made](const changes&, std::function<void()> then) {
    made->read();
    then();
  };
  step_run::start(world_, std::move(*todo), back, read, nullptr);
}

void http_front::read_until_eof() {
  if (!input_.is_open())
    input_.assign(STDIN_FILENO);
  input_.async_read_some(boost::asio::buffer(unread_),
                         [this](auto error, std::size_t) {
                           if (error)
                             world_.leave(0, "eof");
                           read_until_eof();
                         });
}

// -- requests -----------------------------------------------------------------

void http_front::on_request(const connection& from,
                            const http_request& request) {
  auto path = path_of(request);
  if (path == world_.chosen.path) {
    note_header(request);
    on_endpoint(from, request);
  } else if (path == "/stats" || path.compare(0, 7, "/admin/") == 0) {
    on_admin(from, request);
  } else {
    from->respond(404, {{"Content-Type", "text/html"}},
                  "<html><body>Cannot find " + path + "</body></html>\n");
  }
  world_.flush();
}

void http_front::note_header(const http_request& request) {
  json fields = json::object();
  for (auto& one : request) {
    auto name = lower({one.name_string().data(), one.name_string().size()});
    fields[name] = std::string{one.value().data(), one.value().size()};
  }
  std::string method{request.method_string().data(),
                     request.method_string().size()};
  world_.numbers.count_http(method);
  world_.numbers.note_header(
    {{"method", method}, {"fields", std::move(fields)}});
}

void http_front::on_endpoint(const connection& from,
                             const http_request& request) {
  switch (request.method()) {
    case http::verb::post: return on_post(from, request);
    case http::verb::get: return on_get(from, request);
    case http::verb::delete_: return on_delete(from, request);
    default: from->respond(405, {{"Allow", "GET, POST, DELETE"}}, "");
  }
}

void http_front::on_post(const connection& from, const http_request& request) {
  if (auto wrong = check_post(request))
    return refuse(from, wrong->status, wrong->kind, wrong->text);
  auto message = json::parse(request.body(), nullptr, false);
  if (message.is_discarded())
    return refuse(from, 400, "not_json", "the body is not JSON");
  if (!message.is_object())
    return refuse(from, 400, "batch", "the body is not one message");
  auto method = method_of(message);
  auto who = session_for(from, request, method);
  if (!who || !spend_request(from, who, message))
    return;
  auto kind = method == "initialize" ? http_exchange::kind::initialize
                                     : http_exchange::kind::message;
  auto back = std::make_shared<http_exchange>(*this, from, who, kind);
  back->watch();
  core_.on_message(who->core, message, back, {"POST"});
}

// Counts against --lose-session-after.
bool http_front::spend_request(const connection& from,
                               const http_session_ptr& who,
                               const json& message) {
  auto limit = world_.chosen.lose_session_after;
  if (limit == 0 || !is_request(message) || method_of(message) == "initialize"
      || ++who->core->requests <= limit)
    return true;
  auto what = dead_session_reply();
  from->respond(what.status, json_type(), what.text);
  close_session(who, http_sessions::end::dropped);
  return false;
}

http_session_ptr http_front::session_for(const connection& from,
                                         const http_request& request,
                                         const std::string& method) {
  auto& numbers = world_.numbers;
  auto id = field(request, session_header);
  if (method == "initialize") {
    if (!id.empty())
      numbers.note_violation("initialize_with_session", "sends a session id");
    return sessions_.make();
  }
  if (!world_.chosen.sessions && !id.empty())
    numbers.note_violation("session_id_unasked", "there are no sessions");
  if (world_.chosen.sessions && id.empty()) {
    refuse(from, 400, "no_session", "Mcp-Session-Id is missing");
    return nullptr;
  }
  auto who = world_.chosen.sessions ? sessions_.find(id) : sessions_.make();
  if (!who) {
    auto* end = sessions_.find_end(id);
    if (!end)
      numbers.note_violation("unknown_session", "never issued: " + id);
    else if (*end == http_sessions::end::deleted)
      numbers.note_violation("session_after_delete", method);
    auto what = dead_session_reply();
    from->respond(what.status, json_type(), what.text);
    return nullptr;
  }
  auto wrong = check_version(request, who->core->version);
  if (wrong && wrong->status != 0) {
    refuse(from, wrong->status, wrong->kind, wrong->text);
    return nullptr;
  }
  if (wrong)
    numbers.note_violation(wrong->kind, wrong->text);
  return who;
}

void http_front::on_get(const connection& from, const http_request& request) {
  if (auto wrong = check_get(request))
    return refuse(from, wrong->status, wrong->kind, wrong->text);
  auto who = session_for(from, request, "GET");
  if (!who)
    return;
  auto back = std::make_shared<http_exchange>(*this, from, who,
                                              http_exchange::kind::stream);
  auto last_event = field(request, "Last-Event-ID");
  auto serve = [=](const changes& how, std::function<void()> then) {
    if (scripted(how))
      back->answer(how.base);
    else
      serve_get(from, who, last_event);
    then();
  };
  core_.on_occasion({{"GET"}, {}, who->core->number}, back, serve);
}

void http_front::serve_get(const connection& from, const http_session_ptr& who,
                           const std::string& last_event) {
  if (!last_event.empty())
    return resume(from, who, last_event);
  auto& chosen = world_.chosen;
  if (!chosen.get_stream)
    return from->respond(chosen.get_status, {{"Allow", "POST, DELETE"}}, "");
  if (who->get_stream)
    who->get_stream->finish();
  who->get_stream = who->make_stream(chosen);
  who->get_stream->open(from, {});
  who->get_stream->hold(world_.numbers.get_streams.take());
  from->on_gone([stream = who->get_stream] { stream->hold(nullptr); });
}

void http_front::resume(const connection& from, const http_session_ptr& who,
                        const std::string& last_event) {
  auto slash = last_event.find('/');
  auto number = slash == std::string::npos ? "" : last_event.substr(slash + 1);
  auto stream = who->find_stream(last_event.substr(0, slash));
  auto numeric = !number.empty() && number.size() < 10
                 && number.find_first_not_of("0123456789") == std::string::npos;
  if (!stream || !numeric)
    return refuse(from, 400, "unknown_event_id",
                  "Last-Event-ID was never issued: " + last_event);
  world_.numbers.count_resume();
  stream->resume(from, std::stoul(number));
  if (stream != who->get_stream || !stream->attached())
    return;
  stream->hold(world_.numbers.get_streams.take());
  from->on_gone([stream] { stream->hold(nullptr); });
}

void http_front::on_delete(const connection& from,
                           const http_request& request) {
  auto who = session_for(from, request, "DELETE");
  if (!who)
    return;
  auto back = std::make_shared<http_exchange>(*this, from, who,
                                              http_exchange::kind::end);
  auto serve = [=](const changes& how, std::function<void()> then) {
    auto status = world_.chosen.delete_status;
    world_.numbers.count_delete();
    if (scripted(how)) {
      back->answer(how.base);
    } else {
      if (status < 400)
        close_session(who, http_sessions::end::deleted);
      from->respond(status, {}, "");
    }
    world_.flush();
    then();
  };
  core_.on_occasion({{"DELETE"}, {}, who->core->number}, back, serve);
}

// -- administration -----------------------------------------------------------

void http_front::on_admin(const connection& from, const http_request& request) {
  auto path = path_of(request);
  auto post = request.method() == http::verb::post;
  if (path == "/stats" && request.method() == http::verb::get)
    from->respond(200, json_type(), world_.numbers.to_json().dump(2) + "\n");
  else if (path == "/admin/push" && post)
    push(from, request.body());
  else if (path == "/admin/drop-sessions" && post)
    drop_sessions(from);
  else if (path == "/admin/rules" && post)
    replace_rules(from, request.body());
  else
    from->respond(404, json_type(), R"({"error":"no such command"})");
}

void http_front::push(const connection& from, const std::string& text) {
  auto message = json::parse(text, nullptr, false);
  if (!message.is_object() || method_of(message).empty())
    return from->respond(400, json_type(),
                         R"({"error":"the body must be a message"})");
  auto sessions = sessions_.all();
  std::size_t sent = 0;
  for (auto& who : sessions) {
    auto& core = *who->core;
    if (!who->get_stream || !who->get_stream->attached())
      continue;
    ++sent;
    if (!is_request(message)) {
      core.push(to_text(message));
      continue;
    }
    auto params = message.value("params", json::object());
    core_.ask(who->core, method_of(message), params, core.push, nullptr);
  }
  from->respond(200, json_type(), to_text({{"sent", sent}}) + "\n");
}

void http_front::drop_sessions(const connection& from) {
  auto sessions = sessions_.all();
  for (auto& who : sessions)
    close_session(who, http_sessions::end::dropped);
  from->respond(200, json_type(),
                to_text({{"dropped", sessions.size()}}) + "\n");
}

void http_front::replace_rules(const connection& from,
                               const std::string& text) {
  auto lines = parse_script(text);
  if (!lines)
    return from->respond(400, json_type(),
                         to_text({{"error", lines.error().text}}) + "\n");
  world_.chosen.plan.clear();
  for (auto& line : *lines)
    world_.chosen.plan.add(std::move(line));
  from->respond(200, json_type(), to_text({{"rules", lines->size()}}) + "\n");
}

void http_front::refuse(const connection& from, int status,
                        const std::string& kind, const std::string& text) {
  world_.numbers.note_violation(kind, text);
  json error{{"code", kind == "not_json" ? -32700 : -32000}, {"message", text}};
  from->respond(
    status, json_type(),
    to_text(
      {{"jsonrpc", "2.0"}, {"id", nullptr}, {"error", std::move(error)}}));
}

} // namespace mcpool::testkit::fake_server
