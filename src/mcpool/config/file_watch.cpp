// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/file_watch.hpp>

#include <mcpool/config/file_path.hpp>
#include <mcpool/core/cat.hpp>
#include <mcpool/core/log.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <set>
#include <string>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

// Three things happen with an event of a watched folder. It starts the quiet
// time, which each further event starts anew. Then the folders are worked out
// again, since a swapped link leads to others. Last, the stamps of the files
// are compared with those of the last time; an event that names one of the
// files counts as a change even if its stamp is the same.
//
// Folders are added before stamps are taken, and stamps are taken before
// `on_change` is called, so that no change falls between two rounds.

namespace mcpool::config {

namespace {

namespace fs = std::filesystem;
namespace asio = boost::asio;

constexpr std::uint32_t interest
  = IN_CREATE | IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO
    | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

} // namespace

class file_watch::state : public std::enable_shared_from_this<state> {
public:
  state(asio::io_context& loop, std::vector<fs::path> files, callback on_change)
    : events_(loop),
      timer_(loop),
      files_(std::move(files)),
      on_change_(std::move(on_change)) {}

  // Before the loop knows this object.
  result<void> open() {
    auto handle = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (handle < 0)
      return make_refusal(
        errc::busy,
        cat("The configuration cannot be watched: ", std::strerror(errno)));
    boost::system::error_code failed;
    events_.assign(handle, failed);
    if (failed) {
      ::close(handle);
      return make_refusal(errc::busy, cat("The configuration cannot be "
                                          "watched: ",
                                          failed.message()));
    }
    look();
    return {};
  }

  void wait() {
    events_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](auto failed) {
                         if (!failed && !self->stopped_)
                           self->on_events();
                       });
  }

  void trigger() {
    asio::post(events_.get_executor(), [self = shared_from_this()] {
      self->changed_ = true;
      self->on_quiet();
    });
  }

  void stop() {
    if (!stopped_.exchange(true))
      asio::post(events_.get_executor(), [self = shared_from_this()] {
        boost::system::error_code ignored;
        self->events_.close(ignored);
        self->timer_.cancel();
        self->on_change_ = nullptr;
      });
  }

private:
  // -- callbacks, on the loop -------------------------------------------------

  void on_events() {
    alignas(inotify_event) std::array<char, 16 * 1024> buffer;
    ssize_t size;
    while (
      (size = ::read(events_.native_handle(), buffer.data(), buffer.size()))
      > 0)
      for (ssize_t at = 0; at < size;)
        at += on_event(buffer.data() + at);
    delay();
    wait();
  }

  ssize_t on_event(const char* raw) {
    inotify_event x;
    std::memcpy(&x, raw, sizeof(x));
    if (x.len > 0 && names_.count(raw + sizeof(x)) > 0)
      changed_ = true;
    if ((x.mask & IN_Q_OVERFLOW) != 0)
      changed_ = true;
    if ((x.mask & IN_IGNORED) != 0)
      handles_.erase(x.wd);
    return static_cast<ssize_t>(sizeof(x) + x.len);
  }

  void delay() {
    auto now = std::chrono::steady_clock::now();
    if (!delaying_)
      latest_ = now + longest_delay;
    delaying_ = true;
    timer_.expires_at(std::min(now + quiet_time, latest_));
    timer_.async_wait([self = shared_from_this()](auto cancelled) {
      if (!cancelled)
        self->on_quiet();
    });
  }

  void on_quiet() {
    if (stopped_)
      return;
    delaying_ = false;
    timer_.cancel();
    if (look())
      changed_ = true;
    if (!std::exchange(changed_, false))
      return;
    // The callback may stop the watch, which destroys it.
    auto call = on_change_;
    call();
  }

  // -- helpers ----------------------------------------------------------------

  // Follows the paths anew; tells whether a stamp differs from the last time.
  bool look() {
    std::set<fs::path> folders;
    for (const auto& file : files_) {
      names_.insert(file.filename().string());
      folders.merge(folders_of(file));
    }
    enter_all(folders);
    std::vector<file_stamp> stamps;
    for (const auto& file : files_)
      stamps.push_back(stamp_of(file));
    return std::exchange(stamps_, std::move(stamps)) != stamps_;
  }

  // Also those that are watched already: their names may lead to others now,
  // and what they led to before is left.
  void enter_all(const std::set<fs::path>& folders) {
    std::set<int> handles;
    for (const auto& folder : folders)
      if (auto handle = enter(folder); handle >= 0)
        handles.insert(handle);
    for (auto handle : std::exchange(handles_, handles))
      if (handles_.count(handle) == 0)
        ::inotify_rm_watch(events_.native_handle(), handle);
  }

  int enter(const fs::path& folder) {
    auto handle
      = ::inotify_add_watch(events_.native_handle(), folder.c_str(), interest);
    auto gone = errno == ENOENT || errno == ENOTDIR;
    if (handle < 0 && !gone && refused_.insert(folder).second)
      log::registry::warning("watch-failed", "Changes in ", folder.string(),
                             " are not noticed: ", std::strerror(errno));
    return handle;
  }

  // -- member variables -------------------------------------------------------

  asio::posix::stream_descriptor events_;
  // Runs during the quiet time.
  asio::steady_timer timer_;
  const std::vector<fs::path> files_;
  callback on_change_;
  // File names without their folders; an event of another name counts only if
  // a stamp differs.
  std::set<std::string> names_;
  // Of the watched folders.
  std::set<int> handles_;
  // Folders whose failure was logged.
  std::set<fs::path> refused_;
  // Of the last round, in the order of `files_`.
  std::vector<file_stamp> stamps_;
  bool changed_ = false;
  bool delaying_ = false;
  std::chrono::steady_clock::time_point latest_;
  std::atomic<bool> stopped_{false};
};

result<file_watch> file_watch::start(asio::io_context& loop,
                                     std::vector<fs::path> files,
                                     callback on_change) {
  auto x
    = std::make_shared<state>(loop, std::move(files), std::move(on_change));
  auto opened = x->open();
  if (!opened)
    return opened.error();
  asio::post(loop, [x] { x->wait(); });
  return file_watch{std::move(x)};
}

file_watch::file_watch(std::shared_ptr<state> x) : state_(std::move(x)) {}

file_watch::file_watch(file_watch&&) noexcept = default;

file_watch& file_watch::operator=(file_watch&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

file_watch::~file_watch() {
  stop();
}

void file_watch::trigger() {
  if (state_)
    state_->trigger();
}

void file_watch::stop() {
  if (state_)
    state_->stop();
}

} // namespace mcpool::config
