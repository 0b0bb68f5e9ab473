/* SPDX-License-Identifier: MIT */
/* conf_reader.h - what conf.c (sections), conf_value.c (values) and
 * conf_check.c (what must fit together) share. */

#ifndef CONF_READER_H
#define CONF_READER_H

#include "proxy/conf.h"

enum conf_section_id {
#define CONF_SECTION(NAME, type, heading, text) CONF_SECTION_##NAME,
#define CONF_KEY(SECTION, key, TYPE, member, extra, fallback, text)
#define CONF_WORD(NAME, word, value)
#include "proxy/conf.def"
#undef CONF_SECTION
#undef CONF_KEY
#undef CONF_WORD
    CONF_SECTION_COUNT
};

enum conf_words_id {
    CONF_WORDS_ACTION = 1,
    CONF_WORDS_DOWNLOADS,
    CONF_WORDS_PLAINTEXT,
    CONF_WORDS_FATE,
    CONF_WORDS_FORMAT,
    CONF_WORDS_CALLS
};

/* Keys of one section. */
#define CONF_MAX_KEYS 24

/* Which keys were given, and where. */
struct conf_given {
    struct conf_place places[CONF_MAX_KEYS];
    bool is_given[CONF_MAX_KEYS];
};

struct conf_reader {
    struct conf *conf;
    unsigned faults;
    struct conf_given given[CONF_SECTION_COUNT];
};

typedef void conf_read_fn(struct conf_reader *reader,
                          const struct conf_node *node, void *member,
                          int extra);

struct conf_type {
    conf_read_fn *read;
    void (*fini)(void *member, int extra);
    bool joins;                         /* may be given in several files */
};

/* One for each TYPE of conf.def. */
extern const struct conf_type conf_type_COUNT, conf_type_DATE, conf_type_FILE,
    conf_type_FILES, conf_type_FLAG, conf_type_HOSTS, conf_type_LOGFILE,
    conf_type_NAME, conf_type_NAMES, conf_type_NETS, conf_type_PORTS,
    conf_type_PROXY, conf_type_SIZE, conf_type_TEXT, conf_type_TIME,
    conf_type_WORD, conf_type_SECTION, conf_type_ITEMS;

/* Say what is wrong, where. */
void conf_say(struct conf_reader *reader, const struct conf_place *place,
              const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same, but it is no fault. */
void conf_note(const struct conf_place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether a key of a section that stands once was given. */
bool conf_is_given(const struct conf_reader *reader,
                   enum conf_section_id section, const char *key);

/* Add what a file of one host a line names. */
void conf_read_hosts(struct conf_reader *reader, const char *path,
                     const struct conf_place *place, struct hosts *hosts);

/* The bytes of a file, at most `most`, with a NUL behind; NULL after a
 * fault at `place`. */
char *conf_read_file(struct conf_reader *reader, const char *path,
                     const struct conf_place *place, size_t most,
                     size_t *length);

/* What no single value tells; and what only follows from others. */
void conf_check(struct conf_reader *reader);

#endif
