// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/curl_loop.hpp>

#include <mcpool/transport/survives.hpp>
#include <mcpool/transport/tcp_progress.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mcpool::transport {

using clock = std::chrono::steady_clock;

namespace {

using file_id = std::pair<dev_t, ino_t>;

// Zeros, as of no file, if there is none.
file_id file_of(int fd) noexcept {
  struct stat info {};
  fstat(fd, &info);
  return {info.st_dev, info.st_ino};
}

curl_user* user_of(CURL* easy) noexcept {
  char* out = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &out);
  return reinterpret_cast<curl_user*>(out);
}

} // namespace

struct curl_loop::watched {
  watched(boost::asio::io_context& context, int fd, bool ours)
    : descriptor(context, fd),
      fd(fd),
      ours(ours),
      file(file_of(fd)) {}

  /// Tells whether the number still means the same.
  bool is_there() const noexcept { return file_of(fd) == file; }

  boost::asio::posix::stream_descriptor descriptor;
  int fd;
  /// False for what libcurl opened and closes itself.
  bool ours;
  /// libcurl waited for bytes on it.
  bool connected = false;
  /// What the number meant when the watch began.
  file_id file;
  /// The directions libcurl waits for.
  int wanted = 0;
  /// The directions that have a wait pending.
  int pending = 0;
  bool gone = false;
  /// The transfer that used it last.
  curl_user* user = nullptr;
};

curl_loop::curl_loop(io_loop& loop, done_handler on_done)
  : loop_(loop),
    on_done_(std::move(on_done)),
    multi_(curl_multi_init()),
    timer_(loop.context()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
}

curl_loop::~curl_loop() {
  shut_down();
}

void curl_loop::prepare(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
}

bool curl_loop::add(CURL* easy) {
  return multi_ && curl_multi_add_handle(multi_, easy) == CURLM_OK;
}

void curl_loop::remove(CURL* easy) noexcept {
  if (multi_)
    curl_multi_remove_handle(multi_, easy);
  abandon_closed();
  survives([this] { arm_timer(); });
}

// libcurl announces its next time anew after this.
void curl_loop::run_due() {
  due_.reset();
  act(CURL_SOCKET_TIMEOUT, 0);
}

void curl_loop::keep_connections(long most) {
  if (multi_)
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, most);
}

void curl_loop::shut_down() {
  if (!multi_)
    return;
  timer_.cancel();
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  curl_multi_cleanup(std::exchange(multi_, nullptr));
  for (std::size_t fd = 0; fd < sockets_.size(); ++fd)
    abandon(static_cast<curl_socket_t>(fd));
}

// -- callbacks of libcurl -----------------------------------------------------

// An exception that crossed libcurl would leave it unusable, and an error of
// on_socket makes it give up everything. So what fails here is done later, or
// costs the one transfer.

curl_socket_t curl_loop::open_socket(void* self, curlsocktype,
                                     curl_sockaddr* address) noexcept {
  auto fd = ::socket(address->family,
                     address->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                     address->protocol);
  auto& loop = *static_cast<curl_loop*>(self);
  loop.socket_error_ = fd < 0 ? errno : 0;
  if (fd < 0)
    return CURL_SOCKET_BAD;
  if (loop.watch(fd, true))
    return fd;
  loop.socket_error_ = ENOMEM;
  ::close(fd);
  return CURL_SOCKET_BAD;
}

int curl_loop::close_socket(void* self, curl_socket_t fd) noexcept {
  auto& loop = *static_cast<curl_loop*>(self);
  auto x = loop.find(fd);
  if (!x)
    return ::close(fd);
  if (x->user && x->user->socket == fd)
    x->user->missing_end = closed_before_the_end(fd);
  survives([&] { loop.forget(fd); });
  return 0;
}

int curl_loop::on_socket(CURL* easy, curl_socket_t fd, int what, void* self,
                         void*) noexcept {
  auto& loop = *static_cast<curl_loop*>(self);
  auto x = loop.find(fd);
  if (x && x->ours && !x->connected && !x->is_there()) {
    loop.abandon(fd);
    x.reset();
  }
  if (!x && what != CURL_POLL_REMOVE)
    x = loop.watch(fd, false);
  if (x)
    survives([&] { loop.update(x, easy, what); });
  return 0;
}

int curl_loop::on_timer(CURLM*, long ms, void* self) noexcept {
  auto& due = static_cast<curl_loop*>(self)->due_;
  if (ms < 0)
    due.reset();
  else
    due = clock::now() + std::chrono::milliseconds{ms};
  return 0;
}

// -- sockets ------------------------------------------------------------------

curl_loop::watched_ptr curl_loop::find(curl_socket_t fd) const noexcept {
  auto i = static_cast<std::size_t>(fd);
  return i < sockets_.size() ? sockets_[i] : nullptr;
}

// libcurl 7.88 closes a socket that never got connected by itself, without a
// word. The kernel took it from the epoll set then, and gives its number to the
// next file; but asio takes the number from the set once more when it lets go,
// and there is no way to let go without that. If the number meant something
// else of this loop by then, the exit of a child for example, nobody would hear
// of that any more.
//
// So it is let go as soon as libcurl has been left: only other threads can have
// taken the number by then, and nothing of theirs is in the set of this loop.
// It may also mean the next socket of libcurl, which is about to be watched.
void curl_loop::abandon(curl_socket_t fd) noexcept {
  auto x = find(fd);
  if (!x)
    return;
  sockets_[static_cast<std::size_t>(fd)].reset();
  x->gone = true;
  survives([&] { x->descriptor.release(); });
}

// Must follow each call that may close a connection, before anything else of
// the loop runs. libcurl waits no longer for what it has closed.
void curl_loop::abandon_closed() noexcept {
  for (auto fd : dropped_)
    if (auto x = find(fd); x && !x->is_there())
      abandon(fd);
  dropped_.clear();
}

// Null when there is no memory, or the kernel has no room for one more.
curl_loop::watched_ptr curl_loop::watch(curl_socket_t fd, bool ours) noexcept {
  watched_ptr out;
  survives([&] { out = make_watched(fd, ours); });
  return out;
}

curl_loop::watched_ptr curl_loop::make_watched(curl_socket_t fd, bool ours) {
  auto i = static_cast<std::size_t>(fd);
  abandon(fd);
  if (i >= sockets_.size())
    make_room(std::max(i + 1, sockets_.size() * 2));
  sockets_[i] = std::make_shared<watched>(loop_.context(), fd, ours);
  return sockets_[i];
}

// What is not remembered as dropped would close the descriptor of somebody
// else later, so there is room for it before there is a socket.
void curl_loop::make_room(std::size_t sockets) {
  dropped_.reserve(sockets);
  sockets_.resize(sockets);
}

void curl_loop::forget(curl_socket_t fd) {
  auto x = find(fd);
  if (!x)
    return;
  sockets_[static_cast<std::size_t>(fd)].reset();
  x->gone = true;
  if (!x->ours) {
    x->descriptor.release();
    return;
  }
  boost::system::error_code ignored;
  x->descriptor.close(ignored);
}

void curl_loop::update(const watched_ptr& x, CURL* easy, int what) {
  if (what == CURL_POLL_REMOVE) {
    x->wanted = 0;
    if (!x->ours)
      forget(x->fd);
    else if (!x->connected)
      dropped_.push_back(x->fd);
    return;
  }
  x->wanted = what;
  x->connected = x->connected || (what & CURL_POLL_IN) != 0;
  if (x->ours) {
    x->user = user_of(easy);
    if (x->user)
      x->user->socket = x->fd;
  }
  arm(x);
}

void curl_loop::arm(const watched_ptr& x) noexcept {
  auto armed = survives([&] {
    if (x->wanted & ~x->pending & CURL_POLL_IN)
      wait_for(x, CURL_POLL_IN);
    if (x->wanted & ~x->pending & CURL_POLL_OUT)
      wait_for(x, CURL_POLL_OUT);
  });
  unarmed_ = unarmed_ || !armed;
}

// What there was no memory for; again with the next event if there is none.
void curl_loop::arm_late() {
  if (!std::exchange(unarmed_, false))
    return;
  for (auto& x : sockets_)
    if (x)
      arm(x);
}

void curl_loop::wait_for(const watched_ptr& x, int direction) {
  using descriptor = boost::asio::posix::descriptor_base;
  x->descriptor.async_wait(
    direction == CURL_POLL_IN ? descriptor::wait_read : descriptor::wait_write,
    [self = weak_from_this(), x, direction](boost::system::error_code ec) {
      x->pending &= ~direction;
      auto loop = self.lock();
      if (loop && !x->gone && ec != boost::asio::error::operation_aborted)
        loop->on_ready(x, direction, static_cast<bool>(ec));
    });
  x->pending |= direction;
}

void curl_loop::on_ready(const watched_ptr& x, int direction, bool failed) {
  if (!(x->wanted & direction))
    return;
  auto mask = direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT;
  act(x->fd, failed ? CURL_CSELECT_ERR : mask);
  if (!x->gone)
    arm(x);
}

// -- running ------------------------------------------------------------------

void curl_loop::act(curl_socket_t fd, int mask) {
  if (!multi_)
    return;
  int running = 0;
  curl_multi_socket_action(multi_, fd, mask, &running);
  abandon_closed();
  arm_late();
  collect();
  arm_timer();
}

// The handlers may not enter libcurl, but may cause everything else, even the
// end of this object's owner. No list is made of what ended: that needs memory.
void curl_loop::collect() {
  auto self = shared_from_this();
  while (auto message = next_message()) {
    auto easy = message->easy_handle;
    auto code = message->data.result;
    curl_multi_remove_handle(multi_, easy);
    abandon_closed();
    survives([&] { on_done_(easy, code); });
  }
}

CURLMsg* curl_loop::next_message() {
  int left = 0;
  auto out = multi_ ? curl_multi_info_read(multi_, &left) : nullptr;
  while (out && out->msg != CURLMSG_DONE)
    out = curl_multi_info_read(multi_, &left);
  return out;
}

void curl_loop::arm_timer() {
  if (!multi_ || !due_)
    return;
  if (*due_ <= clock::now())
    return run_soon();
  if (armed_ && *armed_ <= *due_)
    return;
  armed_.reset();
  timer_.expires_at(*due_);
  timer_.async_wait([self = weak_from_this()](boost::system::error_code ec) {
    if (auto loop = self.lock(); loop && !ec)
      loop->on_timer_rang();
  });
  armed_ = due_;
}

// Usually a new request runs what is due before this gets its turn.
void curl_loop::run_soon() {
  if (posted_)
    return;
  boost::asio::post(loop_.context(), [self = weak_from_this()] {
    auto loop = self.lock();
    if (!loop)
      return;
    loop->posted_ = false;
    loop->run_if_due();
  });
  posted_ = true;
}

void curl_loop::run_if_due() {
  if (due_ && *due_ <= clock::now())
    run_due();
  else
    arm_timer();
}

void curl_loop::on_timer_rang() {
  armed_.reset();
  run_if_due();
}

} // namespace mcpool::transport
