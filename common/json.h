/* SPDX-License-Identifier: MIT */
/* json.h - writes strings of RFC 8259. */

#ifndef JSON_H
#define JSON_H

#include <stdio.h>

/* Write `text` in quotes; bytes that are no UTF-8 stand for U+FFFD. */
void json_write_string(FILE *out, const char *text);

/* "key":"text", with a comma in front. */
void json_write_member(FILE *out, const char *key, const char *text);

#endif
