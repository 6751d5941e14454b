"""A Slurm of this machine alone: controller, node and their authentication, from Debian's slurm-wlm."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waiting import until

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "sinfo")
PARTITION = "here"
CONFIG = """\
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory=4096
PartitionName={partition} Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why there can be no Slurm here; empty where there can."""
    lacking = [name for name in PROGRAMS if not shutil.which(name)]
    if lacking:
        return f"{', '.join(lacking)} not found (Debian: apt-get install slurm-wlm)"
    return "" if os.geteuid() == 0 else "only root may start Slurm's daemons"


@contextmanager
def running(folder: Path) -> Iterator[Path]:
    """Slurm's daemons, and the configuration file that its commands read from $SLURM_CONF."""
    for name in ("state", "spool"):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o400)
    config, host = folder / "slurm.conf", socket.gethostname()
    config.write_text(
        CONFIG.format(folder=folder, host=host, ports=_free_ports(2), cores=os.cpu_count(), partition=PARTITION)
    )
    files = {"socket": "munge.socket", "key-file": "munge.key", "pid-file": "munged.pid", "log-file": "munged.log"}
    options = [f"--{name}={folder / file}" for name, file in (files | {"seed-file": "munged.seed"}).items()]
    environment = {**os.environ, "SLURM_CONF": str(config)}
    try:
        subprocess.run(["munged", "--force", *options], check=True)
        for daemon in ("slurmctld", "slurmd"):
            subprocess.run([daemon], check=True, env=environment)
        idle = ["sinfo", "--noheader", "--states=idle"]
        until(lambda: subprocess.run(idle, env=environment, capture_output=True, check=False).stdout.strip())
        yield config
    finally:
        for name in ("slurmd", "slurmctld", "munged"):
            _stop(folder / f"{name}.pid")


def queue() -> list[str]:
    """The jobs that have not ended."""
    return subprocess.run(["squeue", "--noheader"], capture_output=True, text=True, check=True).stdout.splitlines()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _stop(pid_file: Path) -> None:
    try:
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
    except (OSError, ValueError):  # it never began, or is gone
        return
    until(lambda: not pid_file.exists(), 20)
