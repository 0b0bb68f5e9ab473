/* SPDX-License-Identifier: MIT */
/* http_body.h - takes a request's body out of its framing (RFC 9112, 6 and
 * 7). */

#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "proxy/http_audit.h"

enum http_body_state {
    HTTP_BODY_MORE,                     /* needs more bytes */
    HTTP_BODY_DATA,                     /* gave some */
    HTTP_BODY_END,                      /* the body is complete */
    HTTP_BODY_BAD                       /* malformed: end the connection */
};

struct http_body_reader {
    enum http_body kind;
    uint64_t left;                      /* of the body or chunk */
    unsigned step;                      /* of the chunked coding */
    unsigned digits;                    /* of the chunk's size */
    size_t line;                        /* bytes of the line at hand */
    size_t trailer;                     /* bytes of all trailer lines */
};

void http_body_begin(struct http_body_reader *reader, enum http_body kind,
                     uint64_t length);

/* Look at `length` bytes: `*used` of them belong to the body's framing or are
 * data; DATA gives data in `data`, which points into `bytes`.  Call again with
 * the rest until MORE, END or BAD. */
enum http_body_state http_body_read(struct http_body_reader *reader,
                                    const char *bytes, size_t length,
                                    size_t *used, struct http_text *data);

#endif
