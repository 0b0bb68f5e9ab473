/* SPDX-License-Identifier: MIT */
/* socket.h - judges what is said over one connection while it is said. */

#ifndef DV_SOCKET_H
#define DV_SOCKET_H

#include "action/report.h"
#include "base/arena.h"
#include "fact/fact_frame.h"
#include "frame/words.h"
#include "frame/ws_extension.h"
#include "frame/ws_frame.h"
#include "frame/ws_inflate.h"
#include "rule/ruleset.h"

/* One direction. */
struct dv_socket_side {
    struct davy_socket *socket;
    davy_direction from;
    struct dv_ws_frame frame;
    struct dv_ws_inflate inflate;
    struct dv_words words;
    uint64_t read;                      /* bytes of a stream */
    uint64_t line_at;                   /* of these, before the line */
};

struct davy_socket {
    struct dv_mem mem;
    davy_ruleset *ruleset;
    davy_limits limits;
    davy_socket_kind kind;
    struct dv_arena texts;              /* of the two below */
    struct dv_span address;             /* maybe empty */
    struct dv_span document;
    struct dv_socket_side sides[2];     /* by davy_direction */
    struct dv_frame_log log;
    uint64_t bytes;                     /* fed, of both directions */
    uint32_t asked_dialects;            /* spoken when the rules were asked */
    size_t asked_words;
    bool asked_wallet;
    davy_status status;                 /* OK; else what every feed answers */
    const char *error;                  /* static text, or "" */
    struct davy_report report;
};

davy_status dv_socket_new(davy_ruleset *ruleset,
                          const davy_socket_options *options,
                          davy_socket **socket);
void dv_socket_free(davy_socket *socket);
davy_status dv_socket_feed(davy_socket *socket, davy_direction from,
                           struct dv_span bytes);

#endif
