// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/stdio_session.hpp>

#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>
#include <mcpool/protocol/json_rpc.hpp>
#include <mcpool/transport/child_environment.hpp>
#include <mcpool/transport/printable.hpp>
#include <mcpool/transport/program_path.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <new>
#include <system_error>
#include <utility>

namespace mcpool::transport {

namespace {

/// Bytes that may wait to be written.
constexpr std::size_t max_unsent = 64 * 1024 * 1024;
/// Bytes of a line that is no message which are told, and how many lines.
constexpr std::size_t noise_sample = 200;
constexpr std::uint32_t noise_per_second = 20;
/// How long the output of a process that ended is read: what it started may
/// hold the pipe forever.
constexpr auto drain_time = std::chrono::milliseconds{500};
/// How long a killed process may take to disappear.
constexpr auto kill_time = std::chrono::seconds{5};

} // namespace

stdio_session::stdio_session(io_loop& loop,
                             std::shared_ptr<process_guard> guard,
                             const config::server_config& config,
                             std::shared_ptr<listener> listener)
  : config_(config),
    listener_(std::move(listener)),
    loop_(loop),
    child_(loop.context(), std::move(guard)),
    input_(loop.context()),
    outbox_(max_unsent),
    output_(loop.context()),
    lines_(config.max_message_bytes),
    noise_(noise_per_second),
    error_output_(loop.context()),
    last_words_(config.name),
    timer_(loop.context()) {}

// -- what the transport asks for ----------------------------------------------

void stdio_session::open() {
  if (phase_ != phase::idle)
    return;
  if (auto ok = start(); !ok) {
    if (listener_ && !is_there())
      listener_->on_unreachable();
    return finish(
      make_refusal(errc::connect_failed,
                   cat("server '", config_.name, "': ", ok.error().text)));
  }
  phase_ = phase::running;
  log::transport::debug("stdio-started", "Server ", config_.name,
                        " runs as process ", child_.pid());
  if (listener_)
    listener_->on_open();
  write();
}

void stdio_session::send(outgoing x) {
  if (ending())
    return;
  auto id = x.request_id;
  auto is_request = x.kind != outgoing_kind::one_way;
  auto ok = outbox_.push(std::move(x));
  if (ok)
    return write_soon();
  auto why = ok.error();
  why.text = cat("server '", config_.name, "': ", why.text);
  if (is_request && listener_)
    listener_->on_failure(id, std::move(why), delivery::not_sent);
  else if (!std::exchange(dropping_, true))
    log::transport::warning("messages-dropped",
                            "Notifications are dropped: ", why.text);
}

void stdio_session::forget(std::int64_t id) {
  outbox_.forget(id);
}

void stdio_session::close() {
  closed_ = true;
  if (phase_ == phase::idle)
    return finish(reason());
  if (phase_ != phase::running)
    return;
  phase_ = phase::flushing;
  if (outbox_.empty())
    close_input();
  else
    arm(config_.close_timeout, &stdio_session::close_input);
}

void stdio_session::abandon() {
  listener_.reset();
  close();
}

// -- start --------------------------------------------------------------------

result<void> stdio_session::start() {
  pipe_ends pipes[3];
  for (auto& x : pipes) {
    auto made = make_pipe();
    if (!made)
      return made.error();
    x = std::move(*made);
  }
  auto& [input, output, error] = pipes;
  auto child = spec();
  child.input = input.read.get();
  child.output = output.write.get();
  child.error = error.write.get();
  auto taken = take_ends(std::move(input.write), std::move(output.read),
                         std::move(error.read));
  if (!taken)
    return taken;
  return child_.start(std::move(child), shared_from_this(),
                      [this](exit_status x) { on_exit(x); });
}

result<void> stdio_session::take_ends(unique_fd input, unique_fd output,
                                      unique_fd error) {
  set_nonblocking(input.get());
  boost::system::error_code failed;
  input_.assign(input.get(), failed);
  if (failed)
    return make_refusal(errc::connect_failed,
                        cat("a pipe cannot be watched: ", failed.message()));
  input.release();
  auto ok = output_.start(std::move(output), shared_from_this(),
                          [this](std::string_view x) { on_output(x); });
  if (!ok)
    return ok;
  return error_output_.start(
    std::move(error), shared_from_this(),
    [this](std::string_view x) { on_error_output(x); });
}

launch_spec stdio_session::spec() const {
  launch_spec out;
  out.command = config_.command;
  out.args = config_.args;
  out.environment = child_environment(config_.env);
  out.cwd = config_.cwd;
  return out;
}

// A start fails for other reasons, too: too many processes, or arguments.
bool stdio_session::is_there() const {
  return has_program(config_.command, child_environment(config_.env),
                     config_.cwd);
}

// -- input and output of the server -------------------------------------------

void stdio_session::write() {
  if (write_pending_ || !input_.is_open())
    return;
  auto progress = outbox_.write_to(input_.native_handle());
  if (progress == outbox::progress::failed)
    return fail(errc::connection_lost,
                cat("does not read its standard input any more (",
                    std::generic_category().message(errno), ")"));
  if (progress != outbox::progress::done)
    return write_later(progress);
  dropping_ = false;
  if (phase_ == phase::flushing)
    close_input();
}

// What is sent in the same turn of the loop goes out in one system call.
void stdio_session::write_soon() {
  if (write_pending_ || !input_.is_open())
    return;
  write_pending_ = true;
  loop_.post([self = shared_from_this()] { self->write_on(); });
}

void stdio_session::write_later(outbox::progress why) {
  write_pending_ = true;
  auto go_on
    = [self = shared_from_this()](const auto&...) { self->write_on(); };
  if (why == outbox::progress::full)
    input_.async_wait(input_.wait_write, std::move(go_on));
  else
    boost::asio::post(input_.get_executor(), std::move(go_on));
}

void stdio_session::write_on() {
  write_pending_ = false;
  write();
}

void stdio_session::on_output(std::string_view bytes) {
  if (bytes.empty()) {
    fail(errc::connection_lost, "closed its standard output");
    return drained();
  }
  try {
    take_output(bytes);
  } catch (const std::bad_alloc&) {
    out_of_memory();
  }
}

void stdio_session::take_output(std::string_view bytes) {
  auto ok = lines_.feed(bytes, batch_);
  on_lines();
  if (!ok)
    too_large(ok.error());
}

// What it sent so far is what takes the memory.
void stdio_session::out_of_memory() {
  lines_ = protocol::line_reader{config_.max_message_bytes};
  batch_ = {};
  too_large(make_refusal(errc::payload_too_large,
                         "there is not enough memory for its message"));
}

void stdio_session::on_lines() {
  std::vector<protocol::message> all;
  for (auto& line : batch_) {
    auto messages = protocol::decode(line, {config_.max_message_bytes});
    if (messages) {
      std::move(messages->begin(), messages->end(), std::back_inserter(all));
      continue;
    }
    tell(all);
    if (messages.error().code == errc::payload_too_large)
      too_large(messages.error());
    else
      on_noise(line.view());
  }
  tell(all);
  batch_.clear();
}

// Takes them all.
void stdio_session::tell(std::vector<protocol::message>& messages) {
  if (listener_ && !messages.empty())
    listener_->on_messages(std::move(messages));
  messages.clear();
}

void stdio_session::too_large(const refusal& why) {
  output_.stop();
  fail(errc::payload_too_large, cat("sent too much at once: ", why.text));
}

void stdio_session::on_noise(std::string_view line) {
  if (listener_ && noise_.admit(rate_gate::clock::now()))
    listener_->on_noise(printable(line, noise_sample));
}

void stdio_session::on_error_output(std::string_view bytes) {
  if (!bytes.empty())
    return last_words_.feed(bytes);
  last_words_.finish();
  drained();
}

// -- the end ------------------------------------------------------------------

bool stdio_session::ending() const noexcept {
  return phase_ > phase::running;
}

void stdio_session::fail(errc code, std::string text) {
  if (phase_ != phase::running && phase_ != phase::flushing)
    return;
  cause_ = make_refusal(code, std::move(text));
  close_input();
}

void stdio_session::close_input() {
  phase_ = phase::waiting;
  if (cause_ && !closed_)
    unsent_ = outbox_.unsent();
  outbox_.clear();
  boost::system::error_code ignored;
  input_.close(ignored);
  arm(config_.close_timeout, &stdio_session::terminate);
}

void stdio_session::terminate() {
  phase_ = phase::terminating;
  forced_ = true;
  child_.signal_group(SIGTERM);
  arm(config_.close_timeout, &stdio_session::kill);
}

void stdio_session::kill() {
  phase_ = phase::killing;
  child_.signal_group(SIGKILL);
  arm(kill_time, &stdio_session::give_up);
}

/// The kernel does not let it go, for example because of a dead file system.
void stdio_session::give_up() {
  log::transport::error("unkillable", "Process ", child_.pid(), " of server ",
                        config_.name, " is still there after it was killed");
  child_.let_go();
  finish(reason());
}

void stdio_session::on_exit(exit_status status) {
  if (phase_ == phase::ended)
    return;
  exit_ = status;
  fail(errc::connection_lost, "ended");
  phase_ = phase::draining;
  arm(drain_time, &stdio_session::end);
  drained();
}

void stdio_session::drained() {
  if (phase_ == phase::draining && !output_.reading()
      && !error_output_.reading())
    end();
}

void stdio_session::end() {
  finish(reason());
}

void stdio_session::finish(refusal why) {
  phase_ = phase::ended;
  ++timer_round_;
  timer_.cancel();
  outbox_.clear();
  boost::system::error_code ignored;
  input_.close(ignored);
  output_.stop();
  error_output_.stop();
  log::transport::debug("stdio-ended", why.text);
  auto last = std::exchange(listener_, nullptr);
  if (!last)
    return;
  if (!unsent_.empty())
    last->on_unsent(std::move(unsent_));
  last->on_close(std::move(why));
}

refusal stdio_session::reason() const {
  auto lost = cause_ && cause_->code == errc::connection_lost;
  auto died = lost && exit_ && !forced_;
  auto text = cat("server '", config_.name, "' ");
  if (!died)
    text += cause_ ? cause_->text : "was closed";
  if (exit_)
    text += cat(died ? "" : "; it ", *exit_);
  if (lost && !lines_.partial().empty())
    text += cat("; it stopped in the middle of a message, after ",
                lines_.partial().size(), " bytes");
  if (auto words = last_words_.text(); !closed_ && !words.empty())
    text += cat("; its last words: ", words);
  return make_refusal(closed_ || !cause_ ? errc::cancelled : cause_->code,
                      std::move(text));
}

void stdio_session::arm(duration after, step next) {
  auto round = ++timer_round_;
  timer_.expires_after(after);
  timer_.async_wait([self = shared_from_this(), round, next](const auto& ec) {
    if (!ec && round == self->timer_round_)
      (self.get()->*next)();
  });
}

} // namespace mcpool::transport
