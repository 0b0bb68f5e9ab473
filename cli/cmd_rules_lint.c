/* SPDX-License-Identifier: MIT */
/* cmd_rules_lint.c - `davy rules lint`: everything that is wrong with rules. */

#include <stdio.h>

#include "cli/command.h"
#include "cli/packs.h"
#include "cli/rules_set.h"
#include "common/exitcode.h"
#include "common/json.h"
#include "common/log.h"

static void
write_messages(const davy_messages *messages)
{
    const size_t count = davy_messages_count(messages);

    for (size_t i = 0; i < count; i++) {
        const davy_message *m = davy_messages_at(messages, i);

        fputs(i == 0 ? "[\n" : ",\n", stdout);
        fputs("{\"source\":", stdout);
        json_write_string(stdout, m->source);
        printf(",\"line\":%u,\"column\":%u", m->line, m->column);
        json_write_member(stdout, "kind",
                          m->is_warning ? "warning" : "error");
        json_write_member(stdout, "text", m->text);
        json_write_member(stdout, "hint", m->hint);
        putchar('}');
    }
    fputs(count == 0 ? "[]\n" : "\n]\n", stdout);
}

static size_t
count_errors(const davy_messages *messages)
{
    size_t errors = 0;

    for (size_t i = 0; i < davy_messages_count(messages); i++)
        errors += !davy_messages_at(messages, i)->is_warning;
    return errors;
}

int
cmd_rules_lint(const struct args *args)
{
    struct rules_set set;
    const davy_messages *messages;
    bool wants_json = false;
    int status = EXITCODE_USAGE;
    size_t errors;

    if (!rules_set_wants_json(args, &wants_json))
        return status;
    rules_set_load(&set, args);
    messages = davy_builder_messages(set.builder);
    errors = count_errors(messages);
    if (set.ids_count > 0) {
        log_error("there is no file or folder %s", set.ids[0]);
        goto done;
    }
    if (!set.is_readable)
        goto done;
    status = errors > 0 || set.ruleset == NULL ? EXITCODE_FOUND
                                               : EXITCODE_CLEAN;
    if (wants_json) {
        write_messages(messages);
        goto done;
    }
    packs_print_messages(messages, stdout, true);
    printf("%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s",
           davy_messages_count(messages) - errors,
           davy_messages_count(messages) - errors == 1 ? "" : "s");
    if (set.ruleset != NULL)
        printf(" in %zu rules", davy_ruleset_rules_count(set.ruleset));
    putchar('\n');
done:
    rules_set_fini(&set);
    return status;
}
