"""Figures for Prometheus."""

import re

LINE = re.compile(r'tamperlens_[a-z_]+(\{[a-z]+="[^"]*"\})? \d+')


def test_an_administrators_token_reads_the_figures(workbench, ada, eve, tiny):
    case = eve.case()
    eve.upload(case, tiny())
    eve.upload(case, tiny()[:300])
    workbench.work()
    assert eve.get("/metrics").status_code == 403
    answer = workbench.program("Ada").get("/metrics")
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert all(LINE.fullmatch(line) for line in lines if not line.startswith("#"))
    assert (values['tamperlens_evidence{state="done"}'], values['tamperlens_evidence{state="failed"}']) == (
        "1",
        "1",
    )
    assert values["tamperlens_examined_total"] == "1"
    assert values["tamperlens_originals_bytes"] == str(len(tiny()) + 300)
    told = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert told == {name.partition("{")[0] for name in values}
