/* SPDX-License-Identifier: MIT */
/* api_ruleset.c - the exported functions of builders, messages, rulesets and
 * slots: argument checks, nothing else. */

#include <davy/davy.h>

#include "rule/builder.h"
#include "rule/standin.h"
#include "rule/ruleset.h"

/* The opaque types of davy.h are these. */
static struct dv_builder *
builder_of(davy_builder *builder)
{
    return (struct dv_builder *)builder;
}

static struct dv_ruleset *
ruleset_of(davy_ruleset *ruleset)
{
    return (struct dv_ruleset *)ruleset;
}

static const struct dv_ruleset *
const_ruleset_of(const davy_ruleset *ruleset)
{
    return (const struct dv_ruleset *)ruleset;
}

static const struct dv_messages *
messages_of(const davy_messages *messages)
{
    return (const struct dv_messages *)messages;
}

static struct dv_slot *
slot_of(davy_slot *slot)
{
    return (struct dv_slot *)slot;
}

/* ---- Messages --------------------------------------------------------- */

size_t
davy_messages_count(const davy_messages *messages)
{
    return messages == NULL ? 0 : dv_messages_count(messages_of(messages));
}

const davy_message *
davy_messages_at(const davy_messages *messages, size_t i)
{
    return messages == NULL ? NULL
                            : dv_messages_at(messages_of(messages), i);
}

/* ---- Builder ---------------------------------------------------------- */

static bool
are_hooks_right(const davy_allocator *hooks)
{
    return hooks == NULL
           || (hooks->struct_size >= sizeof(*hooks) && hooks->alloc != NULL
               && hooks->realloc != NULL && hooks->free != NULL);
}

static bool
are_list_options_right(const davy_list_options *options)
{
    return options != NULL && options->struct_size >= sizeof(*options)
           && (options->format == DAVY_LIST_ABP
               || options->format == DAVY_LIST_HOSTS)
           && (unsigned)options->confidence <= DAVY_CONFIDENCE_CONCLUSIVE;
}

static struct dv_span
bytes_of(const void *bytes, size_t length)
{
    return length == 0 ? DV_SPAN_LIT("") : dv_span_of(bytes, length);
}

davy_status
davy_builder_new(const davy_builder_options *options, davy_builder **builder)
{
    struct dv_builder *made;
    davy_status st;

    if (builder == NULL
        || (options != NULL
            && (options->struct_size < sizeof(*options)
                || !are_hooks_right(options->allocator))))
        return DAVY_MISUSE;
    st = dv_builder_new(options == NULL ? NULL : options->allocator, &made);
    if (st == DAVY_OK)
        *builder = (davy_builder *)made;
    return st;
}

void
davy_builder_free(davy_builder *builder)
{
    dv_builder_free(builder_of(builder));
}

davy_status
davy_builder_add_pack(davy_builder *builder, const char *directory)
{
    if (builder == NULL || directory == NULL)
        return DAVY_MISUSE;
    return dv_builder_add_pack(builder_of(builder), directory);
}

davy_status
davy_builder_add_rules(davy_builder *builder, const char *path)
{
    if (builder == NULL || path == NULL)
        return DAVY_MISUSE;
    return dv_builder_add_rules(builder_of(builder), path);
}

davy_status
davy_builder_add_rules_buffer(davy_builder *builder, const char *name,
                              const void *bytes, size_t length)
{
    if (builder == NULL || name == NULL || (bytes == NULL && length != 0))
        return DAVY_MISUSE;
    return dv_builder_add_rules_bytes(builder_of(builder), name,
                                      bytes_of(bytes, length));
}

davy_status
davy_builder_add_list(davy_builder *builder, const char *path,
                      const davy_list_options *options)
{
    if (builder == NULL || path == NULL || !are_list_options_right(options))
        return DAVY_MISUSE;
    return dv_builder_add_list(builder_of(builder), path, options);
}

davy_status
davy_builder_add_list_buffer(davy_builder *builder, const char *name,
                             const void *bytes, size_t length,
                             const davy_list_options *options)
{
    if (builder == NULL || name == NULL || (bytes == NULL && length != 0)
        || !are_list_options_right(options))
        return DAVY_MISUSE;
    return dv_builder_add_list_bytes(builder_of(builder), name,
                                     bytes_of(bytes, length), options);
}

davy_status
davy_builder_build(davy_builder *builder, davy_ruleset **ruleset)
{
    struct dv_ruleset *made;
    davy_status st;

    if (builder == NULL || ruleset == NULL)
        return DAVY_MISUSE;
    st = dv_builder_build(builder_of(builder), &made);
    if (st == DAVY_OK)
        *ruleset = (davy_ruleset *)made;
    return st;
}

const davy_messages *
davy_builder_messages(const davy_builder *builder)
{
    if (builder == NULL)
        return NULL;
    return (const davy_messages *)&((const struct dv_builder *)builder)
        ->messages;
}

/* ---- Ruleset ---------------------------------------------------------- */

davy_ruleset *
davy_ruleset_ref(davy_ruleset *ruleset)
{
    if (ruleset != NULL)
        (void)dv_ruleset_ref(ruleset_of(ruleset));
    return ruleset;
}

void
davy_ruleset_unref(davy_ruleset *ruleset)
{
    dv_ruleset_unref(ruleset_of(ruleset));
}

size_t
davy_ruleset_rules_count(const davy_ruleset *ruleset)
{
    return ruleset == NULL
               ? 0
               : dv_ruleset_rules_count(const_ruleset_of(ruleset));
}

davy_status
davy_ruleset_rule(const davy_ruleset *ruleset, size_t i, davy_rule_info *info)
{
    if (ruleset == NULL || info == NULL)
        return DAVY_MISUSE;
    return dv_ruleset_rule(const_ruleset_of(ruleset), i, info);
}

davy_status
davy_ruleset_rule_test(const davy_ruleset *ruleset, size_t i, size_t j,
                       davy_rule_test *test)
{
    if (ruleset == NULL || test == NULL)
        return DAVY_MISUSE;
    return dv_ruleset_rule_test(const_ruleset_of(ruleset), i, j, test);
}

size_t
davy_ruleset_lists_count(const davy_ruleset *ruleset)
{
    return ruleset == NULL
               ? 0
               : dv_ruleset_lists_count(const_ruleset_of(ruleset));
}

davy_status
davy_ruleset_list(const davy_ruleset *ruleset, size_t i, davy_list_info *info)
{
    if (ruleset == NULL || info == NULL)
        return DAVY_MISUSE;
    return dv_ruleset_list(const_ruleset_of(ruleset), i, info);
}

const char *
davy_ruleset_pack_name(const davy_ruleset *ruleset)
{
    return ruleset == NULL ? "" : const_ruleset_of(ruleset)->pack_name;
}

const char *
davy_ruleset_pack_version(const davy_ruleset *ruleset)
{
    return ruleset == NULL ? "" : const_ruleset_of(ruleset)->pack_version;
}

davy_status
davy_ruleset_standin(const davy_ruleset *ruleset, const char *family,
                     davy_kind kind, const void **bytes, size_t *length)
{
    struct dv_span found;
    davy_status st;

    if (ruleset == NULL || bytes == NULL || length == NULL)
        return DAVY_MISUSE;
    st = dv_standin_find(const_ruleset_of(ruleset),
                         family == NULL ? "" : family, kind, &found);
    if (st != DAVY_OK)
        return st;
    *bytes = found.at;
    *length = found.len;
    return DAVY_OK;
}

/* ---- Slot ------------------------------------------------------------- */

davy_status
davy_slot_new(davy_ruleset *ruleset, davy_slot **slot)
{
    struct dv_slot *made;
    davy_status st;

    if (ruleset == NULL || slot == NULL)
        return DAVY_MISUSE;
    st = dv_slot_new(ruleset_of(ruleset), &made);
    if (st == DAVY_OK)
        *slot = (davy_slot *)made;
    return st;
}

davy_ruleset *
davy_slot_get(davy_slot *slot)
{
    return slot == NULL ? NULL : (davy_ruleset *)dv_slot_get(slot_of(slot));
}

davy_status
davy_slot_swap(davy_slot *slot, davy_ruleset *ruleset)
{
    if (slot == NULL || ruleset == NULL)
        return DAVY_MISUSE;
    dv_slot_swap(slot_of(slot), ruleset_of(ruleset));
    return DAVY_OK;
}

void
davy_slot_free(davy_slot *slot)
{
    dv_slot_free(slot_of(slot));
}
