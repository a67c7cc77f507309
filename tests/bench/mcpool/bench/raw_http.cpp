// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/bench/raw_http.hpp>

#include <mcpool/bench/bench_pool.hpp>

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace mcpool::bench {

// -- the loop -----------------------------------------------------------------

raw_http::raw_http() : multi_(nullptr), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 10'000L);
}

raw_http::~raw_http() {
  curl_multi_cleanup(multi_);
  ::close(epoll_);
}

int raw_http::on_socket(CURL*, curl_socket_t fd, int what, void* self,
                        void* known) {
  auto& loop = *static_cast<raw_http*>(self);
  if (what == CURL_POLL_REMOVE)
    return epoll_ctl(loop.epoll_, EPOLL_CTL_DEL, fd, nullptr), 0;
  epoll_event x{};
  x.events = ((what & CURL_POLL_IN) ? EPOLLIN : 0u)
             | ((what & CURL_POLL_OUT) ? EPOLLOUT : 0u);
  x.data.fd = fd;
  epoll_ctl(loop.epoll_, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &x);
  curl_multi_assign(loop.multi_, fd, &loop);
  return 0;
}

int raw_http::on_timer(CURLM*, long ms, void* self) {
  auto& due = static_cast<raw_http*>(self)->due_;
  due.reset();
  if (ms >= 0)
    due = clock::now() + std::chrono::milliseconds{ms};
  return 0;
}

int raw_http::wait_ms() const {
  if (!due_)
    return 1000;
  auto left
    = std::chrono::ceil<std::chrono::milliseconds>(*due_ - clock::now());
  return std::clamp(static_cast<int>(left.count()), 0, 1000);
}

void raw_http::turn(clock::time_point limit) {
  std::array<epoll_event, 256> events;
  auto wait = wait_ms();
  auto n
    = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
  for (int i = 0; i < n; ++i) {
    const auto& x = events[static_cast<std::size_t>(i)];
    act(x.data.fd,
        ((x.events & EPOLLIN) ? CURL_CSELECT_IN : 0)
          | ((x.events & EPOLLOUT) ? CURL_CSELECT_OUT : 0)
          | ((x.events & (EPOLLERR | EPOLLHUP)) ? CURL_CSELECT_ERR : 0));
  }
  if (due_ && *due_ <= clock::now()) {
    due_.reset();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  collect();
  if (n == 0 && wait > 0 && clock::now() > limit)
    throw std::runtime_error{"the server did not answer within a minute"};
}

void raw_http::act(curl_socket_t fd, int mask) {
  int running = 0;
  curl_multi_socket_action(multi_, fd, mask, &running);
}

void raw_http::collect() {
  int left = 0;
  while (auto* x = curl_multi_info_read(multi_, &left)) {
    if (x->msg != CURLMSG_DONE)
      continue;
    char* owner = nullptr;
    auto code = x->data.result;
    curl_easy_getinfo(x->easy_handle, CURLINFO_PRIVATE, &owner);
    curl_multi_remove_handle(multi_, x->easy_handle);
    reinterpret_cast<raw_transfer*>(owner)->finish(code);
  }
}

// -- a transfer ---------------------------------------------------------------

raw_transfer::raw_transfer(raw_http& loop, const std::string& url)
  : loop_(loop),
    easy_(curl_easy_init()) {
  curl_easy_setopt(easy_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_NODELAY, 1L);
  use_session({});
}

raw_transfer::~raw_transfer() {
  if (running_)
    curl_multi_remove_handle(loop_.multi_, easy_);
  curl_easy_cleanup(easy_);
  curl_slist_free_all(fields_);
}

void raw_transfer::use_session(const std::string& id) {
  curl_slist_free_all(std::exchange(fields_, nullptr));
  for (const auto* x :
       {"Content-Type: application/json",
        "Accept: application/json, text/event-stream", "User-Agent: raw"})
    fields_ = curl_slist_append(fields_, x);
  if (!id.empty()) {
    fields_ = curl_slist_append(fields_, cat("Mcp-Session-Id: ", id).c_str());
    fields_ = curl_slist_append(fields_, "MCP-Protocol-Version: 2025-11-25");
  }
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, fields_);
}

void raw_transfer::post(std::string body, handler done) {
  sent_ = std::move(body);
  start("POST", true, std::move(done));
}

void raw_transfer::stream() {
  start("GET", false, [](const raw_transfer&) {});
}

void raw_transfer::remove(handler done) {
  start("DELETE", false, std::move(done));
}

void raw_transfer::start(const char* method, bool has_body, handler done) {
  done_ = std::move(done);
  body_.clear();
  if (!method_ || std::strcmp(method_, method) != 0) {
    curl_easy_setopt(easy_, has_body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, has_body ? nullptr : method);
    method_ = method;
  }
  if (has_body) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE,
                     static_cast<long>(sent_.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, sent_.c_str());
  }
  running_ = curl_multi_add_handle(loop_.multi_, easy_) == CURLM_OK;
  if (!running_)
    throw std::runtime_error{"libcurl takes no more transfers"};
}

void raw_transfer::finish(CURLcode code) {
  running_ = false;
  status_ = 0;
  if (code == CURLE_OK)
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status_);
  auto done = std::move(done_);
  done(*this);
}

std::size_t raw_transfer::on_header(char* data, std::size_t, std::size_t size,
                                    void* self) {
  constexpr std::string_view name = "mcp-session-id: ";
  if (size > name.size() && strncasecmp(data, name.data(), name.size()) == 0) {
    std::string_view value{data + name.size(), size - name.size()};
    value = value.substr(0, value.find_last_not_of("\r\n") + 1);
    static_cast<raw_transfer*>(self)->session_ = value;
  }
  return size;
}

std::size_t raw_transfer::on_body(char* data, std::size_t, std::size_t size,
                                  void* self) {
  static_cast<raw_transfer*>(self)->body_.append(data, size);
  return size;
}

// -- a session ----------------------------------------------------------------

raw_session::raw_session(raw_http& loop, const std::string& url)
  : posts_(loop, url),
    stream_(loop, url) {}

void raw_session::open(std::function<void(bool)> done) {
  posts_.post(raw_initialize(), [this, done](const raw_transfer& x) {
    if (x.status() != 200)
      return done(false);
    id_ = x.session();
    posts_.use_session(id_);
    stream_.use_session(id_);
    posts_.post(raw_initialized(), [this, done](const raw_transfer& y) {
      stream_.stream();
      done(y.status() == 202 || y.status() == 200);
    });
  });
}

void raw_session::close(std::function<void()> done) {
  posts_.remove([done](const raw_transfer&) { done(); });
}

// -- messages -----------------------------------------------------------------

std::string raw_initialize() {
  return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":)"
         R"({"protocolVersion":"2025-11-25","capabilities":{},)"
         R"("clientInfo":{"name":"raw","version":"1"}}})";
}

std::string raw_initialized() {
  return R"({"jsonrpc":"2.0","method":"notifications/initialized"})";
}

std::string raw_ping(long id) {
  return cat(R"({"jsonrpc":"2.0","id":)", id, R"(,"method":"ping"})");
}

std::string raw_call(long id) {
  return cat(R"({"jsonrpc":"2.0","id":)", id,
             R"(,"method":"tools/call","params":)", echo_params, "}");
}

} // namespace mcpool::bench
