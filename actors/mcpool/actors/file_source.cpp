// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/actors/file_source.hpp>

#include <mcpool/config/file_watch.hpp>
#include <mcpool/config/finding.hpp>
#include <mcpool/core/log.hpp>

#include <optional>
#include <system_error>
#include <utility>

namespace mcpool::actors {

namespace {

class file_source : public config_source,
                    public std::enable_shared_from_this<file_source> {
public:
  file_source(transport::io_loop& loop,
              std::vector<std::filesystem::path> files, config::environment env)
    : loop_(loop),
      files_(std::move(files)),
      env_(std::move(env)) {}

  // What changed between the first reading and the watch is read again here.
  void start(callback deliver) override {
    loop_.post([weak = weak_from_this(), deliver = std::move(deliver)] {
      if (auto self = weak.lock())
        self->start_watch(std::move(deliver));
    });
  }

  void reload() override {
    loop_.post([weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->read(read_cause::reload);
    });
  }

private:
  void start_watch(callback deliver) {
    deliver_ = std::move(deliver);
    if (auto why = not_again())
      return log::registry::warning(
        "watch-failed", "REGISTRY does not notice changes: ", to_string(*why));
    auto watch = config::file_watch::start(loop_.context(), files_,
                                           [weak = weak_from_this()] {
                                             if (auto self = weak.lock())
                                               self->read(read_cause::noticed);
                                           });
    if (watch)
      watch_.emplace(std::move(*watch));
    else
      log::registry::warning(
        "watch-failed",
        "REGISTRY does not notice changed files: ", watch.error().text);
    read(read_cause::noticed);
  }

  void read(read_cause cause) {
    if (deliver_)
      deliver_(std::make_shared<const config::load_outcome>(load()), cause);
  }

  config::load_outcome load() const {
    if (auto why = not_again())
      return {std::nullopt, {std::move(*why)}};
    return config::load(files_, env_);
  }

  // A pipe gives its content once, and waiting for more would block the loop.
  std::optional<config::finding> not_again() const {
    for (const auto& file : files_) {
      std::error_code ignored;
      auto found = std::filesystem::status(file, ignored);
      if (std::filesystem::is_other(found))
        return config::finding{file.string(), "", 0,
                               "is no regular file, so it is read at the "
                               "start only"};
    }
    return std::nullopt;
  }

  transport::io_loop& loop_;
  std::vector<std::filesystem::path> files_;
  config::environment env_;
  callback deliver_;
  std::optional<config::file_watch> watch_;
};

} // namespace

std::shared_ptr<config_source>
make_file_source(transport::io_loop& loop,
                 std::vector<std::filesystem::path> files,
                 config::environment env) {
  return std::make_shared<file_source>(loop, std::move(files), std::move(env));
}

} // namespace mcpool::actors
