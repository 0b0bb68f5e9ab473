/* SPDX-License-Identifier: MIT */
/* report_log.c - reads the decision log, a JSON object in each line. */

#include "proxy/report_log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "common/log.h"

/* A decision is shorter; what is longer is no decision. */
#define MAX_LINE ((size_t)1 << 16)

static const char *
text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* 2026-11-23T... */
static bool
is_time(const char *text)
{
    static const char form[] = "dddd-dd-ddTdd:dd";

    for (size_t i = 0; form[i] != '\0'; i++) {
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9'
                           : text[i] != form[i])
            return false;
    }
    return true;
}

static bool
read_line(const struct report_log *log, const char *line, size_t length)
{
    json_t *object = json_loadb(line, length, 0, NULL);
    const struct report_entry entry = {
        .time = text_of(object, "time"),
        .action = text_of(object, "action"),
        .reason = text_of(object, "reason"),
        .client = text_of(object, "client"),
        .user = text_of(object, "user"),
        .method = text_of(object, "method"),
        .address = text_of(object, "address"),
        .kind = text_of(object, "kind"),
        .verdict = text_of(object, "verdict"),
        .type = text_of(object, "type"),
        .rule = text_of(object, "rule"),
        .title = text_of(object, "title"),
        .family = text_of(object, "family"),
    };
    const bool is_good = is_time(entry.time) && entry.action[0] != '\0';

    if (is_good)
        log->fn(log->ctx, &entry);
    json_decref(object);
    return is_good;
}

/* The rest of a line that is too long. */
static void
skip_line(gzFile file)
{
    int c;

    do {
        c = gzgetc(file);
    } while (c != '\n' && c != -1);
}

static void
read_lines(struct report_log *log, gzFile file, const char *path)
{
    char line[MAX_LINE];
    uint64_t number = 0;

    while (gzgets(file, line, sizeof(line)) != NULL) {
        const size_t length = strlen(line);
        const bool is_whole = length > 0 && line[length - 1] == '\n';

        number++;
        if (length == sizeof(line) - 1 && !is_whole)
            skip_line(file);
        if (read_line(log, line, length))
            continue;
        if (log->bad++ == 0)
            log_error("%s:%llu: this line is no decision of davyd", path,
                      (unsigned long long)number);
    }
    log->lines += number;
}

bool
report_log_read(struct report_log *log, const char *path)
{
    const bool is_input = strcmp(path, "-") == 0;
    const int fd = is_input ? dup(STDIN_FILENO)
                            : open(path, O_RDONLY | O_CLOEXEC);
    gzFile file = fd < 0 ? NULL : gzdopen(fd, "rb");
    const char *why;
    int code;

    if (file == NULL) {
        log_error("%s cannot be read: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    read_lines(log, file, is_input ? "standard input" : path);
    why = gzerror(file, &code);
    if (code != Z_OK && code != Z_STREAM_END)
        log_error("%s cannot be read to its end: %s", path,
                  code == Z_ERRNO ? strerror(errno) : why);
    (void)gzclose(file);
    return code == Z_OK || code == Z_STREAM_END;
}
