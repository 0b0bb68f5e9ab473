/* SPDX-License-Identifier: MIT */
/* fuzz_eval.c - scripts are evaluated: any bytes as text, or, when the first is
 * odd, each byte as a word of the language, which gets further. */

#include <stdlib.h>

#include "base/compiler.h"
#include "eval/eval_print.h"
#include "js/js_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const words[] = {
    "a", "b", "c", "d", "f", "g", "o", "p", "s", "x", "0", "1", "2", "-1",
    "1e9", ".5", "NaN", "7n", "\"\"", "\"a\"", "\"abc\"", "'\\x00\\ud800'",
    "`${", "}`", "`", "/a+/g", "/(a|b)*?/y", "null", "undefined", "true",
    "this", "super", "window", "window.q", "[", "]", "(", ")", "{", "}", ",",
    ";", ":", ".", "?.", "?", "=", "+=", "?\?=", "+", "-", "*", "**", "/", "%",
    "<", ">=", "==", "===", "&&", "||", "??", "&", "<<", ">>>", "!", "~",
    "++", "--", "...", "=>", "var ", "let ", "const ", "function ",
    "function*", "async ", "await ", "yield ", "yield*", "class ",
    " extends ", "static ", "get ", "set ", "new ", "delete ", "typeof ",
    "void ", " in ", " of ", " instanceof ", "if(", "else ", "for(",
    "while(", "do ", "switch(", "case ", "default:", "break;", "continue;",
    "return ", "throw ", "try{", "}catch(e){", "}finally{", "with(", "l:",
    "a=>a", "()=>", "function(){", "return a}", "arguments", "eval(",
    "Function(", "setTimeout(", "[a,b]", "{a,b:c}", "({", "})", "[Symbol.",
    "iterator]", "toPrimitive]", ".constructor", ".prototype", ".__proto__",
    ".length", ".map(", ".forEach(", ".reduce(", ".filter(", ".sort(",
    ".splice(", ".slice(", ".push(", ".pop()", ".shift()", ".unshift(",
    ".concat(", ".join(", ".reverse()", ".flat(", ".fill(", ".indexOf(",
    ".includes(", ".find(", ".keys()", ".entries()", ".copyWithin(",
    ".split(", ".replace(", ".replaceAll(", ".match(", ".matchAll(",
    ".charCodeAt(", ".padEnd(", ".repeat(", ".substring(", ".toString(",
    ".trim()", ".normalize()", ".codePointAt(", ".call(", ".apply(", ".bind(",
    ".then(", ".catch(", ".next()", ".return()", ".get(", ".set(", ".has(",
    ".add(", ".exec(", ".test(", ".lastIndex", "Object.keys(",
    "Object.assign(", "Object.defineProperty(", "Object.freeze(",
    "Object.create(", "Object.entries(", "Object.setPrototypeOf(",
    "Array.from(", "Array(", "String(", "String.fromCharCode(", "Number(",
    "parseInt(", "JSON.parse(", "JSON.stringify(", "Math.max(", "BigInt(",
    "Symbol(", "new Map(", "new Set(", "new Proxy(", "Reflect.ownKeys(",
    "Reflect.construct(", "Promise.resolve(", "Promise.all(",
    "new Promise(", "new Uint8Array(", "new DataView(", "new ArrayBuffer(",
    ".buffer", ".subarray(", "new RegExp(", "new Date", "new Error(",
    "atob(", "btoa(", "escape(", "unescape(", "encodeURIComponent(",
    "decodeURIComponent(", "new Blob(", "new Response(",
    "new DecompressionStream(\"gzip\")", ".text()", ".stream()",
    ".pipeThrough(", "document.createElement(", "document.write(",
    "new Worker(", "new WebSocket(", "location.href", "console.log(", "\n",
};

_Static_assert(DV_COUNT_OF(words) <= 256, "a byte each");

struct hearing {
    struct dv_buf line;
};

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
hear(void *ctx, struct dv_eval *run, const struct dv_effect *effect)
{
    struct hearing *h = ctx;
    davy_status st;

    dv_buf_clear(&h->line);
    st = dv_eval_print(run, effect, &h->line);
    must(st == DAVY_OK || st == DAVY_LIMIT);
}

static void
hear_text(void *ctx, struct dv_eval *run, struct dv_span text, size_t at,
          size_t len)
{
    struct hearing *h = ctx;
    davy_status st;

    (void)run;
    dv_buf_clear(&h->line);
    st = dv_eval_print_text(text, at, len, &h->line);
    must(st == DAVY_OK || st == DAVY_LIMIT);
}

static void
hear_key(void *ctx, uint32_t node, struct dv_span key)
{
    (void)ctx;
    must(node != 0 && key.at != NULL);
}

static enum dv_worth
all(void *ctx, uint32_t node)
{
    (void)ctx;
    (void)node;
    return DV_WORTH_MUCH;
}

static bool
write_script(struct dv_buf *script, const uint8_t *data, size_t size)
{
    if (data[0] % 2 == 0)
        return dv_buf_append(script, dv_span_of(data, size)) == DAVY_OK;
    for (size_t i = 1; i < size; i++) {
        if (dv_buf_append_cstr(script, words[data[i] % DV_COUNT_OF(words)])
            != DAVY_OK)
            return false;
    }
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const davy_limits limits = { .struct_size = sizeof(limits),
                                 .js_depth = 200,
                                 .decode_ratio = 100,
                                 .eval_steps = 30000,
                                 .eval_bytes = 4 << 20,
                                 .eval_text = 1 << 16,
                                 .eval_effects = 200,
                                 .eval_calls = 40,
                                 .eval_depth = 400,
                                 .eval_yields = 200 };
    struct hearing hearing;
    const struct dv_eval_events events = { .effect = hear,
                                           .text = hear_text,
                                           .key = hear_key,
                                           .worth = all,
                                           .max_steps = limits.eval_steps,
                                           .explore_steps = 10000,
                                           .ctx = &hearing };
    struct dv_js_tree tree;
    struct dv_buf script;
    struct dv_eval *run;
    struct dv_mem mem;
    davy_status st;

    if (size == 0)
        return 0;
    dv_mem_init(&mem, NULL, SIZE_MAX);
    dv_js_tree_init(&tree, &mem);
    dv_buf_init(&script, &mem, 1 << 16);
    dv_buf_init(&hearing.line, &mem, 1 << 16);
    must(dv_eval_new(&mem, &limits, &run) == DAVY_OK);
    if (write_script(&script, data, size) && script.len > 0) {
        st = dv_js_parse(&tree, dv_buf_span(&script),
                         DV_JS_GOAL_SCRIPT_OR_MODULE, &limits);
        must(st == DAVY_OK || st == DAVY_LIMIT);
        st = dv_eval_script(run, &tree, &events);
        must(st == DAVY_OK || st == DAVY_LIMIT);
    }
    dv_eval_free(run);
    dv_buf_fini(&hearing.line);
    dv_buf_fini(&script);
    dv_js_tree_fini(&tree);
    must(mem.used == 0);
    return 0;
}
