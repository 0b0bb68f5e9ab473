/* SPDX-License-Identifier: MIT */
/* golden.c - reads Markdown tests, compares, or writes them anew. */

#include "support/golden.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/ascii.h"

struct golden {
    const char *path;
    const char *input_name;
    golden_run *run;
    struct dv_buf input;
    struct dv_buf output;
    struct dv_buf rewritten;
    size_t compared;
};

static void
must(davy_status st)
{
    assert_int_equal(st, DAVY_OK);
}

const char *
golden_source_path(const char *path, char *room, size_t size)
{
    const char *top = getenv("srcdir");

    snprintf(room, size, "%s/%s", top == NULL ? "." : top, path);
    return room;
}

void
golden_read_file(const char *path, struct dv_buf *out)
{
    FILE *f = fopen(path, "rb");
    char piece[4096];
    size_t n;

    if (f == NULL)
        fail_msg("%s: cannot be read", path);
    while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
        must(dv_buf_append(out, dv_span_of(piece, n)));
    fclose(f);
}

/* Turn \xNN, \n and \\ of an escaped input into bytes. */
static void
unescape(struct dv_span raw, struct dv_buf *out)
{
    for (size_t i = 0; i < raw.len; i++) {
        const uint8_t next = i + 1 < raw.len ? raw.at[i + 1] : 0;

        if (raw.at[i] != '\\') {
            must(dv_buf_append_byte(out, raw.at[i]));
        } else if (next == 'x' && raw.len - i > 3) {
            must(dv_buf_append_byte(
                out, (uint8_t)(dv_ascii_hex(raw.at[i + 2]) * 16
                               + dv_ascii_hex(raw.at[i + 3]))));
            i += 3;
        } else {
            must(dv_buf_append_byte(out, next == 'n' ? '\n' : next));
            i++;
        }
    }
}

static struct dv_span
next_line(struct dv_span *rest)
{
    const size_t n = dv_span_find_byte(*rest, '\n');
    const struct dv_span line = dv_span_slice(*rest, 0, n);

    dv_span_skip(rest, n < rest->len ? n + 1 : n);
    return line;
}

/* The lines up to the closing fence. */
static struct dv_span
read_block(struct dv_span *rest)
{
    struct dv_span block = dv_span_of(rest->at, 0);

    while (rest->len > 0 && !dv_span_starts_with(*rest, DV_SPAN_LIT("```")))
        (void)next_line(rest);
    block.len = (size_t)(rest->at - block.at);
    (void)next_line(rest);
    return block;
}

static void
take_input(struct golden *golden, struct dv_span block, bool is_escaped)
{
    struct dv_span bytes = block;

    if (bytes.len > 0)
        bytes.len--;
    dv_buf_clear(&golden->input);
    if (is_escaped)
        unescape(bytes, &golden->input);
    else
        must(dv_buf_append(&golden->input, bytes));
}

static void
compare(struct golden *golden, const char *name, struct dv_span block)
{
    const struct dv_span got = dv_buf_span(&golden->output);

    golden->compared++;
    if (getenv("DAVY_UPDATE_GOLDEN") == NULL && !dv_span_equal(block, got))
        fail_msg("%s: block %s of the input\n%.*s\nshould be\n%.*s"
                 "but is\n%.*s",
                 golden->path, name, (int)golden->input.len,
                 (const char *)golden->input.at, (int)block.len,
                 (const char *)block.at, (int)got.len,
                 (const char *)got.at);
}

/* One fenced block; what belongs there is added to golden->rewritten. */
static void
run_block(struct golden *golden, struct dv_span fence, struct dv_span block)
{
    const struct dv_span info = dv_span_trim(dv_span_slice(fence, 3, 60));
    const size_t n = dv_span_find_byte(info, ' ');
    struct dv_span body = block;
    char name[64];

    snprintf(name, sizeof(name), "%.*s", (int)n, (const char *)info.at);
    dv_buf_clear(&golden->output);
    if (strcmp(name, golden->input_name) == 0) {
        take_input(golden, block, n < info.len);
    } else if (golden->run(name, dv_buf_span(&golden->input),
                           &golden->output)) {
        compare(golden, name, block);
        body = dv_buf_span(&golden->output);
    }
    must(dv_buf_append(&golden->rewritten, body));
    must(dv_buf_append_cstr(&golden->rewritten, "```\n"));
}

static void
run_text(struct golden *golden, struct dv_span text)
{
    while (text.len > 0) {
        const struct dv_span line = next_line(&text);

        must(dv_buf_append(&golden->rewritten, line));
        must(dv_buf_append_byte(&golden->rewritten, '\n'));
        if (dv_span_starts_with(line, DV_SPAN_LIT("```")))
            run_block(golden, line, read_block(&text));
    }
}

static void
save(const struct golden *golden)
{
    FILE *f = fopen(golden->path, "wb");

    if (f == NULL
        || fwrite(golden->rewritten.at, 1, golden->rewritten.len, f)
               != golden->rewritten.len
        || fclose(f) != 0)
        fail_msg("%s: cannot be written", golden->path);
}

static size_t
run_file(const char *path, const char *input, golden_run *run)
{
    struct golden golden = { .path = path, .input_name = input,
                             .run = run };
    struct dv_mem mem;
    struct dv_buf text;

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_buf_init(&text, &mem, SIZE_MAX);
    dv_buf_init(&golden.input, &mem, SIZE_MAX);
    dv_buf_init(&golden.output, &mem, SIZE_MAX);
    dv_buf_init(&golden.rewritten, &mem, SIZE_MAX);
    golden_read_file(path, &text);
    run_text(&golden, dv_buf_span(&text));
    if (getenv("DAVY_UPDATE_GOLDEN") != NULL)
        save(&golden);
    dv_buf_fini(&text);
    dv_buf_fini(&golden.input);
    dv_buf_fini(&golden.output);
    dv_buf_fini(&golden.rewritten);
    return golden.compared;
}

size_t
golden_run_folder(const char *folder, const char *input, golden_run *run)
{
    char room[4096];
    char path[4096 + 300];
    DIR *dir = opendir(golden_source_path(folder, room, sizeof(room)));
    const struct dirent *entry;
    size_t compared = 0;

    if (dir == NULL)
        fail_msg("%s: cannot be read", room);
    while ((entry = readdir(dir)) != NULL) {
        if (!dv_span_ends_with(dv_span_cstr(entry->d_name),
                               DV_SPAN_LIT(".md")))
            continue;
        snprintf(path, sizeof(path), "%s/%s", room, entry->d_name);
        compared += run_file(path, input, run);
    }
    closedir(dir);
    return compared;
}
