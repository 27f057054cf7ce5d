"""Pages -> the words of a batch."""

from __future__ import annotations

from ssg.search.batch import FIRST_LETTER, LEVELS, Batch, IndexedPage, make_batch


def level(batch: Batch, word: str, page: int = 0) -> int:
    """How much a page is about a word."""
    codes = [ord(letter) - FIRST_LETTER for letter in batch.words[word]]
    return next(code % LEVELS for code in codes if code // LEVELS == page)


def pages_of(batch: Batch, word: str) -> list[int]:
    return [(ord(letter) - FIRST_LETTER) // LEVELS for letter in batch.words.get(word, "")]


def entry(title: str = "", description: str = "") -> IndexedPage:
    return IndexedPage(f"/{title}/", title, description, "Section")


def test_each_page_has_a_letter_for_each_of_its_words() -> None:
    batch = make_batch([(entry("One"), "a boat"), (entry("Two"), "a boat, a crane")])
    assert pages_of(batch, "boat") == pages_of(batch, "a") == [0, 1]
    assert pages_of(batch, "crane") == [1]
    assert pages_of(batch, "one") == [0]


def test_a_word_counts_by_where_and_how_often_it_stands() -> None:
    text = "x " * 300
    batch = make_batch(
        [
            (entry(), f"{text} boat"),
            (entry(), f"{text} boat boat boat boat"),
            (entry(), f"{text}\n\n## boat"),
            (entry(description="boat"), text),
            (entry("A boat of wood"), text),
            (entry("Boat"), text),
            (entry("Boat"), f"{text} {'boat ' * 10}"),
        ]
    )
    once, often, heading, described, title, alone, all_of_it = (
        level(batch, "boat", page) for page in range(7)
    )
    assert once < often < LEVELS // 2
    assert once < heading == often
    assert once < described < LEVELS // 2
    assert LEVELS // 2 <= title < alone < all_of_it < LEVELS


def test_a_word_counts_for_less_in_a_longer_text() -> None:
    batch = make_batch([(entry(), "boat " + "x " * 100), (entry(), "boat " + "x " * 2000)])
    assert level(batch, "boat", 0) > level(batch, "boat", 1)


def test_a_card_shows_the_description_or_the_first_words() -> None:
    batch = make_batch([(entry("A", "Said."), "Text."), (entry("B"), "# B\n\n*Text*.")])
    assert batch.cards == [("/A/", "A", "Said.", "Section"), ("/B/", "B", "Text.", "Section")]


def test_hashes_are_no_words() -> None:
    assert make_batch([(entry(), "a" * 64 + " " + "b" * 65)]).words.keys() == {"a" * 64}


def test_a_batch_can_be_kept() -> None:
    batch = make_batch([(entry("Ä"), "“quotes” \\ and é")])
    assert Batch.from_json(batch.to_json()).to_json() == batch.to_json()
