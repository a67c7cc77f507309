// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/core/owner_scope.hpp>

#include <mcpool/core/cat.hpp>

#include <algorithm>

namespace mcpool {
inline namespace core {

namespace {

constexpr std::size_t longest_id = 256;

bool is_control(char c) {
  auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7f;
}

} // namespace

owner_scope shared_scope() {
  return {};
}

result<owner_scope> user_scope(std::string_view id) {
  if (id.empty())
    return make_refusal(errc::invalid_request, "an owner's id cannot be empty");
  if (id.size() > longest_id)
    return make_refusal(errc::invalid_request,
                        cat("an owner's id has at most ", longest_id,
                            " bytes, this one has ", id.size()));
  if (std::any_of(id.begin(), id.end(), is_control))
    return make_refusal(errc::invalid_request,
                        "an owner's id cannot contain control characters");
  return owner_scope{scope_kind::user, std::string{id}};
}

std::string to_string(const owner_scope& x) {
  return x.kind == scope_kind::shared ? "shared" : cat("user(", x.user, ")");
}

} // namespace core
} // namespace mcpool
