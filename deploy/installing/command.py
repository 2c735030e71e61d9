"""The command line of `deploy/install`."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from .files import InstallError
from .installer import SOURCE, Installer, demand_root
from .program import Program
from .versions import system_digest


def main() -> int:
    """Do what the command line asks; return the exit code."""
    arguments = _arguments()
    try:
        return _do(arguments)
    except InstallError as error:
        print(f"Not installed.\n{error}", file=sys.stderr)
    except subprocess.CalledProcessError as error:
        command = " ".join(str(part) for part in error.cmd)
        print(f"Stopped: '{command}' failed ({error.returncode}).", file=sys.stderr)
        print("What was there before still works. Mend it and run this again.", file=sys.stderr)
    return 1


def _do(arguments: argparse.Namespace) -> int:
    if arguments.system_digest:
        print(system_digest(SOURCE))
        return 0
    if arguments.wheels:
        Program(SOURCE).make_wheels(arguments.wheels.resolve())
        return 0
    root = arguments.root.resolve()
    installer = Installer(root, fleet=arguments.fleet, hosts=arguments.host)
    if arguments.version:
        print(installer.version)
        return 0
    demand_root(root, os.geteuid())
    if arguments.uninstall:
        installer.uninstall()
    else:
        installer.install(with_venv=not arguments.no_venv)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="deploy/install",
        description="Install Selvkasse on this machine; again to update, --uninstall to undo it.",
    )
    parser.add_argument("--uninstall", action="store_true", help="undo the installation")
    parser.add_argument("--root", type=Path, default=Path("/"), help="into a directory, to try it")
    parser.add_argument("--fleet", action="store_true", help="a store's server, not a till")
    parser.add_argument(
        "--host",
        action="append",
        default=[],
        help="with --fleet: a name or address by which kiosks call this machine; again for more",
    )
    parser.add_argument("--wheels", type=Path, help="only build all packages, for a release")
    parser.add_argument("--version", action="store_true", help="print what would be installed")
    parser.add_argument("--system-digest", action="store_true", help="print it, for a release")
    parser.add_argument("--no-venv", action="store_true", help="only with --root: files alone")
    arguments = parser.parse_args()
    if arguments.no_venv and arguments.root == Path("/"):
        parser.error("--no-venv is for trying it with --root")
    if arguments.host and not arguments.fleet:
        parser.error("--host is for --fleet: a till calls its server, never the other way")
    return arguments
