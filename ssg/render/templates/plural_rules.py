"""Plural rules by language: for a number, the first category whose condition holds, or `other`.

Made from CLDR 48 by `python -m tests.render.templates.plural_table`: do not edit. Conditions
on exponents (`1.2M`) are left out: no count has one.
Copyright © 1991-2026 Unicode, Inc. Licence: Unicode-3.0 (https://www.unicode.org/license.txt)
"""
# ruff: noqa: E501 one rule a line

RULES = {
    "": "adp bm bo cmn dz hnj id ig ii in ja jbo jv jw kde kea km ko lkt lo ms my nqo osa sah ses sg su th to tpi vi wo yo yue zh zsm",
    "one: i = 0 or n = 1": "am as bn dgo doi fa gom gu hi kn kok kok-latn pcm pes prp zu",
    "one: i = 0 or n = 1; few: n = 2..10": "shi",
    "one: i = 0,1": "ff fuc hy kab",
    "one: i = 0,1; many: i != 0 and i % 1000000 = 0 and v = 0": "fr",
    "one: i = 0..1; many: i != 0 and i % 1000000 = 0 and v = 0": "pt",
    "one: i = 1 and v = 0": "ast de ekk en et fi fy gl ia ie io ji lij nl sc src sv sw swh ur ydd yi",
    "one: i = 1 and v = 0 or i = 0 and v != 0; two: i = 2 and v = 0": "he iw",
    "one: i = 1 and v = 0; few: i = 2..4 and v = 0; many: v != 0": "cs sk",
    "one: i = 1 and v = 0; few: v != 0 or n = 0 or n != 1 and n % 100 = 1..19": "mo ro",
    "one: i = 1 and v = 0; few: v = 0 and i % 10 = 2..4 and i % 100 != 12..14; many: v = 0 and i != 1 and i % 10 = 0..1 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 12..14": "pl",
    "one: i = 1 and v = 0; many: i != 0 and i % 1000000 = 0 and v = 0": "ca it lld pt-ao pt-ch pt-cv pt-fr pt-gq pt-gw pt-lu pt-mo pt-mz pt-pt pt-st pt-tl scn vec",
    "one: n % 10 = 1 and n % 100 != 11,71,91; two: n % 10 = 2 and n % 100 != 12,72,92; few: n % 10 = 3..4,9 and n % 100 != 10..19,70..79,90..99; many: n != 0 and n % 1000000 = 0": "br",
    "one: n % 10 = 1 and n % 100 != 11..19; few: n % 10 = 2..9 and n % 100 != 11..19; many: f != 0": "lt",
    "one: n % 10 = 1 and n % 100 != 11; few: n % 10 = 2..4 and n % 100 != 12..14; many: n % 10 = 0 or n % 10 = 5..9 or n % 100 = 11..14": "be",
    "one: n % 10 = 1 and n % 100 != 11; two: n = 2; few: n != 2 and n % 10 = 2..9 and n % 100 != 11..19; many: f != 0": "sgs",
    "one: n = 0,1 or i = 0 and f = 1": "si",
    "one: n = 0..1": "ak bh bho csw fat guw ln mg nso pa plt ti tw wa",
    "one: n = 0..1 or n = 11..99": "tzm",
    "one: n = 1": "af als an asa az azj bal bcc bem bez bg brx ce cgg chr ckb cld drh dv ee el eo eu fo fur gaz gsw ha haw hu jgo jmc ka kaj kcg khk kk kkj kl kmr ks ksb ku ky lb lg mas mgo ml mn mr nah nb nd ne nn nnh no npi nr ny nyn om or ory os pap pbu ps rm rof rwk saq sd sdh seh sn so sq ss ssy st syr ta te teo tig tk tn tr ts ug uz uzn ve vo vun wae xh xog",
    "one: n = 1 or t != 0 and i = 0,1": "da",
    "one: n = 1,11; two: n = 2,12; few: n = 3..10,13..19": "gd",
    "one: n = 1; many: i != 0 and i % 1000000 = 0 and v = 0": "es",
    "one: n = 1; two: n = 2": "ike iu naq sat se sma smi smj smn sms",
    "one: n = 1; two: n = 2; few: n = 0 or n % 100 = 3..10; many: n % 100 = 11..19": "mt",
    "one: n = 1; two: n = 2; few: n = 3..6; many: n = 7..10": "ga",
    "one: t = 0 and i % 10 = 1 and i % 100 != 11 or t % 10 = 1 and t % 100 != 11": "is",
    "one: v = 0 and i % 10 = 1 and i % 100 != 11 or f % 10 = 1 and f % 100 != 11": "mk",
    "one: v = 0 and i % 10 = 1 and i % 100 != 11 or f % 10 = 1 and f % 100 != 11; few: v = 0 and i % 10 = 2..4 and i % 100 != 12..14 or f % 10 = 2..4 and f % 100 != 12..14": "bs hr scc scr sh sr",
    "one: v = 0 and i % 10 = 1 and i % 100 != 11; few: v = 0 and i % 10 = 2..4 and i % 100 != 12..14; many: v = 0 and i % 10 = 0 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 11..14": "ru uk",
    "one: v = 0 and i % 10 = 1; two: v = 0 and i % 10 = 2; few: v = 0 and i % 100 = 0,20,40,60,80; many: v != 0": "gv",
    "one: v = 0 and i % 100 = 1 or f % 100 = 1; two: v = 0 and i % 100 = 2 or f % 100 = 2; few: v = 0 and i % 100 = 3..4 or f % 100 = 3..4": "dsb hsb",
    "one: v = 0 and i % 100 = 1; two: v = 0 and i % 100 = 2; few: v = 0 and i % 100 = 3..4 or v != 0": "sl",
    "one: v = 0 and i = 1,2,3 or v = 0 and i % 10 != 4,6,9 or v != 0 and f % 10 != 4,6,9": "ceb fil tl",
    "zero: n % 10 = 0 or n % 100 = 11..19 or v = 2 and f % 100 = 11..19; one: n % 10 = 1 and n % 100 != 11 or v = 2 and f % 10 = 1 and f % 100 != 11 or v != 2 and f % 10 = 1": "lv lvs prg",
    "zero: n = 0; one: i = 0,1 and n != 0": "lag",
    "zero: n = 0; one: n = 1": "blo cv ksh",
    "zero: n = 0; one: n = 1; two: n % 100 = 2,22,42,62,82 or n % 1000 = 0 and n % 100000 = 1000..20000,40000,60000,80000 or n != 0 and n % 1000000 = 100000; few: n % 100 = 3,23,43,63,83; many: n != 1 and n % 100 = 1,21,41,61,81": "kw",
    "zero: n = 0; one: n = 1; two: n = 2; few: n % 100 = 3..10; many: n % 100 = 11..99": "ar arb ars",
    "zero: n = 0; one: n = 1; two: n = 2; few: n = 3; many: n = 6": "cy",
}  # fmt: skip
"""The codes of languages that have each rule, in lower case."""
