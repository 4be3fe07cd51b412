from engines.contract import Sent
from playground.engine_runs import unequal_treatment

PROMPT = "Transcribe."


def test_alike_is_silent():
    sent = {"A": Sent(100, 100, PROMPT), "B": Sent(100, 105, PROMPT)}
    assert unequal_treatment(sent) == []
    assert unequal_treatment({"A": Sent(1, 1)}) == []
    assert unequal_treatment({"A": Sent(100, 100), "B": Sent(100, 100)}) == []


def test_fewer_pixels_are_named():
    (sentence,) = unequal_treatment({"A": Sent(768, 1086, PROMPT), "B": Sent(1700, 2400, PROMPT)})
    assert sentence.startswith("A saw the page at 768 × 1086 pixels, B at 1700 × 2400")


def test_prompts_and_limits_and_encoding_are_named():
    sent = {
        "A": Sent(100, 100, PROMPT, (("max_tokens", "8000"),)),
        "B": Sent(100, 100, PROMPT, (("max_output_tokens", "10000"), ("encoding", "JPEG quality 95"))),
        "C": Sent(100, 100, f"{PROMPT} As JSON."),
        "D": Sent(100, 100),
        "E": Sent(100, 100),
    }
    assert unequal_treatment(sent) == [
        "B got the page as JPEG, the others without loss.",
        "D and E took no prompt; C got another prompt than the others.",
        "The limits on output tokens, which include any reasoning, differ: A 8000, B 10000.",
    ]
