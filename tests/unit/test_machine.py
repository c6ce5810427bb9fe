"""What a benchmark says of where and of what it measured."""

import runpy
import shutil
import subprocess

from benchmarks import machine


def test_the_commit_is_the_one_that_was_there_when_the_benchmark_began(tmp_path):
    def git(*words):
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        command = ["git", "-C", str(tmp_path), *who, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init")
    git("commit", "--allow-empty", "--message", "first")
    began_at = git("rev-parse", "--short", "HEAD")
    script = shutil.copy(machine.__file__, tmp_path)
    benchmark = runpy.run_path(script)
    git("commit", "--allow-empty", "--message", "meanwhile")
    assert benchmark["machine_and_commit"]().endswith(f", commit {began_at}")
