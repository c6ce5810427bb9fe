"""The TypeScript declaration compiles with what it promises, and its module works in Node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[4] / "clients" / "typescript"
COMPILER = "typescript@5.9.3"

USES = """
import { Smedx, SmedxError, newId, type Event, type Recommendation } from "./smedx.js";

const smedx = new Smedx("http://127.0.0.1:8000", { key: "a key", timeout: 1000 });
const made: Recommendation = await smedx.recommend({
  profile: {
    legal_form: "household", sector: "I", employees: 4, province: "48", sells_to_consumers: true,
    functions: { sales: "paper" },
  },
  n: 3,
});
const first: string | undefined = made.items[0]?.reasons[0]?.text;
const event: Event = {
  id: newId(), kind: "click", platform_id: "sapo", recommendation_id: made.recommendation_id,
};
await smedx.recordEvents({ events: [event] });
await smedx.similarPlatforms("sapo", { n: 3, locale: "en" });
const nothing: null = await smedx.deleteProfile("a-business");
const answers = await smedx.recommendBatch({ businesses: [{ profile_id: "a-business" }] });
answers.answers.map((each) => each.recommendation?.items ?? each.problem?.errors);
try { await smedx.live(); } catch (error) {
  if (error instanceof SmedxError) console.log(error.problem?.errors?.[0]?.field, error.retryAfter);
}
export { first, nothing };
"""

MISUSES = {
    'await smedx.recommend({ profile: { legal_form: "emperor" } });': "emperor",
    'await smedx.recordEvents({ events: [{ kind: "click", platform_id: "sapo" }] });': "id",
    "await smedx.getPlatform(5);": "number",
    'await smedx.listPlatforms({ locale: "fr" });': "fr",
    "made.items[0].chance;": "chance",
}

CALLS = """
import { Smedx, SmedxError, newId } from "./smedx.js";

const [url, key] = process.argv.slice(2);
const smedx = new Smedx(url, { key });
const profile = {
  legal_form: "household", sector: "I", employees: 4, province: "48", sells_to_consumers: true,
};
const stored = await smedx.createProfile(profile);
const made = await smedx.recommend({ profile_id: stored.id, n: 2, locale: "en" });
const events = [{
  id: newId(), kind: "click", platform_id: made.items[0].platform.id,
  recommendation_id: made.recommendation_id,
}];
await smedx.recordEvents({ events });
await smedx.recordEvents({ events });
const deleted = await smedx.deleteProfile(stored.id);
const wrong = await smedx.getProfile(stored.id).catch((error) => error);
const noKey = await new Smedx(url).listPlatforms().catch((error) => error);
const nobody = new Smedx("http://127.0.0.1:9", { retries: 0 });
console.log(JSON.stringify({
  ranks: made.items.map((item) => item.rank),
  similar: (await smedx.similarPlatforms("sapo", { n: 1 })).items.length,
  answers: (await smedx.recommendBatch({ businesses: [{ profile }, {}] })).answers.map(Object.keys),
  ready: (await smedx.ready()).status,
  deleted,
  wrong: [wrong instanceof SmedxError, wrong.problem.errors[0].field],
  noKey: noKey.problem.status,
  nobody: (await nobody.live().catch((error) => error)).problem,
}));
"""


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed here: the TypeScript client is not tried")
    return found


@pytest.fixture
def folder(node, tmp_path) -> Path:
    for name in ("smedx.js", "smedx.d.ts"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def compile_(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("npx is not installed here: the declaration is not compiled")
    (folder / "uses.ts").write_text(text)
    options = ("--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "uses.ts")
    command = (npx, "--yes", "--package", COMPILER, "tsc", *options)
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if run.returncode and "error TS" not in run.stdout:
        pytest.skip(f"{COMPILER} cannot be had here: {run.stderr[:200]}")
    return run


def test_the_declaration_compiles_with_what_it_promises(folder):
    run = compile_(folder, USES)
    assert run.stdout == ""


def test_what_is_not_promised_does_not_compile(folder):
    run = compile_(folder, USES + "\n".join(MISUSES))
    first = USES.count("\n") + 1
    for number, (line, named) in enumerate(MISUSES.items(), first):
        found = [told for told in run.stdout.splitlines() if f"uses.ts({number}," in told]
        assert found, f"compiles: {line}"
        assert named in found[0]


def test_the_module_calls_the_service(folder, node, service):
    (folder / "calls.js").write_text(CALLS)
    command = (node, "calls.js", service.url, service.key)
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "ranks": [1, 2],
        "similar": 1,
        "answers": [["recommendation"], ["problem"]],
        "ready": "ready",
        "deleted": None,
        "wrong": [True, "profile_id"],
        "noKey": 401,
        "nobody": None,
    }
