/* SPDX-License-Identifier: MIT */
/* reply_out.h - an origin's answer as davyd passes it on. */

#ifndef REPLY_OUT_H
#define REPLY_OUT_H

/* Every answer that davyd refused or changed has its ticket in this field. */
#define REPLY_OUT_TICKET_FIELD "Davyd-Ticket"

#include "proxy/bytes.h"
#include "proxy/http_head.h"

enum reply_out_framing {
    REPLY_OUT_NONE,                     /* no body follows (HEAD, 204, 304) */
    REPLY_OUT_LENGTH,
    REPLY_OUT_CHUNKED,
    REPLY_OUT_CLOSE                     /* the end is the connection's end */
};

struct reply_out {
    enum reply_out_framing framing;
    uint64_t length;                    /* LENGTH */
    const char *via;
    bool closes;                        /* the connection ends behind it */
    bool is_changed;                    /* the body is not the origin's */
    const char *ticket;                 /* of the decision about it, or "" */
    const char *csp;                    /* a policy of ours, or NULL */
};

/* Append the head of the answer `head`: the origin's fields in its order, and
 * those of our own connection. */
void reply_out_head(struct bytes *out, const struct http_head *head,
                    const struct reply_out *reply);

/* Append a piece of the body; the end of it. */
void reply_out_body(struct bytes *out, enum reply_out_framing framing,
                    const void *bytes, size_t length);
void reply_out_end(struct bytes *out, enum reply_out_framing framing);

#endif
