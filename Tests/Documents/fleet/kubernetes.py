"""The Kubernetes Job: the fields of its manifest, and its script, run as pods would run it with a folder as storage."""
import os
import random
import shutil
import subprocess

from bundle import write_bundle
from fleet.disks import overwrite, truncate
from fleet.fleet import block, check, new_fleet, until
from fleet.session import session

try:
    import yaml
except ImportError:
    yaml = None

SECTION = "Object storage: a Kubernetes Job"
SIZE = 24 << 20  # more than all buffers together, so that a writer notices when its reader ends early


def missing():
    """What this test needs and does not find."""
    absent = [name for name, found in (("python3-yaml", yaml), ("rclone", shutil.which("rclone"))) if not found]
    return " and ".join(absent) or None


def manifests():
    return list(yaml.safe_load_all(block(SECTION, "yaml")))


def check_form(fleet_map, job):
    """Checks that the Job is what the text says."""
    spec = job["spec"]
    container, = spec["template"]["spec"]["containers"]
    check((fleet_map["kind"], job["apiVersion"], job["kind"]) == ("ConfigMap", "batch/v1", "Job"), "other kinds")
    check(spec["completionMode"] == "Indexed", "the Job is not indexed")
    check(spec["completions"] == len(fleet_map["data"]["disks.txt"].splitlines()), "completions is not the list's length")
    check(0 < spec["parallelism"] <= spec["completions"] and spec["backoffLimitPerIndex"] > 0, "counts")
    check(spec["template"]["spec"]["restartPolicy"] == "Never", "podFailurePolicy needs restartPolicy Never")
    ignore, give_up = spec["podFailurePolicy"]["rules"]
    check(ignore == {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}, "the first rule")
    codes = give_up["onExitCodes"]
    check(give_up["action"] == "FailIndex" and codes["operator"] == "In", "the second rule")
    check(codes["containerName"] == container["name"], "the rule is for another container")
    check({1, 2} <= set(codes["values"]) and not {0, 75, 137, 143} & set(codes["values"]), "the rule's exit statuses")
    volumes = {volume["name"] for volume in spec["template"]["spec"]["volumes"]}
    check(volumes == {mount["name"] for mount in container["volumeMounts"]}, "a volume is missing, or too many")
    config = next(volume for volume in spec["template"]["spec"]["volumes"] if "configMap" in volume)
    check(config["configMap"]["name"] == fleet_map["metadata"]["name"], "the volume refers to another ConfigMap")
    place = next(mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == config["name"])
    check(container["command"] == ["bash", f"{place}/convert"] and {"name": "FLEET", "value": place} in container["env"],
          "the container runs a script from elsewhere")
    check(f"-t {container['image']} " in block(SECTION), "the Job uses another image than the one that is built")


class Pods:
    """Runs the manifest's script with a folder as storage. `inside` is the folder as the pods see it."""

    def __init__(self, folder, inside, prlconv, data):
        self.folder, self.prlconv = folder, prlconv
        for name in ("fleet", "store/disks", "store/raw"):
            os.makedirs(self.path(name))
        self.spool = self.path("spool")
        for name, text in data.items():
            with open(self.path("fleet/" + name), "w", encoding="utf-8") as file:
                file.write(text)
        self.disks = data["disks.txt"].splitlines()
        self.command = ["bash", f"{inside}/fleet/convert"]
        self.environment = {
            "FLEET": f"{inside}/fleet", "HOSTNAME": "pod", "HOME": "/nonexistent",
            "RCLONE_CONFIG_STORE_TYPE": "alias", "RCLONE_CONFIG_STORE_REMOTE": f"{inside}/store",
            "RCLONE_RETRIES": "1", "RCLONE_LOW_LEVEL_RETRIES": "1"}

    def path(self, name):
        return os.path.join(self.folder, name)

    def target(self, index):
        return self.path(f"store/raw/{self.disks[index]}.raw.gz")

    def parts(self):
        return [name for _, _, names in os.walk(self.path("store/raw")) for name in names if ".part" in name]

    def put(self, index, image):
        path = self.path("store/disks/" + self.disks[index])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(image)

    def put_bundle(self, index, states):
        write_bundle(self.prlconv, self.path("store/disks/" + self.disks[index]), [states])

    def start(self, index, **more):
        """Starts a pod, with an empty spool."""
        shutil.rmtree(self.spool, ignore_errors=True)
        os.mkdir(self.spool)
        os.chmod(self.spool, 0o777)
        environment = self.environment | more | {"JOB_COMPLETION_INDEX": str(index)}
        return session(self.command, env=environment)

    def run(self, index, status, why):
        with self.start(index) as process:
            _, err = process.communicate(timeout=100)
        check(process.returncode == status, f"{why}: status {process.returncode}, not {status}: {err}")
        check(os.path.isfile(self.target(index)) == (status == 0), f"{why}: the output exists, or is missing")
        check(not self.parts(), f"{why}: {self.parts()} left in the store")

    def check_output(self, index, expected):
        found = subprocess.run(["gzip", "-dc", self.target(index)], capture_output=True, check=True).stdout
        check(found == expected, f"{self.disks[index]} has other contents in the store")


def check_pods(pods):
    """Runs pods for four disks, whose names are those of the manifest: image, bundle, image, bundle."""
    current, older, other = (random.Random(seed).randbytes(SIZE) for seed in range(3))
    image = subprocess.run([pods.prlconv, "raw2prl"], input=current, capture_output=True, check=True).stdout
    pods.put(0, image)
    pods.run(0, 0, "a sound disk")
    pods.check_output(0, current)
    place = os.stat(pods.target(0))
    pods.run(0, 0, "the same again")
    check(os.stat(pods.target(0)) == place, "a finished disk was converted again")

    pods.put_bundle(1, [older, current])
    pods.put_bundle(3, [other])
    for index, expected in ((1, current), (3, other)):
        pods.run(index, 0, "a bundle")
        pods.check_output(index, expected)

    pods.run(2, 75, "a disk that is not in the store")
    pods.put(2, overwrite(image))
    pods.run(2, 1, "an image that is refused at its first bytes")
    pods.put(2, truncate(image))
    pods.run(2, 1, "an image that is refused at its end")
    pods.put(2, image)
    os.makedirs(pods.target(2) + ".part-pod/in the way")
    pods.run(2, 75, "a store that does not take the disk")
    shutil.rmtree(os.path.dirname(pods.target(2)))
    with pods.start(2, RCLONE_BWLIMIT="4M"):
        until(pods.parts, "for the beginning of the output")
    check(not os.path.exists(pods.target(2)), "the pod was killed, but its output exists")
    pods.run(2, 0, "the disk of a pod that was killed")
    pods.check_output(2, current)


def test(prlconv):
    fleet_map, job = manifests()
    check_form(fleet_map, job)
    print("ok: kubernetes: the manifest has the right form")
    with new_fleet(prlconv) as fleet:
        os.remove(fleet.path("bin/prlconv"))
        os.symlink(prlconv, fleet.path("bin/prlconv"))
        pods = Pods(fleet.path("pods"), fleet.path("pods"), prlconv, fleet_map["data"])
        pods.environment = fleet.environment | pods.environment | {"TMPDIR": pods.spool}
        check_pods(pods)
        fleet.environment = pods.environment
        listed = fleet.must_run(block(SECTION, index=1)).splitlines()
        check(listed == pods.disks, f"the list of the store: {listed}")
        print("ok: kubernetes: the script converts, skips, gives up and asks for a retry as it should")
