import threading

from playground.offer import Offer
from playground.settings import Settings


def test_models_are_loaded_in_the_background():
    offer = Offer.from_settings(Settings.from_env({}), {})
    offer.warm()
    [warming] = [thread for thread in threading.enumerate() if thread.name == "warming"]
    warming.join(120)

    engine = offer.engines.get(offer.spec("ppocr-v6-small"))
    assert engine._recogniser is not None
