// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_client.hpp>

#include <mcpool/transport/curl_loop.hpp>
#include <mcpool/transport/doubtful_origins.hpp>
#include <mcpool/transport/http_transfer.hpp>
#include <mcpool/transport/survives.hpp>

#include <boost/asio/steady_timer.hpp>

#include <curl/curl.h>
#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>
#include <vector>

// Requests are collected and given to libcurl once per turn of the loop, and so
// are cancellations: a handler may ask for either while libcurl calls it, and
// libcurl must not be entered then.
//
// A transfer, with its easy handle, is taken from a stack, so that the one that
// was used last, and most likely for the same target, is used next.
//
// Lack of memory may cost the exchange that meets it, and no other: an exchange
// that was started is told its end, lists are gone through one element at a
// time, and what must not fail uses memory that was reserved before.
//
// Time limits of exchanges are kept in one ordered set and one timer. A byte
// that arrives only notes the time; the limit is moved when it would strike.

namespace mcpool::transport {

namespace {

using clock = http_transfer::clock;

// Easy handles that are kept for the next requests, about 10 kB each.
constexpr std::size_t max_idle_handles = 128;

constexpr unsigned slot_bits = 24;

std::size_t slot_of(http_client::exchange_id id) noexcept {
  return id & ((1u << slot_bits) - 1);
}

// Short enough to need none.
http_outcome out_of_memory(delivery sent) {
  return {http_outcome::ending::broken,
          make_refusal(errc::internal_error, "out of memory"), sent};
}

void initialise_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

} // namespace

class http_client::state : public std::enable_shared_from_this<state> {
public:
  explicit state(io_loop& loop) : loop_(loop), timer_(loop.context()) {
    initialise_curl();
  }

  ~state() { shut_down(); }

  void open();

  exchange_id start(http_request request,
                    std::shared_ptr<http_handler> handler);
  void cancel(exchange_id id);
  void end_within(exchange_id id, duration limit);
  void end_when_idle(exchange_id id, duration limit);
  void shut_down();

private:
  using limits = std::set<std::pair<clock::time_point, exchange_id>>;

  http_transfer* find(exchange_id id) const;
  http_transfer& take_slot();
  void add_slot();
  void give_back(http_transfer& x);
  void schedule();
  void drive();
  void remove_cancelled();
  bool add_waiting();
  void add(http_transfer& x);
  void on_done(CURL* easy, CURLcode code);
  std::optional<http_outcome> finish(http_transfer& x, CURLcode code);
  void tell_end(http_transfer& x, const http_outcome& outcome);
  void count(int change);
  void doubt_if_unanswered(const http_transfer& x);
  std::optional<duration> oldest_for(const http_transfer& x) const;

  void watch(http_transfer& x);
  limits::node_type unwatch(http_transfer& x);
  void arm_timer();
  void strike();
  void check_limit(exchange_id id, clock::time_point now);
  clock::time_point limit_of(const http_transfer& x) const;

  io_loop& loop_;
  std::shared_ptr<curl_loop> curl_;
  /// All transfers there ever were; they stay where they are.
  std::vector<std::unique_ptr<http_transfer>> slots_;
  /// Those without an exchange; the last one goes first.
  std::vector<std::size_t> free_;
  /// How many of the free ones have an easy handle.
  std::size_t idle_handles_ = 0;
  std::uint64_t generation_ = 0;
  long running_ = 0;
  bool scheduled_ = false;
  std::vector<exchange_id> waiting_;
  std::vector<http_transfer*> cancelled_;
  /// Who did not answer.
  doubtful_origins doubts_;
  boost::asio::steady_timer timer_;
  /// When an exchange may have to end.
  limits limits_;
  std::optional<clock::time_point> armed_;
};

void http_client::state::open() {
  auto on_done
    = [this](CURL* easy, CURLcode code) { this->on_done(easy, code); };
  curl_ = std::make_shared<curl_loop>(loop_, on_done);
}

// -- requests -----------------------------------------------------------------

http_client::exchange_id
http_client::state::start(http_request request,
                          std::shared_ptr<http_handler> handler) {
  schedule();
  auto& x = take_slot();
  auto id = ++generation_ << slot_bits | x.slot;
  x.begin(id, std::move(request), std::move(handler));
  try {
    watch(x);
    waiting_.push_back(id);
  } catch (...) {
    unwatch(x);
    give_back(x);
    throw;
  }
  return id;
}

// The handler stays alive until the loop turns: it may be the caller.
void http_client::state::cancel(exchange_id id) {
  if (auto x = find(id)) {
    unwatch(*x);
    survives([&] { doubt_if_unanswered(*x); });
    x->mute();
    cancelled_.push_back(x);
    survives([&] { schedule(); });
  }
}

void http_client::state::end_within(exchange_id id, duration limit) {
  if (auto x = find(id)) {
    x->ends_at = std::min(x->ends_at, clock::now() + limit);
    watch(*x);
  }
}

void http_client::state::end_when_idle(exchange_id id, duration limit) {
  if (auto x = find(id)) {
    x->idle_timeout = limit;
    watch(*x);
  }
}

void http_client::state::shut_down() {
  if (!curl_)
    return;
  timer_.cancel();
  for (auto& x : slots_)
    if (std::exchange(x->running, false))
      curl_->remove(x->easy());
  curl_->shut_down();
  curl_.reset();
  // Handlers may own what ends with them.
  auto slots = std::exchange(slots_, {});
  free_.clear();
}

// -- transfers ----------------------------------------------------------------

http_transfer* http_client::state::find(exchange_id id) const {
  auto slot = slot_of(id);
  if (id == 0 || slot >= slots_.size() || slots_[slot]->id() != id)
    return nullptr;
  return slots_[slot].get();
}

http_transfer& http_client::state::take_slot() {
  if (free_.empty())
    add_slot();
  auto& x = *slots_[free_.back()];
  free_.pop_back();
  if (x.easy())
    --idle_handles_;
  return x;
}

// A slot is at most once in each of the lists that room is made in.
void http_client::state::add_slot() {
  slots_.push_back(std::make_unique<http_transfer>(slots_.size()));
  try {
    free_.reserve(slots_.capacity());
    cancelled_.reserve(slots_.capacity());
  } catch (...) {
    slots_.pop_back();
    throw;
  }
  free_.push_back(slots_.size() - 1);
}

void http_client::state::give_back(http_transfer& x) {
  x.end();
  if (idle_handles_ >= max_idle_handles)
    x.close();
  if (x.easy())
    ++idle_handles_;
  free_.push_back(x.slot);
}

// -- turns of the loop --------------------------------------------------------

void http_client::state::schedule() {
  if (scheduled_)
    return;
  loop_.post([self = shared_from_this()] { self->drive(); });
  scheduled_ = true;
}

void http_client::state::drive() {
  scheduled_ = false;
  if (!curl_)
    return;
  remove_cancelled();
  if (add_waiting())
    curl_->run_due();
}

// A handler whose last owner this is may cancel others.
void http_client::state::remove_cancelled() {
  for (std::size_t i = 0; i < cancelled_.size(); ++i) {
    auto& x = *cancelled_[i];
    if (std::exchange(x.running, false)) {
      curl_->remove(x.easy());
      count(-1);
    }
    give_back(x);
  }
  cancelled_.clear();
}

bool http_client::state::add_waiting() {
  auto batch = std::exchange(waiting_, {});
  for (auto id : batch)
    if (auto x = find(id))
      survives([&] { add(*x); });
  return !batch.empty();
}

void http_client::state::add(http_transfer& x) {
  if (x.open(*curl_)) {
    x.prepare(oldest_for(x));
    x.running = curl_->add(x.easy());
  }
  if (x.running)
    return count(+1);
  tell_end(x, out_of_memory(delivery::not_sent));
}

void http_client::state::on_done(CURL* easy, CURLcode code) {
  char* owner = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
  auto& x = static_cast<http_transfer&>(*reinterpret_cast<curl_user*>(owner));
  x.running = false;
  count(-1);
  if (x.id() == 0)
    return; // cancelled in the same turn
  std::optional<http_outcome> outcome;
  if (!survives([&] { outcome = finish(x, code); }))
    outcome = out_of_memory(delivery::maybe_sent);
  if (outcome)
    tell_end(x, *outcome);
}

// Nothing if it goes on with another request.
std::optional<http_outcome> http_client::state::finish(http_transfer& x,
                                                       CURLcode code) {
  if (auto outcome = x.finish(code))
    return outcome;
  schedule();
  waiting_.push_back(x.id());
  return std::nullopt;
}

void http_client::state::tell_end(http_transfer& x,
                                  const http_outcome& outcome) {
  auto handler = x.take_handler();
  unwatch(x);
  give_back(x);
  handler->on_done(outcome);
}

void http_client::state::count(int change) {
  running_ += change;
  curl_->keep_connections(running_ + static_cast<long>(max_idle_connections));
}

// -- connections that may be dead ---------------------------------------------

void http_client::state::doubt_if_unanswered(const http_transfer& x) {
  if (x.request().tries && x.unanswered())
    doubts_.add(x.request().target->origin(), clock::now());
}

// Connections made since then are as good as the server. The clock costs more
// than the rest, and hardly anybody is ever doubted.
std::optional<duration>
http_client::state::oldest_for(const http_transfer& x) const {
  if (doubts_.empty())
    return std::nullopt;
  return doubts_.age(x.request().target->origin(), clock::now());
}

// -- limits -------------------------------------------------------------------

clock::time_point http_client::state::limit_of(const http_transfer& x) const {
  if (x.idle_timeout <= duration{0})
    return x.ends_at;
  return std::min(x.ends_at, x.last_byte() + x.idle_timeout);
}

// The entry is moved, which needs no memory.
void http_client::state::watch(http_transfer& x) {
  auto limit = limit_of(x);
  auto entry = unwatch(x);
  if (limit == clock::time_point::max())
    return;
  if (entry) {
    entry.value() = {limit, x.id()};
    limits_.insert(std::move(entry));
  } else {
    limits_.emplace(limit, x.id());
  }
  x.watched_at = limit;
  arm_timer();
}

http_client::state::limits::node_type
http_client::state::unwatch(http_transfer& x) {
  if (x.watched_at == clock::time_point::max())
    return {};
  auto at = std::exchange(x.watched_at, clock::time_point::max());
  return limits_.extract({at, x.id()});
}

void http_client::state::arm_timer() {
  if (limits_.empty() || (armed_ && *armed_ <= limits_.begin()->first))
    return;
  auto first = limits_.begin()->first;
  armed_.reset();
  timer_.expires_at(first);
  timer_.async_wait([self = weak_from_this()](boost::system::error_code ec) {
    if (auto x = self.lock(); x && !ec)
      x->strike();
  });
  armed_ = first;
}

void http_client::state::strike() {
  armed_.reset();
  auto now = clock::now();
  while (curl_ && !limits_.empty() && limits_.begin()->first <= now)
    survives([&] { check_limit(limits_.begin()->second, now); });
  arm_timer();
}

void http_client::state::check_limit(exchange_id id, clock::time_point now) {
  auto& x = *find(id);
  if (limit_of(x) > now)
    return watch(x);
  if (std::exchange(x.running, false)) {
    curl_->remove(x.easy());
    count(-1);
  }
  auto outcome = out_of_memory(delivery::maybe_sent);
  survives([&] {
    outcome = x.timed_out();
    doubt_if_unanswered(x);
  });
  tell_end(x, outcome);
}

// -- the handle ---------------------------------------------------------------

http_client::http_client(io_loop& loop)
  : loop_(loop),
    state_(std::make_shared<state>(loop)) {
  state_->open();
}

http_client::~http_client() {
  loop_.post([x = std::move(state_)] { x->shut_down(); });
}

http_client::exchange_id
http_client::start(http_request request,
                   std::shared_ptr<http_handler> handler) {
  return state_->start(std::move(request), std::move(handler));
}

void http_client::cancel(exchange_id id) {
  state_->cancel(id);
}

void http_client::end_within(exchange_id id, duration limit) {
  state_->end_within(id, limit);
}

void http_client::end_when_idle(exchange_id id, duration limit) {
  state_->end_when_idle(id, limit);
}

} // namespace mcpool::transport
