"""The same plan on a Ray cluster of two nodes."""

import json

import pytest

from tamperlens.batch import ENGINES, LocalEngine, open_source, run_scan

ray = pytest.importorskip("ray")
pytest.importorskip("pyarrow")

# Ray's own processes and sockets outlive what it started; its warnings are not ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cluster():
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "object_store_memory": 80 << 20}
    made = Cluster(initialize_head=True, head_node_args={**small, "include_dashboard": False})
    made.add_node(**small)
    made.wait_for_nodes()
    ray.init(address=made.address, log_to_driver=False)
    yield made
    ray.shutdown()
    made.shutdown()


def rows_of(folder):
    found = {}
    for line in (folder / "findings.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        row["scan"] = {key: row["scan"][key] for key in ("key", "stamp", "content")}
        found[row["file"]] = row
    return found


def test_two_nodes_find_what_one_machine_finds(many, orders, cluster, tmp_path):
    assert len(ray.nodes()) == 2
    found = {}
    for name, start in (("ray", ENGINES["ray"]), ("local", LocalEngine)):
        out = tmp_path / name
        out.mkdir()
        engine = start(orders, 2)
        try:
            summary = run_scan(open_source(str(many)), engine, orders, out)
        finally:
            engine.close()
        assert summary.files == 60
        found[name] = rows_of(out)
    assert found["ray"] == found["local"]
