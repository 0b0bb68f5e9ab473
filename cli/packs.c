/* SPDX-License-Identifier: MIT */
/* packs.c - builds the ruleset that a command works with. */

#include "cli/packs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/datadir.h"
#include "common/fatal.h"
#include "common/log.h"
#include "common/text.h"

char *
packs_folder(const struct args *args)
{
    return datadir_pack(args_value(args, ARGS_PACK, NULL));
}

static int
is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL
           && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

static bool
add_folder(davy_builder *builder, const char *folder)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, is_yaml, alphasort);

    for (int i = 0; i < count; i++) {
        char *path = fatal_format("%s/%s", folder, entries[i]->d_name);

        (void)davy_builder_add_rules(builder, path);
        free(path);
        free(entries[i]);
    }
    free(entries);
    if (count < 0)
        log_error("%s: %s", folder, strerror(errno));
    else if (count == 0)
        log_error("%s: neither a pack nor a folder with *.yaml", folder);
    return count > 0;
}

bool
packs_add(davy_builder *builder, const char *path)
{
    char *manifest = fatal_format("%s/pack.yaml", path);
    const bool is_pack = access(manifest, F_OK) == 0;
    struct stat st;

    free(manifest);
    if (stat(path, &st) != 0) {
        log_error("%s: %s", path, strerror(errno));
        return false;
    }
    if (is_pack)
        (void)davy_builder_add_pack(builder, path);
    else if (S_ISDIR(st.st_mode))
        return add_folder(builder, path);
    else
        (void)davy_builder_add_rules(builder, path);
    return true;
}

static void
print_message(const davy_message *m, FILE *out)
{
    char *source = text_clean(m->source);
    char *text = text_clean(m->text);
    char *hint = text_clean(m->hint);

    fputs(source, out);
    if (m->line > 0)
        fprintf(out, ":%u", m->line);
    if (m->line > 0 && m->column > 0)
        fprintf(out, ":%u", m->column);
    fprintf(out, "%s%s: %s", source[0] == '\0' ? "" : ": ",
            m->is_warning ? "warning" : "error", text);
    if (hint[0] != '\0')
        fprintf(out, " (%s)", hint);
    fputc('\n', out);
    free(source);
    free(text);
    free(hint);
}

void
packs_print_messages(const davy_messages *messages, FILE *out,
                     bool with_warnings)
{
    for (size_t i = 0; i < davy_messages_count(messages); i++) {
        const davy_message *m = davy_messages_at(messages, i);

        if (with_warnings || !m->is_warning)
            print_message(m, out);
    }
}

/* FORMAT=FILE */
static bool
add_list(davy_builder *builder, const char *value)
{
    davy_list_options options = { .struct_size = sizeof(options),
                                  .confidence = DAVY_CONFIDENCE_MEDIUM };
    const char *path = strchr(value, '=');

    if (text_starts_nocase(value, "abp=")) {
        options.format = DAVY_LIST_ABP;
    } else if (text_starts_nocase(value, "hosts=")) {
        options.format = DAVY_LIST_HOSTS;
    } else {
        log_error("--list takes abp=FILE or hosts=FILE, not %s", value);
        return false;
    }
    (void)davy_builder_add_list(builder, path + 1, &options);
    return true;
}

static bool
add_lists(davy_builder *builder, const struct args *args)
{
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == ARGS_LIST
            && !add_list(builder, args->given[i].value))
            return false;
    }
    return true;
}

davy_ruleset *
packs_load(const struct args *args)
{
    char *folder = packs_folder(args);
    davy_builder *builder = NULL;
    davy_ruleset *ruleset = NULL;
    struct stat st;
    davy_status status = davy_builder_new(NULL, &builder);

    if (status != DAVY_OK)
        fatal("%s", davy_status_text(status));
    if (stat(folder, &st) != 0) {
        log_error("there is no pack of patterns at %s: %s (--pack DIR or "
                  "DAVY_DATADIR say where it is)", folder, strerror(errno));
    } else if (add_lists(builder, args)) {
        (void)davy_builder_add_pack(builder, folder);
        status = davy_builder_build(builder, &ruleset);
        packs_print_messages(davy_builder_messages(builder), stderr, false);
        if (status != DAVY_OK)
            log_error("the pack %s cannot be used: %s", folder,
                      davy_status_text(status));
    }
    davy_builder_free(builder);
    free(folder);
    return ruleset;
}
