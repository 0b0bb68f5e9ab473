/* SPDX-License-Identifier: MIT */
/* ws_frame.h - reads the frames of one direction of a WebSocket, in any
 * chunking (RFC 6455, 5.2; RFC 7692, 6). */

#ifndef DV_WS_FRAME_H
#define DV_WS_FRAME_H

#include <davy/davy.h>

#include "base/compiler.h"
#include "base/span.h"

enum dv_ws_opcode {
    DV_WS_CONTINUATION = 0,
    DV_WS_TEXT = 1,
    DV_WS_BINARY = 2,
    DV_WS_CLOSE = 8,
    DV_WS_PING = 9,
    DV_WS_PONG = 10
};

enum dv_ws_state {
    DV_WS_AT_OPCODE,
    DV_WS_AT_LENGTH,
    DV_WS_AT_EXTENDED_LENGTH,
    DV_WS_AT_MASK,
    DV_WS_AT_PAYLOAD
};

/* What dv_ws_frame_next found. */
enum dv_ws_event {
    DV_WS_NOTHING,                      /* the bytes are used up */
    DV_WS_DATA,                         /* a piece of a data message */
    DV_WS_MESSAGE_END                   /* the last frame of one ended */
};

/* Bytes that one piece has at most. */
#define DV_WS_PIECE ((size_t)1024)

struct dv_ws_frame {
    bool is_masked;                     /* what the direction demands */
    bool may_compress;                  /* permessage-deflate was agreed on */

    enum dv_ws_state state;
    uint8_t opcode;                     /* of the frame */
    bool is_final;
    uint8_t needed;                     /* bytes of the number being read */
    uint8_t mask_at;
    uint8_t mask[4];
    uint64_t left;                      /* bytes of the payload, or its length
                                         * while that is read */
    bool is_in_message;                 /* a data message goes on */
    bool is_text;                       /* the message */
    bool is_compressed;                 /* the message */
    bool is_closed;                     /* a close frame has begun */
    uint64_t read;                      /* bytes of the direction */
    uint64_t frame_at;                  /* of these, before the frame */
    const char *error;                  /* what was wrong, static text */
    uint8_t piece[DV_WS_PIECE];         /* unmasked payload */
};

/* `from_client`: the direction whose frames must be masked. */
void dv_ws_frame_init(struct dv_ws_frame *frame, bool from_client,
                      bool may_compress);

/* Read on from the front of `in`.  DAVY_OK with an event; for DATA, `data` is
 * good until the next call.  After NOTHING, call again with more bytes.
 * DAVY_MALFORMED when the direction breaks the protocol, for good; then
 * frame->error says how. */
davy_status dv_ws_frame_next(struct dv_ws_frame *frame, struct dv_span *in,
                             enum dv_ws_event *event,
                             struct dv_span *data) DV_MUST_CHECK;

#endif
