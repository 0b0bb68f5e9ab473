/* SPDX-License-Identifier: MIT */
/* cmd_dump.c - `davy dump`: prints what the parsers see in a file. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/packs.h"
#include "common/exitcode.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

#define DEFAULT_SIZE ((unsigned long long)64 << 20)
#define LARGEST_SIZE ((unsigned long long)1 << 30)
#define CHUNK        ((size_t)128 << 10)

struct content {
    char *bytes;
    size_t length;
};

/* 0, or why not. */
static int
read_bytes(int fd, size_t limit, struct content *content)
{
    size_t room = 0;

    while (content->length < limit) {
        ssize_t n;

        if (content->length == room) {
            room = room == 0 ? CHUNK : room * 2;
            content->bytes = fatal_realloc(content->bytes, room);
        }
        n = read(fd, content->bytes + content->length,
                 room - content->length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (n == 0)
            return 0;
        content->length += (size_t)n;
    }
    log_note("only the first %zu bytes are looked at (--max-filesize)",
             limit);
    content->length = limit;
    return 0;
}

static bool
read_file(const char *path, size_t limit, struct content *content)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int error = fd < 0 ? errno : 0;

    memset(content, 0, sizeof(*content));
    if (error == 0)
        error = read_bytes(fd, limit, content);
    if (error != 0)
        log_error("%s: %s", path, strerror(error));
    if (fd >= 0 && !is_stdin)
        close(fd);
    return error == 0;
}

static int
to_stdout(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    return !text_write_clean(stdout, bytes, length);
}

static int
dump(const struct args *args, davy_dump what, davy_target *target,
     const struct content *content)
{
    davy_ruleset *ruleset = packs_load(args);
    davy_scanner *scanner = NULL;
    davy_status st = DAVY_BAD_RULES;

    if (ruleset == NULL)
        return EXITCODE_USAGE;
    st = davy_scanner_new(ruleset, NULL, &scanner);
    if (st == DAVY_OK)
        st = davy_scanner_dump(scanner, what, target, content->bytes,
                               content->length, to_stdout, NULL);
    if (st == DAVY_OK && fflush(stdout) != 0)
        st = DAVY_IO;
    if (st == DAVY_IO)
        log_error("the answer cannot be written");
    else if (st != DAVY_OK)
        log_error("%s: %s", target->name, davy_status_text(st));
    davy_scanner_free(scanner);
    davy_ruleset_unref(ruleset);
    return st == DAVY_OK   ? EXITCODE_CLEAN
           : st == DAVY_IO ? EXITCODE_USAGE
                           : EXITCODE_UNSEEN;
}

/* What a word asks for (in the order of davy_dump); -1 for anything else. */
static int
dump_of(const struct args *args)
{
    static const char *const words[] = { "html", "js", "facts", "effects" };
    int found = -1;

    for (int i = 0; i < 4; i++) {
        if (strcmp(words[i], args->operands[0]) == 0)
            found = i;
    }
    return found == DAVY_DUMP_JS && args_has(args, ARGS_EFFECTS)
               ? DAVY_DUMP_EFFECTS
               : found;
}

int
cmd_dump(const struct args *args)
{
    static const char *const types[] = { "html", "js", NULL };
    static const char *const content_types[] = { "text/html",
                                                 "text/javascript" };
    davy_target target = { .struct_size = sizeof(target) };
    unsigned long long limit = DEFAULT_SIZE;
    struct content content = { NULL, 0 };
    int type = -1;
    int status = EXITCODE_USAGE;

    if (args->operands_count != 2 || dump_of(args) < 0) {
        log_error("usage: davy dump html|js|facts|effects FILE|-");
        return status;
    }
    if (!args_choice(args, ARGS_TYPE, types, &type)
        || !args_number(args, ARGS_MAX_FILESIZE, true, 1, LARGEST_SIZE,
                        &limit))
        return status;
    target.name = args->operands[1];
    if (type >= 0)
        target.content_type = content_types[type];
    if (read_file(target.name, (size_t)limit, &content))
        status = dump(args, (davy_dump)dump_of(args), &target,
                      &content);
    else
        status = EXITCODE_UNSEEN;
    free(content.bytes);
    return status;
}
