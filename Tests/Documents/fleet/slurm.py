"""Slurm, on a cluster of one node that the test starts: a task is cancelled, the node is drained and resumed, then the same
command again."""
import contextlib
import os
import shutil
import socket
import subprocess

from fleet.fleet import block, check, new_fleet, until
from fleet.namespace import NAMESPACE, has_namespaces

RUN = block("A cluster: a Slurm job array")
SLOTS = 8
DAEMONS = """
munged --foreground --force --key-file=$PWD/key --socket=$PWD/munge --pid-file=$PWD/munge.pid --log-file=$PWD/munge.log \
  --seed-file=$PWD/seed &
until [ -S munge ]; do sleep 0.05; done
slurmctld -D &
slurmd -D -N node &
# Until the test closes this input, or dies.
read -r
"""
CONFIGURATION = """
ClusterName=fleet
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs={slots} RealMemory=8000
PartitionName=all Nodes=node Default=YES
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmUser=root
SlurmdUser=root
AuthInfo=socket={folder}/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
MailProg=/bin/true
JobRequeue=0
# No control groups, which a container may not have.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
# Starts the next task as soon as one has ended.
SchedulerParameters=batch_sched_delay=0,sched_min_interval=10000
"""


def missing():
    """What this test needs and does not find."""
    if not has_namespaces():
        return "root, and the right to create a PID namespace"
    is_installed = all(shutil.which(name) for name in ("slurmctld", "slurmd", "sbatch", "munged"))
    return None if is_installed else "slurm-wlm and munge"


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in sockets]
    for listener in sockets:
        listener.close()
    return ports


@contextlib.contextmanager
def cluster(fleet):
    """Runs the daemons with a configuration of their own, and makes the fleet's shell use it."""
    folder = fleet.path("slurm")
    for name in ("state", "spool"):
        os.makedirs(os.path.join(folder, name))
    with open(os.path.join(folder, "slurm.conf"), "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(
            folder=folder, host=socket.gethostname().split(".")[0], ports=free_ports(2), slots=SLOTS))
    with open(os.open(os.path.join(folder, "key"), os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
        file.write(os.urandom(128))
    fleet.environment["SLURM_CONF"] = os.path.join(folder, "slurm.conf")
    with open(os.path.join(folder, "output"), "wb") as output, subprocess.Popen(
            [*NAMESPACE, "bash", "-c", DAEMONS], cwd=folder, env=fleet.environment, stdin=subprocess.PIPE, stdout=output,
            stderr=output):
        until(lambda: is_node(fleet, "idle"), "for the node to be idle")
        yield


def is_node(fleet, state):
    return fleet.run("sinfo --noheader --format=%T")[1].strip() == state


def run_all(fleet, command):
    fleet.must_run(command)
    wait_for_tasks(fleet)


def wait_for_tasks(fleet):
    until(lambda: fleet.must_run("squeue --noheader --name=fleet") == "", "for the tasks to end")


def disturb(fleet):
    """Submits the fleet. Half-way, drains the node, cancels a task, and resumes the node."""
    fleet.stall()
    with open(fleet.path("part.of-an-older-list"), "w", encoding="utf-8") as file:
        file.write(min(fleet.damaged) + "\n")
    fleet.must_run(RUN)
    until(lambda: fleet.stalled() == SLOTS, "for the disks that do not end")
    check("Requeue=1" in fleet.must_run("scontrol show job"), "tasks of a node that fails are lost")
    fleet.must_run("scontrol update nodename=node state=drain reason=test")
    task = fleet.must_run("squeue --noheader --states=running --format=%i").split()[0]
    fleet.must_run(f"scancel {task}")
    until(lambda: task not in fleet.must_run("squeue --noheader --format=%i").split(), "for the task that is cancelled")
    fleet.release()
    until(lambda: is_node(fleet, "drained"), "for the node to be drained")
    started, done = fleet.started(), fleet.whole()
    lost = set(started) - set(done) - fleet.damaged
    check(len(lost) == 1, f"one task was cancelled, but these are not done: {lost}")
    check(0 < len(done) < len(fleet.disks) - len(fleet.damaged) - 1, f"{len(done)} disks are done: that is not half-way")
    fleet.check_no_temporaries()
    fleet.check_failed(set(fleet.disks) - set(done))
    fleet.must_run("scontrol update nodename=node state=resume")
    wait_for_tasks(fleet)
    check(len(fleet.started()) == len(set(fleet.started())), "a disk was started twice in one run")
    fleet.check_failed(fleet.damaged | lost)
    check("CANCELLED" in fleet.bytes("slurm.log").decode(), "slurm.log does not show the task that was cancelled")
    return lost


def test(prlconv):
    with new_fleet(prlconv) as fleet, cluster(fleet):
        fleet.prepare()
        lost = disturb(fleet)
        done, begun = fleet.whole(), len(fleet.started())
        print(f"ok: slurm: {len(done)} of {len(fleet.disks)} disks done, with one task cancelled and the node drained")
        run_all(fleet, RUN)
        fleet.check_all_converted(done, begun)
        check(set(fleet.started(begun)) == fleet.damaged | lost, f"the second run started {fleet.started(begun)}")
        fleet.check_failed(fleet.damaged)
        fleet.check_no_temporaries()
        print("ok: slurm: the second run converted the rest, and the damaged disks are listed")
        shutil.rmtree(fleet.path("raw"))
        begun = len(fleet.started())
        run_all(fleet, RUN.replace("1000", "20"))
        fleet.check_all_converted({}, begun)
        print("ok: slurm: a list that is longer than an array is converted in parts")
