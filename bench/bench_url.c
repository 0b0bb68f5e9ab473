/* SPDX-License-Identifier: MIT */
/* bench_url.c - how long it takes to parse an address and to ask lists.
 *
 * bench_url [LIST...]: without arguments, two made-up lists: one of the size
 * of a list of miners (some 320 filters) and one of the size of EasyList
 * (80,000), in the shapes that such lists have.  Files are read as Adblock
 * Plus lists, all into one set.  The addresses are made up too, 60 to 150
 * bytes long, of pages, scripts, images and sockets; one in 50 is listed. */

#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "url/listset.h"

#define URLS   512
#define ROUNDS 500

/* Text of a list, or one address. */
struct text {
    char *at;
    size_t len;
    size_t cap;
};

struct request {
    struct dv_url url;
    struct dv_url document;
    davy_kind kind;
};

static uint32_t seed = 42;

static uint32_t
pick(uint32_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % below;
}

static void
put(struct text *text, const char *piece)
{
    const size_t n = strlen(piece);

    if (text->len + n + 1 > text->cap) {
        text->cap = (text->len + n + 1) * 2;
        text->at = realloc(text->at, text->cap);
        if (text->at == NULL)
            exit(2);
    }
    memcpy(text->at + text->len, piece, n + 1);
    text->len += n;
}

static void
put_one(struct text *text, const char *const *list, uint32_t count)
{
    put(text, list[pick(count)]);
}

static void
put_word(struct text *text)
{
    static const char *const syllables[] = {
        "ad", "tra", "ck", "pix", "cli", "me", "dia", "net", "go", "fast",
        "cd", "lu", "ro", "zen", "bit", "sta", "ts", "mo", "ni", "ver",
        "pop", "un", "der", "ban", "ner", "af", "fi", "li", "ate", "so",
        "ft", "web", "dig", "ital", "mar", "ket", "ing", "cam", "ex", "min"
    };
    const uint32_t n = 2 + pick(3);

    for (uint32_t i = 0; i < n; i++)
        put_one(text, syllables, 40);
}

static void
put_number(struct text *text, uint32_t below)
{
    char digits[12];

    snprintf(digits, sizeof(digits), "%u", (unsigned)pick(below));
    put(text, digits);
}

static void
put_host(struct text *text)
{
    static const char *const heads[] = { "", "", "", "www.", "cdn.", "ads.",
                                         "static.", "t.", "api." };
    static const char *const tails[] = { ".com", ".net", ".org", ".info",
                                         ".xyz", ".top", ".de", ".co.uk",
                                         ".io", ".ru", ".club", ".site" };

    put_one(text, heads, 9);
    put_word(text);
    if (pick(3) == 0)
        put_number(text, 100);
    put_one(text, tails, 12);
}

/* ---- Lists ------------------------------------------------------------ */

static void
put_options(struct text *text)
{
    static const char *const options[] = {
        "", "", "$third-party", "$third-party", "$third-party", "$script",
        "$script,third-party", "$image", "$xmlhttprequest", "$websocket"
    };

    put_one(text, options, 10);
    if (pick(12) == 0) {
        const char last = text->at[text->len - 1];

        put(text, last == '^' || last == '.' || last == '/' ? "$domain="
                                                            : ",domain=");
        put_host(text);
        put(text, "|");
        put_host(text);
    }
}

static void
put_substring(struct text *text)
{
    static const char *const starts[] = { "/", "-", "_", ".", "&", "?" };
    static const char *const ends[] = { ".js", "_", "-", ".", "?", "=",
                                        "/*" };

    put_one(text, starts, 6);
    put_word(text);
    put_one(text, starts, 4);
    put_word(text);
    put_one(text, ends, 7);
}

static void
put_filter(struct text *text)
{
    const uint32_t shape = pick(1000);

    if (shape < 550) {
        put(text, "||");
        put_host(text);
        put(text, "^");
    } else if (shape < 730) {
        put(text, shape < 700 ? "||" : "@@||");
        put_host(text);
        put(text, "/");
        put_word(text);
        put(text, pick(2) ? ".js" : "/");
    } else if (shape < 930) {
        put_substring(text);
    } else if (shape < 980) {
        put(text, "/");
        put_word(text);
        put(text, "/*/");
        put_word(text);
        put(text, ".");
    } else if (shape < 996) {
        put(text, "$script,third-party,domain=");
        put_host(text);
        put(text, "\n");
        return;
    } else {
        put(text, "/^https?:\\/\\/[a-z]{5,9}\\.(com|net)\\/");
        put_word(text);
        put(text, "\\/[0-9]+\\.js/$script,third-party\n");
        return;
    }
    put_options(text);
    put(text, "\n");
}

static struct text
make_list(uint32_t filters)
{
    struct text text = { NULL, 0, 0 };

    put(&text, "[Adblock Plus 2.0]\n"
               "/^(https?|wss?):\\/\\/([0-9a-z\\-]+\\.)?([0-9a-z\\-]+\\.)"
               "(accountant|bid|cricket|date|download|faith|loan|men|party|"
               "review|science|stream|trade|webcam|win)(\\.)?\\/(.*)/"
               "$third-party,websocket\n");
    for (uint32_t i = 0; i < filters; i++)
        put_filter(&text);
    return text;
}

static struct text
read_file(const char *path)
{
    struct text text = { NULL, 0, 0 };
    char piece[4096];
    FILE *f = fopen(path, "rb");

    if (f == NULL) {
        perror(path);
        exit(2);
    }
    while (fgets(piece, sizeof(piece), f) != NULL)
        put(&text, piece);
    fclose(f);
    return text;
}

/* ---- Addresses -------------------------------------------------------- */

static void
put_address(struct text *text)
{
    static const char *const schemes[] = { "https://", "https://",
                                           "https://", "http://", "wss://" };
    static const char *const files[] = { ".js", ".min.js", ".png", ".html",
                                         ".css", "/", ".jpg?v=", "?id=" };
    const size_t length = 60 + pick(90);

    put_one(text, schemes, 5);
    put_host(text);
    while (text->len < length) {
        put(text, pick(4) ? "/" : "-");
        if (pick(3) == 0)
            put_number(text, 1000000);
        else
            put_word(text);
    }
    put_one(text, files, 8);
    put_number(text, 1000);
}

/* A listed address: the host of some `||host^` line. */
static void
put_listed(struct text *text, const struct text *list)
{
    const char *at = strstr(list->at + pick((uint32_t)(list->len / 2)),
                            "\n||");
    const size_t n = at == NULL ? 0 : strcspn(at + 3, "^/$\n");
    char host[256] = "example.com";

    if (n > 0 && n < sizeof(host)) {
        memcpy(host, at + 3, n);
        host[n] = '\0';
    }
    put(text, "https://");
    put(text, host);
    put(text, "/lib/some/path/to/a/script-that-is-loaded.min.js?v=123456");
}

static void
parse(struct dv_arena *arena, const char *text, struct dv_url *url)
{
    if (dv_url_parse(url, arena, dv_span_cstr(text), NULL) != DAVY_OK) {
        fprintf(stderr, "%s: no address\n", text);
        exit(2);
    }
}

static struct request *
make_requests(struct dv_arena *arena, const struct text *list)
{
    static const davy_kind kinds[] = { DAVY_KIND_SCRIPT, DAVY_KIND_SCRIPT,
                                       DAVY_KIND_FETCH, DAVY_KIND_OTHER,
                                       DAVY_KIND_OTHER, DAVY_KIND_FRAME };
    struct request *requests = calloc(URLS, sizeof(*requests));
    struct text text = { NULL, 0, 0 };

    if (requests == NULL)
        exit(2);
    for (size_t i = 0; i < URLS; i++) {
        text.len = 0;
        if (i % 50 == 0)
            put_listed(&text, list);
        else
            put_address(&text);
        parse(arena, text.at, &requests[i].url);
        text.len = 0;
        put(&text, "https://");
        put_host(&text);
        put(&text, "/index.html");
        parse(arena, text.at, &requests[i].document);
        requests[i].kind = kinds[pick(6)];
    }
    free(text.at);
    return requests;
}

/* ---- Measures --------------------------------------------------------- */

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
measure_checks(const struct dv_listset *set, const struct request *requests)
{
    double best = 1e18;
    size_t hits = 0;

    for (int round = 0; round < ROUNDS; round++) {
        const double start = now();
        double took;

        hits = 0;
        for (size_t i = 0; i < URLS; i++) {
            const struct dv_list_query query = { &requests[i].url,
                                                 &requests[i].document,
                                                 requests[i].kind };
            struct dv_list_hit hit;

            hits += dv_listset_match(set, &query, &hit);
        }
        took = (now() - start) / URLS;
        best = took < best ? took : best;
    }
    printf("  check: %.0f ns, %zu of %d listed\n", best, hits, URLS);
}

static void
measure_parsing(const struct request *requests, struct dv_mem *mem)
{
    struct dv_arena arena;
    double best = 1e18;
    size_t bytes = 0;

    dv_arena_init(&arena, mem);
    for (int round = 0; round < ROUNDS; round++) {
        const double start = now();
        double took;

        bytes = 0;
        for (size_t i = 0; i < URLS; i++) {
            struct dv_url url;

            if (dv_url_parse(&url, &arena, requests[i].url.href,
                             NULL) == DAVY_OK)
                bytes += url.href.len;
            dv_arena_reset(&arena);
        }
        took = (now() - start) / URLS;
        best = took < best ? took : best;
    }
    dv_arena_fini(&arena);
    printf("parse: %.0f ns for an address of %.0f bytes\n", best,
           (double)bytes / URLS);
}

static void
run(const struct text *lists, size_t count, bool with_parsing)
{
    struct dv_mem mem;
    struct dv_listset set;
    struct dv_arena arena;
    struct request *requests;
    struct dv_list_counts counts;
    size_t filters = 0;
    const double start = now();

    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_listset_init(&set, &mem);
    for (size_t i = 0; i < count; i++) {
        if (dv_listset_add(&set, (uint32_t)i, DAVY_LIST_ABP, false,
                           dv_span_of(lists[i].at, lists[i].len), &counts,
                           NULL, NULL) != DAVY_OK)
            exit(2);
        filters += counts.filters;
    }
    if (dv_listset_freeze(&set) != DAVY_OK)
        exit(2);
    printf("%zu filters: compiled in %.1f ms, %.2f MB\n", filters,
           (now() - start) / 1e6, (double)mem.used / 1e6);
    dv_arena_init(&arena, &mem);
    requests = make_requests(&arena, &lists[0]);
    measure_checks(&set, requests);
    if (with_parsing)
        measure_parsing(requests, &mem);
    free(requests);
    dv_arena_fini(&arena);
    dv_listset_fini(&set);
}

int
main(int argc, char **argv)
{
    struct text *lists = calloc((size_t)argc + 1, sizeof(*lists));

    if (lists == NULL)
        return 2;
    for (int i = 1; i < argc; i++)
        lists[i - 1] = read_file(argv[i]);
    if (argc > 1) {
        run(lists, (size_t)argc - 1, true);
    } else {
        lists[0] = make_list(320);
        lists[1] = make_list(80000);
        run(&lists[0], 1, false);
        run(&lists[1], 1, true);
    }
    for (int i = 0; i <= argc; i++)
        free(lists[i].at);
    free(lists);
    return 0;
}
