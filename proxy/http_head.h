/* SPDX-License-Identifier: MIT */
/* http_head.h - the head of an HTTP/1 message, read without leniency.
 *
 * RFC 9112, 2 to 5.  Where the standard lets a recipient of requests be
 * generous (bare line feeds, folded lines, white space around things), davyd is
 * not: what two programs may read in two ways is refused. */

#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed text. */
struct http_text {
    const char *at;
    size_t length;
};

enum http_field_id {
    HTTP_OTHER,
#define HTTP_FIELD_ROW(NAME, name, count, flags) HTTP_##NAME,
#include "proxy/http_field.def"
#undef HTTP_FIELD_ROW
    HTTP_FIELD_IDS
};

#define HTTP_FIELD_HOP   1u
#define HTTP_FIELD_OWN   2u
#define HTTP_FIELD_FRAME 4u
#define HTTP_FIELD_LOCAL 8u

struct http_field {
    struct http_text name, value;       /* value without white space around */
    enum http_field_id id;
};

#define HTTP_MAX_FIELDS 200

struct http_head {
    struct http_text method;            /* requests */
    struct http_text target;
    unsigned status;                    /* answers */
    struct http_text reason;
    unsigned minor;                     /* HTTP/1.minor */
    struct http_field fields[HTTP_MAX_FIELDS];
    size_t count;
    uint16_t seen[HTTP_FIELD_IDS];      /* how often each known one is there */
    size_t length;                      /* of the head, final line included */
    const char *fault;                  /* why it was refused */
};

/* Find the end of a head in `bytes`.  `scanned` is 0 at first and is kept for
 * the next call with more bytes, so that all calls together are linear.  The
 * head's length; 0 when it has not ended.  Lines before the request line that
 * are empty count as part of the head (9112, 2.2). */
size_t http_head_end(const char *bytes, size_t length, size_t *scanned);

/* Read the request head that ends at `length`.  0, or the status to refuse it
 * with, and head->fault.  The head points into `bytes`. */
unsigned http_head_read(struct http_head *head, const char *bytes,
                        size_t length);

/* Read the head of an answer, whose lines all end with CR LF.  What an origin
 * gets wrong is mended where the standard says how (9110, 5.5): control
 * characters become spaces, lines that are no fields are left out.  Sets
 * head->status and head->reason.  False when the status line is malformed or
 * there are too many fields. */
bool http_head_read_reply(struct http_head *head, char *bytes, size_t length);

/* The first field of that kind, or NULL. */
const struct http_field *http_head_find(const struct http_head *head,
                                        enum http_field_id id);

/* A malloc'ed copy of its value, or NULL. */
char *http_head_copy(const struct http_head *head, enum http_field_id id);

/* The kind of a field's name; what http_field.def says of it. */
enum http_field_id http_field_id(struct http_text name);
const char *http_field_name(enum http_field_id id);
unsigned http_field_flags(enum http_field_id id);
bool http_field_is_single(enum http_field_id id);

/* ---- Text ---- */

struct http_text http_text(const char *text);
bool http_text_equal(struct http_text a, const char *b);
bool http_text_equal_nocase(struct http_text a, const char *b);
bool http_text_starts_nocase(struct http_text a, const char *b);

/* 9110, 5.6.2 */
bool http_is_token(struct http_text text);

/* No control characters but tabs (9110, 5.5). */
bool http_is_field_value(struct http_text text);

bool http_text_same_nocase(struct http_text a, struct http_text b);

/* Without spaces and tabs around. */
struct http_text http_trim(struct http_text text);

/* The next member of a comma-separated list (9110, 5.6.1), trimmed, empty ones
 * left out; false at the end. */
bool http_next_member(struct http_text *list, struct http_text *member);

/* Digits only; false also beyond `max`. */
bool http_read_number(struct http_text text, uint64_t max, uint64_t *number);

#endif
