/* SPDX-License-Identifier: MIT */
/* hex.h - seeds of binary inputs are text. */

#ifndef FUZZ_HEX_H
#define FUZZ_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Read pairs of hex digits, with anything between them, and comments from # to
 * the end of the line.  `out` has room for `size` bytes; returns how many there
 * are. */
size_t fuzz_read_hex(const uint8_t *text, size_t size, uint8_t *out);

#endif
