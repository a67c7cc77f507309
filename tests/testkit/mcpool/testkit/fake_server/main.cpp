// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/testkit/fake_server/http_front.hpp>
#include <mcpool/testkit/fake_server/options.hpp>
#include <mcpool/testkit/fake_server/process.hpp>
#include <mcpool/testkit/fake_server/stats_record.hpp>
#include <mcpool/testkit/fake_server/stdio_front.hpp>
#include <mcpool/testkit/fake_server/tools.hpp>
#include <mcpool/testkit/fake_server/world.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <csignal>
#include <variant>

#include <unistd.h>

namespace {

namespace fake = mcpool::testkit::fake_server;

template <class Front>
void run(fake::world& all) {
  Front front{all};
  front.start();
  // `--no-read` and `GET=hang` leave nothing to do but wait.
  auto stay = boost::asio::make_work_guard(all.io);
  all.io.run();
}

int serve(fake::options& chosen) {
  boost::asio::io_context io{1};
  fake::stats numbers;
  fake::stats_record record;
  fake::world all{io, chosen, numbers, record};
  if (!chosen.stats_file.empty())
    record.use_file(chosen.stats_file);
  if (!chosen.stats_dir.empty()) {
    auto number = record.use_directory(chosen.stats_dir, numbers);
    if (!number) {
      fake::write_stderr("fake server: " + number.error().text + "\n");
      return 3;
    }
    all.process_number = *number;
  }
  if (chosen.front == fake::options::front_kind::http)
    run<fake::http_front>(all);
  else
    run<fake::stdio_front>(all);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  fake::remember_start(argc, argv);
  auto asked = fake::read_command_line(argc, argv);
  if (auto* code = std::get_if<int>(&asked))
    return *code;
  auto& chosen = std::get<fake::options>(asked);
  std::signal(SIGPIPE, SIG_IGN);
  ::alarm(static_cast<unsigned>(chosen.lifetime.count()));
  return serve(chosen);
}
