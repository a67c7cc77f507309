// SPDX-FileCopyrightText: 2026 The mcpool authors
// SPDX-License-Identifier: MIT

#pragma once

namespace mcpool::transport {

/// Tells from the kernel's counters whether the peer closed the TCP connection
/// `fd` before its kernel had the end of what was sent: then nobody can have
/// processed it. The farewell of TLS does not count. False if that cannot be
/// told, as after a RST.
bool closed_before_the_end(int fd) noexcept;

} // namespace mcpool::transport
