/* SPDX-License-Identifier: MIT */
/* packs.c - builds the ruleset that a command works with. */

#include "cli/packs.h"

#include <stdlib.h>
#include <string.h>

#include "common/datadir.h"
#include "common/log.h"

void
packs_print_messages(const davy_messages *messages, FILE *out,
                     bool with_warnings)
{
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);
        char *source = log_clean(m->source);
        char *text = log_clean(m->text);
        char *hint = log_clean(m->hint);

        if (!m->is_warning || with_warnings) {
            fprintf(out, "%s", source);
            if (m->line != 0)
                fprintf(out, ":%u:%u", m->line, m->column);
            fprintf(out, ": %s: %s", m->is_warning ? "warning" : "error",
                    text);
            if (hint[0] != '\0')
                fprintf(out, " (%s)", hint);
            fputc('\n', out);
        }
        free(source);
        free(text);
        free(hint);
    }
}

static bool
add_list(davy_builder *builder, const char *value)
{
    davy_list_options options = { .struct_size = sizeof(options),
                                  .confidence = DAVY_CONFIDENCE_MEDIUM };
    const char *path = strchr(value, '=');

    if (path != NULL && strncmp(value, "abp=", 4) == 0)
        options.format = DAVY_LIST_ABP;
    else if (path != NULL && strncmp(value, "hosts=", 6) == 0)
        options.format = DAVY_LIST_HOSTS;
    else {
        log_error("--list takes abp=FILE or hosts=FILE, not %s", value);
        return false;
    }
    (void)davy_builder_add_list(builder, path + 1, &options);
    return true;
}

davy_ruleset *
packs_load(const struct args *args)
{
    char *folder = datadir_pack(args_value(args, ARGS_PACK, NULL));
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    bool is_usable = davy_builder_new(NULL, &builder) == DAVY_OK;
    davy_status st;

    if (is_usable)
        (void)davy_builder_add_pack(builder, folder);
    for (size_t i = 0; is_usable && i < args->given_count; i++) {
        if (args->given[i].option == ARGS_LIST)
            is_usable = add_list(builder, args->given[i].value);
    }
    if (is_usable) {
        st = davy_builder_build(builder, &ruleset);
        packs_print_messages(davy_builder_messages(builder), stderr, false);
        if (st != DAVY_OK)
            log_error("no usable patterns in %s: %s", folder,
                      davy_status_text(st));
    }
    davy_builder_free(builder);
    free(folder);
    return ruleset;
}
