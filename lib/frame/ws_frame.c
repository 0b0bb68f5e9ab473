/* SPDX-License-Identifier: MIT */
/* ws_frame.c - the frames of RFC 6455, read strictly: what a browser would
 * refuse is refused, so that both read the same messages. */

#include "frame/ws_frame.h"

#define FIN  0x80u
#define RSV1 0x40u
#define RSV  0x70u
#define MASK 0x80u

/* Lengths that say how the real length is written (5.2). */
enum { LENGTH_16 = 126, LENGTH_64 = 127 };

void
dv_ws_frame_init(struct dv_ws_frame *frame, bool from_client,
                 bool may_compress)
{
    memset(frame, 0, sizeof(*frame));
    frame->is_masked = from_client;
    frame->may_compress = may_compress;
}

static bool
is_control(const struct dv_ws_frame *frame)
{
    return (frame->opcode & 8) != 0;
}

/* What is wrong with the first byte, or NULL. */
static const char *
fault_of_opcode(const struct dv_ws_frame *frame, uint8_t byte)
{
    const bool is_continuation = frame->opcode == DV_WS_CONTINUATION;

    if (frame->opcode > DV_WS_PONG
        || (frame->opcode > DV_WS_BINARY && frame->opcode < DV_WS_CLOSE))
        return "unknown opcode";
    if (byte & RSV & ~RSV1)
        return "reserved bit";
    if ((byte & RSV1)
        && (!frame->may_compress || is_control(frame) || is_continuation))
        return "compressed bit where nothing is compressed";
    if (is_control(frame))
        return frame->is_final ? NULL : "control frame in fragments";
    if (frame->is_closed)
        return "data behind a close frame";
    if (is_continuation != frame->is_in_message)
        return is_continuation ? "continuation of nothing"
                               : "message inside of a message";
    return NULL;
}

static void
read_opcode(struct dv_ws_frame *frame, uint8_t byte)
{
    frame->frame_at = frame->read;
    frame->opcode = byte & 0x0f;
    frame->is_final = (byte & FIN) != 0;
    frame->error = fault_of_opcode(frame, byte);
    frame->state = DV_WS_AT_LENGTH;
    if (frame->opcode == DV_WS_CLOSE)
        frame->is_closed = true;
    if (frame->opcode == DV_WS_TEXT || frame->opcode == DV_WS_BINARY) {
        frame->is_text = frame->opcode == DV_WS_TEXT;
        frame->is_compressed = (byte & RSV1) != 0;
        frame->is_in_message = true;
    }
}

/* The length is known: what comes next. */
static void
enter_payload(struct dv_ws_frame *frame)
{
    if (is_control(frame) && frame->left > 125)
        frame->error = "long control frame";
    if (frame->opcode == DV_WS_CLOSE && frame->left == 1)
        frame->error = "half a status code";
    frame->needed = frame->is_masked ? 4 : 0;
    frame->mask_at = 0;
    frame->state = frame->is_masked ? DV_WS_AT_MASK : DV_WS_AT_PAYLOAD;
}

static void
read_length(struct dv_ws_frame *frame, uint8_t byte)
{
    const uint8_t length = byte & 0x7f;

    if (((byte & MASK) != 0) != frame->is_masked)
        frame->error = frame->is_masked ? "frame without a mask"
                                        : "masked frame of a server";
    frame->left = length;
    if (length < LENGTH_16) {
        enter_payload(frame);
        return;
    }
    frame->left = 0;
    frame->needed = length == LENGTH_16 ? 2 : 8;
    /* The mask's room keeps how long the number is. */
    frame->mask[0] = frame->needed;
    frame->state = DV_WS_AT_EXTENDED_LENGTH;
}

static void
read_extended_length(struct dv_ws_frame *frame, uint8_t byte)
{
    frame->left = frame->left << 8 | byte;
    if (--frame->needed > 0)
        return;
    if (frame->mask[0] == 2 ? frame->left < LENGTH_16
                            : frame->left <= UINT16_MAX)
        frame->error = "length that is not the shortest";
    if (frame->left > INT64_MAX)
        frame->error = "length with its highest bit set";
    enter_payload(frame);
}

static void
read_mask(struct dv_ws_frame *frame, uint8_t byte)
{
    frame->mask[4 - frame->needed] = byte;
    if (--frame->needed == 0)
        frame->state = DV_WS_AT_PAYLOAD;
}

/* One byte of a header. */
static void
read_head(struct dv_ws_frame *frame, uint8_t byte)
{
    switch (frame->state) {
    case DV_WS_AT_OPCODE:
        read_opcode(frame, byte);
        break;
    case DV_WS_AT_LENGTH:
        read_length(frame, byte);
        break;
    case DV_WS_AT_EXTENDED_LENGTH:
        read_extended_length(frame, byte);
        break;
    case DV_WS_AT_MASK:
        read_mask(frame, byte);
        break;
    case DV_WS_AT_PAYLOAD:
        break;
    }
}

/* Take up to a piece of payload, without its mask (5.3). */
static struct dv_span
take_piece(struct dv_ws_frame *frame, struct dv_span *in)
{
    size_t n = in->len < DV_WS_PIECE ? in->len : DV_WS_PIECE;
    struct dv_span data;

    if (n > frame->left)
        n = (size_t)frame->left;
    data = dv_span_of(in->at, n);
    if (frame->is_masked) {
        for (size_t i = 0; i < n; i++)
            frame->piece[i] = in->at[i]
                              ^ frame->mask[(frame->mask_at + i) & 3];
        frame->mask_at = (uint8_t)((frame->mask_at + n) & 3);
        data.at = frame->piece;
    }
    frame->left -= n;
    frame->read += n;
    dv_span_skip(in, n);
    return data;
}

davy_status
dv_ws_frame_next(struct dv_ws_frame *frame, struct dv_span *in,
                 enum dv_ws_event *event, struct dv_span *data)
{
    *event = DV_WS_NOTHING;
    while (frame->error == NULL) {
        if (frame->state != DV_WS_AT_PAYLOAD) {
            if (in->len == 0)
                return DAVY_OK;
            read_head(frame, in->at[0]);
            frame->read++;
            dv_span_skip(in, 1);
            continue;
        }
        if (frame->left > 0) {
            if (in->len == 0)
                return DAVY_OK;
            *data = take_piece(frame, in);
            if (is_control(frame))
                continue;
            *event = DV_WS_DATA;
            return DAVY_OK;
        }
        frame->state = DV_WS_AT_OPCODE;
        if (is_control(frame) || !frame->is_final)
            continue;
        frame->is_in_message = false;
        *event = DV_WS_MESSAGE_END;
        return DAVY_OK;
    }
    return DAVY_MALFORMED;
}
