/* SPDX-License-Identifier: MIT */
/* eval_lib_coding.c - functions that take texts apart and put them together:
 * base64 (HTML 8.3), URI and escape (ECMA-262, 19.2.6, B.2.1), TextEncoder and
 * TextDecoder (Encoding Standard), Date on a fixed day. */

#include "decode/decode_base64.h"
#include "decode/decode_percent.h"
#include "decode/decode_wtf8.h"
#include "eval/eval_lib.h"

typedef davy_status coding_fn(struct dv_span in, struct dv_buf *out);

/* A transformation of texts; what it refuses throws. */
static struct dv_value
code(struct dv_eval *run, struct dv_value v, coding_fn *fn)
{
    struct dv_span in;
    struct dv_text *text;
    davy_status st;

    if (dv_is_unknown(v) || !dv_eval_to_text(run, v, &text)
        || !dv_eval_step(run, text->length / 16))
        return dv_unknown();
    in = dv_text_utf8(&run->heap, text);
    dv_buf_clear(&run->out);
    st = fn(in, &run->out);
    if (st == DAVY_NO_MEMORY)
        return dv_eval_object(run, NULL);
    if (st != DAVY_OK)
        return dv_eval_throw_error(run, run->error_proto, "malformed input");
    text = dv_text_of_utf8(&run->heap, dv_buf_span(&run->out));
    if (text != NULL && text->length > 1 && !text->is_key)
        text->is_made = true;
    return dv_eval_text(run, text);
}

/* atob answers with a text of bytes. */
static davy_status
decode_atob(struct dv_span in, struct dv_buf *out)
{
    struct dv_buf bytes;
    davy_status st;

    dv_buf_init(&bytes, out->mem, out->max);
    st = dv_decode_atob(in, &bytes);
    if (st == DAVY_OK)
        st = dv_wtf8_from_bytes(dv_buf_span(&bytes), out);
    dv_buf_fini(&bytes);
    return st;
}

static davy_status
encode_btoa(struct dv_span in, struct dv_buf *out)
{
    struct dv_buf bytes;
    davy_status st;

    dv_buf_init(&bytes, out->mem, out->max);
    st = dv_wtf8_to_bytes(in, &bytes);
    if (st == DAVY_OK)
        st = dv_encode_base64(dv_buf_span(&bytes), out);
    dv_buf_fini(&bytes);
    return st;
}

#define CODING(name, fn)                 \
    FN(name)                             \
    {                                    \
        UNUSED_SELF;                     \
        return code(run, ARG(0), fn);    \
    }
CODING(global_atob, decode_atob)
CODING(global_btoa, encode_btoa)
CODING(global_unescape, dv_decode_unescape)
CODING(global_escape, dv_encode_escape)
CODING(global_decode_uri, dv_decode_uri)
CODING(global_decode_uri_component, dv_decode_uri_component)
CODING(global_encode_uri, dv_encode_uri)
CODING(global_encode_uri_component, dv_encode_uri_component)
#undef CODING

/* ---- TextEncoder and TextDecoder ---- */

static struct dv_value
make_coder(struct dv_eval *run, struct dv_value class)
{
    const struct dv_value proto = dv_eval_get(run, class,
                                              run->key_prototype);

    return dv_eval_object(run, dv_object_new(&run->heap, DV_C_OBJECT,
                                             proto.tag == DV_V_OBJECT
                                                 ? proto.object
                                                 : NULL));
}

FN(coder_construct)
{
    UNUSED_ARGS;
    return make_coder(run, self);
}

FN(encoder_encode)
{
    struct dv_text *text = run->heap.empty;

    UNUSED_SELF;
    if (ARG(0).tag != DV_V_UNDEFINED && !dv_eval_to_text(run, ARG(0), &text))
        return dv_unknown();
    return dv_eval_object(run,
                          dv_typed_of_bytes(run, dv_text_utf8(&run->heap,
                                                              text)));
}

FN(decoder_decode)
{
    struct dv_span bytes;

    UNUSED_SELF;
    if (!dv_value_is_class(ARG(0), DV_C_TYPED)
        && !dv_value_is_class(ARG(0), DV_C_BUFFER))
        return dv_unknown();
    bytes = dv_typed_bytes(ARG(0).object);
    if (!dv_eval_step(run, bytes.len / 16))
        return dv_value_undefined();
    return dv_eval_text(run, dv_text_of_utf8(&run->heap, bytes));
}

/* ---- Date ---- */

/* The day never changes; a millisecond goes by whenever somebody asks, so that
 * loops that wait for the clock end. */
#define NOW      1782864000000.0
#define NOW_TEXT                          \
    "Wed Jul 01 2026 00:00:00 GMT+0000 " \
    "(Coordinated Universal Time)"

FN(date_now)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_value_number(NOW + (double)run->asked_time++);
}

/* Its parts are unknown: who asks for the hour hides from somebody. */
FN(date_construct)
{
    struct dv_object *date = dv_object_new(&run->heap, DV_C_DATE,
                                           run->date_proto);

    UNUSED_SELF;
    UNUSED_ARGS;
    if (date != NULL)
        date->is_open = true;
    return dv_eval_object(run, date);
}

FN(date_time)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_value_number(NOW + (double)run->asked_time++);
}

FN(date_text)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_eval_text(run, dv_text_of_cstr(&run->heap, NOW_TEXT));
}

FN(date_unknown)
{
    UNUSED_SELF;
    UNUSED_ARGS;
    return dv_unknown();
}

bool
dv_eval_world_date(struct dv_eval *run)
{
    static const struct dv_native_row rows[] = {
        { "now", date_now, 0 },
        { "parse", date_unknown, 1 },
        { "UTC", date_unknown, 7 },
    };
    static const struct dv_native_row methods[] = {
        { "getTime", date_time, 0 },
        { "valueOf", date_time, 0 },
        { "toString", date_text, 0 },
    };
    struct dv_object *class = dv_eval_add_class(run, "Date", date_text,
                                                date_construct,
                                                run->date_proto);

    return class != NULL
           && dv_eval_add_natives(run, class, rows, DV_COUNT_OF(rows))
           && dv_eval_add_natives(run, run->date_proto, methods,
                                  DV_COUNT_OF(methods));
}

bool
dv_eval_world_coding(struct dv_eval *run)
{
    static const struct dv_native_row globals[] = {
        { "atob", global_atob, 1 },
        { "btoa", global_btoa, 1 },
        { "unescape", global_unescape, 1 },
        { "escape", global_escape, 1 },
        { "decodeURI", global_decode_uri, 1 },
        { "decodeURIComponent", global_decode_uri_component, 1 },
        { "encodeURI", global_encode_uri, 1 },
        { "encodeURIComponent", global_encode_uri_component, 1 },
    };
    static const struct dv_native_row encode[] = {
        { "encode", encoder_encode, 1 },
    };
    static const struct dv_native_row decode[] = {
        { "decode", decoder_decode, 1 },
    };
    struct dv_object *encoder = dv_object_new(&run->heap, DV_C_OBJECT,
                                              run->object_proto);
    struct dv_object *decoder = dv_object_new(&run->heap, DV_C_OBJECT,
                                              run->object_proto);

    return encoder != NULL && decoder != NULL
           && dv_eval_add_natives(run, run->global, globals,
                                  DV_COUNT_OF(globals))
           && dv_eval_add_natives(run, encoder, encode, 1)
           && dv_eval_add_natives(run, decoder, decode, 1)
           && dv_eval_add_class(run, "TextEncoder", NULL, coder_construct,
                                encoder)
                  != NULL
           && dv_eval_add_class(run, "TextDecoder", NULL, coder_construct,
                                decoder)
                  != NULL;
}
