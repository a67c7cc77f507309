// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/world.hpp>

#include <mcpool/testkit/fake_server/process.hpp>

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <utility>

namespace mcpool::testkit::fake_server {

void world::after(std::chrono::milliseconds time, std::function<void()> what) {
  auto timer = std::make_shared<boost::asio::steady_timer>(io, time);
  timer->async_wait([timer, what = std::move(what)](auto error) {
    if (!error)
      what();
  });
}

void world::leave(int code, const std::string& reason) {
  numbers.note_end(reason);
  flush();
  fake_server::leave(code);
}

} // namespace mcpool::testkit::fake_server
