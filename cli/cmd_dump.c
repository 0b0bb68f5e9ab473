/* SPDX-License-Identifier: MIT */
/* cmd_dump.c - `davy dump html|js|facts FILE`: what the parsers see. */

#include <davy/davy.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/args.h"
#include "cli/command.h"
#include "cli/packs.h"
#include "common/exitcode.h"
#include "common/log.h"

/* As much as a scan judges. */
#define MAX_BYTES ((size_t)64 << 20)

static const char *const whats[] = { [DAVY_DUMP_HTML] = "html",
                                     [DAVY_DUMP_JS] = "js",
                                     [DAVY_DUMP_FACTS] = "facts" };

static int
to_stdout(void *ctx, const char *bytes, size_t length)
{
    (void)ctx;
    return fwrite(bytes, 1, length, stdout) != length;
}

/* The bytes of a file; NULL after a message. */
static char *
read_all(const char *path, size_t *length)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *bytes = NULL;
    size_t room = 0;
    size_t n;

    *length = 0;
    if (f == NULL) {
        log_error("%s: %s", path, strerror(errno));
        return NULL;
    }
    do {
        room = room == 0 ? 65536 : room * 2;
        bytes = log_realloc(bytes, room);
        n = fread(bytes + *length, 1, room - *length, f);
        *length += n;
    } while (*length == room && room < MAX_BYTES);
    if (ferror(f)) {
        log_error("%s: cannot be read", path);
        free(bytes);
        bytes = NULL;
    }
    if (f != stdin)
        fclose(f);
    return bytes;
}

static int
dump(const struct args *args, davy_dump what, const char *path)
{
    davy_target target = { .struct_size = sizeof(target), .name = path };
    davy_scanner *scanner = NULL;
    davy_ruleset *ruleset;
    davy_status st = DAVY_NO_MEMORY;
    size_t length;
    char *bytes = read_all(path, &length);

    if (bytes == NULL)
        return EXITCODE_UNSEEN;
    ruleset = packs_load(args);
    if (ruleset == NULL) {
        free(bytes);
        return EXITCODE_USAGE;
    }
    if (what == DAVY_DUMP_JS && strcmp(path, "-") == 0)
        target.kind = DAVY_KIND_SCRIPT;
    if (davy_scanner_new(ruleset, NULL, &scanner) == DAVY_OK)
        st = davy_scanner_dump(scanner, what, &target, bytes, length,
                               to_stdout, NULL);
    if (st != DAVY_OK)
        log_error("%s: %s", path, davy_status_text(st));
    davy_scanner_free(scanner);
    davy_ruleset_unref(ruleset);
    free(bytes);
    return st == DAVY_OK ? EXITCODE_CLEAN : EXITCODE_UNSEEN;
}

int
command_dump(int argc, char **argv)
{
    struct args args;
    int status = EXITCODE_USAGE;

    if (!args_parse(&args, 'd', argc, argv))
        goto done;
    if (args_has(&args, ARGS_HELP)) {
        printf("usage: davy dump html|js|facts FILE\n\n"
               "html: places where code or an address can stand; js: the "
               "syntax tree;\nfacts: what rules can ask about.  FILE may be "
               "- for standard input.\n\n");
        args_print_options('d');
        status = EXITCODE_CLEAN;
        goto done;
    }
    for (size_t i = 0; args.operands_count == 2
         && i < sizeof(whats) / sizeof(whats[0]); i++) {
        if (strcmp(args.operands[0], whats[i]) == 0) {
            status = dump(&args, (davy_dump)i, args.operands[1]);
            goto done;
        }
    }
    log_error("usage: davy dump html|js|facts FILE");
done:
    args_free(&args);
    return status;
}
