"""Terms of taxonomies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.source.document import SourceDocument
from ssg.content.structure.sections import date_key
from ssg.content.structure.terms import TaxonomyTerms, collect_terms
from tests.conftest import Built


def _gather(documents: list[SourceDocument]) -> TaxonomyTerms:
    return collect_terms(documents, [date_key(document) for document in documents], {})


def _terms(*tags: list[str]) -> dict[str, str]:
    documents = [SourceDocument(f"{n}.md", terms={"tags": names}) for n, names in enumerate(tags)]
    return {term.name: term.slug for term in _gather(documents).all}


@pytest.mark.parametrize(
    ("tags", "slugs"),
    [
        ([["Python"], ["python"], ["PYTHON"]], {"Python": "python"}),
        ([["python", "Python"]], {"python": "python"}),
        ([["C", "C++", "C#"]], {"C": "c", "C#": "c-sharp", "C++": "c-plus-plus"}),
        ([["C++"]], {"C++": "c-plus-plus"}),
        ([["F#", "g++ 4", "1+1"]], {"1+1": "1-plus-1", "F#": "f-sharp", "g++ 4": "g-plus-plus-4"}),
        ([["#hash", "+1"]], {"#hash": "hash", "+1": "1"}),
        ([["c-2"], ["C!", "C?"]], {"C!": "c", "C?": "c-3", "c-2": "c-2"}),
        ([["!!!"], ["???"]], {"!!!": "term", "???": "term-2"}),
        ([["Straße"], ["STRASSE"]], {"Straße": "straße"}),
        ([["e\u0301"], ["é"]], {"e\u0301": "é"}),
        ([["日本"], ["हिन्दी"]], {"日本": "日本", "हिन्दी": "हिन्दी"}),
    ],
)
def test_a_term_has_one_name_and_a_slug_of_its_own(
    tags: list[list[str]], slugs: dict[str, str]
) -> None:
    assert _terms(*tags) == slugs


names = st.text(st.sampled_from("aAbB-+#. é2"), min_size=1, max_size=4)


@given(st.lists(st.lists(names, max_size=4), max_size=6))
def test_every_page_is_under_each_of_its_terms_once(tags: list[list[str]]) -> None:
    documents = [
        SourceDocument(f"{n}.md", terms={"tags": list(names)}) for n, names in enumerate(tags)
    ]
    terms = _gather(documents)
    slugs = [term.slug for term in terms.all]
    assert len(slugs) == len(set(slugs))
    assert len({name.casefold() for names in tags for name in names}) == len(slugs)
    assert Counter(term for term, _, _ in terms.links) == {t.id: t.page_count for t in terms.all}
    for number, page_tags in enumerate(tags, 1):
        linked = [term for term, _, page in terms.links if page == number]
        assert len(linked) == len({name.casefold() for name in page_tags})


def test_a_taxonomy_without_terms_has_no_page(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": "---\ntags: [x]\n---\n"})
    assert "/tags/" in built.paths
    assert "/categories/" not in built.paths


def test_a_tag_too_long_for_a_folder_is_told(problems: Callable[..., list[str]]) -> None:
    (problem,) = problems({"content/a.md": f"---\ntags: [{'x' * 300}]\n---\n"})
    assert problem.startswith("its path has a part longer than 255 bytes")


def test_a_taxonomy_cannot_leave_the_publish_folder(problems: Callable[..., list[str]]) -> None:
    config = 'theme = ""\n[taxonomies."../x"]\n'
    lines = problems({"ssg.toml": config, "content/a.md": '---\n"../x": [a]\n---\n'})
    assert lines == [
        "its path leaves the publish folder: /../x/",
        "its path leaves the publish folder: /../x/a/",
    ]
