/* SPDX-License-Identifier: MIT */
/* eval_lib_body.c - what holds bytes in the browser: Blob, Response, streams,
 * DecompressionStream (File API; Fetch 5.5; Streams; Compression).
 *
 * All are one kind of object here, with bytes and maybe a coding that is taken
 * off when they are read; a stream gives all of them in one piece. */

#include "decode/decode_brotli.h"
#include "decode/decode_gzip.h"
#include "eval/eval_lib.h"

struct body {
    bool is_known;              /* else its bytes are not */
    bool is_read;               /* by a reader */
    struct dv_buf bytes;        /* never grows: it lies in the arena */
    struct dv_text *coding;     /* or NULL */
};

static struct body *
body_of(struct dv_value v)
{
    return dv_value_is_class(v, DV_C_BODY) ? v.object->data : NULL;
}

static struct dv_object *
new_body(struct dv_eval *run, const char *path)
{
    struct dv_object *object = dv_object_new(&run->heap, DV_C_BODY,
                                             run->body_proto);
    struct body *body = dv_heap_alloc(&run->heap, sizeof(*body));

    if (!dv_eval_has(run, object) || !dv_eval_has(run, body))
        return NULL;
    object->is_open = true;
    object->path = dv_path_of_cstr(run, path);
    object->data = body;
    return object;
}

/* ---- Bytes ---- */

/* Append what a part of a body says; false when nobody knows. */
static bool
append(struct dv_eval *run, struct body *body, struct dv_value part)
{
    struct dv_span bytes;
    struct dv_text *text;
    uint8_t *all;
    const struct body *other = body_of(part);

    if (dv_value_is_class(part, DV_C_TYPED)
        || dv_value_is_class(part, DV_C_BUFFER)) {
        bytes = dv_typed_bytes(part.object);
    } else if (other != NULL) {
        if (!other->is_known)
            return false;
        bytes = dv_buf_span(&other->bytes);
    } else {
        if (dv_is_unknown(part) || !dv_eval_to_text(run, part, &text))
            return false;
        bytes = dv_text_utf8(&run->heap, text);
    }
    if (!dv_eval_step(run, 8 + (body->bytes.len + bytes.len) / 16))
        return false;
    all = dv_heap_alloc(&run->heap, body->bytes.len + bytes.len + 1);
    if (!dv_eval_has(run, all))
        return false;
    if (body->bytes.len > 0)
        memcpy(all, body->bytes.at, body->bytes.len);
    if (bytes.len > 0)
        memcpy(all + body->bytes.len, bytes.at, bytes.len);
    body->bytes.at = all;
    body->bytes.len += bytes.len;
    return true;
}

/* ---- Codings ---- */

typedef davy_status decode_fn(struct dv_span in,
                              const struct dv_decode_bounds *bounds,
                              struct dv_buf *out);

static decode_fn *
decoder_of(struct dv_eval *run, struct dv_text *coding)
{
    static const struct {
        const char *name;
        decode_fn *decode;
    } rows[] = {
        { "gzip", dv_decode_gzip },
        { "deflate", dv_decode_deflate },
        { "deflate-raw", dv_decode_deflate },
        { "brotli", dv_decode_brotli },
    };
    const struct dv_span name = dv_text_utf8(&run->heap, coding);

    for (size_t i = 0; i < DV_COUNT_OF(rows); i++) {
        if (dv_span_equal_cstr(name, rows[i].name))
            return rows[i].decode;
    }
    return NULL;
}

/* The bytes of a body without its coding, as a Uint8Array; NULL when nobody
 * knows them. */
static struct dv_object *
read_bytes(struct dv_eval *run, struct dv_value self)
{
    const struct body *body = body_of(self);
    const struct dv_decode_bounds bounds = {
        .max_bytes = run->limits->eval_text,
        .max_ratio = run->limits->decode_ratio,
    };
    struct dv_object *bytes = NULL;
    struct dv_buf out;
    decode_fn *decode;

    if (body == NULL || !body->is_known)
        return NULL;
    if (body->coding == NULL)
        return dv_typed_of_bytes(run, dv_buf_span(&body->bytes));
    decode = decoder_of(run, body->coding);
    if (decode == NULL)
        return NULL;
    dv_buf_init(&out, run->mem, run->limits->eval_text);
    /* What came before a fault, or a bound, is what a reader would get. */
    if (decode(dv_buf_span(&body->bytes), &bounds, &out) == DAVY_NO_MEMORY)
        (void)dv_heap_end(&run->heap, DV_OVER_MEMORY);
    if (dv_eval_step(run, 8 + out.len / 8))
        bytes = dv_typed_of_bytes(run, dv_buf_span(&out));
    dv_buf_fini(&out);
    return bytes;
}

static struct dv_value
read_text(struct dv_eval *run, struct dv_value self)
{
    const struct dv_object *bytes = read_bytes(run, self);

    return bytes == NULL ? dv_unknown()
                         : dv_eval_text(run,
                                        dv_text_of_utf8(&run->heap,
                                                        dv_typed_bytes(
                                                            bytes)));
}

/* ---- Reading ---- */

FN(body_text)
{
    UNUSED_ARGS;
    return dv_eval_promise_of(run, read_text(run, self), false);
}

FN(body_json)
{
    const struct dv_value text = read_text(run, self);
    const struct dv_value parse = dv_eval_get_cstr(
        run, dv_eval_get_cstr(run, dv_value_object(run->global), "JSON"),
        "parse");

    UNUSED_ARGS;
    if (run->flow != DV_FLOW_NORMAL)
        return dv_value_undefined();
    return dv_eval_promise_of(run,
                              dv_eval_call(run, parse, dv_value_undefined(),
                                           &text, 1),
                              false);
}

FN(body_bytes)
{
    struct dv_object *bytes = read_bytes(run, self);

    UNUSED_ARGS;
    return dv_eval_promise_of(run,
                              bytes == NULL ? dv_unknown()
                                            : dv_value_object(bytes),
                              false);
}

FN(body_buffer)
{
    struct dv_object *bytes = read_bytes(run, self);

    UNUSED_ARGS;
    return dv_eval_promise_of(
        run,
        bytes == NULL
            ? dv_unknown()
            : dv_value_object(((struct dv_typed *)bytes->data)->buffer),
        false);
}

/* Itself: a stream of a body, its reader and its writer are the body. */
FN(body_self)
{
    UNUSED_ARGS;
    return self;
}

/* read() of a reader: everything at once, then the end. */
FN(body_read)
{
    struct body *body = body_of(self);
    struct dv_object *result = dv_object_new(&run->heap, DV_C_OBJECT,
                                             run->object_proto);
    struct dv_object *bytes = NULL;

    UNUSED_ARGS;
    if (body == NULL || !dv_eval_has(run, result))
        return dv_unknown();
    if (!body->is_read) {
        bytes = read_bytes(run, self);
        if (bytes == NULL)
            return dv_unknown();
    }
    (void)dv_eval_put(run, result, run->key_done,
                      dv_value_boolean(body->is_read));
    (void)dv_eval_put(run, result, run->key_value,
                      bytes == NULL ? dv_value_undefined()
                                    : dv_value_object(bytes));
    body->is_read = true;
    return dv_eval_promise_of(run, dv_value_object(result), false);
}

FN(body_write)
{
    struct body *body = body_of(self);

    if (body != NULL && body->is_known)
        body->is_known = append(run, body, ARG(0));
    return dv_eval_promise_of(run, dv_value_undefined(), false);
}

FN(body_pipe_through)
{
    const struct body *to = body_of(ARG(0));
    struct dv_object *bytes, *made;
    struct body *body;

    if (to == NULL)
        return dv_unknown();
    bytes = read_bytes(run, self);
    made = bytes == NULL ? NULL : new_body(run, "ReadableStream()");
    if (made == NULL)
        return dv_unknown();
    body = made->data;
    body->coding = to->coding;
    body->is_known = append(run, body, dv_value_object(bytes));
    return dv_value_object(made);
}

FN(body_slice)
{
    struct dv_object *bytes = read_bytes(run, self);
    struct dv_object *made;
    struct body *body;
    double from, to;

    if (bytes == NULL || !dv_eval_integer(run, ARG(0), 0, &from)
        || !dv_eval_integer(run, ARG(1), (double)dv_typed_bytes(bytes).len,
                            &to)
        || from < 0 || to < from)
        return dv_unknown();
    bytes = dv_typed_of_bytes(
        run, dv_span_slice(dv_typed_bytes(bytes),
                           from > UINT32_MAX ? UINT32_MAX : (size_t)from,
                           to - from > UINT32_MAX ? UINT32_MAX
                                                  : (size_t)(to - from)));
    made = bytes == NULL ? NULL : new_body(run, "Blob()");
    if (made == NULL)
        return dv_unknown();
    body = made->data;
    body->is_known = append(run, body, dv_value_object(bytes));
    return dv_value_object(made);
}

/* ---- Making ---- */

FN(blob_construct)
{
    struct dv_object *made = new_body(run, "Blob()");
    struct dv_object *parts = dv_eval_array(run);
    struct body *body;

    UNUSED_SELF;
    dv_eval_tell(run, DV_EFFECT_NEW, dv_path_of_cstr(run, "Blob"), NULL, args,
                 count);
    if (made == NULL || parts == NULL)
        return dv_unknown();
    body = made->data;
    body->is_known = count == 0
                     || (ARG(0).tag == DV_V_OBJECT
                         && dv_eval_collect(run, ARG(0), parts));
    for (uint32_t i = 0; body->is_known && i < parts->items_len; i++)
        body->is_known = append(run, body, parts->items[i]);
    return dv_value_object(made);
}

FN(response_construct)
{
    struct dv_object *made = new_body(run, "Response()");
    struct body *body;
    const struct body *from = body_of(ARG(0));

    UNUSED_SELF;
    if (made == NULL)
        return dv_unknown();
    body = made->data;
    body->coding = from == NULL ? NULL : from->coding;
    body->is_known = dv_value_is_nullish(ARG(0))
                     || append(run, body, ARG(0));
    (void)dv_object_put_cstr(&run->heap, made, "body", dv_value_object(made),
                             0);
    (void)dv_object_put_cstr(&run->heap, made, "ok", dv_value_boolean(true),
                             0);
    return dv_value_object(made);
}

FN(decompression_construct)
{
    struct dv_object *made = new_body(run, "DecompressionStream()");
    struct body *body;

    UNUSED_SELF;
    if (made == NULL)
        return dv_unknown();
    body = made->data;
    if (dv_is_unknown(ARG(0)) || !dv_eval_flat(run, ARG(0), &body->coding))
        return dv_unknown();
    body->is_known = true;
    (void)dv_object_put_cstr(&run->heap, made, "readable",
                             dv_value_object(made), 0);
    (void)dv_object_put_cstr(&run->heap, made, "writable",
                             dv_value_object(made), 0);
    return dv_value_object(made);
}

bool
dv_eval_world_body(struct dv_eval *run)
{
    static const struct dv_native_row methods[] = {
        { "text", body_text, 0 },
        { "json", body_json, 0 },
        { "bytes", body_bytes, 0 },
        { "arrayBuffer", body_buffer, 0 },
        { "blob", body_self, 0 },
        { "stream", body_self, 0 },
        { "clone", body_self, 0 },
        { "getReader", body_self, 0 },
        { "getWriter", body_self, 0 },
        { "close", body_self, 0 },
        { "read", body_read, 0 },
        { "write", body_write, 1 },
        { "pipeThrough", body_pipe_through, 1 },
        { "slice", body_slice, 2 },
    };
    static const struct {
        const char *name;
        dv_native_fn *construct;
    } classes[] = {
        { "Blob", blob_construct },
        { "Response", response_construct },
        { "DecompressionStream", decompression_construct },
    };

    for (size_t i = 0; i < DV_COUNT_OF(classes); i++) {
        if (dv_eval_add_class(run, classes[i].name, NULL,
                              classes[i].construct, run->body_proto)
            == NULL)
            return false;
    }
    return dv_eval_add_natives(run, run->body_proto, methods,
                               DV_COUNT_OF(methods));
}
