"""How titles are folded and found: every script, any query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchd.rules.searching import EXACT, FEW, INSIDE, PREFIX, WORD_START, WORD_STARTS, WORDS, Query, folded, tokens

FOUND = [
    ("shogun", "Shōgun", EXACT),
    ("SHŌGUN", "shogun", EXACT),
    ("wall-e", "WALL·E", EXACT),
    ("walle", "WALL·E", EXACT),
    ("wall e", "WALL·E", EXACT),
    ("alien 3", "Alien³", EXACT),
    ("leon", "Léon", EXACT),
    ("strasse", "Straße", EXACT),
    ("AEon", "Æon Flux", PREFIX),
    ("lodz", "Łódź", EXACT),
    ("ostersund", "Østersund", EXACT),
    ("schindlers", "Schindler's List", PREFIX),
    ("tom & jerry", "Tom and Jerry", EXACT),
    ("ежик", "Ёжик в тумане", PREFIX),
    ("тумане", "Ёжик в тумане", WORDS),
    ("αθηνα", "Αθήνα", EXACT),
    ("বাংলা", "বাংলাদেশ", PREFIX),
    ("দেশ", "বাংলাদেশ", INSIDE),
    ("友達", "私の友達の話", INSIDE),
    ("達", "友達", INSIDE),
    ("トトロ", "となりのトトロ", INSIDE),
    ("รัก", "กลรักรุ่นพี่", INSIDE),
    ("it", "It", EXACT),
    ("it", "It Follows", PREFIX),
    ("e", "E.T. the Extra-Terrestrial", PREFIX),
    ("matrix", "The Matrix", WORDS),
    ("matr", "The Matrix", WORD_START),
    ("spiderman", "The Amazing Spider-Man", WORD_START),
    ("ring", "Stirring", INSIDE),
    ("rings lord", "The Lord of the Rings", WORD_STARTS),
    ("???", "???", EXACT),
]


@pytest.mark.parametrize("query, title, tier", FOUND)
def test_a_title_is_found_as_well_as_it_answers(query: str, title: str, tier: int) -> None:
    asked = Query(folded(query))
    assert asked.tier(folded(title)) == tier
    assert found_by(asked, title)


@pytest.mark.parametrize(
    "query, title",
    [("hel", "The Life"), ("কি", "কা"), ("shogunate", "Shōgun"), ("heat 2", "Heat"), ("友人", "友達")],
)
def test_what_is_not_in_a_title_does_not_find_it(query: str, title: str) -> None:
    """Neither letters of two words, nor an Indic letter with another mark, nor half of a query."""
    assert Query(folded(query)).tier(folded(title)) is None


def found_by(query: Query, title: str) -> bool:
    """Whether the index would offer the title, in each form of the question and whatever is known of the pieces."""
    pieces = set(tokens(folded(title)).split())
    many = {piece: FEW + number for number, piece in enumerate(sorted(pieces))}
    return all(set(form.split(" AND ")) <= pieces for counts in ({}, many) for form in next(query.expressions(counts)))


@pytest.mark.parametrize(
    "query, counts, asked",
    [
        ("sopranos", {"sop": 99}, ["opr"]),
        ("sopranos", {"sop": 99, "opr": 70, "pra": FEW, "ran": 80, "ano": 65, "nos": 90}, ["pra"]),
        ("the sopranos", {"the": 900}, ["sop"]),
        ("the show", {"the": 900, "sho": 800, "how": 70}, ["how", "the"]),
        ("the s", {"the": 900, "s": 5000}, ["the", "s"]),
    ],
)
def test_what_is_in_the_fewest_titles_is_asked_for_first(query: str, counts: dict[str, int], asked: list[str]) -> None:
    def hexed(piece: str) -> str:
        return piece.encode().hex()

    first, *whole = next(Query(query).expressions({hexed(piece): count for piece, count in counts.items()}))
    assert first.split(" AND ") == [hexed(piece) for piece in asked]
    assert [form.count(" AND ") >= first.count(" AND ") for form in whole] == [True] * len(whole)


@given(
    st.lists(st.sampled_from(["wall", "e", "a", "al", "l", "la"]), min_size=1, max_size=6),
    st.text("aelw ", min_size=1, max_size=6),
)
def test_letters_are_found_at_the_beginning_of_a_word_across_the_words_after_it(title: list[str], text: str) -> None:
    asked = Query(folded(text))
    if not asked.text:
        return
    short, whole = asked.text.replace(" ", ""), "".join(title)
    begins = [at for at in range(1, len(title)) if "".join(title[at:]).startswith(short)]
    tier = asked.tier(" ".join(title))
    if not whole.startswith(short):
        assert (tier in {WORDS, WORD_START}) == bool(begins)


words = st.text(st.sampled_from("abé ßæ·-'達友の বাংলা ей 12&"), min_size=1, max_size=12)


@given(words, words, words)
def test_the_index_offers_whatever_answers(before: str, query: str, after: str) -> None:
    asked = Query(folded(query))
    for title in (before + query + after, f"{before} {query} {after}", query, before):
        if asked.text and asked.tier(folded(title)) is not None:
            assert found_by(asked, title)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    asked = Query(folded(text))
    assert folded(asked.text) == asked.text or not asked.text.isascii()
    for expression in (form for forms in (asked.expressions() if asked.text else []) for form in forms):
        assert len(expression.split(" AND ")) <= 9
        assert expression.replace(" AND ", "").isalnum()
        assert expression.isascii()


def test_a_lone_surrogate_is_no_letter() -> None:
    assert folded("he\ud800at") == "he at"
    assert folded("\ud800") == ""
