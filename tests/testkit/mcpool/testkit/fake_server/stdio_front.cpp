// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/stdio_front.hpp>

#include <mcpool/testkit/fake_server/process.hpp>

#include <csignal>
#include <utility>

#include <unistd.h>

namespace mcpool::testkit::fake_server {

namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t chunk_size = 64 * 1024;
constexpr std::size_t max_line = 64 * 1024 * 1024;
constexpr std::size_t max_waiting = 4 * 1024 * 1024;
constexpr std::size_t endless_piece = 64 * 1024;
// How long a reader that does not read can keep us from leaving.
constexpr milliseconds max_flush{1000};

class line_exchange : public exchange {
public:
  explicit line_exchange(stdio_front& front) : front_{front} {}

  void send(const std::string& text) override {
    front_.write_line(text, milliseconds{0});
  }

  void answer(const reply& what) override {
    end();
    if (what.text.empty() && !what.even_if_empty)
      return;
    if (what.how != shape::whole)
      return front_.write_broken(what.text, what.how);
    for (int i = 0; i < what.copies; ++i)
      front_.write_line(what.text, what.drip);
  }

  void abandon() override { end(); }

  void close(ending) override { front_.close_output(); }

  void break_stream(milliseconds) override {}

  void when_sent(std::function<void()> then) override {
    front_.when_written(std::move(then));
  }

  void lose_session() override {}

private:
  stdio_front& front_;
};

} // namespace

stdio_front::stdio_front(world& all)
  : world_{all},
    core_{all},
    input_{all.io, STDIN_FILENO},
    output_{std::make_shared<byte_writer<pipe>>(pipe{all.io, STDOUT_FILENO})},
    term_{all.io} {
  session_->number = all.process_number;
  session_->push = [this](const std::string& text) {
    write_line(text, milliseconds{0});
    return true;
  };
}

void stdio_front::start() {
  session_->live = world_.numbers.sessions.take();
  if (world_.chosen.plan.mentions("term"))
    catch_term();
  world_.flush();
  run_start_steps();
}

void stdio_front::run_start_steps() {
  auto& chosen = world_.chosen;
  auto todo
    = chosen.plan.find({{"start"}, {}, session_->number}).value_or(steps{});
  if (chosen.exit_at_start)
    todo.insert(todo.begin(), {verb::exit, {}, *chosen.exit_at_start});
  if (!chosen.stdout_at_start.empty())
    todo.insert(todo.begin(), {verb::raw, chosen.stdout_at_start, 0});
  if (!chosen.stderr_at_start.empty())
    todo.insert(todo.begin(), {verb::stderr_text, chosen.stderr_at_start, 0});
  auto read_on = [this](const changes&, std::function<void()> then) {
    if (!world_.chosen.no_read)
      read();
    then();
  };
  step_run::start(world_, std::move(todo), make_exchange(), read_on, nullptr);
}

void stdio_front::catch_term() {
  term_.add(SIGTERM);
  term_.async_wait([this](auto error, int) {
    if (error)
      return;
    catch_term();
    auto end = [this](const changes&, std::function<void()>) {
      world_.leave(0, "term");
    };
    core_.on_occasion({{"term"}, {}, session_->number}, make_exchange(), end);
  });
}

void stdio_front::read() {
  chunk_.resize(chunk_size);
  input_.async_read_some(boost::asio::buffer(chunk_),
                         [this](auto error, std::size_t bytes) {
                           if (error)
                             on_eof();
                           else
                             on_read(bytes);
                         });
}

void stdio_front::on_read(std::size_t bytes) {
  unread_.append(chunk_, 0, bytes);
  auto text = std::exchange(unread_, {});
  std::size_t start = 0;
  auto end = text.find('\n', scanned_);
  for (; end != std::string::npos; end = text.find('\n', start)) {
    on_line(std::string_view{text}.substr(start, end - start));
    start = end + 1;
  }
  text.erase(0, start);
  unread_ = std::move(text);
  scanned_ = unread_.size();
  if (unread_.size() > max_line) {
    world_.numbers.note_violation("endless_line", "more than 64 MiB");
    world_.leave(1, "endless line on stdin");
  }
  world_.flush();
  paused_ = output_->waiting() > max_waiting;
  if (!paused_)
    return read();
  when_written([this] { read(); });
}

void stdio_front::on_line(std::string_view line) {
  if (!line.empty() && line.back() == '\r')
    line.remove_suffix(1);
  auto message = json::parse(line, nullptr, false);
  if (message.is_discarded()) {
    world_.numbers.note_violation("not_json", std::string{line.substr(0, 200)});
    return write_line(R"({"jsonrpc":"2.0","id":null,"error":)"
                      R"({"code":-32700,"message":"Parse error"}})",
                      milliseconds{0});
  }
  if (!message.is_array())
    return core_.on_message(session_, message, make_exchange(), {});
  if (session_->version != "2025-03-26")
    world_.numbers.note_violation("batch", "an array of messages");
  for (auto& one : message)
    core_.on_message(session_, one, make_exchange(), {});
}

void stdio_front::on_eof() {
  auto end = [this](const changes&, std::function<void()>) {
    auto leave = [this] { world_.leave(0, "eof"); };
    world_.after(max_flush, leave);
    when_written(leave);
  };
  core_.on_occasion({{"eof"}, {}, session_->number}, make_exchange(), end);
}

std::shared_ptr<exchange> stdio_front::make_exchange() {
  return std::make_shared<line_exchange>(*this);
}

void stdio_front::write_line(std::string text, milliseconds drip) {
  if (mute_)
    return;
  text += '\n';
  piece what;
  what.bytes = std::move(text);
  what.drip = drip;
  output_->write(std::move(what));
}

void stdio_front::write_broken(const std::string& text, shape how) {
  if (std::exchange(mute_, true))
    return;
  piece what;
  what.bytes = text.substr(0, text.size() / 2);
  output_->write(std::move(what));
  if (how != shape::endless)
    return;
  piece rest;
  rest.bytes.assign(endless_piece, 'x');
  rest.endless = true;
  output_->write(std::move(rest));
}

void stdio_front::when_written(std::function<void()> then) {
  piece mark;
  mark.then = std::move(then);
  output_->write(std::move(mark));
}

void stdio_front::close_output() {
  when_written([this] { output_->close(); });
}

} // namespace mcpool::testkit::fake_server
