// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#include <mcpool/engine/error.hpp>

#include <mcpool/core/cat.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace mcpool::engine {

namespace {

bool same_kind(const caf::error& a, const caf::error& b) {
  return a.category() == b.category();
}

bool is(const caf::error& why, caf::sec code) {
  return why == caf::make_error(code);
}

bool holds_refusal(const caf::message& context) {
#if MCPOOL_CAF1
  return context.size() == 1 && context.match_element<refusal>(0);
#else
  return context.match_elements<refusal>();
#endif
}

refusal from_context(const caf::error& why) {
  const auto& context = why.context();
  if (holds_refusal(context))
    return context.get_as<refusal>(0);
  return make_refusal(static_cast<errc>(why.code()), "no details");
}

bool is_exit_reason(const caf::error& why) {
  static const auto sample = caf::make_error(caf::exit_reason::kill);
  return same_kind(why, sample);
}

refusal from_caf(const caf::error& why) {
  if (is(why, caf::sec::request_timeout))
    return make_refusal(errc::call_timed_out,
                        "the actor did not answer in time");
  if (is(why, caf::sec::request_receiver_down) || is_exit_reason(why))
    return make_refusal(errc::connection_lost, "the actor has ended");
  return make_refusal(errc::internal_error,
                      cat("the actor failed with code ", int{why.code()}));
}

} // namespace

caf::error to_error(refusal why) {
  auto code = why.code;
  return caf::make_error(code, std::move(why));
}

refusal to_refusal(const caf::error& why) {
  static const auto ours = caf::make_error(errc::internal_error);
  if (!failed(why)) // no category to ask for
    return make_refusal(errc::connection_lost, "the actor has ended");
  return same_kind(why, ours) ? from_context(why) : from_caf(why);
}

std::string render_error(std::uint8_t code, const caf::message& context) {
  auto name = name_of(static_cast<errc>(code));
  return holds_refusal(context) ? to_string(context.get_as<refusal>(0))
                                : std::string{name};
}

} // namespace mcpool::engine
