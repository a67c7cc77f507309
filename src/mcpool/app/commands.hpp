// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

#include <mcpool/app/command_line.hpp>
#include <mcpool/app/session.hpp>
#include <mcpool/app/settings.hpp>
#include <mcpool/app/signals.hpp>

namespace mcpool::app {

// One function per command; each returns the exit code.

// -- with a pool --------------------------------------------------------------

int run(const commands::has& x, session& s);
int run(const commands::get& x, session& s);
int run(const commands::tools& x, session& s);
int run(const commands::call& x, session& s);
int run(const commands::request& x, session& s);
int run(const commands::status& x, session& s);
int run(const commands::disconnect& x, session& s);

// -- with the configuration alone ---------------------------------------------

int run(const commands::config_check& x, const command_line& line,
        const settings& found);
int run(const commands::config_dump& x, const command_line& line,
        const settings& found);

// -- until a signal -----------------------------------------------------------

/// Runs the service until the first SIGINT or SIGTERM; running calls may then
/// go on for the configured `drainTimeout`.
int serve(const commands::serve& x, const command_line& line, settings found,
          signals& from_shell);

} // namespace mcpool::app
