"""A backup is made while the workbench is used, and an installation of it has everything."""

import pytest
from typer.testing import CliRunner

from tamperlens import cli
from tamperlens.errors import ServiceError
from tamperlens.service import Settings, back_up, restore

from .conftest import Workbench


@pytest.fixture
def evidence(workbench, eve, tiny) -> str:
    key = eve.upload(eve.case("Claim"), tiny()).json["id"]
    workbench.work()
    eve.conclude(key, "consistent", "as it is")
    return key


def test_what_was_backed_up_is_all_there_again(workbench, evidence, eve, tiny, tmp_path):
    first = back_up(workbench.settings, tmp_path / "backup")
    later = eve.upload(eve.case("Later"), tiny(1)).json["id"]
    second = back_up(workbench.settings, tmp_path / "backup")
    assert (first.originals, second.originals, second.records > first.records) == (1, 2, True)
    settings = Settings(tmp_path / "new", threads=1, bcrypt_rounds=4)
    assert restore(tmp_path / "backup", settings) == second
    again = Workbench(settings)
    try:
        person = again.person("Eve")
        shown = person.get(f"/api/v1/evidence/{evidence}").json
        assert (shown["state"], shown["conclusions"][0]["outcome"]) == ("done", "consistent")
        assert person.get(f"/api/v1/evidence/{evidence}/original").data == tiny()
        assert person.get(f"/api/v1/evidence/{evidence}/finding").status_code == 200
        assert person.get(f"/api/v1/cases/{shown['case_id']}/bundle").status_code == 200
        assert person.get(f"/api/v1/evidence/{later}").json["state"] == "queued"
    finally:
        again.close()


def test_a_backup_that_lost_an_original_is_not_called_whole(workbench, evidence, tmp_path):
    back_up(workbench.settings, tmp_path / "backup")
    (original,) = (tmp_path / "backup/store/originals").glob("*/*")
    original.unlink()
    with pytest.raises(ServiceError, match="1 of 1 originals are changed or gone"):
        restore(tmp_path / "backup", Settings(tmp_path / "new"))


def test_nothing_is_written_over_and_nothing_is_no_backup(workbench, evidence, tmp_path):
    back_up(workbench.settings, tmp_path / "backup")
    with pytest.raises(ServiceError, match="already"):
        restore(tmp_path / "backup", workbench.settings)
    with pytest.raises(ServiceError, match="no backup"):
        restore(tmp_path / "nothing", Settings(tmp_path / "new"))
    with pytest.raises(ServiceError, match="pg_dump"):
        back_up(Settings(tmp_path, "postgresql://x/y"), tmp_path / "b")


def test_the_commands_say_what_they_did(workbench, evidence, tmp_path):
    home, folder, new = (str(path) for path in (workbench.settings.home, tmp_path / "b", tmp_path / "n"))
    made = CliRunner().invoke(cli.app, ["backup", "make", folder, "--home", home])
    assert (made.exit_code, "originals: 1, all whole" in made.output) == (0, True), made.output
    restored = CliRunner().invoke(cli.app, ["backup", "restore", folder, "--home", new])
    assert (restored.exit_code, "The ledger is intact" in restored.output) == (0, True)
