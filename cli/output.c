/* SPDX-License-Identifier: MIT */
/* output.c - where the answer goes: standard output and files, each in its
 * format. */

#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/output_text.h"
#include "common/fatal.h"
#include "common/log.h"

static const char *const formats[] = { "text", "json", "jsonl", NULL };

/* ---- Open ---- */

static bool
add(struct output *output, enum output_format format, const char *path)
{
    struct output_stream stream = { .format = format };

    stream.file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (stream.file == NULL) {
        log_error("%s: %s", path, strerror(errno));
        return false;
    }
    stream.path = fatal_strdup(path);
    output->streams = fatal_grow(output->streams, output->count,
                                 sizeof(*output->streams));
    output->streams[output->count++] = stream;
    return true;
}

/* The format in front of FORMAT=FILE; -1 for a plain FILE, -2 for a word that
 * looks like a format and is none. */
static int
format_of(const char *value)
{
    const size_t n = strcspn(value, "=");

    if (value[n] == '\0')
        return -1;
    for (int i = 0; formats[i] != NULL; i++) {
        if (strlen(formats[i]) == n && strncmp(formats[i], value, n) == 0)
            return i;
    }
    return memchr(value, '/', n) != NULL || memchr(value, '.', n) != NULL
               ? -1
               : -2;
}

/* One -o; `has_moved` is set when the answer no longer goes to standard
 * output. */
static bool
add_output(struct output *output, enum output_format format,
           const char *value, bool *has_moved)
{
    const int own = format_of(value);
    const char *path = own < 0 ? value : strchr(value, '=') + 1;

    if (own == -2) {
        log_error("--output takes text=FILE, json=FILE, jsonl=FILE or FILE, "
                  "not %s (write ./%s for a file of this name)", value,
                  value);
        return false;
    }
    if (own == -1 || strcmp(path, "-") == 0)
        *has_moved = true;
    return add(output, own < 0 ? format : (enum output_format)own, path);
}

static void
close_all(struct output *output)
{
    for (size_t i = 0; i < output->count; i++) {
        if (output->streams[i].file != NULL
            && output->streams[i].file != stdout)
            fclose(output->streams[i].file);
        free(output->streams[i].path);
    }
    free(output->streams);
    memset(output, 0, sizeof(*output));
}

bool
output_open(struct output *output, const struct args *args)
{
    int format = OUTPUT_TEXT;
    bool has_moved = false;
    bool is_open = args_choice(args, ARGS_FORMAT, formats, &format);

    memset(output, 0, sizeof(*output));
    output->is_quiet = args_has(args, ARGS_QUIET);
    for (size_t i = 0; i < args->given_count && is_open; i++) {
        if (args->given[i].option == ARGS_OUTPUT)
            is_open = add_output(output, (enum output_format)format,
                                 args->given[i].value, &has_moved);
    }
    if (is_open && !has_moved)
        is_open = add(output, (enum output_format)format, "-");
    if (!is_open)
        close_all(output);
    return is_open;
}

bool
output_wants(const struct output *output, enum output_format format)
{
    for (size_t i = 0; i < output->count; i++) {
        if (output->streams[i].format == format)
            return true;
    }
    return false;
}

bool
output_is_terminal(const struct output *output)
{
    for (size_t i = 0; i < output->count; i++) {
        const struct output_stream *s = &output->streams[i];

        if (s->format == OUTPUT_TEXT && !isatty(fileno(s->file)))
            return false;
    }
    return output_wants(output, OUTPUT_TEXT);
}

/* ---- Write ---- */

static void
write_json(struct output_stream *s, const char *json)
{
    if (s->format == OUTPUT_JSONL) {
        fputs(json, s->file);
        return;
    }
    fputs(s->written == 0 ? "[\n" : ",\n", s->file);
    fwrite(json, 1, strlen(json) - 1, s->file);
    s->written++;
}

bool
output_target(struct output *output, const struct outcome_style *style,
              const struct outcomes *outcomes)
{
    bool is_written = true;

    for (size_t i = 0; i < output->count; i++) {
        struct output_stream *s = &output->streams[i];

        if (s->format == OUTPUT_TEXT)
            output_text_target(s->file, style, outcomes);
        for (size_t k = 0; k < outcomes->count && s->format != OUTPUT_TEXT;
             k++)
            write_json(s, outcomes->items[k].json);
        is_written = fflush(s->file) == 0 && !ferror(s->file) && is_written;
    }
    return is_written;
}

static bool
end_stream(struct output_stream *s)
{
    const bool is_written = fflush(s->file) == 0 && !ferror(s->file);
    const int error = errno;

    if (!is_written && error != EPIPE)
        log_error("%s: %s", s->file == stdout ? "standard output" : s->path,
                  strerror(error));
    return is_written;
}

bool
output_close(struct output *output, const struct outcome_style *style,
             const struct tally *tally)
{
    bool is_written = true;

    for (size_t i = 0; i < output->count; i++) {
        struct output_stream *s = &output->streams[i];

        if (s->format == OUTPUT_TEXT && !output->is_quiet)
            output_text_summary(s->file, style, tally);
        if (s->format == OUTPUT_JSON)
            fputs(s->written == 0 ? "[]\n" : "\n]\n", s->file);
        is_written = end_stream(s) && is_written;
    }
    close_all(output);
    return is_written;
}
