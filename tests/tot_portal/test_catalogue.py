"""The English catalogue: every sentence of the screens, translated, with its places, and nothing that nobody says."""

import re
from functools import cache
from gettext import GNUTranslations

from tools import messages

PLACE = re.compile(r"%\((\w+)\)[sd]|%%")


@cache
def current():
    """What the code says now, with the translations that are kept."""
    return messages.update()


def is_complete() -> bool:
    """True if pages can be read in English: all is translated, and compiled."""
    return not messages.untranslated(current()) and is_compiled()


def is_compiled() -> bool:
    path = messages.CATALOGUE.with_suffix(".mo")
    if not path.exists():
        return False
    with path.open("rb") as file:
        known = set(GNUTranslations(file)._catalog.values())
    return all(target in known for _source, target in pairs())


def pairs():
    """(sentence, its translation) with both forms of plurals."""
    for message in messages.load():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id:
            yield from ((ids[min(index, len(ids) - 1)], string) for index, string in enumerate(strings) if string)


def test_every_sentence_has_a_translation():
    missing = messages.untranslated(current())

    assert not missing, f"{len(missing)} sentences without English: {missing[:10]}"


def test_nothing_is_translated_that_nobody_says():
    said = {(message.id, message.context) for message in messages.collect()}

    assert [message.id for message in messages.load() if message.id and (message.id, message.context) not in said] == []


def test_translations_keep_the_places():
    assert [source for source, target in pairs() if set(PLACE.findall(source)) != set(PLACE.findall(target))] == []


def test_no_translation_is_a_guess():
    assert [message.id for message in messages.load() if message.fuzzy] == []


def test_translations_end_as_the_sentences_do():
    ends = {".", "?", ":"}

    assert [source for source, target in pairs() if {source[-1], target[-1]} & ends and source[-1] != target[-1]] == []


def test_compiled_catalogue_is_the_present_one():
    """`make test` and `make run` compile it when it is older than the sentences."""
    assert is_compiled()
