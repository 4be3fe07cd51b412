"""When calls went out, by the ledger's own clock: that two processes are slow on the way is no fault of the ledger."""


def moments_sent(ledger):
    """When each call was let go, the earliest first."""
    with ledger.transaction() as transaction:
        return [row.sent_at for row in transaction.rows("select sent_at from call order by sent_at")]


def busiest_second(moments):
    """The most that lie within any one second."""
    return max(sum(at <= other < at + 1 for other in moments) for at in moments)
