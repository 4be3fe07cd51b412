"""Many pages, several engines: data sets, ledger, leaderboard, memo. Knows nothing of Gradio."""
