"""What is in `deploy/` is sound as far as can be told without a machine to deploy it on."""

import re
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest
import yaml
from click import Context
from litestar.routes import HTTPRoute

from service.access.time_limit import SECONDS
from service.app import create_app
from service.cli import main
from service.settings import Settings

DEPLOY = Path(__file__).parents[3] / "deploy"
SETTINGS = {field.name.upper() for field in msgspec.structs.fields(Settings)}


def read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


@pytest.fixture
def compose():
    return yaml.safe_load(read("compose.yaml"))


def run(program: str, *words: object) -> None:
    """Run a program, if it is there; it must find nothing to say against."""
    if not (found := shutil.which(program)):
        pytest.skip(f"{program} is not installed")
    done = subprocess.run([found, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_unit_is_sound(tmp_path):
    # The program is looked for where it will be, which is nowhere yet.
    program = shutil.which("true")
    unit = read("smedx.service").replace("/opt/smedx/.venv/bin/smedx", program)
    (tmp_path / "smedx.service").write_text(unit)
    run("systemd-analyze", "verify", "--man=no", tmp_path / "smedx.service")


def test_nginx_takes_its_configuration(tmp_path):
    (tmp_path / "certificates").mkdir()
    names = [tmp_path / "certificates" / name for name in ("privkey.pem", "fullchain.pem")]
    new = ("-newkey", "rsa:2048", "-nodes", "-days", 1, "-subj", "/CN=localhost")
    run("openssl", "req", "-x509", *new, "-keyout", names[0], "-out", names[1])
    # The name of the service is known inside the network of the containers only.
    settings = read("nginx.conf").replace("server service:", "server 127.0.0.1:")
    settings = settings.replace("/tmp/nginx.pid", str(tmp_path / "nginx.pid"))
    (tmp_path / "nginx.conf").write_text(settings)
    run("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf")


def test_nginx_lets_through_what_the_service_takes(tmp_path):
    """A body as large, and an answer as late, as each operation of the API says."""
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path}/store.db", models_dir=tmp_path))
    server = read("nginx.conf").partition("listen 443")[2]
    common = read("nginx.conf").replace("client_max_body_size 4m", "")
    batch = server.partition("location = /v1/recommendations/batch {")[2].partition("}")[0]
    handlers = {
        (route.path, method): handler
        for route in app.routes
        if route.path.startswith("/v1/") and isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods - {"OPTIONS"}
    }
    assert len(handlers) > 10
    for (path, _), handler in handlers.items():
        told = batch if path == "/v1/recommendations/batch" else common
        megabytes = int(re.search(r"client_max_body_size (\d+)m;", told)[1])
        seconds = int(re.search(r"proxy_read_timeout (\d+)s;", told)[1])
        assert handler.resolve_request_max_body_size() <= megabytes * 1_048_576, path
        assert handler.opt.get("seconds", SECONDS) < seconds, path


def test_the_containers_go_together(compose):
    services = compose["services"]
    service = services["service"]
    known = set(service["environment"]) - SETTINGS
    assert known == set(), "settings that the service does not know"
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    for name in services.values():
        assert set(name.get("depends_on", ())) <= set(services)
        volumes = [volume.partition(":")[0] for volume in name.get("volumes", ())]
        assert {volume for volume in volumes if "/" not in volume} <= set(compose["volumes"])
    (upstream,) = re.findall(r"server (\w+):(\d+);", read("nginx.conf"))
    image = read("Containerfile")
    assert upstream == ("service", re.search(r"PORT=(\d+)", image)[1])
    (subnet,) = compose["networks"]["default"]["ipam"]["config"]
    assert service["environment"]["TRUSTED_PROXIES"] == subnet["subnet"]


def test_what_is_copied_into_the_image_is_there():
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", read("Containerfile"), re.M)
    names = {name for line in copied for name in line.split()}
    assert {"recommender", "service", "data", "requirements.txt"} <= names
    assert {name for name in names if not (DEPLOY.parent / name).exists()} == set()


@pytest.mark.parametrize("name", ["smedx.service", "Containerfile"])
def test_the_command_that_is_run_exists(name):
    (command,) = re.findall(
        r"^(?:ExecStart=\S*smedx|CMD \[\"smedx\",) \"?(\w+)\"?", read(name), re.M
    )
    assert main.get_command(Context(main), command)
