"""Time that passes only when a test says so."""

from threading import Event


class HandClock:
    now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class PausesAtOnce(Event):
    """Whoever waits for it with a timeout finds that the time has passed."""

    def __init__(self, clock):
        super().__init__()
        self.clock, self.pauses = clock, []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        self.clock.sleep(timeout)
        return self.is_set()
