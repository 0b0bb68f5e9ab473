/* SPDX-License-Identifier: MIT */
/* davy.h - finds browser miners in HTML, JavaScript and WebAssembly.
 *
 *     ruleset   compiled from packs; frozen, reference-counted, shared
 *     scanner   one per flow or thread: begin, feed, finish; again
 *     report    verdict, score, findings and limits; owned by the scanner
 *
 * The shortest use:
 *
 *     davy_builder *builder = NULL;
 *     davy_ruleset *rules = NULL;
 *     davy_scanner *scanner = NULL;
 *     const davy_report *report = NULL;
 *
 *     davy_builder_new(NULL, &builder);
 *     davy_builder_add_pack(builder, "/usr/share/davy/patterns");
 *     davy_builder_build(builder, &rules);
 *     davy_scanner_new(rules, NULL, &scanner);
 *     davy_scan_buffer(scanner, NULL, bytes, length, &report);
 *     puts(davy_verdict_text(davy_report_verdict(report)));
 *
 * Promises: the library opens no socket, prints nothing, never exits and has
 * no writable global.  The same bytes in any chunking give the byte-identical
 * report.  Text is UTF-8; strings that the library returns end with a NUL.
 *
 * Threads: a builder, a scanner and a report belong to one thread at a time.
 * A ruleset is frozen and may be used by any number of threads at once; so may
 * a slot.  Different handles never share state except the ruleset.
 *
 * Pointers to handles may be NULL in every *_free and *_unref. */

#ifndef DAVY_DAVY_H
#define DAVY_DAVY_H

#include <davy/status.h>
#include <davy/version.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#ifdef __GNUC__
#pragma GCC visibility push(default)
#endif

/* ---- Version ---------------------------------------------------------- */

/* The version of the library that runs, "major.minor.patch"; compare with
 * DAVY_VERSION, the one compiled against. */
const char *davy_version(void);

/* ---- Allocator -------------------------------------------------------- */

/* Where memory comes from.  All three functions are required and must be
 * callable from every thread that uses what was made with them.  Third-party
 * libraries that offer no hooks (libyaml, Vectorscan, libpsl, the decoders)
 * use malloc. */
typedef struct davy_allocator {
    size_t struct_size;                 /* sizeof(davy_allocator) */
    void *(*alloc)(void *ctx, size_t n);        /* n > 0; NULL when refused */
    void *(*realloc)(void *ctx, void *at, size_t n);    /* as realloc(3) */
    void (*free)(void *ctx, void *at);          /* at is never NULL */
    void *ctx;                          /* handed to each call */
} davy_allocator;

/* ---- Errors ----------------------------------------------------------- */

/* One message about a rule, a list or a pack. */
typedef struct davy_message {
    davy_status code;
    int is_warning;                     /* 1: the pack can still be used */
    const char *text;                   /* one sentence, no final stop */
    const char *source;                 /* file name or buffer name, or "" */
    uint32_t line;                      /* from 1; 0 = not known */
    uint32_t column;                    /* from 1, in bytes; 0 = not known */
    const char *hint;                   /* what to write instead, or "" */
} davy_message;

/* All messages of a builder, in the order of their places. */
typedef struct davy_messages davy_messages;

size_t davy_messages_count(const davy_messages *messages);

/* Message `i`, or NULL beyond the end.  Lives as long as its owner. */
const davy_message *davy_messages_at(const davy_messages *messages, size_t i);

/* ---- Limits ----------------------------------------------------------- */

/* Bounds on one scan; 0 means the default.  limits.def lists them with their
 * defaults and reasons. */
typedef struct davy_limits {
    size_t struct_size;                 /* sizeof(davy_limits) */
#define DAVY_LIMIT_ROW(field, preset, text) size_t field;
#include <davy/limits.def>
#undef DAVY_LIMIT_ROW
} davy_limits;

/* ---- Kinds ------------------------------------------------------------ */

/* What an address is fetched for, or a target is used as. */
typedef enum davy_kind {
#define DAVY_KIND_ROW(NAME, number, text) DAVY_KIND_##NAME = number,
#include <davy/kinds.def>
#undef DAVY_KIND_ROW
} davy_kind;

/* ---- Builder ---------------------------------------------------------- */

typedef struct davy_builder davy_builder;
typedef struct davy_ruleset davy_ruleset;

typedef struct davy_builder_options {
    size_t struct_size;                 /* sizeof(davy_builder_options) */
    const davy_allocator *allocator;    /* NULL: malloc and free; copied */
} davy_builder_options;

/* How far a list is trusted: what one hit of it is worth. */
typedef enum davy_confidence {
    DAVY_CONFIDENCE_LOW = 0,            /* old or broad; hints */
    DAVY_CONFIDENCE_MEDIUM = 1,         /* maintained; suspicious */
    DAVY_CONFIDENCE_HIGH = 2,           /* curated; strong */
    DAVY_CONFIDENCE_CONCLUSIVE = 3      /* convicts alone */
} davy_confidence;

typedef enum davy_list_format {
    DAVY_LIST_ABP = 0,                  /* Adblock Plus syntax */
    DAVY_LIST_HOSTS = 1                 /* hosts file, or one host a line */
} davy_list_format;

typedef struct davy_list_options {
    size_t struct_size;                 /* sizeof(davy_list_options) */
    davy_list_format format;
    davy_confidence confidence;
    const char *name;                   /* shown in findings; NULL: source */
    int is_allow_list;                  /* 1: a hit excuses the address */
} davy_list_options;

/* DAVY_OK, DAVY_NO_MEMORY, DAVY_MISUSE.  `options` may be NULL. */
davy_status davy_builder_new(const davy_builder_options *options,
                             davy_builder **builder);
void davy_builder_free(davy_builder *builder);

/* Add a pack: a directory with pack.yaml, the rules and lists it names.
 * DAVY_OK; DAVY_BAD_RULES or DAVY_IO with messages (the builder stays usable
 * and goes on collecting); DAVY_NO_MEMORY, DAVY_MISUSE. */
davy_status davy_builder_add_pack(davy_builder *builder,
                                  const char *directory);

/* Add one file of rules (YAML, see davy-rules(5)).  Answers as above. */
davy_status davy_builder_add_rules(davy_builder *builder, const char *path);

/* The same from memory; `name` stands for the file in messages. */
davy_status davy_builder_add_rules_buffer(davy_builder *builder,
                                          const char *name, const void *bytes,
                                          size_t length);

/* Add one list of addresses.  Lines that cannot be understood are warnings:
 * lists come from others and must not stop a start. */
davy_status davy_builder_add_list(davy_builder *builder, const char *path,
                                  const davy_list_options *options);
davy_status davy_builder_add_list_buffer(davy_builder *builder,
                                         const char *name, const void *bytes,
                                         size_t length,
                                         const davy_list_options *options);

/* Check and compile everything added.  DAVY_OK hands out a ruleset with one
 * reference; DAVY_BAD_RULES when any message is no warning (all of them are in
 * davy_builder_messages); DAVY_NO_MEMORY; DAVY_MISUSE when called twice. */
davy_status davy_builder_build(davy_builder *builder, davy_ruleset **ruleset);

/* Everything there is to say so far; owned by the builder. */
const davy_messages *davy_builder_messages(const davy_builder *builder);

/* ---- Ruleset ---------------------------------------------------------- */

/* One more holder; returns `ruleset`.  Any thread. */
davy_ruleset *davy_ruleset_ref(davy_ruleset *ruleset);

/* One holder less; the last one frees it.  Any thread. */
void davy_ruleset_unref(davy_ruleset *ruleset);

/* What a rule says of itself; strings live as long as the ruleset, and are ""
 * where the rule is silent. */
typedef struct davy_rule_info {
    const char *id;
    const char *title;
    const char *family;
    const char *severity;               /* info low medium high critical */
    const char *confidence;             /* low medium high conclusive */
    const char *status;                 /* experimental stable deprecated */
    const char *layer;                  /* address markup api protocol code */
    const char *since;
    const char *fix;
    const char *source;                 /* file it was read from */
    uint32_t line;
    int score;                          /* points it adds, -100 to 100 */
    size_t mitre_count;
    const char *const *mitre;           /* ATT&CK technique numbers */
    size_t references_count;
    const char *const *references;      /* addresses */
    size_t falsepositives_count;
    const char *const *falsepositives;  /* sentences */
    size_t tests_count;
} davy_rule_info;

size_t davy_ruleset_rules_count(const davy_ruleset *ruleset);

/* Fill `info` (struct only, strings are borrowed) for rule `i` in order of
 * id; DAVY_NOT_FOUND beyond the end. */
davy_status davy_ruleset_rule(const davy_ruleset *ruleset, size_t i,
                              davy_rule_info *info);

/* One example that a rule carries in itself. */
typedef struct davy_rule_test {
    int must_detect;                    /* 1: detect, 0: ignore */
    const char *bytes;
    size_t length;
    const char *type;                   /* html js text url frames files, or
                                         * "" = guess */
    const char *address;                /* where it would come from, or "" */
    uint32_t line;                      /* in the rule's source */
} davy_rule_test;

/* Test `j` of rule `i`; DAVY_NOT_FOUND beyond the end. */
davy_status davy_ruleset_rule_test(const davy_ruleset *ruleset, size_t i,
                                   size_t j, davy_rule_test *test);

/* A list of addresses that the ruleset holds. */
typedef struct davy_list_info {
    const char *name;
    const char *confidence;
    size_t entries;                     /* usable lines */
    size_t skipped;                     /* cosmetic and unsupported lines */
} davy_list_info;

size_t davy_ruleset_lists_count(const davy_ruleset *ruleset);
davy_status davy_ruleset_list(const davy_ruleset *ruleset, size_t i,
                              davy_list_info *info);

/* Name and version of the pack added first, "" without a pack. */
const char *davy_ruleset_pack_name(const davy_ruleset *ruleset);
const char *davy_ruleset_pack_version(const davy_ruleset *ruleset);

/* The script that takes the place of one of `family` (a finding's; "" or NULL:
 * not known) which was asked for as `kind`: it has the interface that pages
 * call, and does nothing.  A service worker removes itself, a module of
 * WebAssembly is the empty one of 8 bytes; ANY is taken for SCRIPT.  `bytes`
 * belong to the ruleset and live as long.  Any thread.
 *
 * DAVY_OK; DAVY_NOT_FOUND for kinds that run nothing, and when no pack brought
 * one: answer with an empty body or an error; DAVY_MISUSE. */
davy_status davy_ruleset_standin(const davy_ruleset *ruleset,
                                 const char *family, davy_kind kind,
                                 const void **bytes, size_t *length);

/* ---- Slot: the place where a ruleset is swapped ----------------------- */

/* Holds the ruleset that is current.  Every function may be called from any
 * thread at any time. */
typedef struct davy_slot davy_slot;

/* Takes a reference of its own.  `ruleset` must not be NULL. */
davy_status davy_slot_new(davy_ruleset *ruleset, davy_slot **slot);

/* The current ruleset with one reference for the caller, who unrefs it. */
davy_ruleset *davy_slot_get(davy_slot *slot);

/* Make `ruleset` current (taking a reference) and drop the old one.  Scanners
 * that run keep theirs until they end. */
davy_status davy_slot_swap(davy_slot *slot, davy_ruleset *ruleset);

/* No other thread may be inside the slot's functions. */
void davy_slot_free(davy_slot *slot);

/* ---- Verdict ---------------------------------------------------------- */

typedef enum davy_verdict {
    DAVY_VERDICT_CLEAN = 0,             /* score below 40 */
    DAVY_VERDICT_SUSPICIOUS = 1,        /* 40 to 69 */
    DAVY_VERDICT_MINER = 2              /* 70 and more, well founded */
} davy_verdict;

/* "clean", "suspicious", "miner". */
const char *davy_verdict_text(davy_verdict verdict);

/* ---- Scanner ---------------------------------------------------------- */

typedef struct davy_scanner davy_scanner;
typedef struct davy_report davy_report;

/* Flags for davy_scanner_options. */
#define DAVY_SCAN_SECOND_LOOK_ONLY 1u   /* skip the first look at pages: every
                                         * page goes through Gumbo (slow; the
                                         * answer is the same) */
#define DAVY_SCAN_LIST_RESOURCES 2u     /* fill davy_report_resource with what a
                                         * browser would load; every page gets
                                         * the second look for that */

typedef struct davy_scanner_options {
    size_t struct_size;                 /* sizeof(davy_scanner_options) */
    const davy_allocator *allocator;    /* NULL: malloc and free; copied */
    const davy_limits *limits;          /* NULL: defaults; copied */
    unsigned flags;                     /* DAVY_SCAN_*, or 0 */
} davy_scanner_options;

/* What is known of a target before its bytes.  Strings may be NULL and are
 * copied. */
typedef struct davy_target {
    size_t struct_size;                 /* sizeof(davy_target) */
    const char *address;                /* URL; judged too when http(s)/ws(s) */
    const char *document;               /* URL of the page it is used in */
    const char *name;                   /* file name: a hint, never trusted
                                         * against the content */
    const char *content_type;           /* value of the HTTP header */
    const char *content_encoding;       /* value of the HTTP header */
    davy_kind kind;                     /* what it is used as */
} davy_target;

/* Takes a reference to `ruleset`.  `options` may be NULL.  DAVY_OK,
 * DAVY_NO_MEMORY, DAVY_MISUSE. */
davy_status davy_scanner_new(davy_ruleset *ruleset,
                             const davy_scanner_options *options,
                             davy_scanner **scanner);
void davy_scanner_free(davy_scanner *scanner);

/* Start a target; an unfinished one and the last report are dropped.
 * `target` may be NULL.  DAVY_OK, DAVY_NO_MEMORY, DAVY_MISUSE. */
davy_status davy_scanner_begin(davy_scanner *scanner,
                               const davy_target *target);

/* The next bytes, any number.  DAVY_OK; DAVY_LIMIT when the target is larger
 * than limits.bytes (further bytes are counted but not judged; finish works),
 * which programs and archives never are, see davy_sniff_native;
 * DAVY_NO_MEMORY; DAVY_MISUSE before begin. */
davy_status davy_scanner_feed(davy_scanner *scanner, const void *bytes,
                              size_t length);

/* No more bytes: judge.  The report is the scanner's and lives until its next
 * begin, reset or free.  DAVY_OK (also when limits were hit: the report lists
 * them); DAVY_NO_MEMORY (no report); DAVY_MISUSE before begin. */
davy_status davy_scanner_finish(davy_scanner *scanner,
                                const davy_report **report);

/* The verdict on what was fed so far, for those who pass bytes on while they
 * feed.  Programs, scripts and archives (davy_sniff_native) are judged while
 * they come: ask after each feed, and cut the transfer once it is MINER, which
 * it then stays.  What can still be a miner in the end is not known before
 * finish: hold the last bytes back until then.  Of pages and scripts it is CLEAN
 * until finish.  The scanner's thread.  CLEAN for NULL. */
davy_verdict davy_scanner_verdict(const davy_scanner *scanner);

/* Whether a body that begins with these bytes is judged while it comes, in
 * constant memory and whatever its length: a program (ELF, PE, Mach-O), an
 * archive (zip, tar, ar, gzip of one of these) or a script of a shell.  Give the
 * first 1024 bytes as they were sent, or all there are; fewer decide, too, but
 * gzip and scripts may be missed.  `target` (may be NULL) is what the scanner
 * would be given: its content_type and kind are heeded, since what a browser
 * would run as a page or script is not judged this way.  1 or 0; also 0 when
 * memory is refused.  Any thread; takes no lock and keeps nothing. */
int davy_sniff_native(const davy_target *target, const void *bytes,
                      size_t length);

/* Forget target and report, keep memory for the next one. */
void davy_scanner_reset(davy_scanner *scanner);

/* begin, feed, finish in one call. */
davy_status davy_scan_buffer(davy_scanner *scanner, const davy_target *target,
                             const void *bytes, size_t length,
                             const davy_report **report);

/* Judge an address before any byte of it is there: target->address (required)
 * as used by target->document for target->kind.  Answers as finish, and
 * DAVY_MALFORMED when the address is no absolute URL. */
davy_status davy_scan_address(davy_scanner *scanner,
                              const davy_target *target,
                              const davy_report **report);

/* ---- Report ----------------------------------------------------------- */

/* What has to go from a target so that a finding goes, see davy_rewrite. */
typedef enum davy_cut {
    DAVY_CUT_NONE = 0,                  /* nothing: the rule excuses */
    DAVY_CUT_SCRIPT = 1,                /* the text of a script element */
    DAVY_CUT_SOURCE = 2,                /* the address of a script element */
    DAVY_CUT_VALUE = 3,                 /* the value of another attribute */
    DAVY_CUT_ATTRIBUTES = 4,            /* all attributes of an element */
    DAVY_CUT_TAG = 5,                   /* the start tag of an element that
                                         * has a name of its own */
    DAVY_CUT_TARGET = 6,                /* all: it is no page, or its own
                                         * address is the finding */
    DAVY_CUT_JSON = 7                   /* an address in an import map or in
                                         * speculation rules */
} davy_cut;

/* A rule that held.  Strings live as long as the report. */
typedef struct davy_finding {
    const char *rule;                   /* id; stable for ever */
    const char *title;
    const char *severity;               /* info low medium high critical */
    const char *confidence;             /* low medium high conclusive */
    const char *family;                 /* "" when not known */
    const char *layer;                  /* address markup api protocol code */
    const char *path;                   /* "page > script[2] > eval" */
    uint64_t offset;                    /* bytes from the target's start */
    uint64_t length;                    /* bytes */
    uint64_t line;                      /* from 1 */
    uint64_t column;                    /* from 1, in bytes */
    const char *evidence;               /* at most 80 bytes, printable */
    const char *fix;
    int score;                          /* what it added to the score */
    uint64_t cut_offset;                /* the outermost span of the target */
    uint64_t cut_length;                /* that holds it, without its quotes */
    davy_cut cut_kind;                  /* what that span is */
} davy_finding;

/* Something the target loads: what a browser would fetch next.  Only with
 * DAVY_SCAN_LIST_RESOURCES. */
typedef struct davy_resource {
    const char *address;                /* absolute when a base is known */
    davy_kind kind;
    uint64_t offset;                    /* where it stands, as in findings */
    uint64_t line;
} davy_resource;

davy_verdict davy_report_verdict(const davy_report *report);
int davy_report_score(const davy_report *report);           /* 0-100 */
/* html js wasm elf pe macho script archive binary other */
const char *davy_report_type(const davy_report *report);
uint64_t davy_report_bytes(const davy_report *report);      /* bytes fed */
const char *davy_report_sha256(const davy_report *report);  /* 64 hex digits */

size_t davy_report_findings_count(const davy_report *report);
const davy_finding *davy_report_finding(const davy_report *report, size_t i);

/* Families by weight, the likeliest first. */
size_t davy_report_families_count(const davy_report *report);
const char *davy_report_family(const davy_report *report, size_t i);

/* Limits that were hit, as sentences of limits.def. */
size_t davy_report_limits_count(const davy_report *report);
const char *davy_report_limit(const davy_report *report, size_t i);

size_t davy_report_resources_count(const davy_report *report);
const davy_resource *davy_report_resource(const davy_report *report,
                                          size_t i);

/* ---- Output ----------------------------------------------------------- */

/* Takes `length` bytes; anything but 0 stops the writer with DAVY_IO. */
typedef int (*davy_sink)(void *ctx, const char *bytes, size_t length);

/* What a program adds to a report's JSON. */
typedef struct davy_json_options {
    size_t struct_size;                 /* sizeof(davy_json_options) */
    const char *target;                 /* the target's name; required */
    uint64_t micros;                    /* time the scan took */
    const char *severity;               /* findings below it are left out;
                                         * NULL: none is */
} davy_json_options;

/* One JSON object in one line without the line feed:
 * {"schema":1,"target":..,"type":..,"sha256":..,"verdict":..,"score":n,
 * "families":[..],"findings":[..],"limits":[..],"bytes":n,"micros":n}.
 * DAVY_OK, DAVY_IO; DAVY_MISUSE, also for a severity that is none. */
davy_status davy_report_write_json(const davy_report *report,
                                   const davy_json_options *options,
                                   davy_sink sink, void *ctx);

/* The object for a target that could not be looked at:
 * {"schema":1,"target":..,"error":..}. */
davy_status davy_write_error_json(const char *target, const char *error,
                                  davy_sink sink, void *ctx);

/* ---- Rewrite ---------------------------------------------------------- */

/* How a target is edited; a struct of zeros and its size is the usual way. */
typedef struct davy_rewrite_options {
    size_t struct_size;                 /* sizeof(davy_rewrite_options) */
    davy_verdict verdict;               /* reports below it leave the target
                                         * as it is; CLEAN: SUSPICIOUS */
    const char *severity;               /* findings below it stay in; NULL:
                                         * none does */
    const char *standin_address;        /* URL that takes the place of a bad
                                         * script's in a page, without its
                                         * integrity; NULL: an empty script */
    const void *standin;                /* bytes that a target becomes which */
    size_t standin_length;              /* is no page; 0: it is emptied */
} davy_rewrite_options;

/* Write `bytes` to `sink` without what `report` found in them, in one pass.
 *
 * `bytes` are those that the report is about, without content coding.  Of a
 * page, the text of bad inline scripts, bad addresses of scripts, and the
 * values of other attributes that hold a finding are emptied (see davy_cut);
 * every other byte stays, and so does the tree of the page.  Of anything else
 * all goes, and options->standin takes its place.  A finding that is deeper
 * inside (eval, srcdoc, data:) takes with it what holds it in the page.
 *
 * Reports below options->verdict: all bytes are written as they are.
 *
 * One pass takes out what the report names; where rules found something in
 * combination, or a page has very many places, something can be left.  Use
 * davy_rewrite_checked where nothing may be.
 *
 * DAVY_OK; DAVY_UNSUPPORTED when it cannot be done (the page is in UTF-16 or
 * ISO-2022-JP, the report's bytes came out of a content coding or were cut off
 * by limits.bytes, or the page's own address is the finding): block the page;
 * nothing is written then.  DAVY_IO when the sink stops; DAVY_MISUSE, also when
 * `length` is not the report's, and for a severity that is none. */
davy_status davy_rewrite(const davy_report *report, const void *bytes,
                         size_t length, const davy_rewrite_options *options,
                         davy_sink sink, void *ctx);

/* The same, until it is clean: what is left is judged by `checker`, as
 * `target` (may be NULL; without its content_encoding), and edited again until
 * its verdict is below options->verdict; then it is written at once.
 * `checker` must not be the scanner that owns `report`, and loses its own
 * report.  Other targets than pages are written as by davy_rewrite.
 *
 * Answers as davy_rewrite, and DAVY_LIMIT when it is not clean after some
 * rounds (block the page), DAVY_NO_MEMORY; nothing is written with either. */
davy_status davy_rewrite_checked(const davy_report *report, const void *bytes,
                                 size_t length,
                                 const davy_rewrite_options *options,
                                 davy_scanner *checker,
                                 const davy_target *target, davy_sink sink,
                                 void *ctx);

/* ---- Socket ----------------------------------------------------------- */

/* Judges what is said over one connection, while it is said: mining dialects
 * (stratum and what browsers use instead) in both directions. */
typedef struct davy_socket davy_socket;

typedef enum davy_direction {
    DAVY_FROM_CLIENT = 0,
    DAVY_FROM_SERVER = 1
} davy_direction;

typedef enum davy_socket_kind {
    DAVY_SOCKET_WEBSOCKET = 0,          /* the bytes behind the answer 101 */
    DAVY_SOCKET_STREAM = 1              /* plain TCP, such as a tunnel that is
                                         * not TLS */
} davy_socket_kind;

typedef struct davy_socket_options {
    size_t struct_size;                 /* sizeof(davy_socket_options) */
    const davy_allocator *allocator;    /* NULL: malloc and free; copied */
    const davy_limits *limits;          /* NULL: defaults; copied */
    davy_socket_kind kind;
    const char *address;                /* URL (wss://..); judged with what is
                                         * said; may be NULL */
    const char *document;               /* URL of the page; may be NULL */
    const char *extensions;             /* value of Sec-WebSocket-Extensions in
                                         * the answer; NULL: none */
} davy_socket_options;

/* Takes a reference to `ruleset`.  DAVY_OK; DAVY_UNSUPPORTED for an extension
 * other than permessage-deflate, and DAVY_MALFORMED for a header that is none:
 * leave them out of the handshake, or refuse it.  DAVY_NO_MEMORY,
 * DAVY_MISUSE. */
davy_status davy_socket_new(davy_ruleset *ruleset,
                            const davy_socket_options *options,
                            davy_socket **socket);
void davy_socket_free(davy_socket *socket);

/* The next bytes of one direction, any number, before they are passed on.
 * `verdict` (may be NULL) gets the verdict on all that was said so far; once it
 * is MINER it stays so.  Bytes need never be held back: the parser keeps what it
 * needs (some kilobytes for a connection, and 40 more for each direction that
 * compresses).  Any chunking of a direction gives the same answers, as long as
 * the order of messages in both directions is the same.
 *
 * DAVY_OK; DAVY_MALFORMED when a direction breaks RFC 6455 or 7692 (close with
 * 1002), DAVY_LIMIT when compressed text grows too much (close with 1009),
 * DAVY_NO_MEMORY: after one of these nothing more is judged, and every feed
 * answers the same.  DAVY_MISUSE. */
davy_status davy_socket_feed(davy_socket *socket, davy_direction from,
                             const void *bytes, size_t length,
                             davy_verdict *verdict);

/* What was found so far; good until the next feed.  A finding's offset is that
 * of the frame (stream: line) which completed it, in the bytes of its direction;
 * its evidence is the words that were said; the digest is empty.  NULL for
 * NULL. */
const davy_report *davy_socket_report(const davy_socket *socket);

/* What was wrong after DAVY_MALFORMED or DAVY_LIMIT; a constant, else "". */
const char *davy_socket_error(const davy_socket *socket);

/* ---- Dump ------------------------------------------------------------- */

/* What the stages see in a file, for people who write rules. */
typedef enum davy_dump {
    DAVY_DUMP_HTML = 0,                 /* places where code can stand */
    DAVY_DUMP_JS = 1,                   /* the syntax tree */
    DAVY_DUMP_FACTS = 2,                /* the facts that rules are asked */
    DAVY_DUMP_EFFECTS = 3               /* what scripts do when evaluated, and
                                         * the texts that they compute */
} davy_dump;

/* Scan `bytes` as davy_scan_buffer would and write what was seen as text, one
 * event a line.  Answers as davy_scanner_finish, and DAVY_IO. */
davy_status davy_scanner_dump(davy_scanner *scanner, davy_dump what,
                              const davy_target *target, const void *bytes,
                              size_t length, davy_sink sink, void *ctx);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif
#ifdef __cplusplus
}
#endif

#endif
