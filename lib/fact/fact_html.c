/* SPDX-License-Identifier: MIT */
/* fact_html.c - says to the rules what the looks at a page found. */

#include "fact/fact_html.h"

#include "fact/fact_url.h"

static void
add_trait(struct dv_facts *facts, uint32_t element,
          const struct dv_html_trait *trait)
{
    dv_facts_open(facts);
    dv_facts_write(facts, trait->name);
    dv_facts_write(facts, DV_SPAN_LIT("="));
    dv_facts_write(facts, trait->value);
    (void)dv_facts_commit(facts, DV_FACT_ATTR, element, 0, trait->at,
                          trait->len);
}

static void
add_element(struct dv_facts *facts, const struct dv_html_place *place)
{
    const uint32_t element = dv_facts_add(facts, DV_FACT_ELEMENT, place->text,
                                          place->at, place->len);

    for (size_t i = 0; i < place->traits_len; i++)
        add_trait(facts, element, &place->traits[i]);
}

static void
add_nested(struct dv_facts *facts, enum dv_nested_type type,
           const struct dv_html_place *place)
{
    const struct dv_nested nested = {
        .type = type,
        .label = dv_html_kind_name(place->kind),
        .number = place->number,
        .bytes = place->text,
        .at = (uint32_t)place->at,
        .len = (uint32_t)place->len,
        .is_verbatim = place->is_verbatim
    };

    dv_facts_add_nested(facts, &nested);
}

void
dv_fact_html_place(struct dv_facts *facts, const struct dv_url *base,
                   const struct dv_html_place *place)
{
    switch (place->kind) {
    case DV_HTML_ELEMENT:
        add_element(facts, place);
        break;
    case DV_HTML_SCRIPT:
        if (place->code == DV_HTML_CODE_CLASSIC)
            add_nested(facts, DV_NESTED_SCRIPT, place);
        else if (place->code == DV_HTML_CODE_MODULE)
            add_nested(facts, DV_NESTED_MODULE, place);
        break;
    case DV_HTML_HANDLER:
        add_nested(facts, DV_NESTED_HANDLER, place);
        break;
    case DV_HTML_SRCDOC:
        add_nested(facts, DV_NESTED_PAGE, place);
        break;
    case DV_HTML_ADDRESS:
    case DV_HTML_REFRESH:
        dv_fact_url_add(facts, base, place->text, place->use, place->at,
                        place->len);
        break;
    case DV_HTML_BASE:
    case DV_HTML_KINDS:
        break;
    }
}
