// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/config/fingerprint_of.hpp>

#include <mcpool/config/option_writer.hpp>

#include <openssl/evp.h>

#include <cstdlib>

namespace mcpool::config {

namespace {

using json = nlohmann::json;

std::string canonical(server_config x) {
  auto out = json::object();
  option_writer<json> writer{out, write_mode::raw};
  for (const auto& option : server_options())
    if (option.use != purpose::annotation && suits(option.fits, x.transport))
      writer.write(option, x);
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace

mcpool::fingerprint fingerprint_of(const server_config& x) {
  auto text = canonical(x);
  mcpool::fingerprint out;
  // Fails only if the library cannot allocate or is not there.
  if (EVP_Digest(text.data(), text.size(), out.bytes.data(), nullptr,
                 EVP_sha256(), nullptr)
      != 1)
    std::abort();
  return out;
}

} // namespace mcpool::config
