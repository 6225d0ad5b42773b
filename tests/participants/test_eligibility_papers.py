import pytest

from participants.eligibility import missing_documents, required_declarations, required_documents, uses
from tests.participants.eligibility_helpers import (
    PLAIN,
    blank,
    complete,
    paper,
    reference,
    rule_set_of,
    shipped,
    with_paper,
    without,
)


def needs(name, *codes):
    rules = [{"type": "document_present", "params": {"document": code}} for code in codes]
    return {"id": name, "type": "all_of", "rules": rules}


def group(name, *codes, combine="all", mandatory=True):
    rules = [needs(f"{name}{code}", code) for code in codes]
    return {"id": name, "label": name, "combine": combine, "mandatory": mandatory, "rules": rules}


def missing(rule_set, facts):
    return [choice.alternatives for choice in missing_documents(rule_set, facts)]


def have(*codes):
    return blank(documents={code: paper() for code in codes})


def test_required_documents_of_the_general_scheme():
    required = {item.code: item for item in required_documents(shipped("ASKOM-UMUM"))}

    assert list(required) == [
        "KTP",
        "PASFOTO",
        "IJAZAH",
        "SKKERJA",
        "SERKOM",
        "INTERNAL",
        "REKOM",
        "APL01",
        "APL02",
        "CV",
    ]
    assert {code for code, item in required.items() if item.needed == "one_of"} == {"SERKOM", "INTERNAL"}
    assert required["IJAZAH"].needed == "always"
    assert required["IJAZAH"].why == ("education_min",)
    assert required["SERKOM"].group_label == "Kompetensi teknis (salah satu)"


def test_required_documents_marks_optional_groups():
    required = {item.code: item.needed for item in required_documents(shipped("ASKOM-KONSTRUKSI"))}

    assert (required["SEHAT"], required["SKCK"]) == ("optional", "always")


def test_required_document_keeps_its_strongest_need_and_all_reasons():
    rule_set = rule_set_of(
        {"id": "e", "type": "education_min", "params": {"level": "D3"}},
        combine="any",
        more=(group("O", "IJAZAH", mandatory=False), group("A", "IJAZAH")),
    )
    (ijazah,) = required_documents(rule_set)

    assert (ijazah.needed, ijazah.group_id, ijazah.why) == ("always", "G", ("education_min", "document_present"))


def test_required_documents_of_rcc_include_the_logbook():
    required = {item.code: item for item in required_documents(shipped("ASKOM-RCC"))}

    assert required["LOGBOOK"].why == ("assessments_min",)
    assert required["SERT_ASESOR"].why == ("document_approved", "expiry_window")


@pytest.mark.parametrize(
    ("code", "declarations"),
    [
        ("ASKOM-UMUM", ("KODE_ETIK", "KEABSAHAN_DOKUMEN", "HADIR_PENUH")),
        ("ASKOM-RCC", ("KODE_ETIK",)),
    ],
)
def test_required_declarations(code, declarations):
    assert required_declarations(shipped(code)) == declarations


def test_uses_looks_into_nested_rules():
    assert uses(shipped("ASKOM-UMUM"), "experience_min_years")
    assert not uses(shipped("ASKOM-RCC"), "experience_min_years")


def test_missing_documents_names_everything_for_a_new_person():
    assert missing(shipped("ASKOM-UMUM"), blank()) == [
        (("KTP",),),
        (("PASFOTO",),),
        (("IJAZAH",),),
        (("SKKERJA",),),
        (("REKOM",),),
        (("APL01",),),
        (("APL02",),),
        (("CV",),),
        (("SERKOM",), ("INTERNAL",)),
    ]


def test_missing_documents_is_empty_once_everything_is_uploaded():
    assert missing(shipped("ASKOM-UMUM"), complete("pending")) == []
    assert missing(shipped("ASKOM-KONSTRUKSI"), without(complete("pending"), "SEHAT")) == []


@pytest.mark.parametrize("kept", ["SERKOM", "INTERNAL"])
def test_one_alternative_is_enough(kept):
    gone = {"SERKOM", "INTERNAL"} - {kept}
    assert missing(shipped("ASKOM-UMUM"), without(complete("pending"), *gone)) == []


def test_returned_file_is_missing_until_it_is_replaced():
    facts = with_paper(complete(), "CV", paper("returned"))

    assert missing(shipped("ASKOM-UMUM"), facts) == [(("CV",),)]
    assert missing(shipped("ASKOM-UMUM"), with_paper(facts, "CV", paper("pending"))) == []


def test_returned_alternative_does_not_count_while_the_other_stands():
    facts = with_paper(complete(), "SERKOM", paper("returned"))
    assert missing(shipped("ASKOM-UMUM"), facts) == []


def test_shorter_alternative_replaces_a_longer_one():
    rule_set = rule_set_of(needs("a", "CV", "KTP"), needs("b", "CV"), combine="any")
    assert missing(rule_set, blank()) == [(("CV",),)]


def test_alternatives_name_what_each_still_lacks():
    rule_set = rule_set_of(needs("a", "CV", "KTP"), needs("b", "REKOM", "SKCK"), combine="any")
    (choice,) = missing_documents(rule_set, have("KTP"))

    assert choice.alternatives == (("CV",), ("REKOM", "SKCK"))
    assert choice.is_choice
    assert choice.codes == ("CV", "REKOM", "SKCK")


def test_choice_falls_away_when_another_group_needs_one_of_its_documents():
    rule_set = rule_set_of(needs("a", "CV"), needs("b", "KTP"), combine="any", more=(group("H", "KTP"),))
    assert missing(rule_set, blank()) == [(("KTP",),)]


def test_alternative_without_documents_asks_for_none():
    question = {"id": "q", "type": "manual_check", "params": {"question": "?"}}
    assert missing(rule_set_of(question, needs("a", "CV"), combine="any"), blank()) == []


def test_document_is_named_once_and_optional_groups_ask_for_nothing():
    more = (group("H", "CV", "KTP"), group("O", "SEHAT", mandatory=False))
    assert missing(rule_set_of(needs("a", "CV"), more=more), blank()) == [(("CV",),), (("KTP",),)]


def test_helpers_know_every_document_type():
    known = set(PLAIN.split()) | {"SERKOM", "SERT_ASESOR", "LOGBOOK"}
    assert known <= set(reference().document_labels)
