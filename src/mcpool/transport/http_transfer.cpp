// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/transport/http_transfer.hpp>

#include <mcpool/core/cat.hpp>

#include <cstring>
#include <utility>

namespace mcpool::transport {

namespace {

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  curl_easy_setopt(easy, option, value);
}

long milliseconds(duration x) {
  auto out = std::chrono::ceil<std::chrono::milliseconds>(x).count();
  return out < 1 ? 1L : static_cast<long>(out);
}

// libcurl keeps a buffer for each running transfer, 16 kB unless told, and a
// GET stream is one that runs as long as its session.
constexpr long buffer_of_a_stream = 2048;

bool is_tls_problem(CURLcode code) noexcept {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS: return true;
    default: return false;
  }
}

// Asking again at once is worth a try.
refusal passing(refusal x) {
  x.retry_after = duration::zero();
  return x;
}

// The network may be there again in a moment.
bool may_pass(CURLcode code) noexcept {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT
         || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR
         || code == CURLE_GOT_NOTHING;
}

// Nothing answers there; what fails in TLS is there.
bool is_unreachable(CURLcode code) noexcept {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT
         || code == CURLE_COULDNT_RESOLVE_PROXY
         || code == CURLE_OPERATION_TIMEDOUT;
}

} // namespace

http_transfer::~http_transfer() {
  close();
}

bool http_transfer::open(curl_loop& loop) {
  loop_ = &loop;
  if (easy_)
    return true;
  easy_ = curl_easy_init();
  if (easy_)
    set_constants(loop);
  return easy_ != nullptr;
}

void http_transfer::close() {
  if (easy_)
    curl_easy_cleanup(std::exchange(easy_, nullptr));
  set_target_.reset();
  set_method_.reset();
  set_last_ = set_oldest_ = false;
}

void http_transfer::set_constants(curl_loop& loop) {
  loop.prepare(easy_);
  set(easy_, CURLOPT_PRIVATE, static_cast<curl_user*>(this));
  set(easy_, CURLOPT_ERRORBUFFER, error_);
  set(easy_, CURLOPT_HEADERFUNCTION, on_header);
  set(easy_, CURLOPT_HEADERDATA, this);
  set(easy_, CURLOPT_WRITEFUNCTION, on_body);
  set(easy_, CURLOPT_WRITEDATA, this);
  set(easy_, CURLOPT_PREREQFUNCTION, on_send);
  set(easy_, CURLOPT_PREREQDATA, this);
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  set(easy_, CURLOPT_NOPROGRESS, 1L);
  set(easy_, CURLOPT_TCP_NODELAY, 1L);
  set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
}

void http_transfer::begin(http_client::exchange_id id, http_request request,
                          std::shared_ptr<http_handler> handler) {
  id_ = id;
  request_ = std::move(request);
  handler_ = std::move(handler);
  last_byte_ = clock::now();
  ends_at = request_.timeout > duration{0} ? last_byte_ + request_.timeout
                                           : clock::time_point::max();
  idle_timeout = request_.idle_timeout;
  redirects_ = 0;
  redirected_to_.clear();
  stopped_ = false;
}

void http_transfer::end() {
  id_ = 0;
  socket = -1;
  request_.body = {};
  request_.target.reset();
  handler_.reset();
}

void http_transfer::prepare(std::optional<duration> oldest) {
  head_.clear();
  head_told_ = head_too_long_ = failed_ = false;
  sends_ = 0;
  socket = -1;
  error_[0] = '\0';
  auto& target = *request_.target;
  if (set_target_ != request_.target || !redirected_to_.empty()) {
    auto& url = redirected_to_.empty() ? target.url() : redirected_to_;
    set(easy_, CURLOPT_URL, url.c_str());
    set(easy_, CURLOPT_HTTPHEADER, target.fields());
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS,
        milliseconds(target.connect_timeout()));
    set_target_ = redirected_to_.empty() ? request_.target : nullptr;
  }
  set_method();
  if (set_last_ != request_.last)
    set(easy_, CURLOPT_FORBID_REUSE, request_.last ? 1L : 0L);
  set_last_ = request_.last;
  if (oldest || set_oldest_)
    set_oldest(oldest);
  set_oldest_ = oldest.has_value();
}

// libcurl cuts ages off to seconds and compares those, and takes 0 for any age.
void http_transfer::set_oldest(std::optional<duration> oldest) {
  using std::chrono::seconds;
  auto most
    = oldest ? std::chrono::floor<seconds>(*oldest) - seconds{1} : seconds{0};
  auto fresh = oldest && most <= seconds{0};
  set(easy_, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
  set(easy_, CURLOPT_MAXLIFETIME_CONN,
      fresh ? 0L : static_cast<long>(most.count()));
}

void http_transfer::set_method() {
  if (request_.method == http_method::post) {
    auto body = request_.body.view();
    set(easy_, CURLOPT_POSTFIELDSIZE_LARGE,
        static_cast<curl_off_t>(body.size()));
    set(easy_, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
  }
  if (set_method_ == request_.method)
    return;
  set_method_ = request_.method;
  auto is_delete = request_.method == http_method::delete_;
  if (request_.method == http_method::post)
    set(easy_, CURLOPT_POST, 1L);
  else
    set(easy_, CURLOPT_HTTPGET, 1L);
  set(easy_, CURLOPT_CUSTOMREQUEST, is_delete ? "DELETE" : nullptr);
  set(easy_, CURLOPT_BUFFERSIZE,
      request_.method == http_method::get ? buffer_of_a_stream : 0L);
}

// -- callbacks of libcurl -----------------------------------------------------

std::size_t http_transfer::on_header(char* data, std::size_t, std::size_t size,
                                     void* self) noexcept {
  auto& x = *static_cast<http_transfer*>(self);
  return x.guarded([&] { return x.take_line({data, size}); });
}

std::size_t http_transfer::on_body(char* data, std::size_t, std::size_t size,
                                   void* self) noexcept {
  auto& x = *static_cast<http_transfer*>(self);
  return x.guarded([&] { return x.take_body({data, size}); });
}

int http_transfer::on_send(void* self, char*, char*, int, int) noexcept {
  return static_cast<http_transfer*>(self)->may_send() ? CURL_PREREQFUNC_OK
                                                       : CURL_PREREQFUNC_ABORT;
}

// An exception must not cross libcurl: it would believe for ever that its
// callback still runs, and refuse every further call.
template <class F>
std::size_t http_transfer::guarded(F take) noexcept {
  try {
    return take();
  } catch (...) {
    failed_ = true;
    return 0;
  }
}

std::size_t http_transfer::take_line(std::string_view line) {
  if (!head_.add_line(line)) {
    head_too_long_ = true;
    return 0;
  }
  last_byte_ = clock::now();
  if (!head_.complete() || head_told_)
    return line.size();
  head_told_ = true;
  if (!is_redirect() && id_ != 0)
    handler_->on_head(head_);
  return line.size();
}

// The body of a redirect that is followed interests nobody.
std::size_t http_transfer::take_body(std::string_view bytes) {
  if (id_ == 0)
    return 0;
  last_byte_ = clock::now();
  if (is_redirect()) {
    stopped_ = true;
    return 0;
  }
  stopped_ = handler_->on_body(bytes) == http_flow::stop;
  return stopped_ ? 0 : bytes.size();
}

// The second time libcurl wants to repeat the request because a connection that
// it kept broke.
bool http_transfer::may_send() noexcept {
  long written = 0;
  if (sends_++ > 0)
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &written);
  auto allowed = written == 0 || missing_end;
  missing_end = false;
  return allowed;
}

// -- endings ------------------------------------------------------------------

bool http_transfer::is_redirect() const noexcept {
  return head_.status() >= 300 && head_.status() < 400 && head_.status() != 304;
}

std::optional<http_outcome> http_transfer::finish(CURLcode code) {
  auto complete = code == CURLE_OK || (code == CURLE_WRITE_ERROR && stopped_);
  if (complete && head_.complete() && is_redirect())
    return follow();
  if (code == CURLE_OK)
    return http_outcome{};
  if (complete)
    return http_outcome{
      http_outcome::ending::stopped, {}, delivery::maybe_sent};
  return broken(code);
}

std::optional<http_outcome> http_transfer::follow() {
  auto next = next_address();
  if (!next)
    return http_outcome{http_outcome::ending::broken, next.error(),
                        delivery::not_sent};
  redirected_to_ = std::move(*next);
  stopped_ = false;
  return std::nullopt;
}

result<std::string> http_transfer::next_address() {
  auto& target = *request_.target;
  auto next = resolve_redirect(target.url(), head_.find("location"));
  if (!next)
    return next;
  if (head_.status() != 307 && head_.status() != 308)
    return make_refusal(errc::connect_failed,
                        cat(target.origin(), " answered HTTP ", head_.status(),
                            ", a redirect to ",
                            next->substr(0, next->find('?')),
                            "; only 307 and 308 keep the method and are "
                            "followed"));
  if (++redirects_ > max_redirects)
    return make_refusal(errc::connect_failed,
                        cat(target.origin(), " redirects more than ",
                            max_redirects, " times in a row"));
  return next;
}

http_outcome http_transfer::timed_out() const {
  auto sent = sends_ == 0 ? delivery::not_sent : delivery::maybe_sent;
  return {http_outcome::ending::timed_out,
          make_refusal(
            errc::connection_lost,
            cat(request_.target->origin(), " did not go on answering in time")),
          sent};
}

http_outcome http_transfer::broken(CURLcode code) const {
  auto untouched = sends_ == 0 || (missing_end && !head_.complete());
  return {http_outcome::ending::broken, reason(code),
          untouched ? delivery::not_sent : delivery::maybe_sent,
          sends_ == 0 && is_unreachable(code)};
}

refusal http_transfer::reason(CURLcode code) const {
  auto& origin = request_.target->origin();
  if (failed_)
    return make_refusal(
      errc::payload_too_large,
      cat("there is not enough memory for the answer of ", origin));
  // libcurl keeps at most 100 kB of a line and then runs out of memory.
  if (head_too_long_ || (code == CURLE_OUT_OF_MEMORY && sends_ > 0))
    return make_refusal(errc::payload_too_large,
                        cat(origin, " sent header fields of more than ",
                            http_head::max_bytes, " bytes"));
  return sends_ == 0 ? connect_reason(code) : broken_reason(code);
}

refusal http_transfer::connect_reason(CURLcode code) const {
  auto& origin = request_.target->origin();
  if (code == CURLE_OPERATION_TIMEDOUT)
    return passing(
      make_refusal(errc::connect_timeout,
                   cat("no connection to ", origin, " within ",
                       format_duration(request_.target->connect_timeout()))));
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
    return make_refusal(errc::invalid_config, cat("cannot use the address of ",
                                                  origin, ": ", detail(code)));
  auto tls = is_tls_problem(code) ? "TLS with " : "cannot connect to ";
  auto out = make_refusal(errc::connect_failed,
                          cat(std::string_view{tls}, origin,
                              is_tls_problem(code) ? " failed: " : ": ",
                              detail(code)));
  return may_pass(code) ? passing(std::move(out)) : out;
}

refusal http_transfer::broken_reason(CURLcode code) const {
  auto& origin = request_.target->origin();
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_BAD_CONTENT_ENCODING:
      return make_refusal(
        errc::protocol_violation,
        cat(origin, " does not answer in HTTP: ", detail(code)));
    case CURLE_ABORTED_BY_CALLBACK:
      return make_refusal(errc::connection_lost,
                          cat(origin, " closed the connection without an "
                                      "answer"));
    default:
      return make_refusal(
        errc::connection_lost,
        cat("the connection to ", origin, " broke: ", detail(code)));
  }
}

std::string_view http_transfer::detail(CURLcode code) const noexcept {
  long number = 0;
  if (sends_ == 0)
    curl_easy_getinfo(easy_, CURLINFO_OS_ERRNO, &number);
  if (number == 0)
    number = loop_->socket_error();
  if (number != 0 && code == CURLE_COULDNT_CONNECT)
    return std::strerror(static_cast<int>(number));
  return error_[0] != '\0' ? error_ : curl_easy_strerror(code);
}

} // namespace mcpool::transport
