/* SPDX-License-Identifier: MIT */
/* rules.c - loads a pack and says what is wrong with it. */

#include "proxy/rules.h"

#include <stdlib.h>

#include "common/datadir.h"
#include "common/fatal.h"
#include "common/log.h"

static void
say_messages(const davy_builder *builder)
{
    const davy_messages *messages = davy_builder_messages(builder);

    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        if (!m->is_warning)
            log_error("%s:%u:%u: %s", m->source, m->line, m->column,
                      m->text);
    }
}

davy_ruleset *
rules_load(const char *folder)
{
    char *pack = datadir_pack(folder);
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;

    if (davy_builder_new(NULL, &builder) != DAVY_OK)
        fatal("no memory for rules");
    if (davy_builder_add_pack(builder, pack) != DAVY_OK
        || davy_builder_build(builder, &ruleset) != DAVY_OK) {
        say_messages(builder);
        log_error("the pack %s cannot be used", pack);
    }
    davy_builder_free(builder);
    free(pack);
    return ruleset;
}
