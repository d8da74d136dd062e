"""GNU parallel: a run that is killed half-way, then the same command again."""
import os
import subprocess

from fleet.fleet import block, check, new_fleet, until

RUN = block("One machine: GNU parallel")
JOBS = 2


def missing():
    """What this test needs and does not find."""
    # moreutils has another program of that name.
    version = subprocess.run("parallel --version", shell=True, capture_output=True, text=True, check=False).stdout
    return None if version.startswith("GNU parallel") else "GNU parallel"


def kill_half_way(fleet):
    """Kills a run when every job is in the middle of a disk that never ends."""
    fleet.stall()
    with fleet.start(RUN) as run:
        until(lambda: fleet.stalled() == JOBS or run.poll() is not None, "for the disks that never end")
        check(run.poll() is None, "the run ended before it was killed")
    fleet.release()
    done = fleet.whole()
    check(0 < len(done) < len(fleet.disks) - len(fleet.damaged), f"{len(done)} disks are finished: that is not half-way")
    fleet.check_no_temporaries()
    fleet.check_failed(set(fleet.disks) - set(done))
    return done


def test(prlconv):
    with new_fleet(prlconv) as fleet:
        # GNU parallel asks to be cited unless this file exists.
        os.makedirs(fleet.path(".parallel"))
        with open(fleet.path(".parallel/will-cite"), "w", encoding="ascii"):
            pass
        fleet.environment |= {"PARALLEL": f"-j {JOBS}", "PARALLEL_HOME": fleet.path(".parallel")}
        fleet.prepare()
        done = kill_half_way(fleet)
        print(f"ok: parallel: killed with {len(done)} of {len(fleet.disks)} disks done")
        begun = len(fleet.started())
        fleet.run(RUN)
        fleet.check_all_converted(done, begun)
        begun = len(fleet.started())
        fleet.run(RUN)
        check(set(fleet.started(begun)) == fleet.damaged, f"the third run started {fleet.started(begun)}")
        fleet.check_clean_up()
        print("ok: parallel: all sound disks were converted, none of them twice")
        fleet.check_failed(fleet.damaged)
        fleet.check_salvage()
        print(f"ok: parallel: {len(fleet.damaged)} damaged disks are listed, and salvaged where possible")
