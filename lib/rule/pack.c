/* SPDX-License-Identifier: MIT */
/* pack.c - reads a directory with a manifest, and the files it names. */

#include <davy/version.h>

#include "base/ascii.h"
#include "base/sha256.h"
#include "rule/builder.h"
#include "rule/rule_file.h"
#include "rule/standin.h"

#define MANIFEST "pack.yaml"

/* The manifest being read. */
struct pack {
    struct dv_builder *builder;
    const char *directory;
    const char *source;                 /* the manifest's path, kept */
    struct dv_arena arena;              /* its tree and texts */
    struct dv_check check;
    davy_status status;                 /* worst of reading files */
};

static bool
join_path(struct pack *pack, const char *name, const char **path)
{
    const size_t a = strlen(pack->directory);
    const size_t b = strlen(name);
    uint8_t *text = dv_arena_bytes(&pack->arena, a + b + 2);

    if (text == NULL)
        return false;
    memcpy(text, pack->directory, a);
    text[a] = '/';
    memcpy(text + a + 1, name, b + 1);
    *path = (const char *)text;
    return true;
}

/* Whether version `a` is newer than `b`; both are three numbers. */
static bool
is_newer(const char *a, const char *b)
{
    for (int i = 0; i < 3; i++) {
        unsigned long x = 0;
        unsigned long y = 0;

        for (; dv_ascii_is_digit((uint8_t)*a); a++)
            x = x * 10 + (unsigned long)(*a - '0');
        for (; dv_ascii_is_digit((uint8_t)*b); b++)
            y = y * 10 + (unsigned long)(*b - '0');
        if (x != y)
            return x > y;
        a += *a == '.';
        b += *b == '.';
    }
    return false;
}

static bool
has_digest(struct dv_span bytes, const char *wanted)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[DV_SHA256_SIZE];
    struct dv_sha256 sha;

    dv_sha256_begin(&sha);
    dv_sha256_feed(&sha, bytes);
    dv_sha256_finish(&sha, digest);
    for (size_t i = 0; i < sizeof(digest); i++) {
        if (wanted[2 * i] != digits[digest[i] >> 4]
            || wanted[2 * i + 1] != digits[digest[i] & 15])
            return false;
    }
    return true;
}

/* ---- Lists ------------------------------------------------------------ */

static void
describe_list(struct pack *pack, const struct dv_yaml_node *map,
              const struct dv_fields *fields, struct dv_list_entry *entry)
{
    davy_rule_info *info = &entry->rule.info;
    struct dv_check keep = { &pack->builder->set->arena,
                             &pack->builder->messages, DAVY_OK };

    *entry = (struct dv_list_entry){
        .name = fields->title,
        .format = fields->kind == DV_FILE_KIND_ABP ? DAVY_LIST_ABP
                                                   : DAVY_LIST_HOSTS,
        .confidence = fields->confidence < 0
                          ? DAVY_CONFIDENCE_LOW
                          : (davy_confidence)fields->confidence,
        .is_allow_list = fields->role == DV_ROLE_ALLOW,
    };
    info->id = dv_check_keep(&keep, dv_span_cstr(fields->id));
    info->title = dv_check_keep(&keep, dv_span_cstr(fields->title));
    info->family = dv_check_keep(&keep, dv_span_cstr(fields->family));
    info->fix = dv_check_keep(&keep, dv_span_cstr(fields->fix));
    info->source = dv_check_keep(&keep, dv_span_cstr(pack->source));
    info->severity = dv_word(DV_WORDS_SEVERITY, fields->severity);
    info->status = dv_word(DV_WORDS_STATUS, DV_STATUS_STABLE);
    info->since = "";
    info->line = map->place.line;
    if (keep.status != DAVY_OK)
        pack->check.status = keep.status;
}

/* What only lists that block need. */
static bool
check_block_list(struct pack *pack, const struct dv_yaml_node *map,
                 const struct dv_fields *fields)
{
    static const char *const needed[] = { "severity", "confidence" };
    bool is_right = true;

    if (fields->role == DV_ROLE_ALLOW)
        return true;
    for (size_t i = 0; i < DV_COUNT_OF(needed); i++) {
        if (map->is_broken || dv_yaml_get(map, needed[i]) != NULL)
            continue;
        dv_check_error(&pack->check, map->place, NULL,
                       "a list that blocks needs the key \"%s\"", needed[i]);
        is_right = false;
    }
    return is_right;
}

/* ---- Stand-ins -------------------------------------------------------- */

/* Keep the script and what it is for; the manifest's texts go with it. */
static davy_status
keep_standin(struct pack *pack, const struct dv_fields *fields,
             struct dv_span bytes)
{
    static const davy_kind uses[] = { DAVY_KIND_SCRIPT, DAVY_KIND_MODULE,
                                      DAVY_KIND_WORKER,
                                      DAVY_KIND_SERVICE_WORKER };
    struct dv_ruleset *set = pack->builder->set;
    struct dv_check keep = { &set->arena, &pack->builder->messages, DAVY_OK };
    const size_t count = fields->families.count;
    const char **families = dv_arena_calloc(&set->arena, count,
                                            sizeof(*families));
    struct dv_standin standin = { .kind = uses[fields->use],
                                  .families = families,
                                  .families_count = count };

    if (families == NULL || !dv_arena_copy(&set->arena, bytes, &standin.bytes))
        return DAVY_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        families[i] = dv_check_keep(&keep,
                                    dv_span_cstr(fields->families.at[i]));
    return keep.status == DAVY_OK ? dv_standin_add(set, &standin)
                                  : keep.status;
}

static davy_status
add_standin(struct pack *pack, const struct dv_fields *fields,
            struct dv_span bytes)
{
    const struct dv_place nowhere = { 0, 0 };
    davy_status st = DAVY_LIMIT;

    if (bytes.len <= DV_STANDIN_BYTES)
        st = keep_standin(pack, fields, bytes);
    if (st != DAVY_LIMIT)
        return st;
    dv_check_error(&pack->check, nowhere, NULL,
                   "there may be 256 stand-ins of up to 64 KiB each");
    return pack->check.status;
}

/* ---- Files ------------------------------------------------------------ */

/* Read the file's bytes and say what is wrong with it under its own name. */
static davy_status
read_content(struct pack *pack, const struct dv_yaml_node *map,
             const struct dv_fields *fields, const char *path,
             struct dv_file *file)
{
    struct dv_builder *builder = pack->builder;
    const struct dv_place start = { 1, 1 };
    const struct dv_place nowhere = { 0, 0 };
    struct dv_list_entry entry;
    davy_status st = dv_file_read(file, &builder->mem, &builder->messages,
                                  path);

    if (st != DAVY_OK)
        return st;
    if (!has_digest(dv_file_span(file), fields->sha256)) {
        dv_check_error(&pack->check, nowhere, "run scripts/update-pack",
                       "the file's digest is not the one in %s", MANIFEST);
        return pack->check.status;
    }
    if (fields->kind == DV_FILE_KIND_RULES)
        return dv_builder_read_rules(builder, dv_file_span(file));
    if (fields->kind == DV_FILE_KIND_STANDIN)
        return add_standin(pack, fields, dv_file_span(file));
    describe_list(pack, map, fields, &entry);
    return dv_builder_read_list(builder, dv_file_span(file), &entry, start);
}

static davy_status
add_file(struct pack *pack, const struct dv_yaml_node *map,
         const struct dv_fields *fields)
{
    struct dv_messages *messages = &pack->builder->messages;
    struct dv_file file = { .mem = &pack->builder->mem };
    const char *path;
    davy_status st;

    if (!join_path(pack, fields->path, &path))
        return DAVY_NO_MEMORY;
    st = dv_messages_open(messages, path);
    if (st == DAVY_OK)
        st = read_content(pack, map, fields, path, &file);
    dv_file_fini(&file);
    return st;
}

static void
read_entry(struct pack *pack, const struct dv_yaml_node *map)
{
    const size_t before = pack->builder->messages.errors;
    const struct dv_yaml_node *kind = NULL;
    enum dv_field_table table = DV_TABLE_LIST;
    struct dv_fields fields;
    const struct dv_source manifest = pack->builder->messages.source;
    davy_status st;

    if (map->type == DV_YAML_MAP)
        kind = dv_yaml_get(map, "kind");
    if (kind == NULL || dv_span_equal_cstr(kind->text, "rules"))
        table = DV_TABLE_FILE;
    else if (dv_span_equal_cstr(kind->text, "standin"))
        table = DV_TABLE_STANDIN;
    if (!dv_check_fields(&pack->check, map, table, &fields)
        || (table == DV_TABLE_LIST && !check_block_list(pack, map, &fields))
        || pack->builder->messages.errors != before)
        return;
    st = add_file(pack, map, &fields);
    dv_messages_return(&pack->builder->messages, manifest);
    if (st == DAVY_NO_MEMORY)
        pack->check.status = st;
    else if (st != DAVY_OK)
        pack->status = st;
}

/* ---- Manifest --------------------------------------------------------- */

static void
name_ruleset(struct pack *pack, const struct dv_fields *fields)
{
    struct dv_ruleset *set = pack->builder->set;
    struct dv_check keep = { &set->arena, &pack->builder->messages, DAVY_OK };

    if (set->pack_name[0] != '\0')
        return;                         /* the pack added first */
    set->pack_name = dv_check_keep(&keep, dv_span_cstr(fields->name));
    set->pack_version = dv_check_keep(&keep, dv_span_cstr(fields->version));
    if (keep.status != DAVY_OK)
        pack->check.status = keep.status;
}

static void
read_manifest(struct pack *pack, const struct dv_yaml_node *root)
{
    const struct dv_yaml_node *files;
    const struct dv_yaml_node *engine;
    struct dv_fields fields;

    if (root == NULL
        || !dv_check_fields(&pack->check, root, DV_TABLE_PACK, &fields))
        return;
    engine = dv_yaml_get(root, "min_engine");
    if (engine != NULL && is_newer(fields.min_engine, DAVY_VERSION)) {
        dv_check_error(&pack->check, engine->place, "update davy",
                       "the pack needs davy %s, this is %s",
                       fields.min_engine, DAVY_VERSION);
        return;                         /* its rules would only confuse */
    }
    name_ruleset(pack, &fields);
    files = dv_yaml_get(root, "files");
    if (files == NULL
        || !dv_check_type(&pack->check, files, DV_YAML_LIST, "\"files\""))
        return;
    for (const struct dv_yaml_node *map = files->first;
         map != NULL && pack->check.status == DAVY_OK; map = map->next)
        read_entry(pack, map);
}

static davy_status
read_pack(struct pack *pack, struct dv_file *file)
{
    struct dv_builder *builder = pack->builder;
    const struct dv_yaml_node *root;
    davy_status st = dv_messages_open(&builder->messages, pack->source);

    if (st == DAVY_OK)
        st = dv_file_read(file, &builder->mem, &builder->messages,
                          pack->source);
    if (st == DAVY_OK)
        st = dv_yaml_parse(&pack->arena, &builder->messages,
                           dv_file_span(file), &root);
    if (st != DAVY_OK)
        return st;
    read_manifest(pack, root);
    return pack->check.status == DAVY_OK ? pack->status : pack->check.status;
}

davy_status
dv_builder_add_pack(struct dv_builder *builder, const char *directory)
{
    const size_t before = builder->messages.errors;
    struct pack pack = { .builder = builder, .directory = directory };
    struct dv_file file = { .mem = &builder->mem };
    davy_status st = DAVY_NO_MEMORY;

    if (builder->is_built)
        return DAVY_MISUSE;
    dv_arena_init(&pack.arena, &builder->mem);
    pack.check = (struct dv_check){ &pack.arena, &builder->messages, DAVY_OK };
    if (join_path(&pack, MANIFEST, &pack.source))
        st = read_pack(&pack, &file);
    dv_file_fini(&file);
    dv_arena_fini(&pack.arena);
    return dv_builder_answer(builder, st, before);
}
