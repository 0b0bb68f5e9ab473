/* SPDX-License-Identifier: MIT */
/* pack_lint.c - loads packs and files of rules, and says all that is wrong.
 *
 * `pack_lint patterns` or `pack_lint rules/a.yaml`: a check without a scanner,
 * for `make check`.  Ends with 0 when there is nothing to say. */

#include <davy/davy.h>
#include <stdio.h>
#include <string.h>

static void
print_messages(const davy_messages *messages)
{
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        printf("%s:%u:%u: %s: %s", m->source, (unsigned)m->line,
               (unsigned)m->column, m->is_warning ? "warning" : "error",
               m->text);
        printf(m->hint[0] != '\0' ? " (%s)\n" : "%s\n", m->hint);
    }
}

static davy_status
add(davy_builder *builder, const char *path)
{
    const size_t n = strlen(path);

    if (n > 5 && strcmp(path + n - 5, ".yaml") == 0)
        return davy_builder_add_rules(builder, path);
    return davy_builder_add_pack(builder, path);
}

int
main(int argc, char **argv)
{
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    davy_status st = davy_builder_new(NULL, &builder);
    size_t said;

    for (int i = 1; st == DAVY_OK && i < argc; i++)
        (void)add(builder, argv[i]);
    if (st == DAVY_OK)
        st = davy_builder_build(builder, &ruleset);
    print_messages(davy_builder_messages(builder));
    said = davy_messages_count(davy_builder_messages(builder));
    printf("%zu rules, %zu lists, %zu messages: %s\n",
           davy_ruleset_rules_count(ruleset),
           davy_ruleset_lists_count(ruleset), said, davy_status_text(st));
    davy_ruleset_unref(ruleset);
    davy_builder_free(builder);
    return st != DAVY_OK || said != 0;
}
