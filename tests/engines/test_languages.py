"""Which languages the rows say they read."""

from engines.adapters.tesseract import traineddata_folder, traineddata_name
from engines.catalogue import CATALOGUE, spec_by_id
from engines.languages import NAMES, languages_of


def test_every_row_says_something_and_every_code_has_a_name():
    for spec in CATALOGUE:
        found = languages_of(spec)
        assert (found.kind == "known") == bool(found.codes), spec.id
        if spec.id != "tesseract":
            assert found.codes <= NAMES.keys(), spec.id


def test_what_tesseract_says_it_can_read_it_can_open():
    codes = languages_of(spec_by_id("tesseract")).codes
    assert "en" in codes
    assert "osd" not in codes
    for code in codes:
        assert (traineddata_folder(traineddata_name(code)) / f"{traineddata_name(code)}.traineddata").is_file()


def test_models_of_one_language_and_of_any():
    assert languages_of(spec_by_id("trocr-base")).codes == {"en"}
    assert languages_of(spec_by_id("trocr-adapter")).kind == "unstated"
    assert languages_of(spec_by_id("gpt-5")).kind == "any"
    assert "ja" in languages_of(spec_by_id("ppocr-v6-small")).codes
    assert "ja" not in languages_of(spec_by_id("ppocr-v6-tiny")).codes
    assert len(languages_of(spec_by_id("ppocr-v6-small")).codes) == 50
