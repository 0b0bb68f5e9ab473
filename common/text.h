/* SPDX-License-Identifier: MIT */
/* text.h - text that is safe to show, and words taken literally. */

#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A copy in which nothing can move a cursor, change a colour or turn the
 * reading direction: control characters (C0, DEL, C1), the direction and line
 * controls of Unicode and bytes that are no UTF-8 become \xNN or \u{NNNN}.
 * malloc'ed. */
char *text_clean(const char *text);

/* The same for `length` bytes in which line feeds and tabs stay, written to
 * `out`; false when it cannot be written. */
bool text_write_clean(FILE *out, const char *text, size_t length);

/* Write `text` (clean) in lines of at most `width` columns, each but the first
 * behind `indent` spaces; the cursor stands at column `indent`.  Ends with a
 * line feed. */
void text_write_wrapped(FILE *out, const char *text, unsigned indent,
                        unsigned width);

/* Columns that clean text takes, one for each code point. */
size_t text_width(const char *text);

/* Read one code point of strict UTF-8 (RFC 3629); how many bytes it has, 0 when
 * there is none. */
size_t text_read_utf8(const char *text, size_t left, unsigned long *out);

/* ASCII letters are equal in either case. */
bool text_is_equal_nocase(const char *a, const char *b);
bool text_starts_nocase(const char *text, const char *start);

/* A decimal number, with K, M or G for powers of 1024 when `has_unit`. */
bool text_read_number(const char *text, bool has_unit,
                      unsigned long long *number);

/* Edits (inserted, left out, changed, swapped letters) between two words of
 * at most 31 bytes; 32 for longer ones. */
unsigned text_distance(const char *a, const char *b);

#endif
