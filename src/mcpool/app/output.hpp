// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/core/refusal.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mcpool::app {

/// How results are shown.
enum class format : std::uint8_t { text, json };

/// Writes a line to standard output.
void print_line(std::string_view text);

/// Writes text to standard output, without a line end.
void print_text(std::string_view text);

/// Tells whether something could not be written to standard output, or nobody
/// reads it any more.
bool output_lost();

/// The exit code of a command that ended with `code`: output that was lost is
/// no success, and standard error says why, unless nobody wanted to read it.
int code_after_output(int code);

/// Writes a sentence to standard error: `mcpool: <text>`.
void complain(std::string_view text);

/// Shows a refusal: the sentence on standard error, and as JSON also an object
/// with the member `error` on standard output. Returns the exit code `refused`.
int print_refusal(const refusal& why, format how);

/// Writes columns, each as wide as its widest cell; the first row is the
/// heading. Control characters are replaced.
void print_table(const std::vector<std::vector<std::string>>& rows);

/// The text with control characters replaced by blanks, and cut to `width`
/// characters.
std::string one_line(std::string_view text, std::size_t width);

} // namespace mcpool::app
